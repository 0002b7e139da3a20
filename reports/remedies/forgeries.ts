/** What to do about an app that believes what anybody can make: cookies, secrets, words. */
import type { Remedy } from './remedy.ts';

export const forgeries: readonly Remedy[] = [
  {
    key: 'jwt.decode',
    cause: 'session cookies are believed that Auth.js did not seal',
    option: 'jwt.decode',
    fix: 'Leave encoding and decoding of sessions to {library}: do not replace jwt.encode and jwt.decode, ask auth() or getServerSession() who is there, and treat what cannot be read as nobody.',
    before: 'jwt: { decode: ({ token }) => JSON.parse(atob(token)) },',
    after: 'const session = await auth();',
    v4: { after: 'const session = await getServerSession(req, res, authOptions);' },
    checks: [
      'session/cookie-tampered',
      'session/cookie-truncated',
      'session/cookie-garbage',
      'session/cookie-chunks-mixed',
      'doors/cookie-*',
      'laws/no-crash',
      'doors/no-crash',
    ],
  },
  {
    key: 'cookie-kinds',
    cause: 'a cookie of one kind passes for another',
    fix: 'Update next-auth (versions before 4.24.5 have this hole), and seal each kind of cookie with a key, or a salt, of its own.',
    before: '"next-auth": "4.21.1"',
    after: '"next-auth": "4.24.15"',
    checks: ['session/cookie-of-a-sign-in'],
  },
  {
    key: 'secret',
    cause: 'the secret that seals sessions can be guessed',
    option: 'secret',
    fix: 'Set AUTH_SECRET (npx auth secret; NEXTAUTH_SECRET in v4) to a long random value, and no secret in the source.',
    before: "secret: 'secret',",
    after: 'AUTH_SECRET=$(openssl rand -base64 33)',
    checks: [
      'session/secret-guessable',
      'session/csrf-secret-guessable',
      'doors/cookie-of-another-secret',
      'doors/cookie-of-a-guessed-secret',
    ],
  },
  {
    key: 'proof',
    cause: 'a way in beside Logto asks for no proof',
    fix: 'Ask for a proof in authorize() and check it on the server: verify tokens (jwtVerify with the keys, the issuer and your client id), take no word for who somebody is, and keep test users out of production.',
    before: 'authorize: ({ username }) => ({ id: username })',
    after:
      'authorize: async ({ token }) => {\n  const { payload } = await jwtVerify(token, keys, { issuer, audience });\n  return { id: payload.sub };\n}',
    checks: [
      'ways-in/nothing',
      'ways-in/bare-name',
      'ways-in/usual-password',
      'ways-in/unsigned-token',
      'ways-in/foreign-token',
      'ways-in/token-of-elsewhere',
    ],
  },
];
