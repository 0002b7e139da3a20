/** `authjs-conformance mocks`: both mocks for development, until Ctrl-C. */
import path from 'node:path';
import { z } from 'zod';
import { type PersonInFile, readPeople, startMocks, usersOf } from '../../mocks/index.ts';
import { DEFAULT_CONNECTOR } from '../../mocks/logto/connector.ts';
import { MANAGEMENT_ROLE } from '../../mocks/logto/resources.ts';
import { readGiven, readGivenJson } from '../../reports/given-file.ts';
import { ConformanceError } from '../errors.ts';
import { checkConnector } from '../lab/connector-config.ts';
import { applyExperience, emailConnectorOf, readExperience } from '../lab/sign-in-experience.ts';
import { readPort } from './command-line-errors.ts';
import { rememberMocks } from './running-mocks.ts';

function readConfig(file: string): Record<string, unknown> {
  try {
    return readGivenJson(file) as Record<string, unknown>;
  } catch (error) {
    throw new ConformanceError({
      code: 'CONF_CONNECTOR_UNREADABLE',
      what: `the connector config ${file} could not be read: ${(error as Error).message}`,
      expected: 'a JSON file with the config that is pasted into Logto (--connector-config)',
      remedy: 'correct the path or the file; `npx authjs-conformance connector FILE` names the line.',
    });
  }
}

export function peopleIn(file: string): PersonInFile[] {
  try {
    return readPeople(readGiven(file));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new ConformanceError({
      code: 'CONF_PEOPLE_UNREADABLE',
      what: `the people of ${file} could not be read:\n${why}`,
      expected:
        'a JSON array of people with phone, name, username, email, picture, profile, customData, roles (--people)',
      remedy: 'correct what the path names, or the path of the file.',
    });
  }
}

/** Home pages of the apps that redirect URIs belong to, with and without the slash: Logto compares texts. */
export const homesOf = (redirectUris: readonly string[]): string[] => [
  ...new Set(
    redirectUris.flatMap((uri) => {
      const { origin } = URL.canParse(uri) ? new URL(uri) : { origin: 'null' };
      return origin === 'null' ? [] : [origin, `${origin}/`];
    }),
  ),
];

/** Starts the mocks on the wanted ports, prints what to paste into `.env`, and waits for a signal. */
export async function serveMocks(flags: Record<string, unknown>): Promise<number> {
  const config = flags.connectorConfig ? readConfig(path.resolve(String(flags.connectorConfig))) : undefined;
  const people = flags.people ? peopleIn(path.resolve(String(flags.people))) : undefined;
  const wanted = readExperience(
    { signInExperience: String(flags.signInExperience ?? 'phone-code') },
    process.cwd(),
  );
  const name = (flags.connector as string | undefined) ?? DEFAULT_CONNECTOR;
  if (config)
    await checkConnector(config, { package: name, config: String(flags.connectorConfig) }, process.cwd(), {
      orLoopback: true,
    });
  let settings: Record<string, string> = {};
  const mocks = await startMocks({
    extendControl: (app) => app.get('/settings', async () => ({ settings })),
    host: String(flags.host),
    allowHosts: flags.allowHost as string[] | undefined,
    ports: {
      issuer: readPort('--port', flags.port),
      carrier: readPort('--carrier-port', flags.carrierPort),
      control: readPort('--control-port', flags.controlPort),
    },
    applications: [
      {
        id: String(flags.clientId),
        secret: String(flags.clientSecret),
        redirectUris: flags.redirectUri as string[],
        postLogoutRedirectUris:
          (flags.postLogoutRedirectUri as string[] | undefined) ?? homesOf(flags.redirectUri as string[]),
      },
      ...(flags.m2mId
        ? [
            {
              id: String(flags.m2mId),
              secret: flags.m2mSecret as string | undefined,
              type: 'MachineToMachine' as const,
              roles: [MANAGEMENT_ROLE],
            },
          ]
        : []),
    ],
    ...(people && { users: usersOf(people), shownPeople: true }),
    connector: { name: flags.connector as string | undefined, config },
    emailConnector: await emailConnectorOf({ experiences: [] }, wanted, process.cwd()),
  }).catch((error: NodeJS.ErrnoException) => {
    throw new ConformanceError({
      code: error.code === 'EADDRINUSE' ? 'CONF_PORT_TAKEN' : 'CONF_MOCKS_FAILED',
      what: `the mocks could not be started: ${error.message}`,
      expected: 'free ports (--port, --carrier-port, --control-port) and a connector that can be loaded',
      remedy: 'leave the ports out to take free ones, or mend what the message names.',
    });
  });
  try {
    await applyExperience(mocks, wanted);
  } catch (error) {
    await mocks.close();
    throw error;
  }
  settings = {
    AUTH_LOGTO_ISSUER: mocks.issuer.issuer,
    AUTH_LOGTO_ID: String(flags.clientId),
    AUTH_LOGTO_SECRET: String(flags.clientSecret),
    ...mocks.carrier.credentials(),
  };
  const forget = rememberMocks({
    inbox: `${mocks.carrier.origin}/inbox`,
    dashboard: `${mocks.control.origin}/#${mocks.control.token}`,
  });
  process.stdout.write(
    [
      'Mock services are running (Ctrl-C ends them). Their people are made up, their codes are for everybody to read.',
      '',
      `  Logto issuer   ${mocks.issuer.issuer}`,
      `  Twilio         ${mocks.carrier.origin}`,
      `  Inbox          ${mocks.carrier.origin}/inbox`,
      `  Dashboard      ${mocks.control.origin}/#${mocks.control.token}`,
      `  Control        ${mocks.control.origin}   (/openapi.json)`,
      `  Control token  ${mocks.control.token}   (header x-conformance-token, for what changes something)`,
      '',
      'For the .env of your app:',
      ...Object.entries(settings).map(([name, value]) => `  ${name}=${value}`),
      '',
    ].join('\n'),
  );
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  forget();
  await mocks.close();
  return 0;
}
