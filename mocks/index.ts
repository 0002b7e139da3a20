/**
 * Both mocks and their control server, for anyone's own tests: no Playwright, no target, no checks.
 */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { type ApiMock, startApi } from './api/server.ts';
import { type ControlClient, createControlClient } from './client.ts';
import { type Clock, createClock } from './clock.ts';
import type { ControlRoute } from './control/route.ts';
import { type ControlServer, startControl } from './control/server.ts';
import { digitsOf } from './issued.ts';
import { createJournal, type Journal } from './journal.ts';
import type { SentMail } from './logto/context.ts';
import { furnish, type TenantSettings } from './logto/furnish.ts';
import { type LogtoMock, type LogtoOptions, startLogto } from './logto/server.ts';
import { findByEmail } from './logto/users.ts';
import { registerSecret } from './redact.ts';
import { createScopes, type Scopes } from './scope.ts';
import { otherIssuer, type SecondOptions, startSecond } from './second.ts';
import { startTwilio, type TwilioMock } from './twilio/server.ts';

export type { ControlClient } from './client.ts';
export { createControlClient } from './client.ts';
export type { ControlRoute } from './control/route.ts';
export type { Exchange, Journal } from './journal.ts';
export type { LogtoMock } from './logto/server.ts';
export { type PersonInFile, readPeople, usersOf } from './people-file.ts';
export { verifyServiceOf } from './twilio/accounts.ts';
export type { InboxMessage, TwilioCredentials, TwilioMock } from './twilio/server.ts';

export interface MocksOptions
  extends Pick<
    LogtoOptions,
    'applications' | 'users' | 'shownPeople' | 'signInExperience' | 'publicIssuer' | 'emailConnector'
  > {
  /** Address to bind to (default 127.0.0.1: reachable from this machine only). */
  host?: string;
  /** Ports; 0 or none takes a free one. */
  ports?: { issuer?: number; second?: number; carrier?: number; control?: number; api?: number };
  /** What the tenant holds beside people and applications; with it the API that apps call listens, too. */
  tenant?: TenantSettings;
  /** A second issuer: another tenant on an origin of its own, with keys of its own. */
  second?: SecondOptions;
  /** SMS connector package or path, and its config (default: the Twilio connector with a good config). */
  connector?: { name?: string; config?: unknown; from?: string };
  /**
   * Host names beside those of this machine by which issuer and carrier may be asked, and which they may ask themselves
   * (logout tokens, status callbacks).
   */
  allowHosts?: readonly string[];
  /** Leaves requests of this process to Twilio alone: they are somebody else's, and meant for the real one. */
  leaveTwilio?: boolean;
  /** Adds routes to the control server, before it listens. */
  extendControl?(app: FastifyInstance): void;
  /** Routes of the control server that stand in the place of its own, or beside them. */
  replaceControl?(parts: { carrier: TwilioMock; journal: Journal; scopes: Scopes }): readonly ControlRoute[];
}

export interface Mocks {
  issuer: LogtoMock;
  /** The second issuer, when one was asked for. */
  second?: LogtoMock;
  carrier: TwilioMock;
  /** The API that the app calls with access tokens, where the tenant was furnished. */
  api?: ApiMock;
  control: ControlServer;
  /** Typed client of the control server. */
  client: ControlClient;
  scopes: Scopes;
  clock: Clock;
  journal: Journal;
  close(): Promise<void>;
}

/** A Twilio connector config that Logto and Twilio accept, with one template for each usage type. */
export const goodTwilioConfig = {
  accountSID: `AC${'0123456789abcdef'.repeat(2)}`,
  authToken: 'c0f0'.repeat(8),
  fromMessagingServiceSID: `MG${'0123456789abcdef'.repeat(2)}`,
  templates: [
    { usageType: 'Register', content: 'Your sign-up code is {{code}}. It expires in 10 minutes.' },
    { usageType: 'SignIn', content: 'Your sign-in code is {{code}}. It expires in 10 minutes.' },
    {
      usageType: 'ForgotPassword',
      content: 'Your password change code is {{code}}. It expires in 10 minutes.',
    },
    { usageType: 'Generic', content: 'Your verification code is {{code}}. It expires in 10 minutes.' },
  ],
};

/**
 * Starts the Logto mock, the Twilio mock and the control server.
 *
 * @throws Error when NODE_ENV is production, when a port is taken, or when the connector cannot be loaded
 */
export async function startMocks(options: MocksOptions = {}): Promise<Mocks> {
  const stops: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  try {
    return { ...(await startParts(options, stops)), close };
  } catch (error) {
    // What listens already would keep the process of whoever wanted them alive.
    await close();
    throw error;
  }
}

/** @param stops filled with what ends each part that is started */
async function startParts(
  options: MocksOptions,
  stops: (() => Promise<unknown>)[],
): Promise<Omit<Mocks, 'close'>> {
  const ending = <Part extends { close(): Promise<unknown> }>(part: Part): Part => {
    stops.push(() => part.close());
    return part;
  };
  if (process.env.NODE_ENV === 'production') {
    throw new Error(
      'The mocks refuse to start with NODE_ENV=production: they accept made-up people and hand out their codes.',
    );
  }
  const { host = '127.0.0.1', ports = {} } = options;
  const scopes = createScopes();
  const clock = createClock(scopes);
  const journal = createJournal();
  /** The code of an e-mail is its reader's alone, who is known by phone where they have one. */
  const registerCode = (code: string, { to, scope }: SentMail) => {
    registerSecret('one-time code', code);
    const reader = issuer && findByEmail(issuer.context.tenant, to);
    const owner = reader?.primaryPhone ? digitsOf(reader.primaryPhone) : (reader?.id ?? null);
    journal.issued.add({ kind: 'one-time code', value: code, owner, scope: scope ?? null });
  };
  const config = (options.connector?.config ?? goodTwilioConfig) as Partial<typeof goodTwilioConfig>;
  registerSecret('auth token', config.authToken);
  for (const { secret } of [...(options.applications ?? []), ...(options.second?.applications ?? [])])
    registerSecret('client secret', secret);

  const templates = () =>
    (issuer?.context.connectors.row('Sms')?.config.templates ??
      config.templates ??
      []) as typeof goodTwilioConfig.templates;
  let issuer: LogtoMock | undefined;
  const shared = { host, scopes, clock, journal, allowHosts: options.allowHosts };
  const carrier = ending(
    await startTwilio({
      ...shared,
      port: ports.carrier ?? 0,
      accounts: [accountOf(config)],
      templates,
    }),
  );
  let second: LogtoMock | undefined;
  issuer = await startLogto({
    ...shared,
    other: () => second && otherIssuer(second, options.second?.applications),
    port: ports.issuer ?? 0,
    applications: options.applications,
    users: options.users,
    shownPeople: options.shownPeople,
    signInExperience: options.signInExperience,
    publicIssuer: options.publicIssuer,
    connector: { name: options.connector?.name, from: options.connector?.from, config },
    emailConnector: options.emailConnector,
    carrierOrigin: options.leaveTwilio ? undefined : carrier.origin,
    mailbox(mail) {
      const received = inboxMail(mail);
      if (received.code) registerCode(received.code, mail);
      carrier.inbox.add(received);
    },
  });
  const first = ending(issuer);
  if (options.tenant) await furnish(first.context.tenant, options.tenant);
  const api = options.tenant
    ? ending(await startApi(first.context, { host, port: ports.api, allowHosts: options.allowHosts }))
    : undefined;
  if (options.second) {
    second = await startSecond(options.second, {
      ...shared,
      port: ports.second,
      carrierOrigin: carrier.origin,
      connector: { name: options.connector?.name, from: options.connector?.from, config },
      other: () => otherIssuer(first, options.applications),
    });
    ending(second);
  }
  const control = await startControl({
    ...shared,
    port: ports.control ?? 0,
    issuer,
    second,
    carrier,
    extend: options.extendControl,
    replace: options.replaceControl?.({ carrier, journal, scopes }),
  });
  ending(control.app);
  return {
    issuer,
    second,
    carrier,
    api,
    control,
    client: createControlClient(control.origin, control.token),
    scopes,
    clock,
    journal,
  };
}

/** An e-mail as the inbox keeps it, beside the text messages. */
function inboxMail({ to, type, payload, scope, text }: SentMail) {
  const code = typeof payload.code === 'string' ? payload.code : null;
  return {
    sid: `ML${randomUUID().replaceAll('-', '')}`,
    to,
    from: null,
    body: text ?? JSON.stringify(payload),
    code,
    template: type,
    templates: [type],
    usageType: type,
    segments: 1,
    encoding: 'UCS-2' as const,
    at: new Date().toISOString(),
    scope: scope ?? null,
    status: 'delivered',
  };
}

/** The Twilio account that a connector config belongs to. */
export const accountOf = (config: Partial<typeof goodTwilioConfig>) => ({
  sid: config.accountSID ?? goodTwilioConfig.accountSID,
  authToken: config.authToken ?? goodTwilioConfig.authToken,
  messagingServices: [config.fromMessagingServiceSID ?? goodTwilioConfig.fromMessagingServiceSID],
});
