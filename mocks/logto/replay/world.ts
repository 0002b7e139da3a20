/** The mock set up as the recorded Logto was, and a browser that gets it into any state without the sign-in pages. */
import { createHash, randomBytes } from 'node:crypto';
import { createClock } from '../../clock.ts';
import { createJournal } from '../../journal.ts';
import { createScopes, SCOPE_HEADER } from '../../scope.ts';
import { findApplication } from '../claims.ts';
import { parseInteractionCookie } from '../cookies.ts';
import { MANAGEMENT_API, MANAGEMENT_ROLE } from '../resources.ts';
import { type ApplicationInput, type LogtoMock, startLogto } from '../server.ts';
import type { Application, SignInExperience, User } from '../tenant.ts';
import { ossSignInExperience } from '../tenant-defaults.ts';
import { type ReplayCarrier, startReplayCarrier } from './carrier.ts';
import { parseSetCookie } from './compare.ts';
import { type Answer, type Asked, ask } from './http.ts';
import { RECORDED_ORIGIN, type Recording } from './recordings.ts';

export const REDIRECT_URI = 'http://localhost:3000/api/auth/callback/logto';
export const FULL_SCOPE = 'openid profile email phone offline_access';

export interface SignInWanted {
  clientId: string;
  /** Authorization parameters beyond client, redirect URI and response type. */
  params: Record<string, string>;
  accountId: string;
  /** A scope of the mocks, for states that grow older alone. */
  scope?: string;
  jar?: Map<string, string>;
}

/** How the tenant of a set begins. */
export interface Beginning {
  /** Sent by the recorder with each request that names none (recording 207). */
  userAgent: string | undefined;
  /** Whether the tenant begins with the applications, the resource and the connector of the set-up. */
  provisioned: boolean;
}

export interface World {
  mock: LogtoMock;
  carrier: ReplayCarrier;
  ask(asked: Asked): Promise<Answer>;
  /** Asks with the cookies of a jar, and keeps those that come back. */
  browse(jar: Map<string, string>, asked: Asked): Promise<Answer>;
  /** Signs a person in and consents; gives the authorization response's parameters. */
  signIn(wanted: SignInWanted): Promise<URLSearchParams>;
  secretOf(clientId: string): string | undefined;
  managementToken(): Promise<string>;
  openScope(): Promise<string>;
  /** Called when the world is closed. */
  atEnd(stop: () => void): void;
  close(): Promise<void>;
}

const basicOf = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

/** Client secrets, from the Basic credentials that the real Logto accepted. */
function secretsIn(recordings: readonly Recording[]): Map<string, string> {
  const secrets = new Map<string, string>();
  for (const { request, response } of recordings) {
    const basic = /^Basic (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const [id, secret] = basic ? Buffer.from(basic, 'base64').toString('utf8').split(':') : [];
    if (id && secret && response.status < 300) secrets.set(id, secret);
  }
  return secrets;
}

/** Applications as the recorder created them (recordings 028–032). */
function applicationsIn(recordings: readonly Recording[]): ApplicationInput[] {
  const secrets = secretsIn(recordings);
  const created = recordings
    .filter(
      ({ request, response }) =>
        request.method === 'POST' && request.path === '/api/applications' && response.status === 200,
    )
    .map(({ response }) => response.body as Application);
  return created.map(({ id, name, type, isThirdParty, oidcClientMetadata }) => ({
    id,
    name,
    type,
    isThirdParty,
    // As Logto makes it: nothing is allowed before somebody allows it (recording 175).
    userConsentScopes: [],
    redirectUris: oidcClientMetadata.redirectUris,
    postLogoutRedirectUris: oidcClientMetadata.postLogoutRedirectUris,
    secret: secrets.get(id),
  }));
}

/** @param set tells whether the tenant begins with what the first set's set-up made */
export async function startWorld(recordings: readonly Recording[], set: Beginning): Promise<World> {
  const scopes = createScopes();
  const carrier = await startReplayCarrier();
  const settings = recordings.find(({ name }) => name === 'mgmt-sie-patch-phone')?.response.body;
  const connector = recordings.find(({ name }) => name === 'mgmt-connector-create-ok')?.request.body;
  const mock = await startLogto({
    scopes,
    clock: createClock(scopes),
    journal: createJournal(),
    publicIssuer: RECORDED_ORIGIN,
    offeredConnectors: [],
    // The second set's listener took both families, which shows in the addresses of browsers.
    host: set.provisioned ? '127.0.0.1' : '::',
    ...(set.provisioned && { carrierOrigin: carrier.origin }),
    applications: [
      ...(set.provisioned ? applicationsIn(recordings) : []),
      { id: 'm-default', type: 'MachineToMachine', roles: [MANAGEMENT_ROLE], secret: 'm-default-secret' },
    ],
    signInExperience: {
      ...ossSignInExperience,
      ...(set.provisioned && (settings as Partial<SignInExperience>)),
    },
    ...(set.provisioned && { connector: { config: connector ? JSON.parse(connector).config : {} } }),
  });
  if (set.provisioned)
    await mock.context.tenant.resources.create({
      id: 'bh4d39kqlwaj59p9dm6h6',
      name: 'api',
      indicator: 'https://api.example.test',
      scopes: [],
    });
  const stops: (() => void)[] = [];
  const port = Number(new URL(mock.origin).port);
  const host = new URL(RECORDED_ORIGIN).host;

  const send = (asked: Asked) => ask(port, { userAgent: set.userAgent, ...asked }, host);
  const browse: World['browse'] = async (jar, asked) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await send({ ...asked, headers: { ...(cookie && { cookie }), ...asked.headers } });
    for (const line of answer.headers['set-cookie'] ?? []) {
      const { name, value } = parseSetCookie(line);
      if (value) jar.set(name, value);
      else jar.delete(name);
    }
    return answer;
  };

  return {
    mock,
    carrier,
    ask: send,
    browse,
    async signIn({ clientId, params, accountId, scope, jar = new Map() }) {
      const headers: Record<string, string> = scope ? { [SCOPE_HEADER]: scope } : {};
      const query = new URLSearchParams({
        client_id: clientId,
        redirect_uri: redirectUriOf(mock, clientId),
        response_type: 'code',
        ...params,
      });
      const go = async (path: string) => {
        const answer = await browse(jar, { method: 'GET', path, headers });
        return (answer.headers.location ?? '').replace(RECORDED_ORIGIN, '');
      };
      let at = await go(`/oidc/auth?${query}`);
      if (at.startsWith('/sign-in')) {
        const uid = parseInteractionCookie(jar.get('_interaction'))._legacy ?? '';
        const interaction = await mock.context.provider.Interaction.find(uid);
        if (!interaction) throw new Error(`no interaction ${uid}`);
        const next = await mock.context.finishInteraction(interaction, { login: { accountId } });
        at = await go(next.replace(RECORDED_ORIGIN, ''));
      }
      while (at.startsWith('/')) at = await go(at);
      return new URL(at).searchParams;
    },
    secretOf: (clientId) => findApplication(mock.context.tenant, clientId)?.secrets[0]?.value,
    async managementToken() {
      const answer = await send({
        method: 'POST',
        path: '/oidc/token',
        headers: {
          authorization: basicOf('m-default', 'm-default-secret'),
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          resource: MANAGEMENT_API,
          scope: 'all',
        }).toString(),
      });
      return (answer.body as { access_token: string }).access_token;
    },
    openScope: async () => (await scopes.open({ label: 'replay', leaseMs: 600_000 })).id,
    atEnd: (stop) => void stops.push(stop),
    async close() {
      for (const stop of stops) stop();
      await mock.close();
      await carrier.close();
    },
  };
}

/** The redirect URI that sign-ins of a client end at. */
export const redirectUriOf = (mock: LogtoMock, clientId: string): string => {
  const registered = findApplication(mock.context.tenant, clientId)?.oidcClientMetadata.redirectUris ?? [];
  return registered.includes(REDIRECT_URI) ? REDIRECT_URI : (registered[0] ?? REDIRECT_URI);
};

/** A PKCE verifier and its S256 challenge; the verifier may be given. */
export function pkce(verifier = randomBytes(32).toString('base64url')): {
  verifier: string;
  challenge: string;
} {
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

export const findUser = (world: World, phone: string): User | undefined =>
  world.mock.context.tenant.users.findFirst((q) => q.where({ primaryPhone: phone }));
