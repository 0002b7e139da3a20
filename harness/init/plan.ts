/** From what was read to a config: what was found, what was guessed, what a person must fill in. */
import { existsSync } from 'node:fs';
import type { ConfigInput, Feature } from '../config/config.ts';
import { isTokenName } from '../config/loosened.ts';
import { ConformanceError } from '../errors.ts';
import { USUAL_BASE_PATHS } from '../targets/discover.ts';
import { routesByFile } from './app-routes.ts';
import { type AuthSetup, findAuthSetup, isLogto } from './auth-setup.ts';
import { mountPath } from './base-path.ts';
import { readEnvFiles, setIn } from './env-files.ts';
import { wiringOf } from './environment.ts';
import { type Project, readProject } from './project.ts';
import { type Provider, speaksOidc } from './provider.ts';
import { findRoutes } from './routes.ts';
import { readSources } from './sources.ts';
import { type Start, startOf } from './start.ts';
import { environmentNames, type SourceFile } from './syntax.ts';

export interface Plan {
  project: Project;
  config: ConfigInput;
  /** Sentences about what was read in the app. */
  found: string[];
  /** What may be wrong, with the key that corrects it. */
  guessed: { key: string; text: string }[];
  /** What must be added by hand before a run can pass. */
  missing: { key: string; text: string }[];
}

/**
 * Looks at the app in a folder.
 *
 * @throws ConformanceError CONF_PACKAGE_MISSING, CONF_PACKAGE_UNREADABLE, CONF_AUTHJS_MISSING
 */
export function planFor(folder: string): Plan {
  if (!existsSync(folder)) {
    throw new ConformanceError({
      code: 'CONF_TARGET_FOLDER',
      what: `there is no folder ${folder}`,
      expected: 'the folder of the app (--cwd)',
      remedy: 'correct the path.',
    });
  }
  const project = readProject(folder);
  const sources = readSources(folder);
  const setup = findAuthSetup(sources);
  const start = startOf(project, sources);
  const plan: Plan = { project, config: { target: {} }, found: [], guessed: [], missing: [] };
  sayProject(plan);
  planStart(plan, start);
  const basePath = setup?.basePath ?? mountPath(sources);
  const env = frameworkEnvironment(project, basePath, start);
  const provider = setup && chooseProvider(plan, setup);
  if (setup && provider) {
    planAuth(plan, setup, provider, env);
    sayCoreAlone(plan, setup, provider, sources);
  } else if (!setup) {
    plan.missing.push({
      key: 'target.env',
      text: 'no list of Auth.js providers was found in the sources: name the variables your app reads its issuer, client id and secret from, such as { OIDC_ISSUER: "{issuer}" }, unless they are AUTH_LOGTO_*',
    });
  }
  planBasePath(plan, basePath);
  planOrigins(plan, sources, env);
  if (Object.keys(env).length) plan.config.target = { ...plan.config.target, env };
  plan.config.target = { ...plan.config.target, framework: frameworkName(project, sources) };
  planRoutes(plan, sources);
  sayUnset(plan, sources, env);
  return plan;
}

/** `@auth/core` without a package for a framework: nothing is read from the environment unless it is told to. */
function sayCoreAlone(
  plan: Plan,
  setup: AuthSetup,
  provider: Provider,
  sources: readonly SourceFile[],
): void {
  if (plan.project.library.name !== '@auth/core') return;
  if (sources.some(({ text }) => text.includes('setEnvDefaults'))) return;
  if (provider.issuer && setup.secret && setup.trustHost) return;
  plan.missing.push({
    key: `${setup.file}:${setup.line}`,
    text: "@auth/core alone reads no AUTH_* variable: call its setEnvDefaults(process.env, config) before Auth(request, config), or give secret, trustHost: true, and the provider's issuer, clientId and clientSecret there",
  });
}

/** The usual paths are found by asking; another one is written down. */
function planBasePath(plan: Plan, basePath: string | undefined): void {
  if (!basePath) return;
  plan.found.push(`Auth.js answers at ${basePath}`);
  if (!USUAL_BASE_PATHS.includes(basePath)) target(plan).basePath = basePath;
}

const target = (plan: Plan) => plan.config.target as NonNullable<ConfigInput['target']>;

function sayProject({ project, found, config }: Plan): void {
  const { library, lock, manager, place } = project;
  config.target = { name: project.name.replace(/^@[^/]*\//, '') };
  found.push(
    `${library.name} ${library.version} (Auth.js ${library.family}) in ${library.place ? `${library.place}/` : ''}package.json`,
  );
  found.push(lock ? `${manager}, by ${lock}` : `${manager} (no lock file)`);
  if (place !== '.') found.push(`the app is in ${place} of its repository`);
}

function planStart(plan: Plan, { command, prepare, port, portName, development }: Start): void {
  if (!command) {
    plan.missing.push({
      key: 'target.command',
      text: 'package.json has no script start, serve, preview or dev: say how the app is started',
    });
    target(plan).command = 'npm start';
    return;
  }
  Object.assign(target(plan), { ...(prepare && { prepare }), command, ...(port && { port }) });
  plan.found.push(`it is started by \`${command}\`${prepare ? `, after \`${prepare}\`` : ''}`);
  if (development)
    plan.guessed.push({
      key: 'target.command',
      text: 'only a development server was found; certify the production build when you have one',
    });
  if (port) plan.found.push(`it always listens on port ${port}`);
  else if (portName) plan.found.push(`it listens on the port in ${portName}`);
}

/** Variables that a framework needs to know its own origin (facts: authjs.md, Origin / host rules). */
function frameworkEnvironment(
  project: Project,
  basePath: string | undefined,
  start: Start,
): Record<string, string> {
  const env: Record<string, string> = {};
  if (start.portName) env[start.portName] = '{port}';
  if (project.framework === 'sveltekit') env.ORIGIN = '{origin}';
  if (project.framework === 'hono') env.AUTH_URL = `{origin}${basePath ?? '/api/auth'}`;
  if (project.framework === 'nuxt') {
    env.AUTH_ORIGIN = `{origin}${basePath ?? '/api/auth'}`;
    env.NUXT_TELEMETRY_DISABLED = '1';
  }
  if (project.framework === 'qwik') env.ORIGIN = '{origin}';
  if (project.framework === 'next') env.NEXT_TELEMETRY_DISABLED = '1';
  if (project.framework === 'astro') env.ASTRO_TELEMETRY_DISABLED = '1';
  return env;
}

function chooseProvider(plan: Plan, { providers, file }: AuthSetup): Provider | undefined {
  const provider =
    providers.find(isLogto) ?? providers.find(({ type }) => type === 'oidc') ?? providers.find(speaksOidc);
  if (!provider) {
    const [first] = providers;
    if (first)
      plan.missing.push({ key: `${first.file}:${first.line}`, text: withoutOidc(providers, plan.project) });
    return undefined;
  }
  plan.found.push(
    `provider "${provider.id}" in ${provider.file}:${provider.line}${
      providers.length > 1
        ? ` (beside ${providers
            .filter(({ id }) => id !== provider.id)
            .map(({ id }) => `"${id}"`)
            .join(', ')})`
        : ''
    }`,
  );
  if (!isLogto(provider))
    plan.guessed.push({
      key: 'target.provider',
      text: `no provider in ${file} says that it is Logto; "${provider.id}" was taken`,
    });
  if (provider.id !== 'logto') target(plan).provider = provider.id;
  target(plan).authFile = file;
  return provider;
}

/** Plain OAuth has no issuer that could be Logto's: none is made up. */
const withoutOidc = (providers: readonly Provider[], { library, framework }: Project): string => {
  const names = providers.map(({ id }) => `"${id}"`).join(', ');
  const from =
    framework === 'nuxt' || library.family === 'v4' ? undefined : `${library.name}/providers/logto`;
  const snippet = from
    ? `import Logto from '${from}'; … providers: [Logto] (AUTH_LOGTO_ISSUER, AUTH_LOGTO_ID, AUTH_LOGTO_SECRET)`
    : // biome-ignore lint/suspicious/noTemplateCurlyInString: it is code that people copy
      "{ id: 'logto', name: 'Logto', type: 'oauth', wellKnown: `${process.env.AUTH_LOGTO_ISSUER}/.well-known/openid-configuration`, idToken: true, client: { id_token_signed_response_alg: 'ES384' }, clientId: process.env.AUTH_LOGTO_ID, clientSecret: process.env.AUTH_LOGTO_SECRET, authorization: { params: { scope: 'openid profile email' } }, profile: (claims) => ({ id: claims.sub, name: claims.name ?? claims.username, email: claims.email, image: claims.picture }) }";
  return `${names} ${providers.length === 1 ? 'is' : 'are'} plain OAuth, without an issuer that Logto could be: add Logto beside ${providers.length === 1 ? 'it' : 'them'}: ${snippet}`;
};

function planAuth(plan: Plan, setup: AuthSetup, provider: Provider, env: Record<string, string>): void {
  const { project, found, guessed, missing, config } = plan;
  const wiring = wiringOf(provider, project, setup.secret);
  Object.assign(env, wiring.env);
  if (wiring.issuer) {
    target(plan).issuer = wiring.issuer;
    found.push(`its issuer is written in the source: ${wiring.issuer} will be re-routed to the mock`);
  } else
    found.push(
      `its issuer comes from ${environmentOf(provider.issuer) ?? `AUTH_${provider.id.toUpperCase().replace(/-/g, '_')}_ISSUER`}`,
    );
  if (wiring.clientId) target(plan).clientId = wiring.clientId;
  if (wiring.clientSecret) {
    target(plan).clientSecret = wiring.clientSecret;
    guessed.push({
      key: 'target.clientSecret',
      text: `the client secret stands in ${provider.file} and was copied; take it out of both, and make a new one in Logto, if the repository is shared`,
    });
  }
  for (const { key, what } of wiring.unknown) missing.push({ key, text: `it was not found out ${what}` });

  const features: Feature[] = [];
  if (provider.checks?.includes('state')) features.push('state');
  if (provider.checks?.includes('nonce')) features.push('nonce');
  if (provider.readsUserinfo) features.push('userinfo');
  if (setup.adapter && setup.strategy !== 'jwt') features.push('database-session');
  const phone = Object.entries(provider.profile ?? {}).find(([, claims]) =>
    claims.includes('phone_number'),
  )?.[0];
  if (phone && setup.sessionFields.includes(phone)) features.push('phone-claim');
  if (features.length) config.features = features;
  if (features.includes('database-session'))
    guessed.push({
      key: 'features',
      text: 'sessions are kept in a database, because an adapter is named; the app needs one that it may write to',
    });

  const scopes = provider.scopes?.filter((scope) => scope !== 'openid');
  if (scopes) config.scopes = scopes;
  const profile = profileOf(provider);
  if (profile) config.profile = profile;
  if (profile && provider.guessedFields.length)
    guessed.push({
      key: 'profile',
      text: `profile() in ${provider.file} chooses or makes ${provider.guessedFields.join(', ')}: write the claims in the order in which they are taken, or leave the field out`,
    });
  planSession(plan, setup);
  if (setup.pages.signIn) config.pages = { signIn: setup.pages.signIn };
  const isV4 = project.library.family === 'v4' && provider.type === 'oauth';
  if (isV4 && provider.readsUserinfo && provider.scopes?.includes('openid'))
    missing.push({
      key: `${provider.file}:${provider.line}`,
      text: "the provider asks for openid with idToken: false, and next-auth v4 refuses the ID token that Logto sends: set idToken: true and client: { id_token_signed_response_alg: 'ES384' }, or take openid out of the scope",
    });
  else if (isV4 && provider.algorithm !== 'ES384')
    missing.push({
      key: `${provider.file}:${provider.line}`,
      text: "add client: { id_token_signed_response_alg: 'ES384' } to the provider: next-auth v4 takes RS256 otherwise, Logto signs with ES384",
    });
  if (project.framework === 'solid-start' && !provider.issuer)
    missing.push({
      key: `${provider.file}:${provider.line}`,
      text: `give the provider its settings: ${provider.id === 'logto' ? 'Logto' : provider.id}({ issuer: process.env.AUTH_LOGTO_ISSUER, clientId: process.env.AUTH_LOGTO_ID, clientSecret: process.env.AUTH_LOGTO_SECRET }): @auth/solid-start does not read AUTH_LOGTO_* by itself`,
    });
  if (project.framework === 'sveltekit' && !setup.trustHost)
    missing.push({
      key: `${setup.file}:${setup.line}`,
      text: 'add trustHost: true: @auth/sveltekit does not read AUTH_TRUST_HOST',
    });
}

const environmentOf = (pieces: Provider['issuer']) =>
  pieces?.flatMap((piece) => (typeof piece === 'string' || piece.env.startsWith('.') ? [] : [piece.env]))[0];

/** The mapping of claims, when it differs from Auth.js' own for Logto. */
function profileOf({ profile, builtIn }: Provider): ConfigInput['profile'] {
  const given =
    profile ??
    (builtIn === 'logto'
      ? undefined
      : { name: ['name', 'nickname', 'preferred_username'], email: ['email'], image: ['picture'] });
  if (!given) return undefined;
  const short = Object.fromEntries(
    Object.entries(given).map(([field, claims]) => [
      field,
      claims.length === 1 ? (claims[0] as string) : claims,
    ]),
  );
  const usual = { name: ['name', 'username'], email: 'email', image: 'picture' };
  return JSON.stringify(short) === JSON.stringify(usual) ? undefined : short;
}

function planSession(
  { config, guessed }: Plan,
  { sessionFields, maxAge, sessionCookie, file }: AuthSetup,
): void {
  const fields = sessionFields.filter((name) => !isTokenName(name));
  const tokens = sessionFields.filter(isTokenName);
  if (fields.length || maxAge || sessionCookie)
    config.session = {
      ...(sessionCookie && { cookie: sessionCookie }),
      ...(fields.length && { fields }),
      ...(maxAge && { maxAge }),
    };
  if (fields.length)
    guessed.push({
      key: 'session.fields',
      text: `the session callback in ${file} adds ${fields.join(', ')}`,
    });
  if (tokens.length)
    guessed.push({
      key: 'features',
      text: `the session callback in ${file} hands ${tokens.join(', ')} to the browser, and session/no-token will say so: leave it out of the session, or, if your client code needs an access token, claim token-in-session`,
    });
}

const ORIGIN_NAME = /^(NEXT_PUBLIC_|PUBLIC_|VITE_)?(APP|BASE|SITE|WEB|SERVER|HOST)_?(URL|ORIGIN)$|^ORIGIN$/;

/** Variables that look like the app's own address, and the ones of Auth.js that a .env file sets to another one. */
function planOrigins(plan: Plan, sources: readonly SourceFile[], env: Record<string, string>): void {
  const { guessed, found, project } = plan;
  const names = new Set(sources.flatMap(environmentNames));
  for (const name of names) {
    if (!ORIGIN_NAME.test(name) || env[name]) continue;
    env[name] = '{origin}';
    guessed.push({ key: `target.env.${name}`, text: 'taken for the address of the app' });
  }
  if (project.library.family === 'v4') return; // gets its NEXTAUTH_URL anyway
  const files = readEnvFiles(project.folder);
  for (const name of ['AUTH_URL', 'NEXTAUTH_URL']) {
    const set = setIn(files, name);
    if (!set || env[name] || !URL.canParse(set.value)) continue;
    env[name] = `{origin}${new URL(set.value).pathname.replace(/\/$/, '')}`;
    found.push(`${name} in ${set.file} names a fixed address; a run replaces it`);
  }
}

function planRoutes({ config, guessed, missing, project }: Plan, sources: readonly SourceFile[]): void {
  const routes = findRoutes(
    sources,
    routesByFile(project.folder).map(({ path }) => path),
  );
  // Qwik City redirects to addresses that end with a slash, unless it is told not to.
  const slash =
    project.framework === 'qwik' && !sources.some(({ text }) => /trailingSlash\s*:\s*false/.test(text));
  if (slash) routes.protected = routes.protected.map((path) => (path.endsWith('/') ? path : `${path}/`));
  config.pages = {
    ...config.pages,
    ...(routes.protected.length && { protected: routes.protected }),
    ...(routes.api.length && { api: routes.api }),
  };
  if (routes.protected.length || routes.api.length)
    guessed.push({
      key: 'pages',
      text: `these need a session: ${[...routes.protected, ...routes.api].join(', ')}`,
    });
  if (Object.keys(config.pages).length === 0) delete config.pages;
  if (!routes.protected.length)
    missing.push({
      key: 'pages.protected',
      text: 'no page that needs a session was recognised: name one, or the checks of protected pages are not applicable',
    });
}

const SET_BY_US =
  /^(PORT|HOST|HOSTNAME|NODE_ENV|CI|AUTH_(SECRET|TRUST_HOST|URL|LOGTO_\w+|REDIRECT_PROXY_URL)|NEXTAUTH_(URL|SECRET)|NEXT_\w+|VERCEL\w*|DEV|PROD|MODE|SSR|npm_\w+)$/;

/** Variables that the app reads and nobody sets. */
function sayUnset(
  { project, missing }: Plan,
  sources: readonly SourceFile[],
  env: Record<string, string>,
): void {
  const files = readEnvFiles(project.folder);
  const unset = [...new Set(sources.flatMap(environmentNames))].filter(
    (name) => !SET_BY_US.test(name) && !env[name] && !setIn(files, name),
  );
  if (unset.length)
    missing.push({
      key: 'target.env',
      text: `the app also reads ${unset.join(', ')}, which nothing here sets; add those it cannot do without`,
    });
}

function frameworkName({ framework, library }: Project, sources: readonly SourceFile[]): string {
  if (framework === 'nuxt') return '@sidebase/nuxt-auth';
  if (framework !== 'next') return library.name;
  const app = sources.some(({ file }) => /^(src\/)?app\/(.*\/)?(page|layout|route)\.[jt]sx?$/.test(file));
  return `next-auth ${library.family}, ${app ? 'App Router' : 'Pages Router'}`;
}
