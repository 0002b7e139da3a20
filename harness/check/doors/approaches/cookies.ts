/** Approaches with no session, or with something in its place. */
import {
  type Approach,
  base64url,
  claimsOf,
  cookieHeader,
  HIGHEST,
  unsignedToken,
  withQuery,
} from '../approach.ts';
import type { Grounds } from '../door.ts';

const ASVS = 'https://github.com/OWASP/ASVS/blob/v5.0.0/5.0/en/0x16-V7-Session-Management.md';
const MIDDLEWARE_CHECK = 'https://nextjs.org/docs/app/guides/authentication';
const FAIL_OPEN = 'https://github.com/advisories/GHSA-8fpg-xm3f-6cx3';

/** The session cookie by the app's own name and by all that Auth.js uses. */
const namesOf = ({ cookie, family }: Grounds): string[] => {
  const usual = family === 'v4' ? 'next-auth.session-token' : 'authjs.session-token';
  return [...new Set([cookie, usual, `__Secure-${usual}`])];
};
const inPlace = (grounds: Grounds, value: string) =>
  cookieHeader(namesOf(grounds).map((name) => [name, value] as const));

/** Names of cookies that hand-made sign-ins believe. */
const WHO = [
  'user',
  'userId',
  'user_id',
  'uid',
  'id',
  'sub',
  'member',
  'email',
  'phone',
  'username',
  'currentUser',
  'profile',
  'account',
  'session',
  'token',
];
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
const FLAGS = ['isLoggedIn', 'loggedIn', 'authenticated', 'auth', 'admin', 'isAdmin', 'remember', 'preview'];

/** The cookies that the sources of the app read, all with the same value. */
const ownWith = ({ ownCookies = [] }: Grounds, values: readonly string[]) =>
  ownCookies.length
    ? values.map((value) => cookieHeader(ownCookies.map((name) => [name, value] as const)))
    : [];
/** No base64, no JSON, no escape. */
const NEVER_READ = 'x%';
/** What can be decoded and holds nothing of what is looked for in it; what cannot. */
const UNREADABLE = [NEVER_READ, 'null', '{}', base64({})];
/** A cookie that crashes the app may hide one that opens it. */
const ALONE_MAX = 3;

const chunkOf = (name: string, cookie: string) => name === cookie || name.startsWith(`${cookie}.`);

/** The same token with a signature by no key at all. */
const withoutSignature = (cookie: string, signed: string): Record<string, string> => {
  const spoilt = signed.replace(/[^.]*$/, 'A'.repeat(43));
  return {
    ...cookieHeader([cookie, 'token', 'jwt', 'access_token'].map((name) => [name, spoilt] as const)),
    authorization: `Bearer ${spoilt}`,
  };
};

export const cookies: Record<string, Approach> = {
  nobody: {
    ...HIGHEST,
    title: 'somebody who just asks',
    clauses: ['authjs protecting', 'asvs 8.3.1'],
    imitates: 'A stranger types the address of a page that members have.',
    source: 'https://authjs.dev/getting-started/session-management/protecting',
    fix: 'Check the session in the page or route itself, before anything is read or rendered. A page that names its member to everybody on purpose is declared by what it stands below (pages.profiles).',
    plain: true,
    asks: ({ path }) => [{ path }],
  },
  'cookie-any-value': {
    ...HIGHEST,
    title: 'a session cookie with any value at all',
    clauses: ['asvs 7.2.1', 'authjs protecting'],
    imitates:
      'Somebody writes a cookie of the right name; a middleware that only asks whether it is there lets them in.',
    source: MIDDLEWARE_CHECK,
    fix: 'Ask auth() or getServerSession() who is there; that a cookie is there proves nothing.',
    asks: ({ path }, grounds) => [
      ...['x', 'true', 'undefined', '0'.repeat(64)].map((value) => ({
        path,
        headers: inPlace(grounds, value),
      })),
      ...ownWith(grounds, ['x', 'true', '1']).map((headers) => ({ path, headers })),
    ],
  },
  'cookie-readable': {
    ...HIGHEST,
    title: 'a session cookie in plain JSON that names the member',
    clauses: ['asvs 7.2.1', 'asvs 8.3.1'],
    imitates: 'Somebody writes their own session, as JSON or as base64, for an app that only decodes it.',
    source: ASVS,
    fix: 'Leave encoding and decoding of sessions to Auth.js; do not replace jwt.encode and jwt.decode.',
    asks: ({ path }, grounds) => {
      const claims = claimsOf(grounds.member);
      const session = { user: claims, ...claims, expires: '2100-01-01T00:00:00.000Z' };
      return [encodeURIComponent(JSON.stringify(session)), base64url(session)].map((value) => ({
        path,
        headers: inPlace(grounds, value),
      }));
    },
  },
  'cookie-unsigned': {
    ...HIGHEST,
    title: 'a session cookie that is a token nobody signed',
    clauses: ['rfc8725 §3.1', 'asvs 7.2.1'],
    imitates:
      'An attacker writes a token with "alg": "none", or with a signature of nothing, that names the member.',
    source: 'https://www.rfc-editor.org/rfc/rfc8725#section-3.1',
    fix: 'Verify the token before it is believed (jose jwtVerify, getToken of Auth.js), never decode only.',
    asks: ({ path }, grounds) => {
      const token = unsignedToken(grounds);
      const signed = `${base64url({ alg: 'HS256', typ: 'JWT' })}.${token.split('.')[1]}.${'A'.repeat(43)}`;
      return [token, signed].map((value) => ({ path, headers: inPlace(grounds, value) }));
    },
  },
  'cookie-expired': {
    ...HIGHEST,
    title: 'a session of the member that is over',
    clauses: ['asvs 7.4.1', 'owasp session'],
    imitates: 'A cookie from an old backup or log is sent again after its end.',
    source: ASVS,
    fix: 'Let Auth.js decode the session: it refuses what is over; do not decode without looking at exp.',
    asks: ({ path }, { cookie, forged }) =>
      forged.expired ? [{ path, headers: cookieHeader([[cookie, forged.expired]]) }] : [],
  },
  'cookie-of-another-secret': {
    ...HIGHEST,
    title: 'a session of the member sealed with another secret',
    clauses: ['asvs 7.2.1', 'authjs session'],
    imitates: 'The cookie of a test installation, or one that an attacker made, names the member.',
    source: ASVS,
    asks: ({ path }, { cookie, forged }) => [
      { path, headers: cookieHeader([[cookie, forged.foreign]]) },
      { path, headers: { authorization: `Bearer ${forged.foreign}` } },
    ],
  },
  'cookie-of-a-guessed-secret': {
    ...HIGHEST,
    title: 'a session of the member sealed with a secret that anybody guesses, or reads in the repository',
    clauses: ['asvs 13.3.1', 'asvs 9.1.1'],
    imitates:
      'A guard of its own (a middleware, an API) has a fallback for its secret, with which anybody seals a session.',
    source: 'https://github.com/code100x/daily-code/issues/777',
    fix: 'Give getToken() and jwt.verify() no secret but the one of the environment, and end when it is missing.',
    asks: ({ path }, { cookie, forged: { guessed = [] } }) =>
      guessed.map(({ sealed, signed }) => ({
        path,
        headers: {
          ...cookieHeader([
            [cookie, sealed],
            ...['token', 'jwt', 'access_token'].map((name) => [name, signed] as const),
          ]),
          authorization: `Bearer ${signed}`,
        },
        // A guard that looks at no signature opens to any: that is told as what it is, and no secret is guessed.
        unlessBy: withoutSignature(cookie, signed),
      })),
  },
  'cookie-chunk': {
    ...HIGHEST,
    title: 'a single chunk of a session cookie, without the rest',
    clauses: ['asvs 7.2.1', 'authjs fail open'],
    imitates: 'Half a cookie makes decoding fail; an app that takes a failure for a yes opens.',
    source: FAIL_OPEN,
    asks: ({ path }, grounds) =>
      ['0', '1'].map((chunk) => ({
        path,
        headers: cookieHeader(namesOf(grounds).map((name) => [`${name}.${chunk}`, 'x'] as const)),
      })),
  },
  'cookie-broken': {
    ...HIGHEST,
    title: 'cookies that cannot be read',
    clauses: ['asvs 7.2.1', 'authjs fail open'],
    imitates:
      'Bad escapes, quotes and thousands of characters make decoding fail, also of a cookie of the app itself; a callback-url cookie that is no URL makes Auth.js answer 500. An app that takes a failure for a yes opens.',
    source: FAIL_OPEN,
    fix: 'Update next-auth and @auth/*; treat every failure of auth() as nobody.',
    asks: ({ path }, grounds) => [
      ...['%', '%E0%A4%A', '"', 'a.b.c.d.e', 'x'.repeat(6000)].map((value) => ({
        path,
        headers: inPlace(grounds, value),
      })),
      ...ownWith(grounds, UNREADABLE).map((headers) => ({ path, headers })),
      ...(grounds.ownCookies ?? [])
        .slice(0, ALONE_MAX)
        .map((name) => ({ path, headers: cookieHeader([[name, NEVER_READ]]) })),
      // GHSA-8fpg-xm3f-6cx3: auth() handed the body of that 500 on as if it were a session.
      ...['authjs', '__Secure-authjs', 'next-auth', '__Secure-next-auth'].map((prefix) => ({
        path,
        headers: cookieHeader([[`${prefix}.callback-url`, 'nowhere']]),
        failsAuthjs: true as const,
      })),
    ],
  },
  'other-cookies': {
    ...HIGHEST,
    title: "the member's other cookies, without the session",
    clauses: ['asvs 7.2.1', 'owasp session'],
    imitates:
      'Everything that the member holds but the session cookie: copies, caches of the profile, remember-me.',
    source: ASVS,
    fix: 'Keep in other cookies nothing that stands for the person.',
    asks: ({ path }, { cookies: held, cookie }) => {
      const others = held.filter(({ key }) => !chunkOf(key, cookie));
      return others.length
        ? [{ path, headers: cookieHeader(others.map(({ key, value }) => [key, value] as const)) }]
        : [];
    },
  },
  'cookies-that-claim': {
    ...HIGHEST,
    title: 'cookies that claim who is there',
    clauses: ['asvs 8.3.1', 'asvs 7.2.1'],
    imitates: 'Somebody writes the cookies that hand-made sign-ins believe: a user id, a role, a flag.',
    source: 'https://owasp.org/www-community/attacks/Web_Parameter_Tampering',
    asks: ({ path }, { member, ownCookies = [] }) => {
      const { sub, id, role } = claimsOf(member);
      const record = { sub, id, userId: id, role };
      const values = [
        member.id,
        member.email,
        member.phone,
        member.name,
        base64(record),
        encodeURIComponent(JSON.stringify(record)),
      ];
      const own = ownCookies.filter((name) => !WHO.includes(name));
      return [
        ...values.map((value) =>
          cookieHeader([
            ...WHO.map((name) => [name, value] as const),
            ...FLAGS.map((name) => [name, 'true'] as const),
            ['role', 'admin'],
          ]),
        ),
        ...(own.length ? values : []).map((value) => cookieHeader(own.map((name) => [name, value] as const))),
      ].map((headers) => ({ path, headers }));
    },
  },
  'words-of-its-sources': {
    ...HIGHEST,
    title: 'a word that stands in its sources',
    clauses: ['asvs 13.3.1', 'asvs 8.3.1'],
    imitates:
      'A key for previews, tests, jobs or support stands in the code, or in a script that everybody reads, and opens what it was meant for to all.',
    source: 'https://cwe.mitre.org/data/definitions/798.html',
    fix: 'Let nothing but the session open what is for members; keep the key of a job in the environment, and let it open that job alone.',
    asks: ({ path }, { words = [] }) =>
      words.map(({ place, name, value }) =>
        place === 'query'
          ? { path: withQuery(path, { [name]: value }) }
          : {
              path,
              headers:
                place === 'cookie'
                  ? cookieHeader([[name, encodeURIComponent(value)]])
                  : { [name.toLowerCase()]: value },
            },
      ),
  },
  preview: {
    ...HIGHEST,
    title: 'the marks of a preview',
    clauses: ['asvs 8.3.1'],
    imitates:
      'Editors see drafts by a cookie or a parameter; an app that trusts its being there opens to all.',
    source: 'https://nextjs.org/docs/app/guides/draft-mode',
    asks: ({ path }) => [
      {
        path,
        headers: cookieHeader([
          ['__prerender_bypass', 'x'],
          ['__next_preview_data', 'x'],
        ]),
      },
      { path: `${path}${path.includes('?') ? '&' : '?'}preview=true&draft=1&debug=1&test=1` },
    ],
  },
};
