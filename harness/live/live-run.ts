/** Everything that a run against a real Logto is built on: its tenant, its codes, its people, and what it can judge. */
import path from 'node:path';
import type { Mocks } from '../../mocks/index.ts';
import { digitsOf, issuedOf } from '../../mocks/issued.ts';
import type { Journal } from '../../mocks/journal.ts';
import { registerSecret } from '../../mocks/redact.ts';
import type { Scopes } from '../../mocks/scope.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { ConformanceError } from '../errors.ts';
import type { RealLogto } from '../logto/experience.ts';
import type { Ability } from './abilities.ts';
import { tenantAccounts } from './accounts.ts';
import { openCodeSource } from './codes/index.ts';
import { type CodeSource, inboxMessage, type Received } from './codes/source.ts';
import type { LiveControl } from './control.ts';
import { credential, m2mCredentials } from './credentials.ts';
import { LIVE_JOURNAL } from './journal-file.ts';
import { noteAccount, removeByPhone } from './made-accounts.ts';
import { connectManagement, type Management } from './management.ts';
import { createLivePeople } from './people.ts';
import { readPeople } from './people-file.ts';
import { demandClient, openRealSession } from './session.ts';
import { findTenant, obstacles, type Tenant } from './tenant.ts';
import { createWire, type Wire } from './wire.ts';

export interface LiveTenant {
  tenant: Tenant;
  wire: Wire;
  management?: Management;
  /** Client secret of the app, when it is known. */
  clientSecret?: string;
  clientIdKnown: boolean;
}

/** Whether the app runs already, and nothing of it is changed. */
export const isDeployed = ({ config: { target } }: LoadedConfig): boolean =>
  target.url !== undefined && !target.command && !target.image;

/**
 * Looks at the tenant before anything is started.
 *
 * @throws ConformanceError with the code of whatever is missing
 */
export async function openTenant(
  loaded: LoadedConfig,
  { journal, progress }: { journal?: Journal; progress(text: string): void },
): Promise<LiveTenant> {
  const { config, origins } = loaded;
  const { live, target } = config;
  demandNoSecretFlag(loaded);
  const wire = createWire({ add: journal?.add, file: path.resolve(config.out, LIVE_JOURNAL) });
  progress(`asking ${live.issuer} whether it is a Logto`);
  const tenant = await findTenant(wire, String(live.issuer));
  const hindering = obstacles(tenant, live.allowSignUp);
  if (hindering.length)
    throw new ConformanceError({
      code: 'CONF_TENANT_SETTINGS',
      what: `nobody can sign in by phone at ${tenant.origin}: ${hindering.join('; ')}`,
      expected: 'a tenant whose sign-in experience lets people sign in by phone and verification code',
      remedy:
        'run `npx authjs-conformance live setup`, which shows what it would change, or change it in the console.',
    });
  const credentials = m2mCredentials();
  const management =
    credentials &&
    (await connectManagement({
      wire,
      origin: tenant.origin,
      issuer: tenant.issuer,
      tokenIssuer: live.managementIssuer,
      credentials,
      resource: live.managementApi,
      progress,
    }));
  const clientIdKnown = (origins['target.clientId'] ?? 'default') !== 'default';
  const secretGiven = (origins['target.clientSecret'] ?? 'default') !== 'default';
  const clientSecret = secretGiven
    ? target.clientSecret
    : management && clientIdKnown
      ? await secretOf(management, target.clientId)
      : undefined;
  registerSecret('client secret', clientSecret);
  if (!isDeployed(loaded)) demandOwnApp(loaded, clientIdKnown, clientSecret);
  return { tenant, wire, management, clientSecret, clientIdKnown };
}

/** The secret of an application, from the tenant itself (recording 720). */
export async function secretOf(management: Management, clientId: string): Promise<string | undefined> {
  const { status, body } = await management.call<{ value: string; expiresAt: number | null }[]>(
    'GET',
    `/api/applications/${encodeURIComponent(clientId)}/secrets`,
    { allow: [404] },
  );
  if (status !== 200) return undefined;
  return body.find(({ expiresAt }) => expiresAt === null || expiresAt > Date.now())?.value;
}

/** What stands in a command line stands in the list of processes and in the history of the shell. */
function demandNoSecretFlag({ origins }: LoadedConfig): void {
  if (origins['target.clientSecret'] !== 'flag') return;
  throw new ConformanceError({
    code: 'CONF_SECRET_IN_ARGV',
    what: 'the client secret of a real tenant was given as a flag',
    expected: 'CONFORMANCE_TARGET_CLIENT_SECRET in the environment',
    remedy:
      'export it, leave --client-secret out, and make a new secret at Logto: this one was shown to the machine.',
    key: 'target.clientSecret',
  });
}

/** An app that we start needs an address that is registered, and a client of the tenant. */
function demandOwnApp({ config: { target } }: LoadedConfig, clientIdKnown: boolean, secret?: string): void {
  const fixed = target.port !== 0 || (target.url && new URL(target.url).port !== '0');
  const missing = !clientIdKnown
    ? ['no client id was given', '--client-id (target.clientId)', 'target.clientId']
    : !secret
      ? [
          `the client secret of ${target.clientId} is not known`,
          'CONFORMANCE_TARGET_CLIENT_SECRET, or CONFORMANCE_M2M_ID and CONFORMANCE_M2M_SECRET to read it from the tenant',
          'target.clientSecret',
        ]
      : !fixed
        ? ['the app would get another port each time', '--port (target.port)', 'target.port']
        : undefined;
  if (!missing) return;
  const [what, expected, key] = missing as [string, string, string];
  throw new ConformanceError({
    code: 'CONF_LIVE_TARGET',
    what: `${what}, and a real Logto takes registered clients and redirect URIs only`,
    expected,
    remedy: 'give it; `npx authjs-conformance live setup` makes an application and prints what belongs here.',
    key,
  });
}

export interface LiveRun extends LiveControl {
  abilities: Ability[];
  real: RealLogto;
  close(): Promise<string[]>;
}

/**
 * Opens the source of codes and the people of a run.
 *
 * @param context.mocks of this run: its inbox and journal take what the tenant sends
 */
export async function openLiveRun(
  loaded: LoadedConfig,
  context: LiveTenant & {
    mocks: Pick<Mocks, 'carrier' | 'journal' | 'client'> & { scopes: Scopes };
    client: { clientId: string; redirectUri: string; params: Record<string, string> };
    ca?: string;
    progress(text: string): void;
  },
): Promise<LiveRun> {
  const { tenant, management, mocks, client, progress, wire, ca } = context;
  const { live } = loaded.config;
  const file = live.people && path.resolve(loaded.folder, live.people);
  const entries = file ? readPeople(file) : [];
  const mine = { issuer: tenant.issuer, ...client, ca };
  await demandClient(mine);
  const seen = new Set<string>();
  const deliver = (message: Received) => {
    if (seen.has(message.id)) return;
    seen.add(message.id);
    const scope = mocks.scopes.of('phone', message.to) ?? null;
    registerSecret('one-time code', message.code);
    if (message.code)
      mocks.journal.issued.add({
        kind: 'one-time code',
        value: message.code,
        owner: digitsOf(message.to),
        scope,
      });
    mocks.carrier.inbox.add(inboxMessage(message, scope));
  };
  const connector = management && (await smsConnectorOf(management));
  const source: CodeSource = await openCodeSource({
    live,
    deliver,
    token: credential('captureToken') ?? tokenOf(connector),
    progress,
  });
  const byCapture = live.codeFrom === 'capture';
  const real: RealLogto = { signUp: live.allowSignUp, messageMs: source.messageMs };
  const made = management && live.allowSignUp ? tenantAccounts(management) : undefined;
  const people = createLivePeople({
    entries,
    allowSignUp: live.allowSignUp,
    fiction: byCapture,
    accounts: {
      ...(made && { create: made.create, change: made.change, idOf: made.idOf }),
      ...(management && {
        remove: async (phone: string, at: number) => {
          if (!(await removeByPhone(management, phone, at)))
            throw new Error(`${phone} was somebody's before`);
          noteAccount(loaded.config.out, { issuer: tenant.issuer, phone, at, gone: true });
        },
      }),
      openSession: (person) => openRealSession(person, { ...mine, real, control: mocks.client }),
    },
    making: (phone, at) => noteAccount(loaded.config.out, { issuer: tenant.issuer, phone, at }),
    register: (person) => {
      for (const each of issuedOf(person)) mocks.journal.issued.add(each);
    },
  });
  const testConnector =
    byCapture && management && connector?.connectorId === 'http-sms'
      ? async (phone: string) => {
          await management.call('POST', '/api/connectors/http-sms/test', {
            json: { phone: phone.replace(/\D/g, ''), config: connector.config },
          });
        }
      : undefined;
  const known = entries.some((entry) => !entry.new);
  const fresh = byCapture || entries.some((entry) => entry.new);
  const able: Record<Ability, boolean> = {
    faults: false,
    'server-requests': false,
    'sign-in-experience': false,
    clock: false,
    'own-carrier': false,
    tenant: false,
    people: known || (live.allowSignUp && fresh),
    profiles: Boolean(made && fresh),
    'made-accounts': Boolean(made && byCapture),
    'given-ids': false,
    'second-issuer': false,
    'sign-up': live.allowSignUp && fresh,
    'numbers-abroad': live.allowSignUp && byCapture,
    'usage-types': source.tellsType,
    'message-text': source.tellsText,
    'connector-config': loaded.config.connector.config !== undefined,
    'connector-test': Boolean(testConnector),
    'client-secret': context.clientSecret !== undefined,
    'client-id': context.clientIdKnown,
    'own-app': !isDeployed(loaded),
  };
  void wire;
  return {
    source,
    people,
    testConnector,
    real,
    abilities: (Object.keys(able) as Ability[]).filter((ability) => able[ability]),
    async close() {
      await source.close();
      const { made: count, removed, left } = await people.close();
      if (count === 0) return [];
      return [
        `${count} accounts were made at the tenant, and ${removed} of them removed`,
        ...(left.length ? [`left at the tenant: ${left.join(', ')}`] : []),
      ];
    },
  };
}

interface StoredConnector {
  id: string;
  connectorId: string;
  type: string;
  config: Record<string, unknown>;
}

/** The SMS connector that a tenant stores (recording 008). */
export async function smsConnectorOf(management: Management): Promise<StoredConnector | undefined> {
  const { body } = await management.call<StoredConnector[]>('GET', '/api/connectors');
  return body.find(({ type }) => type === 'Sms');
}

/** What a stored http-sms connector sends as its token. */
export const tokenOf = (connector: StoredConnector | undefined): string | undefined => {
  const { authorization } = (connector?.connectorId === 'http-sms' ? connector.config : {}) as {
    authorization?: string;
  };
  const token = authorization?.replace(/^Bearer /, '');
  registerSecret('capture token', token);
  return token;
};
