import { describe, expect, it } from 'vitest';
import { clauses } from '../clauses.ts';
import { approaches } from './approaches/index.ts';
import type { Door, Grounds } from './door.ts';

const freeze = <Value>(value: Value): Value => {
  if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) freeze(each);
  return Object.freeze(value);
};
const grounds: Grounds = freeze({
  origin: 'http://localhost:3000',
  basePath: '/api/auth',
  family: 'v5',
  cookie: 'sid',
  member: { id: 'k3v9x2m4p7qa', name: 'Ottilie77', email: 'ottilie77@people.example', phone: '12015550123' },
  cookies: [
    { key: 'sid', value: 'SEALED' },
    { key: 'sid.0', value: 'CHUNK' },
    { key: 'profile', value: 'kept' },
  ],
  forged: { expired: 'OVER', foreign: 'FOREIGN', guessed: [{ sealed: 'GUESSED', signed: 'SIGNED' }] },
  buildId: 'b1',
  locales: ['sv'],
  routeIds: [{ path: '/account/:part', id: 'routes/account' }],
  aliases: [{ from: '/mine/:path*', to: '/account/:path*' }],
  ownCookies: ['old-session', 'beta'],
  words: [
    { place: 'query', name: 'preview', value: 'kettles-preview' },
    { place: 'header', name: 'X-Job', value: 'nightly run' },
    { place: 'cookie', name: 'beta', value: 'yes; no' },
  ],
  calls: {
    endpoint: '/account',
    procedures: [{ name: 'orders', kind: 'query', source: 'orders.ts', isGuarded: true }],
  },
});
const door: Door = freeze({
  path: '/account/orders',
  source: 'config',
  isPage: true,
  texts: [],
  leaked: [],
  open: false,
});
const asks = (name: string, at = door) => approaches[name]?.asks(at, grounds) ?? [];
const paths = (name: string) => asks(name).map(({ path }) => path);

describe('the table of approaches', () => {
  it.each(Object.entries(approaches))(
    '%s names its source, its clauses and what it imitates',
    (_, approach) => {
      expect(URL.canParse(approach.source)).toBe(true);
      expect(approach.imitates).toMatch(/\.$/);
      expect(approach.clauses.length).toBeGreaterThan(0);
      for (const clause of approach.clauses) expect(clauses).toHaveProperty([clause]);
    },
  );
  it.each(Object.entries(approaches))('%s is a pure function with few requests', (_, approach) => {
    const first = approach.asks(door, grounds);
    expect(first.length).toBeGreaterThan(0);
    expect(first.length).toBeLessThanOrEqual(16);
    expect(approach.asks(door, grounds)).toEqual(first);
  });
  it.each(Object.entries(approaches))(
    '%s can be sent: paths and headers hold what HTTP takes',
    (_, approach) => {
      for (const { path, headers = {} } of approach.asks(door, grounds)) {
        expect(path).toMatch(/^\/[\x21-\x7e]*$/);
        for (const value of Object.values(headers)) expect(value).toMatch(/^[\x20-\x7e]*$/);
      }
    },
  );
  it('holds no title twice', () => {
    const titles = Object.values(approaches).map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
  });
  it('never sends the session of the member', () => {
    for (const approach of Object.values(approaches))
      expect(JSON.stringify(approach.asks(door, grounds))).not.toMatch(/SEALED|CHUNK/);
  });
});

describe('approaches', () => {
  it('write the session cookie by its own name', () => {
    expect(asks('cookie-any-value')[0]?.headers?.cookie).toContain('sid=x');
  });
  it('write the cookies that the sources read: any value, unreadable ones, and who is there', () => {
    const cookiesOf = (name: string) => asks(name).map(({ headers }) => headers?.cookie);
    expect(cookiesOf('cookie-any-value')).toContain('old-session=true; beta=true');
    expect(cookiesOf('cookie-broken')).toEqual(
      expect.arrayContaining(['old-session=x%; beta=x%', 'old-session=x%', 'beta=x%']),
    );
    expect(cookiesOf('cookies-that-claim')).toContain(
      `old-session=${grounds.member.id}; beta=${grounds.member.id}`,
    );
  });
  it('say the words that the sources compare a request with', () => {
    expect(asks('words-of-its-sources')).toEqual([
      { path: `${door.path}?preview=kettles-preview` },
      { path: door.path, headers: { 'x-job': 'nightly run' } },
      { path: door.path, headers: { cookie: 'beta=yes%3B%20no' } },
    ]);
  });
  it('send the other cookies of the member', () => {
    expect(asks('other-cookies')).toEqual([{ path: door.path, headers: { cookie: 'profile=kept' } }]);
  });
  it('spell all known forms of x-middleware-subrequest', () => {
    const values = asks('middleware-subrequest').map(({ headers }) => headers?.['x-middleware-subrequest']);
    for (const value of ['middleware', 'src/middleware', 'pages/_middleware'])
      expect(values).toContain(value);
    expect(values).toContain(Array(5).fill('middleware').join(':'));
    expect(values).toContain(Array(5).fill('src/middleware').join(':'));
  });
  it('spell addresses in other ways', () => {
    expect(paths('trailing-slash')).toContain('/account/orders/');
    expect(paths('upper-case')).toContain('/ACCOUNT/ORDERS');
    expect(paths('percent-encoded')).toContain('/%61ccount/orders');
    expect(paths('doubled-slash')).toContain('//account/orders');
    expect(paths('dot-segments')).toContain('/./account/orders');
    expect(paths('semicolon')).toContain('/account/orders;x');
    expect(paths('locale-prefix')).toContain('/sv/account/orders');
    expect(asks('locale-prefix', { ...door, path: '/sv/account' }).map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/en/account', '/de/account', '/account']),
    );
    expect(paths('suffixes')).toContain('/account/orders.rsc');
  });
  it('ask for the data of a page, and of no API', () => {
    expect(paths('data-files')).toEqual(
      expect.arrayContaining([
        '/_next/data/b1/account/orders.json',
        '/_next/data/b1/sv/account/orders.json',
        '/account/orders/__data.json',
        '/account/orders.data',
        '/account/orders.data?_routes=routes%2Faccount',
      ]),
    );
    expect(asks('data-files', { ...door, isPage: false })).toEqual([]);
  });
  it('ask for a part of a page below its layouts', () => {
    const trees = asks('rsc').flatMap(({ headers }) => headers?.['next-router-state-tree'] ?? []);
    expect(trees.map((tree) => decodeURIComponent(tree))).toContain(
      '["",{"children":["account",{"children":["orders",{"children":["__PAGE__",{},null,"refetch"]}]}]}]',
    );
  });
  it('claim to be the member in the headers that the sources read', () => {
    const told = approaches['headers-that-claim']?.asks(door, { ...grounds, headers: ['x-member-id'] }) ?? [];
    expect(told.map(({ headers }) => headers?.['x-member-id'])).toContain(grounds.member.id);
  });
  it('ask for home with the door in a header', () => {
    expect(asks('original-url')[0]).toMatchObject({ path: '/', headers: { 'x-original-url': door.path } });
  });
  it('claim one thing about the member at a time, so that what else is shown can be told', () => {
    for (const { path } of asks('query-that-claims')) {
      const said = Object.values(grounds.member).filter((value) => decodeURIComponent(path).includes(value));
      expect(new Set(said).size).toBeLessThanOrEqual(2);
    }
  });
});
