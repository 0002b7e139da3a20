/** Each approach turns red on a server that guards nothing but the plain request, and on none that guards all. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpAgent } from '../../user-agents/http.ts';
import type { Approach } from './approach.ts';
import { approaches } from './approaches/index.ts';
import type { Door, Grounds } from './door.ts';
import { personalOf } from './marks.ts';
import { askedHow, tryApproach } from './try-approach.ts';

const DOOR = '/account';
/** A query of tRPC, which is a door of its own kind. */
const QUERY = '/api/trpc/account.me';
const TEXT = 'Turnover of the third quarter: 4 711 300';
const person = {
  phone: '+12015550123',
  userId: 'k3v9x2m4p7qa',
  name: 'Ottilie77x1',
  email: 'o77@people.example',
};
/** What a browser always sends. */
const USUAL = [
  'host',
  'connection',
  'accept',
  'accept-language',
  'origin',
  'content-type',
  'content-length',
  'transfer-encoding',
];

/** Whether a request is the one that every guard knows. */
const isPlain = ({ method, url, headers }: IncomingMessage, host: string) =>
  method === 'GET' &&
  (url === DOOR || url === QUERY) &&
  headers.host === host &&
  !headers.origin &&
  Object.keys(headers).every((name) => USUAL.includes(name));

let open = true;
let server: Server;
let grounds: Grounds;
beforeAll(async () => {
  server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo;
    const shows = open && !isPlain(request, `localhost:${port}`);
    response.statusCode = shows ? 200 : 401;
    response.setHeader('content-type', 'text/html');
    if (shows) response.setHeader('x-name', person.name);
    response.end(shows ? `<p>${TEXT}</p><p>${person.email}</p>` : '<p>Please sign in</p>');
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  grounds = {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    basePath: '/api/auth',
    family: 'v5',
    cookie: 'authjs.session-token',
    member: { id: person.userId, name: person.name, email: person.email, phone: person.phone.slice(1) },
    cookies: [{ key: 'theme', value: 'dark' }],
    forged: { expired: 'over', foreign: 'foreign', guessed: [{ sealed: 'guessed', signed: 'signed' }] },
    buildId: 'b1',
    locales: [],
    aliases: [{ from: '/mine', to: DOOR }],
    words: [{ place: 'query', name: 'preview', value: 'kettles-preview' }],
    calls: {
      endpoint: '/api/trpc',
      procedures: [{ name: 'account.me', kind: 'query', source: 'server/api/root.ts', isGuarded: true }],
    },
  };
});
afterAll(() => void server.close());

const doorsFor = (name: string): Door[] => [
  {
    path: name === 'batch' ? QUERY : DOOR,
    source: 'pages.protected',
    isPage: true,
    texts: [TEXT],
    leaked: [],
    open: false,
  },
];

async function trying(name: string, isOpen: boolean) {
  const approach = approaches[name];
  if (!approach) throw new Error(`there is no approach ${name}`);
  const agent = createHttpAgent({ laneOf: () => 'app' });
  if (approach.by === 'other member')
    await agent.jar.setCookie('authjs.session-token=theirs; Path=/', grounds.origin);
  open = isOpen;
  return tryApproach(approach, { doors: doorsFor(name), grounds, personal: personalOf(person) }, { agent });
}

describe('an approach', () => {
  it.each(Object.keys(approaches).filter((name) => name !== 'nobody'))(
    '%s finds a door that only the plain request leaves closed',
    async (name) => {
      const { breaches } = await trying(name, true);
      // An app that opens to any token has no secret that was guessed.
      if (name === 'cookie-of-a-guessed-secret') return expect(breaches).toEqual([]);
      expect(breaches.length).toBeGreaterThan(0);
      expect(breaches[0]?.shown).toContain(
        name.startsWith('other-member') ? 'the name of the member' : breaches[0]?.shown[0],
      );
    },
  );
  it.each(Object.keys(approaches))('%s tells nothing of a door that stays closed', async (name) => {
    const { sent, breaches, crashes } = await trying(name, false);
    expect({ breaches, crashes }).toEqual({ breaches: [], crashes: [] });
    expect(sent).toBeGreaterThan(0);
  });
});

describe('an API that refuses the plain request of strangers', () => {
  /** Data of a record that no member of ours has. */
  const FOREIGN = '{"owner":"Agnes","total":3}';
  const api: Door = {
    path: '/api/orders',
    source: 'pages.api',
    isPage: false,
    texts: [],
    leaked: [],
    open: false,
    refuses: true,
  };
  /** Breaches of an approach at an API that answers it so. */
  async function breachesOf(
    name: string,
    answerTo: (path: string, asked: IncomingMessage) => string,
    more: { asked?: boolean; doors?: Door[]; publicPages?: string[] } = {},
  ) {
    const asked = createServer((request, response) => {
      const text = answerTo(request.url ?? '', request);
      response.writeHead(text ? 200 : 401, { 'content-type': 'application/json' }).end(text || '{"error":1}');
    });
    await new Promise<void>((resolve) => asked.listen(0, 'localhost', resolve));
    const origin = `http://localhost:${(asked.address() as AddressInfo).port}`;
    const approach = approaches[name];
    if (!approach) throw new Error(`there is no approach ${name}`);
    const { breaches } = await tryApproach(
      approach,
      { doors: [api] as Door[], grounds: { ...grounds, origin }, personal: personalOf(person), ...more },
      { agent: createHttpAgent({ laneOf: () => 'app' }) },
    );
    asked.close();
    return breaches.map(({ ask, shown }) => (more.asked ? askedHow(ask) : shown.join()));
  }
  const PASSED = 'data, where the plain request is refused';

  it('is open when another spelling is answered with data, whosever they are', async () => {
    expect(await breachesOf('upper-case', (path) => (path === '/API/ORDERS' ? FOREIGN : ''))).toEqual([
      PASSED,
    ]);
  });
  it('is open when it repeats the id that a header claims, and no more', async () => {
    const claimed = await breachesOf('headers-that-claim', (_, { headers }) =>
      headers['x-user-id'] ? `{"id":"${headers['x-user-id']}"}` : '',
    );
    expect(claimed.length).toBeGreaterThan(0);
    expect(new Set(claimed)).toEqual(new Set([PASSED]));
  });
  it('is open to a guessed secret only where it looks at signatures, and by what opened it', async () => {
    const [guessed, name] = ['cookie-of-a-guessed-secret', { asked: true }];
    const bearer = ({ headers }: IncomingMessage) => headers.authorization ?? '';
    // What was decoded, and not verified, is told by authorization-made-up.
    expect(await breachesOf(guessed, (_, asked) => (bearer(asked) ? FOREIGN : ''), name)).toEqual([]);
    expect(
      await breachesOf(guessed, (_, asked) => (bearer(asked) === 'Bearer signed' ? FOREIGN : ''), name),
    ).toEqual(['GET /api/orders with authorization: Bearer signed']);
    expect(
      await breachesOf(
        guessed,
        (_, { headers }) => (/\bjwt=signed/.test(headers.cookie ?? '') ? FOREIGN : ''),
        name,
      ),
    ).toEqual(['GET /api/orders with cookie jwt']);
  });
  it('is open, for a page, when its load is answered without the layout that guards it', async () => {
    const load = (text: string) =>
      JSON.stringify({ type: 'data', nodes: [null, { type: 'data', data: [{ notes: 1 }, text] }] });
    const page = { ...api, path: '/notes', isPage: true };
    const asked = async (text: string) =>
      breachesOf('data-files', (path) => (path.endsWith('invalidated=01') ? text : ''), { doors: [page] });
    expect(await asked(load('The code of the safe is 4711'))).toEqual([PASSED]);
    expect(await asked(load('Write your note'))).toEqual([]);
    expect(await asked(JSON.stringify({ type: 'redirect', location: '/login?to=/notes4711' }))).toEqual([]);
  });
  it('is closed when another resource answers, or what is answered holds nothing', async () => {
    expect(await breachesOf('dot-segments', (path) => (path.includes('/auth/') ? FOREIGN : ''))).toEqual([]);
    expect(await breachesOf('upper-case', () => 'null')).toEqual([]);
    expect(await breachesOf('upper-case', () => '[]')).toEqual([]);
  });
  it('is closed when strangers are told the same at paths that are not there', async () => {
    const publicPages = [`content-type\n${FOREIGN}`];
    expect(await breachesOf('upper-case', () => FOREIGN, { publicPages })).toEqual([]);
  });
});

describe('a page for everybody', () => {
  it('may speak the language that a link of it has chosen, by whatever cookie is sent', async () => {
    const words = { en: 'Newest member of the house', de: 'Neu in diesem Haus dabei' };
    const page = createServer((request, response) => {
      const language = /lang=de/.test(request.headers.cookie ?? '') ? 'de' : 'en';
      if (request.url === '/lang/de') response.setHeader('set-cookie', 'lang=de');
      response.setHeader('content-type', 'text/html');
      response.end(`<p>${words[language]}</p><a href="/about">About</a><a href="/lang/de">Deutsch</a>`);
    });
    await new Promise<void>((resolve) => page.listen(0, 'localhost', resolve));
    const origin = `http://localhost:${(page.address() as AddressInfo).port}`;
    const door = { ...(doorsFor('')[0] as Door), texts: [words.de], path: '/people' };
    const breachesOf = async (asks: Approach['asks']) =>
      (
        await tryApproach(
          { ...(approaches['other-cookies'] as Approach), asks },
          { doors: [door], grounds: { ...grounds, origin }, personal: personalOf(person) },
          { agent: createHttpAgent({ laneOf: () => 'app' }) },
        )
      ).breaches.length;
    expect(await breachesOf(({ path }) => [{ path, headers: { cookie: 'lang=de' } }])).toBe(0);
    page.close();
  });
});

describe('what another member is shown by the plain request', () => {
  it('is told by its own check alone, and not of headers and parameters', async () => {
    const shared = { ...(doorsFor('')[0] as Door), openToMembers: true };
    open = true;
    const breachesOf = async (name: string) => {
      const approach = approaches[name];
      if (!approach) throw new Error(`there is no approach ${name}`);
      const agent = createHttpAgent({ laneOf: () => 'app' });
      await agent.jar.setCookie('authjs.session-token=theirs; Path=/', grounds.origin);
      return (
        await tryApproach(approach, { doors: [shared], grounds, personal: personalOf(person) }, { agent })
      ).breaches.length;
    };
    expect(await breachesOf('other-member')).toBe(1);
    expect(await breachesOf('other-member-in-headers')).toBe(0);
    expect(await breachesOf('other-member-in-query')).toBe(0);
  });
});

describe("what is one member's alone", () => {
  const own = ['Parcel 10347 to Mill Road'];
  const door: Door = {
    path: '/account',
    source: 'pages.protected',
    isPage: true,
    texts: [],
    leaked: [],
    open: false,
    own,
  };
  const asked: string[] = [];
  let pages: (url: string) => string;
  let shop: Server;
  let grounded: Grounds;
  beforeAll(async () => {
    shop = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.setHeader('content-type', 'text/html');
      response.end(pages(request.url ?? ''));
    });
    await new Promise<void>((resolve) => shop.listen(0, 'localhost', resolve));
    const origin = `http://localhost:${(shop.address() as AddressInfo).port}`;
    grounded = { ...grounds, origin, parameters: ['as', 'logout'] };
  });
  afterAll(() => void shop.close());
  const breachesOf = async () => {
    const agent = createHttpAgent({ laneOf: () => 'app' });
    const query = approaches['other-member-in-query'];
    if (!query) throw new Error('there is no such approach');
    return (
      await tryApproach(query, { doors: [door], grounds: grounded, personal: personalOf(person) }, { agent })
    ).breaches.length;
  };
  it('is told when a parameter that only the sources name shows it to another', async () => {
    pages = (url) => (url.includes(`as=${person.userId}`) ? `<p>${own[0]}</p>` : '<p>Nothing yet</p>');
    expect(await breachesOf()).toBeGreaterThan(0);
    expect(asked.some((url) => url.includes('logout='))).toBe(false);
  });
  it('is not what a page shows by turns', async () => {
    let turn = 0;
    pages = () => {
      turn += 1;
      return turn % 2 ? `<p>${own[0]}</p>` : '<p>Nothing yet</p>';
    };
    expect(await breachesOf()).toBe(0);
  });
  it('is not what the request says itself', async () => {
    pages = (url) => `<p>You asked for ${decodeURIComponent(url)}</p>`;
    door.own = [person.userId];
    expect(await breachesOf()).toBe(0);
  });
});

describe('an approach in an app with many doors', () => {
  const door = (at: number, refuses: boolean): Door => ({
    path: `/page/${at}`,
    source: 'a link',
    isPage: true,
    texts: [],
    leaked: [],
    open: false,
    ...(refuses && { refuses: true }),
  });
  const asking = {
    ...(approaches.nobody as Approach),
    plain: false,
    asks: ({ path }: { path: string }) => Array.from({ length: 20 }, () => ({ path })),
  };
  const tried = (doors: Door[]) =>
    tryApproach(
      asking,
      { doors, grounds, personal: new Map() },
      { agent: createHttpAgent({ laneOf: () => 'app' }) },
    );
  it('asks for all that turn strangers away, and for others while there is time', {
    timeout: 60_000,
  }, async () => {
    const many = [...Array.from({ length: 20 }, (_, at) => door(at, false)), door(20, true), door(21, true)];
    expect(await tried(many)).toMatchObject({ sent: 240, left: 10 });
    expect(await tried(Array.from({ length: 14 }, (_, at) => door(at, true)))).toMatchObject({
      sent: 280,
      left: 0,
    });
  });
});
