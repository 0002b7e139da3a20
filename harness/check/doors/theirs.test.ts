import { describe, expect, it } from 'vitest';
import type { Ask, Door } from './door.ts';
import { theirsIn } from './theirs.ts';

const door = {
  path: '/api/orders',
  texts: [],
  leaked: [],
  open: false,
  isPage: false,
  source: '',
  data: '{"orders":[{"id":"1015","to":"ada@people.example"}]}',
} satisfies Door;
const order = { ...door, path: '/api/orders/1015', data: undefined, refusesOthers: true as const };
const ask: Ask = { path: '/api/orders?email=ada%40people.example' };
const json = (text: string) => ({ status: 200, headers: { 'content-type': 'application/json' }, text });
/** What another member is answered: `asked` to the request, `plain` without the parameter. */
const told = (asked: string, plain: string, doors: Door[] = [door]) =>
  theirsIn(json(asked), { ask, door, doors, cookie: 'authjs.session-token' }, async ({ path }) => ({
    text: path === door.path ? plain : asked,
  }));
const own = '{"orders":[{"id":"1022","to":"eve@people.example"}]}';

describe('another member who names the first', () => {
  it('gets the very data of that one', async () =>
    expect(await told(door.data, own)).toBe('the very data of the first member'));
  it('gets a thing that they are refused', async () =>
    expect(await told('{"list":["1015"]}', own, [door, order])).toContain('1015'));
  it('gets their own', async () => expect(await told(own, own)).toBeUndefined());
  it('gets an echo of what they said', async () => {
    const echo = { ...door, data: '{"to":"ada@people.example"}' };
    const answer = theirsIn(
      json(echo.data),
      { ask, door: echo, doors: [echo], cookie: 'authjs.session-token' },
      async ({ path }) => ({ text: path === door.path ? '{"to":"eve@people.example"}' : echo.data }),
    );
    expect(await answer).toBeUndefined();
  });
  it('gets what all members are shown', async () =>
    expect(await told('{"board":["1015"]}', '{"board":["1015"]}', [door, order])).toBeUndefined());
});
