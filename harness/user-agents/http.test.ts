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
