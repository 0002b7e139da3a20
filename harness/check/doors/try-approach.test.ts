/** Each approach turns red on a server that guards nothing but the plain request, and on none that guards all. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpAgent } from '../../user-agents/http.ts';
import { approaches } from './approaches/index.ts';
import type { Door, Grounds } from './door.ts';
import { personalOf } from './marks.ts';
import { tryApproach } from './try-approach.ts';

const DOOR = '/account';
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
  url === DOOR &&
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
  };
});
afterAll(() => void server.close());

const doors: Door[] = [
  { path: DOOR, source: 'pages.protected', isPage: true, texts: [TEXT], leaked: [], open: false },
];

async function trying(name: string, isOpen: boolean) {
  const approach = approaches[name];
  if (!approach) throw new Error(`there is no approach ${name}`);
  const agent = createHttpAgent({ laneOf: () => 'app' });
  if (approach.by === 'other member')
    await agent.jar.setCookie('authjs.session-token=theirs; Path=/', grounds.origin);
  open = isOpen;
  return tryApproach(approach, { doors, grounds, personal: personalOf(person) }, { agent });
}

describe('an approach', () => {
  it.each(Object.keys(approaches).filter((name) => name !== 'nobody'))(
    '%s finds a door that only the plain request leaves closed',
    async (name) => {
      const { breaches } = await trying(name, true);
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
