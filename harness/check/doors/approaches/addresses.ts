/** Approaches by another spelling of the address, which a guard and a router may read differently. */
import { asksByAlias } from '../aliases.ts';
import { type Approach, HIGHEST, idsOfMember, ownParameters, split, withQuery } from '../approach.ts';
import type { Ask } from '../door.ts';
import { inOtherLanguages } from '../languages.ts';

const WSTG =
  'https://owasp.org/www-project-web-security-testing-guide/v42/4-Web_Application_Security_Testing/05-Authorization_Testing/02-Testing_for_Bypassing_Authorization_Schema';
const PATHS = 'https://github.com/advisories/GHSA-7gfc-8cq8-jh5f';

/** A door by other spellings of its path; the query stays. */
const spelled = (path: string, spell: (bare: string) => string[]): Ask[] => {
  const [bare, query] = split(path);
  return [...new Set(spell(bare))].filter((each) => each !== bare).map((each) => ({ path: each + query }));
};

const encoded = (bare: string, position: number) => {
  const letter = bare[position];
  return letter
    ? `${bare.slice(0, position)}%${letter.charCodeAt(0).toString(16)}${bare.slice(position + 1)}`
    : bare;
};
const upper = (bare: string) => bare.toUpperCase();
const capital = (bare: string) => bare.replace(/\/(\w)/g, (_, letter: string) => `/${letter.toUpperCase()}`);

/** The last segment alone: what lies before it may be a folder of a router by file, which minds the case. */
const last = (bare: string, spell: (segment: string) => string) =>
  bare.replace(/\/[^/]*$/, (segment) => spell(segment));

const spelling = (
  about: Pick<Approach, 'title' | 'imitates'> & Partial<Pick<Approach, 'source'>>,
  spell: (bare: string) => string[],
): Approach => ({
  ...HIGHEST,
  clauses: ['next pathname authorization', 'asvs 8.3.1'],
  source: WSTG,
  fix: 'Check the session in the page or route itself; a guard that compares paths must compare what the router does.',
  ...about,
  asks: ({ path }) => spelled(path, spell),
});

export const addresses: Record<string, Approach> = {
  'trailing-slash': spelling(
    {
      title: 'its address with a slash at the end',
      imitates: 'The guard compares "/account", the router takes "/account/" as well.',
      source: PATHS,
    },
    (bare) => (bare === '/' ? [] : [`${bare.replace(/\/$/, '')}/`, bare.replace(/\/$/, '')]),
  ),
  'upper-case': spelling(
    {
      title: 'its address in capitals',
      imitates: 'The guard knows small letters only, the router (Express by default) takes all.',
      source: 'https://expressjs.com/en/api.html#app.settings.table',
    },
    (bare) => [upper(bare), capital(bare), last(bare, upper), last(bare, capital)],
  ),
  'percent-encoded': spelling(
    {
      title: 'its address with an encoded letter',
      imitates: 'The guard compares the address as it was sent, the router decodes it.',
    },
    (bare) =>
      bare === '/'
        ? []
        : [encoded(bare, 1), encoded(bare, bare.length - 1), `/%2e${bare}`, `/%2f${bare.slice(1)}`],
  ),
  'doubled-slash': spelling(
    {
      title: 'its address with doubled slashes',
      imitates: 'The guard compares "/account", the router takes "//account".',
    },
    (bare) => [`/${bare}`, bare.replace(/\//g, '//'), `${bare}//`],
  ),
  'dot-segments': spelling(
    {
      title: 'its address with dots in it',
      imitates: 'The guard compares the address as it was sent, the router resolves "/./" and "/x/../".',
    },
    (bare) => [
      `/.${bare}`,
      `/x/..${bare}`,
      `${bare}/.`,
      `/_next/static/..%2f..${bare}`,
      `/api/auth/..${bare}`,
    ],
  ),
  semicolon: spelling(
    {
      title: 'its address with parameters after a semicolon',
      imitates: 'Some routers cut the path at ";", guards do not; others treat a "public" ending as public.',
    },
    (bare) => [`${bare};x`, `${bare};.css`, `${bare}%3b.css`, `${bare}/;/`],
  ),
  backslash: spelling(
    {
      title: 'its address with backslashes',
      imitates: 'Addresses are parsed with "\\" as "/" by some, and not by others.',
    },
    (bare) => [`/${bare.replaceAll('/', '\\')}`, bare.replace(/^\//, '/\\'), `${bare}\\`, `${bare}%5c`],
  ),
  'odd-ends': spelling(
    {
      title: 'its address with an odd end',
      imitates:
        'Spaces, zero bytes and encoded question or hash marks are cut off by one part and kept by another.',
    },
    (bare) => [
      `${bare}%20`,
      `${bare}%00`,
      `${bare}%09`,
      `${bare}%3f`,
      `${bare}%23`,
      `${bare}..`,
      `${bare}.`,
      `${bare}/x/..`,
    ],
  ),
  suffixes: spelling(
    {
      title: 'its address as that of a file',
      imitates:
        'Guards leave out what looks like a file; routers cut endings off, or know them as other forms of a page.',
      source: 'https://github.com/advisories/GHSA-267c-6grr-h53f',
    },
    (bare) =>
      [
        '.rsc',
        '.txt',
        '.json',
        '.html',
        '.css',
        '.png',
        '.xml',
        '.prefetch.rsc',
        '/index',
        '/index.html',
        '/x.js',
        '/favicon.ico',
      ].map((end) => `${bare === '/' ? '/index' : bare.replace(/\/$/, '')}${end}`),
  ),
  'locale-prefix': {
    ...HIGHEST,
    title: 'its address in another language',
    clauses: ['next pathname authorization', 'asvs 8.3.1'],
    imitates:
      'The guard knows "/account", or "/en/account", the router answers "/en/account", "/sv/account" and "/default/account" with the same page.',
    source: PATHS,
    fix: 'Match the locales as well (/:locale/account), or check the session in the page itself.',
    asks: ({ path }, { locales }) =>
      [
        ...inOtherLanguages(path, locales),
        ...[...new Set([...locales.slice(0, 4), 'en', 'de', 'fr', 'en-US', 'default'])].map(
          (locale) => `/${locale}${path === '/' ? '' : path}`,
        ),
      ].map((each) => ({ path: each })),
  },
  rewrites: {
    ...HIGHEST,
    title: 'an address that is rewritten to it',
    clauses: ['next pathname authorization', 'asvs 8.3.1'],
    imitates:
      'The guard, or its matcher, knows "/account"; next.config (or reroute of SvelteKit) answers "/me" with the same page, and rewrites come after the guard has looked at the address.',
    source: 'https://github.com/vercel/next.js/issues/35566',
    fix: 'Name the sources of rewrites in the matcher and in the guard as well, or check the session in the page itself.',
    asks: ({ path }, { aliases }) => asksByAlias(path, aliases),
  },
  'query-noise': {
    ...HIGHEST,
    title: 'its address with parameters that mean nothing',
    clauses: ['next dynamic parameters', 'asvs 8.3.1'],
    imitates:
      'A guard compares the address with its query, or a parameter that the framework keeps for itself is believed.',
    source: 'https://github.com/advisories/GHSA-492v-c6pp-mqqv',
    asks: ({ path }, { basePath }) => {
      const [bare] = split(path);
      const slug = bare.split('/').at(-1) ?? '';
      const more = `${path}${path.includes('?') ? '&' : '?'}`;
      return [
        // As they are, with slashes: a guard may look for public paths anywhere in the address.
        ...[`${basePath}/signin`, '/_next/static/x.js', '/api/public', '/favicon.ico', '/login', '/'].map(
          (place) => `${more}from=${place}`,
        ),
        `${more}.css`,
        withQuery(path, { callbackUrl: '/', next: '/signin', public: '1' }),
        withQuery(path, { nxtPslug: slug, nxtPid: slug, __nextLocale: 'en', __nextDataReq: '1' }),
        // GHSA-7gfc-8cq8-jh5f: the guard sees another path than the page.
        withQuery(path, { __nextLocale: 'en' }),
        withQuery(path, { __nextLocale: 'x' }),
        // GHSA-492v-c6pp-mqqv: the guard sees a neighbour, the page the door.
        ...(bare.split('/').length > 2
          ? [withQuery(bare.replace(/[^/]*$/, 'lobby'), { nxtPslug: slug, nxtPid: slug })]
          : []),
      ].map((each) => ({ path: each }));
    },
  },
  'query-that-claims': {
    ...HIGHEST,
    title: 'parameters that claim who is there',
    clauses: ['asvs 8.2.2', 'asvs 8.3.1'],
    imitates:
      'A stranger writes a user id, an e-mail address or a phone number into the address, and it is believed.',
    source:
      'https://cheatsheetseries.owasp.org/cheatsheets/Insecure_Direct_Object_Reference_Prevention_Cheat_Sheet.html',
    fix: 'Read who is there from the session alone.',
    asks: ({ path }, grounds) =>
      [...idsOfMember(grounds), grounds.member.email, `+${grounds.member.phone}`, grounds.member.name].map(
        (value) => ({
          path: withQuery(path, {
            ...ownParameters(grounds, value),
            user: value,
            userId: value,
            user_id: value,
            id: value,
            sub: value,
            uid: value,
            member: value,
            email: value,
            phone: value,
            token: value,
            role: 'admin',
            admin: 'true',
          }),
        }),
      ),
  },
};
