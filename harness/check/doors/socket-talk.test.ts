import { describe, expect, it } from 'vitest';
import { personalOf } from './marks.ts';
import { openingOf, openingsOf, type Talk } from './socket-talk.ts';

const person = {
  phone: '+12015550123',
  userId: 'k3v9x2m4p7qa',
  name: 'Ottilie77x1',
  email: 'o77@people.example',
};
const personal = personalOf(person);
const talk = (path: string, ...says: string[]): Talk => ({ path, says, told: [] });

describe('what somebody says who was given nothing', () => {
  it.each([
    [
      'what all members say',
      talk('/ws?v=2', '{"op":"hello"}'),
      talk('/ws?v=2', '{"op":"hello"}'),
      talk('/ws?v=2', '{"op":"hello"}'),
    ],
    [
      'no ticket of the address',
      talk('/ws?v=2&ticket=8f1c0a6be77b'),
      talk('/ws?v=2&ticket=1d8f0c4a9e5b'),
      talk('/ws?v=2&ticket=conformance'),
    ],
    [
      'no token of a message',
      talk('/ws', '{"type":"auth","token":"eyJ.a.b"}'),
      talk('/ws', '{"type":"auth","token":"eyJ.c.d"}'),
      talk('/ws', '{"type":"auth","token":"conformance"}'),
    ],
    [
      'what Socket.IO begins with, once',
      talk('/socket.io/?EIO=4&transport=websocket', '2probe', '5', '42["join"]'),
      talk('/socket.io/?EIO=4&transport=websocket', '2probe', '5', '42["join"]'),
      talk('/socket.io/?EIO=4&transport=websocket', '40', '42["join"]'),
    ],
  ])('%s', (_what, mine, theirs, { path, says }) => {
    expect(openingOf(mine, theirs, personal)).toEqual({ path, says });
  });
  it('the id of the member, who is known to others', () => {
    expect(
      openingOf(talk('/ws', `{"as":"${person.userId}"}`), talk('/ws', '{"as":"zzz"}'), personal),
    ).toEqual({
      path: '/ws',
      says: [`{"as":"${person.userId}"}`],
      claims: true,
    });
    expect(openingOf(talk(`/ws/${person.userId}`), talk('/ws/zzz'), personal)?.claims).toBe(true);
  });
  it('nothing at an address that was made for the member', () => {
    expect(openingOf(talk('/ws/8f1c0a6be77b'), talk('/ws/1d8f0c4a9e5b'), personal)).toBeUndefined();
  });
});

it('a stranger leaves out what was made up, names the member, and shows a token of nobody', () => {
  const asks = openingsOf(
    { path: '/ws', says: ['{"t":"conformance"}', '{"op":"list"}'] },
    { id: 'k3v9', email: '' },
    ['room'],
  );
  expect(asks.map(({ path, says, claims }) => [path.split('=')[0], says.length, claims ?? false])).toEqual([
    ['/ws', 2, false],
    ['/ws', 1, false],
    ['/ws?user', 2, true],
    ['/ws?token', 2, false],
  ]);
  expect(asks[2]?.path).toContain('room=k3v9');
});
