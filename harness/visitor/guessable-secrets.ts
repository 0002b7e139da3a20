/**
 * Secrets that anybody guesses. Sources: the guide of Auth.js ("This is an example", authjs.dev/guides/environment-variables),
 * `NEXTAUTH_SECRET=` and `AUTH_SECRET=` in the examples, documents and fallbacks of public repositories.
 */

/** Words of guides, starters and compose files as they stand there. */
const AS_THEY_STAND = [
  'This is an example',
  'secr3t',
  'some_secret',
  'mysecret',
  'mysalt',
  'complexpassword',
  'complex password here',
  'test-123',
  'test-key',
  'secretkey',
  'supersecretkey',
  'authjs',
  'nextauth',
  'next-auth',
  'logto',
  'admin',
  'letmein',
  'qwerty',
  'default',
  'undefined',
  'null',
  'none',
  'xxx',
  'todo',
  'TODO',
  '123',
  '1234',
  '12345',
  '123456',
  '12345678',
  '123456789',
  '1234567890',
  '0123456789abcdef0123456789abcdef',
  '0'.repeat(32),
  '0'.repeat(64),
  'keyboard cat',
  'shhhhh',
  'secret-to-verify-authentication',
  'openssl rand -base64 32',
  'openssl rand -hex 32',
  'generate: openssl rand -base64 32',
  'use [openssl rand -base64 32] to generate a 32 bytes value',
  'generate-with-openssl-rand-base64-32',
  'replace-with-openssl-rand-base64-32',
  'CHANGE_ME_GENERATE_WITH_OPENSSL',
  'npx auth secret',
  'generate-a-secure-32-byte-secret',
  'random-secret-32-chars',
  'change-me-to-random-string-32-chars',
  'change-this-secret-in-production-min-32-chars',
  'replace-with-32+-random-chars',
  'replace-with-a-random-32-character-secret',
  'any-value-at-least-32-characters-long-xx',
  'test-secret-key-min-32-characters-long-for-tests',
  'development-secret-change-in-production-minimum-32-characters',
  'dev-secret-minimum-32-characters-for-local-dev',
  'dev-auth-secret-do-not-use-in-prod',
  'default_secret_for_development_only',
  'build-time-placeholder-secret-value',
  'super-long-random-secret',
  'same-secret-as-web-service',
  'al2osAbJ+ati5apWKzgHE7v2JHp3Hjb1sBz88XSM',
  'sua-chave-secreta-aqui',
  'seu-secret-aqui',
  'changez-cette-cle-secrete-en-production',
] as const;

/** Parts of the placeholders that people write, in the order in which they stand. */
const OPENINGS =
  ' |your|my|the|a|some|any|dev|development|local|test|demo|default|fallback|example|placeholder|replace|replace with|change|insert|generate|generate a|generated'.split(
    '|',
  );
const KINDS =
  ' |super|long|random|strong|secure|long random|strong random|secure random|super secret|auth|nextauth|super secret nextauth|jwt|session'.split(
    '|',
  );
const THINGS = 'secret|secret key|key|secret string|string|password|value|token|me'.split('|');
const ENDINGS = ' |here|change me|change this|change in production|for development|in production|123'.split(
  '|',
);
const JOINTS = ['-', '_', ' ', ''];

const NUMBERS_MAX = 10_000;

function* written(): Generator<string> {
  yield* AS_THEY_STAND;
  for (const ending of ENDINGS)
    for (const opening of OPENINGS)
      for (const kind of KINDS)
        for (const thing of THINGS) {
          const words = `${opening} ${kind} ${thing} ${ending}`.trim().split(/ +/);
          for (const joint of words.length > 1 ? JOINTS : ['']) {
            const text = words.join(joint);
            yield text;
            if (joint === '_') yield text.toUpperCase();
          }
        }
  for (let number = 0; number < NUMBERS_MAX; number += 1) yield String(number);
}

let all: { value: string }[] | undefined;

/** All placeholders, some tens of thousands, the usual ones first; each is tried in microseconds. */
export function guessableSecrets(): readonly { value: string }[] {
  all ??= [...new Set(written())].map((value) => ({ value }));
  return all;
}

const simple = (text: string) => text.toLowerCase().replace(/[^a-z0-9]+/g, '');
let simplified: Set<string> | undefined;

/** Whether a secret is a placeholder, whatever its case and joints. */
export function isGuessable(secret: string): boolean {
  simplified ??= new Set(guessableSecrets().map(({ value }) => simple(value)));
  return secret.length < 8 || simplified.has(simple(secret));
}
