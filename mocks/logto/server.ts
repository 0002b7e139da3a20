/** The Logto mock: one tenant of Logto on one port, driven by the same OIDC engine as Logto. */
import { randomBytes, randomUUID } from 'node:crypto';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Clock } from '../clock.ts';
import type { Journal } from '../journal.ts';
import { hostsIn, mayAsk } from '../loopback.ts';
import type { Scopes } from '../scope.ts';
import { createFaultApplier } from './apply-faults.ts';
import { createArtifacts } from './artifacts.ts';
import { createBackchannel } from './backchannel.ts';
import { findApplication, validSecrets } from './claims.ts';
import { DEFAULT_CONNECTOR, reroute, TWILIO_ORIGIN } from './connector.ts';
import { createConnectors } from './connectors.ts';
import { registerConsent } from './consent/index.ts';
import type { LogtoContext, OtherIssuer, SentMail } from './context.ts';
import { aroundExchanges } from './exchanges.ts';
import { registerExperience } from './experience/index.ts';
import { HELMET } from './helmet.ts';
import { createInteractions } from './interactions.ts';
import { journalPages } from './journal-pages.ts';
import { createSigningKey } from './keys.ts';
import { openSession } from './known-browser.ts';
import { registerManagement } from './management/index.ts';
import { createMessages } from './messages.ts';
import { mountEngine } from './mount.ts';
import { answerOtherMethods } from './other-methods.ts';
import { registerPages } from './pages/index.ts';
import { asking, clientFinder, createEngine } from './provider.ts';
import { putApplication } from './put-application.ts';
import { scopeOf } from './scope-of.ts';
import { createIdTokenSigner } from './sign-id-token.ts';
import { changeExperience, connectedOf } from './sign-in/rules.ts';
import { scopeExperience } from './sign-in/scoped.ts';
import { type Application, newId, type SignInExperience, type User } from './tenant.ts';
import { type ApplicationInput, createTenant } from './tenant-defaults.ts';
import { keepToldClaims } from './told-claims.ts';
import { findById } from './users.ts';

export type { ApplicationInput } from './tenant-defaults.ts';

export interface LogtoOptions {
  /** Address to listen on (default 127.0.0.1). */
  host?: string;
  /** Port, 0 or none for a free one. */
  port?: number;
  /** Issuer origin that the outside knows, such as `https://abc.logto.app`, when requests are re-routed here. */
  publicIssuer?: string;
  /** Host names beside those of this machine by which it is asked, and which it asks itself. */
  allowHosts?: readonly string[];
  /** The public issuer is no tenant of Logto: its identifier is taken as it is, its discovery document is below it. */
  otherKind?: boolean;
  scopes: Scopes;
  clock: Clock;
  journal: Journal;
  applications?: ApplicationInput[];
  users?: Partial<User>[];
  /** Whether the sign-in page lists the first of these users, to be clicked. */
  shownPeople?: boolean;
  /** Differences from Logto's default with phone sign-in switched on. */
  signInExperience?: Partial<SignInExperience>;
  /** SMS connector package or path, and its config; `from` is the folder it is looked up from. */
  connector?: { name?: string; config: unknown; from?: string };
  /** E-mail connector package or path, and its config; without one the tenant stores none. */
  emailConnector?: { name?: string; config: unknown; from?: string };
  /** Factory ids of further connectors that are listed (default: Logto's e-mail connector for HTTP). */
  offeredConnectors?: readonly string[];
  /** Origin that answers for api.twilio.com. */
  carrierOrigin?: string;
  /** Told each e-mail that was sent. */
  mailbox?(mail: SentMail): void;
  /** The other issuer of the same lab, which faults may speak in the name of. */
  other?(): OtherIssuer | undefined;
}

export interface LogtoMock {
  origin: string;
  issuer: string;
  context: LogtoContext;
  /** Every route of Logto's APIs and pages that is served, for those who ask all of them. */
  routes: readonly { method: string; url: string }[];
  /** Adds an application, or changes the one with the given id. */
  putApplication(input: ApplicationInput): Promise<Application>;
  /** Sends the last logout token of a scope once more; the status of the app, or undefined when the scope had none. */
  sendLogoutTokenAgain(scope: string): Promise<number | undefined>;
  close(): Promise<void>;
}

const DEFAULT_EMAIL_CONNECTOR = '@logto/connector-http-email';
const DEFAULT_EMAIL_FACTORY = 'http-email';

const issuerOf = (endpoint: string) =>
  endpoint.endsWith('/oidc') ? endpoint : `${endpoint.replace(/\/$/, '')}/oidc`;

/**
 * Starts a Logto mock.
 *
 * @throws Error when the port is taken or the connector package is not installed
 */
export async function startLogto(options: LogtoOptions): Promise<LogtoMock> {
  const stops: (() => unknown)[] = [];
  const close = async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  try {
    return { ...(await serve(options, stops)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @param stops filled with what ends each part that is started */
async function serve(options: LogtoOptions, stops: (() => unknown)[]): Promise<Omit<LogtoMock, 'close'>> {
  const { host = '127.0.0.1', port = 0, scopes, clock, journal } = options;
  const app = Fastify({ forceCloseConnections: true, routerOptions: { ignoreTrailingSlash: false } });
  stops.push(() => app.close());
  const tenant = await createTenant(options.signInExperience);
  const experience = scopeExperience(tenant);
  const keys = [await createSigningKey('EC')];
  const everyKey = [...keys];
  const cookieKeys = [randomBytes(24).toString('base64url')];
  const artifacts = createArtifacts({
    clock,
    scopes,
    currentScope: () => asking.getStore()?.scope,
    adoptScope(scope) {
      const store = asking.getStore();
      if (store) store.scope ??= scope;
    },
    findClient: clientFinder(tenant, () => keys[0]?.alg ?? 'ES384'),
  });

  const routes: { method: string; url: string }[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) routes.push({ method: one, url });
  });

  // The issuer's URL holds the port, so the engine is built once the server listens.
  const exact = options.otherKind ? options.publicIssuer?.replace(/\/$/, '') : undefined;
  const mounted = mountEngine(app, exact && new URL(exact).pathname);
  let context: LogtoContext | undefined;
  const late = () => context as LogtoContext;
  const own = hostsIn([options.publicIssuer, ...(options.allowHosts ?? [])]);
  app.addHook('onRequest', async (request, reply) => {
    if (!mayAsk(request.headers.host, own)) {
      const message = `the mock answers no host of this name; allow it with allowHosts (--allow-host)`;
      return reply.code(421).header('x-conformance-mock', 'logto').send({ message });
    }
    reply.headers({
      ...HELMET,
      'logto-core-request-id': randomUUID(),
      'x-conformance-mock': 'logto',
      vary: 'Accept-Encoding',
    });
  });
  app.addHook('onRequest', (request, _reply, done) => experience.during(scopeOf(request), done));
  answerOtherMethods(app);
  const proxy = new Proxy({} as LogtoContext, { get: (_, name) => late()[name as keyof LogtoContext] });
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).type('text/plain; charset=utf-8').send('Not Found'),
  );
  journalPages(app, { journal, scopes, scopeOf });
  await registerConsent(app, proxy);
  await app.register(async (child: FastifyInstance) => registerExperience(child, proxy));
  await app.register(async (child: FastifyInstance) => registerPages(child, proxy));
  await app.register(async (child: FastifyInstance) => registerManagement(child, proxy));

  await app.listen({ host, port });
  const address = app.server.address();
  const shownHost = host.includes(':') ? '[::1]' : host;
  const origin = `http://${shownHost}:${typeof address === 'object' && address ? address.port : port}`;
  const issuer = exact ?? issuerOf(options.publicIssuer ?? origin);

  const sign = createIdTokenSigner({
    currentKey: () => keys[0] as (typeof keys)[0],
    otherKey: () => options.other?.()?.key,
    clientSecret(clientId) {
      const application = findApplication(tenant, clientId);
      return application && validSecrets(application, Date.now())[0];
    },
    told: keepToldClaims(tenant, journal.issued),
  });
  const around = aroundExchanges({
    scopes,
    journal,
    scopeOf,
    userOf: (id) => findById(tenant, id),
    faults: createFaultApplier({ scopes, issuer, sign, other: options.other }),
  });
  const backchannel = createBackchannel({
    issuer,
    journal,
    scopes,
    sign,
    allowed: hostsIn(options.allowHosts ?? []),
  });
  const build = () => {
    const engine = createEngine({
      issuer,
      tenant,
      clock,
      artifacts,
      keys,
      cookieKeys,
      around: [around],
      fetch: backchannel.fetch,
    });
    // Re-routed requests name the public origin in their forwarding headers, and discovery must answer with it.
    engine.proxy = options.publicIssuer !== undefined;
    return engine;
  };
  mounted.use(build());

  if (options.carrierOrigin) stops.push(reroute(TWILIO_ORIGIN, options.carrierOrigin));
  const connectors = createConnectors(tenant, options.offeredConnectors ?? [DEFAULT_EMAIL_FACTORY]);
  const store = async (wanted: NonNullable<LogtoOptions['connector']>, fallback: string) => {
    const { metadata } = await connectors.add(wanted.name ?? fallback, wanted.from);
    await tenant.connectors.create({
      id: newId.entity().slice(0, 12),
      connectorId: metadata.id,
      config: wanted.config as Record<string, unknown>,
      createdAt: Date.now(),
    });
  };
  if (options.connector) await store(options.connector, DEFAULT_CONNECTOR);
  if (options.emailConnector) await store(options.emailConnector, DEFAULT_EMAIL_CONNECTOR);

  context = {
    tenant,
    scopes,
    clock,
    journal,
    origin,
    issuer,
    endpoint: exact ? new URL(exact).origin : issuer.slice(0, -'/oidc'.length),
    get provider() {
      return mounted.engine();
    },
    signingKeys: keys,
    scopeOf,
    ...createInteractions(mounted.engine, scopes),
    openSession: (userId) =>
      openSession(
        mounted.engine(),
        userId,
        tenant.applications.findMany().map(({ id }) => id),
      ),
    async revokeUser(userId) {
      artifacts.forgetAccount(userId);
    },
    shownPeople: options.shownPeople ?? false,
    artifactsOf: artifacts.ofAccount,
    connectors,
    experience,
    async changeExperience(change, scope) {
      if (scope === undefined) return changeExperience(experience.own, change, connectedOf(connectors));
      const next = structuredClone(experience.of(scope));
      experience.set(scope, await changeExperience(next, change, connectedOf(connectors)));
      return next;
    },
    ...createMessages({ ...options, connectors }),
    everyKey,
    async rotateSigningKey(type) {
      keys.unshift(await createSigningKey(type));
      everyKey.unshift(keys[0] as (typeof keys)[0]);
      keys.splice(2);
      mounted.use(build());
    },
    async retireSigningKeys() {
      keys.splice(1);
      mounted.use(build());
    },
  };

  const put = (input: ApplicationInput) => putApplication(tenant, journal, input);
  for (const application of options.applications ?? []) await put(application);
  for (const user of options.users ?? []) {
    const now = Date.now();
    for (const role of user.roles ?? []) if (!tenant.roles.has(role)) tenant.roles.set(role, {});
    await tenant.users.create({ id: newId.user(), createdAt: now, updatedAt: now, ...user });
  }

  return {
    origin,
    issuer,
    context,
    routes,
    putApplication: put,
    sendLogoutTokenAgain: backchannel.again,
  };
}
