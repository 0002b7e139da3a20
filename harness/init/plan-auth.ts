/** What the list of providers and the callbacks of an app mean for its config. */
import type { ConfigInput, Feature } from '../config/config.ts';
import { isTokenName } from '../config/loosened.ts';
import { type AuthSetup, isLogto } from './auth-setup.ts';
import { wiringOf } from './environment.ts';
import { type Plan, target } from './plan-type.ts';
import type { Project } from './project.ts';
import { type Provider, speaksOidc } from './provider.ts';
import type { SourceFile } from './syntax.ts';

export function chooseProvider(plan: Plan, { providers, file }: AuthSetup): Provider | undefined {
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

export function planAuth(
  plan: Plan,
  setup: AuthSetup,
  provider: Provider,
  env: Record<string, string>,
): void {
  const { project, found, guessed, missing, config } = plan;
  const wiring = wiringOf(provider, project, setup.secret);
  Object.assign(env, wiring.env);
  if (wiring.issuer) {
    target(plan).issuer = wiring.issuer;
    found.push(`its issuer is written in the source: ${wiring.issuer} will be re-routed to the mock`);
  } else if (!wiring.unknown.some(({ key }) => key === 'target.issuer'))
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
  const profile = profileOf(provider, setup);
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

/** Fields that a session has without a callback that adds them (Auth.js, callbacks: session). */
const IN_EVERY_SESSION = ['name', 'email', 'image'];

const asks = (scopes: Provider['scopes'], scope: string) => scopes?.includes(scope) ?? true;

/**
 * The mapping of claims, when it differs from Auth.js' own for Logto. What profile() returns beside the usual fields stays in the
 * token, or in the database, until the session callback adds it.
 */
function profileOf(
  { profile, builtIn, scopes }: Provider,
  {
    adapter,
    sessionFields,
    userFields,
    strategy,
    tokenClaims = {},
  }: Pick<AuthSetup, 'adapter' | 'sessionFields' | 'userFields' | 'strategy' | 'tokenClaims'>,
): ConfigInput['profile'] {
  const name = builtIn === 'logto' ? ['name', 'username'] : ['name', 'nickname', 'preferred_username'];
  // Whoever names the scopes, and maps nothing, has no use for what those leave out.
  const mapped = profile ?? {
    ...(asks(scopes, 'profile') && { name }),
    ...(asks(scopes, 'email') && { email: ['email'] }),
    ...(asks(scopes, 'profile') && { image: ['picture'] }),
  };
  const given = { ...mapped, ...((!adapter || strategy === 'jwt') && tokenClaims) };
  const short = Object.fromEntries(
    Object.entries(given)
      // A session callback that writes the user anew leaves out the rest, and what comes from a database is what it says.
      .filter(([field]) => !userFields || userFields.includes(field))
      .filter(([field]) => adapter || [...IN_EVERY_SESSION, ...sessionFields].includes(field))
      .map(([field, claims]) => [field, claims.length === 1 ? (claims[0] as string) : claims]),
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

/** `@auth/core` without a package for a framework: nothing is read from the environment unless it is told to. */
export function sayCoreAlone(
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
