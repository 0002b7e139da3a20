/** `authjs-conformance mocks`: both mocks for development, until Ctrl-C. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { startMocks } from '../../mocks/index.ts';
import { MANAGEMENT_ROLE } from '../../mocks/logto/resources.ts';
import { ConformanceError } from '../errors.ts';
import { readPort } from './command-line-errors.ts';

function readConfig(file: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ConformanceError({
      code: 'CONF_CONNECTOR_UNREADABLE',
      what: `the connector config ${file} could not be read: ${(error as Error).message}`,
      expected: 'a JSON file with the config that is pasted into Logto (--connector-config)',
      remedy: 'correct the path or the file; `authjs-conformance connector FILE` names the line.',
    });
  }
}

/** Starts the mocks on the wanted ports, prints what to paste into `.env`, and waits for a signal. */
export async function serveMocks(flags: Record<string, unknown>): Promise<number> {
  const config = flags.connectorConfig ? readConfig(path.resolve(String(flags.connectorConfig))) : undefined;
  let settings: Record<string, string> = {};
  const mocks = await startMocks({
    extendControl: (app) => app.get('/settings', async () => ({ settings })),
    host: String(flags.host),
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
    connector: { name: flags.connector as string | undefined, config },
  }).catch((error: NodeJS.ErrnoException) => {
    throw new ConformanceError({
      code: error.code === 'EADDRINUSE' ? 'CONF_PORT_TAKEN' : 'CONF_MOCKS_FAILED',
      what: `the mocks could not be started: ${error.message}`,
      expected: 'free ports (--port, --carrier-port, --control-port) and a connector that can be loaded',
      remedy: 'leave the ports out to take free ones, or mend what the message names.',
    });
  });
  settings = {
    AUTH_LOGTO_ISSUER: mocks.issuer.issuer,
    AUTH_LOGTO_ID: String(flags.clientId),
    AUTH_LOGTO_SECRET: String(flags.clientSecret),
    ...mocks.carrier.credentials(),
  };
  process.stdout.write(
    [
      'Mock services are running (Ctrl-C ends them). Their people are made up, their codes are for everybody to read.',
      '',
      `  Logto issuer   ${mocks.issuer.issuer}`,
      `  Twilio         ${mocks.carrier.origin}`,
      `  Inbox          ${mocks.carrier.origin}/inbox`,
      `  Control        ${mocks.control.origin}   (addresses, settings, live journal; /openapi.json)`,
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
  await mocks.close();
  return 0;
}
