import http from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Exchange } from '../journal.ts';
import { type Backchannel, createBackchannel } from './backchannel.ts';
import { asking } from './provider.ts';

const told: string[] = [];
const entries: Exchange[] = [];
const app = http.createServer(async (request, response) => {
  let text = '';
  for await (const chunk of request) text += chunk;
  told.push(new URLSearchParams(text).get('logout_token') ?? '');
  response.statusCode = told.length === 1 ? 200 : 400;
  response.end();
});
let address = '';
let backchannel: Backchannel;

const send = (scope: string, token: string) =>
  asking.run({ scope } as never, () =>
    backchannel.fetch(address, {
      method: 'POST',
      body: new URLSearchParams({ logout_token: token }).toString(),
    }),
  );

beforeAll(async () => {
  await new Promise<void>((resolve) => app.listen(0, 'localhost', resolve));
  address = `http://localhost:${(app.address() as { port: number }).port}/logout`;
  backchannel = createBackchannel({
    issuer: 'http://localhost/oidc',
    journal: { add: (entry: Exchange) => entries.push(entry) } as never,
    scopes: { armed: () => [] } as never,
    sign: async (token) => token,
    allowed: new Set(),
  });
});
afterAll(() => app.close());

it('sends the last logout token of a scope once more, as it was, and tells what the app says', async () => {
  await send('one', 'a.b.c');
  expect(await backchannel.again('one')).toBe(400);
  expect(told).toEqual(['a.b.c', 'a.b.c']);
  expect(entries.map(({ scope, status }) => [scope, status])).toEqual([
    ['one', 200],
    ['one', 400],
  ]);
});

it('knows nothing of a scope that had none, and forgets the oldest of many', async () => {
  expect(await backchannel.again('another')).toBeUndefined();
  for (let index = 0; index < 200; index += 1) await send(`many-${index}`, 'd.e.f');
  expect(await backchannel.again('one')).toBeUndefined();
  expect(await backchannel.again('many-0')).toBe(400);
});
