import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { createHttpAgent } from './http.ts';

it('cookies grow older, and are gone when their time is over', async () => {
  const agent = createHttpAgent({ laneOf: () => 'app' });
  const app = 'http://localhost:3000';
  const soon = new Date(Date.now() + 900_000).toUTCString();
  for (const line of ['minute=1; Max-Age=60', `quarter=1; Expires=${soon}`, 'visit=1'])
    await agent.jar.setCookie(`${line}; Path=/`, app);
  const held = async () => (await agent.cookies(app)).map(({ key }) => key).sort();
  await agent.age(30);
  expect(await held()).toEqual(['minute', 'quarter', 'visit']);
  await agent.age(31);
  expect(await held()).toEqual(['quarter', 'visit']);
  await agent.age(900);
  expect(await held()).toEqual(['visit']);
});

it('an address that is spelled in its own way is recorded as it went over the wire', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const agent = createHttpAgent({ laneOf: () => 'app' });
  await agent.hop(origin, { rawPath: '//API/%6de?x=1' });
  server.close();
  expect(asked).toEqual(['//API/%6de?x=1']);
  expect(agent.exchanges.map(({ url }) => url)).toEqual([`${origin}//API/%6de?x=1`]);
});
