/** Approaches with headers that an app, a framework or a proxy in front may believe. */
import {
  type Approach,
  badlySignedToken,
  base64url,
  claimsOf,
  HIGHEST,
  identityHeaders,
  idsOfMember,
  unsignedToken,
} from '../approach.ts';
import type { Ask, Grounds } from '../door.ts';

const WSTG =
  'https://owasp.org/www-project-web-security-testing-guide/v42/4-Web_Application_Security_Testing/05-Authorization_Testing/02-Testing_for_Bypassing_Authorization_Schema';
const BEARER = 'https://github.com/advisories/GHSA-xmf8-cvqr-rfgj';
const FAIL_OPEN = 'https://github.com/advisories/GHSA-8fpg-xm3f-6cx3';

/** What a middleware may hand on to say who is signed in. */
const whoIsThere = ({ member, ownIds }: Pick<Grounds, 'member' | 'ownIds'>): string[] => [
  ...idsOfMember({ member, ...(ownIds && { ownIds }) }),
  member.email,
  `+${member.phone}`,
  JSON.stringify({ id: member.id, sub: member.id, email: member.email }),
  base64url(claimsOf(member)),
  'admin',
  'true',
];

/** Headers by which proxies tell whom they speak for. */
const ADDRESSES = [
  'x-forwarded-for',
  'x-real-ip',
  'x-client-ip',
  'x-originating-ip',
  'x-remote-ip',
  'x-remote-addr',
  'true-client-ip',
  'cf-connecting-ip',
  'x-custom-ip-authorization',
];

export const headers: Record<string, Approach> = {
  'middleware-subrequest': {
    ...HIGHEST,
    toFramework: true,
    title: 'a request that says it comes from the middleware',
    clauses: ['next CVE-2025-29927', 'asvs 8.3.1'],
    imitates:
      'CVE-2025-29927: with x-middleware-subrequest, Next.js skips the middleware, and all that it guards is open.',
    source: 'https://github.com/advisories/GHSA-f82v-jwr5-mffw',
    fix: 'Update Next.js to 15.2.3, 14.2.25, 13.5.9, 12.3.5 or newer, and check the session in the page as well.',
    asks: ({ path }) => {
      const folder = path.split('/').slice(1, -1).join('/');
      return [
        'middleware:middleware:middleware:middleware:middleware',
        'src/middleware:src/middleware:src/middleware:src/middleware:src/middleware',
        'proxy:proxy:proxy:proxy:proxy',
        'pages/_middleware',
        ...(folder ? [`pages/${folder}/_middleware`] : []),
        'middleware',
        'src/middleware',
        'true',
      ].map((value) => ({ path, headers: { 'x-middleware-subrequest': value } }));
    },
  },
  'headers-of-the-framework': {
    ...HIGHEST,
    toFramework: true,
    title: 'headers that Next.js writes for itself',
    clauses: ['next CVE-2025-29927', 'asvs 8.3.1'],
    imitates: 'Headers that a framework uses among its own parts come from outside, and are believed.',
    source: 'https://zhero-web-sec.github.io/research-and-things/nextjs-and-the-corrupt-middleware',
    asks: ({ path }): Ask[] => [
      {
        path,
        headers: {
          'x-nextjs-data': '1',
          'x-middleware-next': '1',
          'x-middleware-invoke': '1',
          'x-invoke-path': path,
          'x-matched-path': path,
        },
      },
      { path: '/', headers: { 'x-matched-path': path, 'x-invoke-path': path, 'x-middleware-rewrite': path } },
    ],
  },
  'headers-that-claim': {
    ...HIGHEST,
    title: 'headers that claim who is there',
    clauses: ['asvs 8.3.1'],
    imitates:
      'A stranger writes the headers by which a proxy, or a middleware of the app, hands on who is signed in.',
    source: WSTG,
    fix: 'Remove such headers from what comes from outside, and read the session instead.',
    asks: ({ path }, { headers: own = [], ...grounds }) => [
      ...(own.length ? whoIsThere(grounds) : []).map((value) => ({
        path,
        headers: Object.fromEntries(own.map((name) => [name, value])),
      })),
      ...[...idsOfMember(grounds), grounds.member.email, `+${grounds.member.phone}`].map((value) => ({
        path,
        headers: {
          ...identityHeaders(value),
          'remote-user': value,
          'x-user-email': value,
          'x-forwarded-email': value,
          'x-auth-request-email': value,
          'x-email': value,
          'x-user-phone': value,
          'x-user-name': value,
          'x-user-role': 'admin',
          'x-role': 'admin',
          'x-authenticated': 'true',
          'x-session': value,
        },
      })),
    ],
  },
  'headers-of-the-house': {
    ...HIGHEST,
    title: 'a request that says it comes from inside',
    clauses: ['asvs 8.3.1'],
    imitates: 'A stranger claims to be a health check, a job, another service or a test.',
    source: WSTG,
    asks: ({ path }): Ask[] => [
      {
        path,
        headers: {
          'x-internal-request': 'true',
          'x-internal': '1',
          'x-is-internal': 'true',
          'x-service': 'internal',
          'x-cron': '1',
          'x-appengine-cron': 'true',
          'x-vercel-cron': '1',
          'x-health-check': '1',
          'x-test': '1',
          'x-debug': '1',
          'x-skip-auth': 'true',
          'x-no-auth': '1',
          'x-requested-with': 'XMLHttpRequest',
        },
      },
    ],
  },
  'forwarded-for-inside': {
    ...HIGHEST,
    title: 'an address of this machine or network, as a proxy would tell it',
    clauses: ['asvs 8.3.1'],
    imitates:
      'A stranger says that the request comes from 127.0.0.1, or from the office, which is let in without a session.',
    source: WSTG,
    asks: ({ path }) =>
      ['127.0.0.1', '::1', '10.0.0.1', '192.168.0.1', '172.16.0.1'].map((address) => ({
        path,
        headers: {
          ...Object.fromEntries(ADDRESSES.map((name) => [name, address])),
          forwarded: `for=${address}`,
        },
      })),
  },
  'forwarded-host': {
    ...HIGHEST,
    toFramework: true,
    title: 'another host or scheme, as a proxy would tell it',
    clauses: ['authjs fail open', 'asvs 8.3.1'],
    imitates:
      'A host that Auth.js does not trust makes it answer with an error, which is taken for a session.',
    source: FAIL_OPEN,
    fix: 'Update next-auth to 5.0.0-beta.32 or newer, where auth() is null after an error.',
    asks: ({ path }): Ask[] => [
      { path, headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' } },
      { path, headers: { 'x-forwarded-host': 'localhost', 'x-forwarded-proto': 'ftp' } },
      { path, headers: { 'x-forwarded-host': 'app.internal' } },
      { path, headers: { 'x-forwarded-host': '127.0.0.1:1' } },
      { path, headers: { 'x-forwarded-host': 'a b' } },
    ],
  },
  'foreign-host': {
    ...HIGHEST,
    title: 'another Host',
    clauses: ['authjs fail open', 'asvs 8.3.1'],
    imitates:
      'The app is called by a name that is not its own: it fails, or takes itself for another installation.',
    source: FAIL_OPEN,
    asks: ({ path }): Ask[] => [
      ...['evil.example', 'localhost', '127.0.0.1', 'admin.localhost', 'app.internal'].map((host) => ({
        path,
        headers: { host },
      })),
    ],
  },
  'original-url': {
    ...HIGHEST,
    title: 'another page, with the door named in a header',
    clauses: ['asvs 8.3.1'],
    imitates:
      'Servers that believe X-Original-URL or X-Rewrite-URL answer another path than the one that was guarded.',
    source: WSTG,
    asks: ({ path }): Ask[] => [
      ...['/', '/conformance-no-such-page'].map((other) => ({
        path: other,
        headers: {
          'x-original-url': path,
          'x-rewrite-url': path,
          'x-original-uri': path,
          'x-forwarded-uri': path,
          'x-forwarded-path': path,
        },
      })),
      {
        path,
        headers: { 'x-original-url': '/', 'x-rewrite-url': '/', 'x-forwarded-uri': '/', 'next-url': '/' },
      },
    ],
  },
  'authorization-malformed': {
    level: 'must',
    severity: 'moderate',
    title: 'an Authorization header that cannot be read, nor crashes over it',
    clauses: ['authjs malformed bearer'],
    imitates:
      'getToken() of next-auth up to 4.24.14 and 5.0.0-beta.31 throws at a bearer token with a bad escape.',
    source: BEARER,
    fix: 'Update next-auth to 4.24.15, or 5.0.0-beta.32, or newer; catch what getToken() throws and treat it as nobody.',
    noCrash: true,
    asks: ({ path }) =>
      ['Bearer %', 'Bearer %E0%A4%A', 'Bearer', 'Bearer ', 'Basic x', 'Basic', 'x', ','].map(
        (authorization) => ({
          path,
          headers: { authorization },
        }),
      ),
  },
  'authorization-made-up': {
    ...HIGHEST,
    title: 'an Authorization header that somebody made up',
    clauses: ['asvs 7.2.1', 'rfc8725 §3.1'],
    imitates:
      'A stranger sends a token that nobody signed, or any at all; getToken() reads this header, too.',
    source: 'https://next-auth.js.org/tutorials/securing-pages-and-api-routes',
    asks: ({ path }, grounds) =>
      [
        'Bearer x',
        'Bearer null',
        `Bearer ${unsignedToken(grounds)}`,
        `Bearer ${badlySignedToken(grounds)}`,
        `Bearer ${grounds.member.id}`,
        `Basic ${Buffer.from(`${grounds.member.email}:`).toString('base64')}`,
      ].map((authorization) => ({ path, headers: { authorization } })),
  },
  'foreign-origin': {
    ...HIGHEST,
    title: 'a page of another site',
    clauses: ['owasp csrf', 'asvs 8.3.1'],
    imitates: 'A script of another site asks, with Origin and Referer of its own.',
    source: 'https://portswigger.net/web-security/cors',
    asks: ({ path }, { origin }): Ask[] => [
      { path, headers: { origin: 'https://evil.example', referer: 'https://evil.example/' } },
      { path, headers: { origin: 'null', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' } },
      { path, headers: { origin, referer: `${origin}${path}`, 'sec-fetch-site': 'same-origin' } },
    ],
  },
  crawler: {
    ...HIGHEST,
    title: 'a search engine',
    clauses: ['asvs 8.3.1'],
    imitates:
      'Pages that open themselves to crawlers, previews and uptime checks open to whoever calls themselves one.',
    source: WSTG,
    asks: ({ path }) =>
      [
        'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
        'facebookexternalhit/1.1',
        'kube-probe/1.30',
      ].map((agent) => ({ path, headers: { 'user-agent': agent } })),
  },
  prefetch: {
    ...HIGHEST,
    toFramework: true,
    title: 'a browser that only fetches in advance',
    clauses: ['next middleware matcher', 'asvs 8.3.1'],
    imitates: 'Middleware is often told to leave prefetches alone, by the headers that anybody can send.',
    source: 'https://nextjs.org/docs/app/guides/content-security-policy',
    fix: 'Do not exclude prefetches (missing: next-router-prefetch, purpose) where the middleware guards.',
    asks: ({ path }): Ask[] => [
      { path, headers: { 'next-router-prefetch': '1', purpose: 'prefetch', 'sec-purpose': 'prefetch' } },
      { path, headers: { 'next-router-prefetch': '1' } },
      { path, headers: { purpose: 'prefetch' } },
      { path, headers: { 'x-middleware-prefetch': '1' } },
      { path, headers: { 'x-moz': 'prefetch', 'sec-purpose': 'prefetch;prerender' } },
    ],
  },
};
