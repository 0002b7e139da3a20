import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHttpAgent } from '../../user-agents/http.ts';
import { HIGHEST } from './approach.ts';
import { askOddly } from './crashes.ts';
import type { Door, Grounds } from './door.ts';

let server: Server;
let origin: string;
beforeAll(async () => {
  server = createServer(({ headers }, response) => {
    const odd = headers['x-odd'];
    response.statusCode = odd ? Number(odd) : 401;
    response.end(odd ? `<pre>${headers['x-shows'] ? new Error('odd').stack : 'Sorry'}</pre>` : 'Sign in');
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  origin = `http://localhost:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

const door: Door = { path: '/account', source: '', isPage: true, texts: [], leaked: [], open: false };
const asked = (headers: Record<string, string>, more = {}, doors = [door], name = 'odd') =>
  askOddly(
    doors,
    {
      grounds: {} as Grounds,
      lab: { app: { origin } },
      browser: { agent: createHttpAgent({ laneOf: () => 'app' }) } as Parameters<
        typeof askOddly
      >[1]['browser'],
    },
    {
      [name]: {
        ...HIGHEST,
        title: '',
        imitates: '',
        source: '',
        clauses: [],
        asks: ({ path }) => [{ path, headers }],
        ...more,
      },
    },
  );

it('tells what crashes, and what shows a stack trace, apart', async () => {
  expect(await asked({ 'x-odd': '500', 'x-shows': '1' })).toEqual({
    count: 1,
    crashes: ['odd: GET /account with x-odd: 500, x-shows: 1 (500)'],
    stacks: ['odd: GET /account with x-odd: 500, x-shows: 1 (500)'],
  });
  expect((await asked({ 'x-odd': '400', 'x-shows': '1' })).stacks).toHaveLength(1);
  expect((await asked({ 'x-odd': '400', 'x-shows': '1' })).crashes).toEqual([]);
  expect((await asked({ 'x-odd': '500' })).stacks).toEqual([]);
});

it('an address that no router reads is not the matter of the app', async () => {
  const at = (path: string) =>
    asked({}, { asks: () => [{ path, headers: { 'x-odd': '500' } }] }).then(({ crashes }) => crashes.length);
  expect(await at('/\\account')).toBe(0);
  expect(await at('/account\\')).toBe(1);
});

it('what speaks to the framework is not the matter of the app', async () => {
  expect(await asked({ 'x-odd': '500' }, { toFramework: true })).toEqual({
    count: 0,
    crashes: [],
    stacks: [],
  });
});

it('what cannot be read is tried on every door, for a stack trace alone', async () => {
  const doors = ['/account', '/orders', '/cart'].map((path) => ({ ...door, path }));
  const shows = { 'x-odd': '500', 'x-shows': '1' };
  const { crashes, stacks } = await asked(shows, {}, doors, 'authorization-malformed');
  expect([crashes.length, stacks.length]).toEqual([1, 3]);
  expect((await asked(shows, {}, doors)).stacks).toHaveLength(1);
});
