/** What the app sends the browser to Logto with. */
import { check, expect } from '../harness/check/check.ts';
import { demandNotTrimmed, isDeclared } from '../harness/check/left-out.ts';
import { notJudged } from '../harness/check/not-judged.ts';
import { demand } from '../harness/errors.ts';
import type { Visitor } from '../harness/visitor/visitor.ts';

/** Fails with the scopes that are missing. */
const demandScopes = (params: URLSearchParams, wanted: readonly string[]) => {
  const asked = (params.get('scope') ?? '').split(' ').filter(Boolean);
  const missing = wanted.filter((scope) => !asked.includes(scope));
  demand(
    missing.length === 0,
    `Asked for ${asked.length ? `the scopes ${asked.join(', ')}` : 'no scope'}, without ${missing.join(', ')}.`,
  );
};

check({
  id: 'redirect/redirect-uri-exact',
  title: 'sends exactly the redirect URI that is registered at Logto',
  clauses: ['oidc-core §3.1.2.1', 'rfc9700 §2.1'],
  level: 'must',
  severity: 'critical',
  signIn: 'begun',
  appMust: 'Send its callback URL as redirect_uri, equal to the registered one character by character.',
  otherwise: 'Logto answers 400 invalid_redirect_uri and nobody can sign in.',
  fix: 'Set AUTH_URL (or NEXTAUTH_URL) to the origin people use, and register <origin><base path>/callback/logto in Logto.',
})(async ({ visitor, lab, meta }) => {
  const { params } = await (await visitor()).startSignIn();
  const registered = `${lab.app.origin}${lab.app.basePath}/callback/${lab.app.provider}`;
  expect(params.get('redirect_uri'), meta.appMust).toBe(registered);
});

check({
  id: 'redirect/authorization-endpoint',
  title: 'sends the browser to the authorization endpoint of the discovery document',
  clauses: ['oidc-discovery §3', 'rfc6749 §4.1.1'],
  level: 'must',
  severity: 'serious',
  signIn: 'begun',
  appMust: 'Start the sign-in at the authorization_endpoint that the issuer publishes.',
  otherwise: 'The sign-in breaks as soon as Logto moves the endpoint or the tenant gets its own domain.',
})(async ({ visitor, lab, meta }) => {
  const person = await visitor();
  const { url } = await person.startSignIn();
  const discovery = await person.agent.hop(`${lab.issuer}/.well-known/openid-configuration`);
  const { authorization_endpoint: published } = discovery.json() as { authorization_endpoint: string };
  expect(url.origin + url.pathname, meta.appMust).toBe(published);
});

check({
  id: 'redirect/response-type-code',
  title: 'asks for an authorization code and nothing else',
  clauses: ['oidc-core §3.1.2.1', 'rfc9700 §2.1.1'],
  level: 'must',
  severity: 'serious',
  signIn: 'begun',
  appMust: 'Send response_type=code.',
  otherwise: 'Tokens travel through the browser, where history, logs and extensions can read them.',
})(async ({ visitor, meta }) => {
  const { params } = await (await visitor()).startSignIn();
  expect(params.get('response_type'), meta.appMust).toBe('code');
});

check({
  id: 'redirect/client-id',
  title: 'sends its own client id',
  clauses: ['rfc6749 §4.1.1', 'logto next-auth'],
  level: 'must',
  severity: 'critical',
  uses: ['client-id'],
  signIn: 'begun',
  appMust: 'Send the client_id of its application in Logto.',
  otherwise: 'Logto answers 400 invalid_client and nobody can sign in.',
  fix: 'Give the app id of Logto to the provider (AUTH_LOGTO_ID).',
})(async ({ visitor, lab, meta }) => {
  const { params } = await (await visitor()).startSignIn();
  expect(params.get('client_id'), meta.appMust).toBe(lab.config.target.clientId);
});

check({
  id: 'redirect/scope-openid',
  title: 'asks for the scope openid',
  clauses: ['oidc-core §3.1.2.1'],
  level: 'must',
  severity: 'critical',
  signIn: 'begun',
  appMust: 'Ask for the scope openid.',
  otherwise: 'Logto issues no ID token, so the app does not know who signed in.',
})(async ({ visitor }) => {
  const { params } = await (await visitor()).startSignIn();
  demandScopes(params, ['openid']);
});

check({
  id: 'redirect/scope-declared',
  title: 'asks for every scope that it declares',
  clauses: ['rfc6749 §3.3', 'logto user claims'],
  level: 'must',
  severity: 'moderate',
  signIn: 'begun',
  appMust: 'Ask for the scopes listed under `scopes` in the config.',
  otherwise: 'Logto leaves the claims of the missing scopes out, and the profile stays empty.',
  fix: "List the scopes in the provider: authorization: { params: { scope: 'openid profile …' } }.",
})(async ({ visitor, lab }) => {
  const declared =
    lab.config.scopes ??
    notJudged(
      'the config declares no scopes',
      'name those that the app asks for (scopes; an empty list for none)',
    );
  const { params } = await (await visitor()).startSignIn();
  demandScopes(params, declared);
});

check({
  id: 'redirect/scope-for-profile',
  title: 'asks for the scopes of the claims that its profile needs',
  clauses: ['oidc-core §5.4', 'logto user claims'],
  level: 'must',
  severity: 'moderate',
  signIn: 'begun',
  appMust: 'Ask for the scopes profile and email when it maps name, picture and e-mail.',
  otherwise: 'Logto leaves those claims out of the ID token, and the session shows a person without a name.',
})(async ({ visitor, somebody, lab }) => {
  const claims = Object.values(lab.config.profile).flat();
  const scopeOf: Record<string, string> = {
    name: 'profile',
    username: 'profile',
    picture: 'profile',
    email: 'email',
    phone_number: 'phone',
  };
  const wanted = [...new Set(claims.flatMap((claim) => scopeOf[claim] ?? []))];
  const { params } = await (await visitor()).startSignIn();
  const missing = wanted.filter((scope) => !(params.get('scope') ?? '').split(' ').includes(scope));
  if (missing.length > 0 && !isDeclared(lab)) await demandNotTrimmed({ visitor, somebody, lab }, missing);
  demandScopes(params, wanted);
});

check({
  id: 'redirect/scope-phone',
  title: 'asks for the scope phone, as people sign in by phone',
  clauses: ['oidc-core §5.4', 'logto user claims'],
  level: 'may',
  severity: 'minor',
  signIn: 'begun',
  appMust: 'Ask for the scope phone if it wants to know the number that people sign in with.',
  otherwise:
    'A person who signed up by phone has neither name nor e-mail in the session: the app cannot address them.',
  fix: 'Add phone to the scope of the provider and map phone_number in profile().',
})(async ({ visitor }) => {
  const { params } = await (await visitor()).startSignIn();
  demandScopes(params, ['phone']);
});

check({
  id: 'redirect/offline-access-needs-consent',
  title: 'sends prompt=consent when it asks for offline_access',
  clauses: ['oidc-core §11', 'logto offline_access'],
  level: 'should',
  severity: 'minor',
  signIn: 'begun',
  appMust: 'Send prompt=consent together with the scope offline_access.',
  otherwise: 'Logto silently drops offline_access and issues no refresh token; the app believes it has one.',
  fix: "Add prompt: 'consent' to authorization.params, or drop offline_access from the scope.",
})(async ({ visitor, notApplicable }) => {
  const { params } = await (await visitor()).startSignIn();
  if (!(params.get('scope') ?? '').split(' ').includes('offline_access'))
    notApplicable('the app does not ask for offline_access');
  const prompt = params.get('prompt');
  demand(
    prompt?.split(' ').includes('consent'),
    `Asked for offline_access with ${prompt ? `prompt=${prompt}` : 'no prompt'}.`,
  );
});

check({
  id: 'redirect/csrf-protection',
  title: 'binds each sign-in to the browser that began it, by state, PKCE or nonce',
  clauses: ['rfc9700 §2.1', 'rfc6749 §10.12'],
  level: 'must',
  severity: 'critical',
  signIn: 'begun',
  appMust: 'Send at least one of state, code_challenge and nonce.',
  otherwise: 'An attacker can sign a victim in to the account of the attacker (login CSRF).',
  fix: "Leave the provider's checks at their default, or set checks: ['pkce', 'state'].",
})(async ({ visitor }) => {
  const { params } = await (await visitor()).startSignIn();
  demand(
    ['state', 'code_challenge', 'nonce'].some((name) => params.get(name)),
    'Sent an authorization request without state, code_challenge and nonce.',
  );
});

check({
  id: 'redirect/pkce',
  title: 'protects the code with PKCE',
  clauses: ['rfc9700 §2.1.1', 'rfc7636 §4.2'],
  level: 'should',
  severity: 'serious',
  signIn: 'begun',
  appMust: 'Send a code_challenge.',
  otherwise: 'A stolen authorization code can be injected into another session.',
  fix: "Add checks: ['pkce', 'state'] to the provider.",
})(async ({ visitor }) => {
  const { params } = await (await visitor()).startSignIn();
  demand(params.get('code_challenge'), 'Sent an authorization request without code_challenge.');
});

check({
  id: 'redirect/pkce-s256',
  title: 'sends a PKCE challenge made with S256',
  clauses: ['rfc7636 §4.2', 'rfc9700 §2.1.1'],
  level: 'must',
  severity: 'serious',
  signIn: 'begun',
  appMust: 'Send code_challenge_method=S256 and a challenge of 43 base64url characters.',
  otherwise: 'Logto refuses the request: it knows no other method.',
})(async ({ visitor, meta, notApplicable }) => {
  const { params } = await (await visitor()).startSignIn();
  const challenge = params.get('code_challenge') ?? notApplicable('the app sends no code_challenge');
  expect(params.get('code_challenge_method'), meta.appMust).toBe('S256');
  expect(challenge, meta.appMust).toMatch(/^[\w-]{43}$/);
});

check({
  id: 'redirect/pkce-fresh',
  title: 'makes a new PKCE verifier for every sign-in',
  clauses: ['rfc7636 §7.1', 'rfc7636 §4.1'],
  level: 'must',
  severity: 'serious',
  signIn: 'begun',
  appMust: 'Use a fresh verifier each time, so that no challenge ever comes twice.',
  otherwise: 'Whoever learns one verifier can redeem every later code.',
})(async ({ visitor, meta, notApplicable }) => {
  const challenges = await sent(await visitor(), 'code_challenge', 4);
  if (!challenges[0]) notApplicable('the app sends no code_challenge');
  expect(new Set(challenges).size, meta.appMust).toBe(challenges.length);
});

check({
  id: 'redirect/state-fresh',
  title: 'makes a new state for every sign-in, too long to guess',
  clauses: ['rfc6749 §10.12', 'rfc9700 §2.1'],
  level: 'must',
  severity: 'serious',
  signIn: 'begun',
  appMust: 'Send another state each time, with at least 128 bits (22 base64url characters).',
  otherwise: 'A guessable state protects against nothing.',
})(async ({ visitor, meta, notApplicable }) => {
  const states = await sent(await visitor(), 'state', 4);
  if (!states[0]) notApplicable('the app sends no state');
  expect(new Set(states).size, meta.appMust).toBe(states.length);
  expect(states[0]?.length, meta.appMust).toBeGreaterThanOrEqual(22);
});

check({
  id: 'redirect/nonce-fresh',
  title: 'makes a new nonce for every sign-in, too long to guess',
  clauses: ['oidc-core §15.5.2'],
  level: 'must',
  severity: 'serious',
  signIn: 'begun',
  appMust: 'Send another nonce each time, with at least 128 bits (22 base64url characters).',
  otherwise: 'A replayed ID token is not noticed.',
})(async ({ visitor, meta, notApplicable }) => {
  const nonces = await sent(await visitor(), 'nonce', 4);
  if (!nonces[0]) notApplicable('the app sends no nonce');
  expect(new Set(nonces).size, meta.appMust).toBe(nonces.length);
  expect(nonces[0]?.length, meta.appMust).toBeGreaterThanOrEqual(22);
});

const sent = async (person: Visitor, name: string, times: number): Promise<string[]> => {
  const values: string[] = [];
  for (let time = 0; time < times; time += 1)
    values.push((await person.startSignIn()).params.get(name) ?? '');
  return values;
};

check({
  id: 'redirect/no-repeated-parameter',
  title: 'sends no parameter of the authorization request twice',
  clauses: ['rfc6749 §3.1'],
  level: 'must',
  severity: 'moderate',
  signIn: 'begun',
  appMust: 'Send each parameter once.',
  otherwise: 'Logto refuses the request as invalid.',
})(async ({ visitor }) => {
  const { params } = await (await visitor()).startSignIn();
  const names = [...params.keys()];
  const twice = names.filter((name, index) => names.indexOf(name) !== index && name !== 'resource');
  demand(twice.length === 0, `Sent ${twice.join(', ')} more than once in the authorization request.`);
});

check({
  id: 'redirect/no-secret-in-url',
  title: 'keeps the client secret out of the authorization request',
  clauses: ['rfc6749 §2.3.1', 'rfc9700 §4.3'],
  level: 'must',
  severity: 'critical',
  uses: ['client-secret'],
  signIn: 'begun',
  appMust: 'Send the client secret to the token endpoint only, from the server.',
  otherwise: 'Whoever sees the URL (history, logs, Referer) can act as the app.',
})(async ({ visitor, lab }) => {
  const { url } = await (await visitor()).startSignIn();
  demand(
    !decodeURIComponent(url.href).includes(lab.config.target.clientSecret),
    'Put its client secret into the authorization request.',
  );
});
