import { expect, it } from 'vitest';
import { sessionIn } from './visitor.ts';

const soon = new Date(Date.now() + 60_000).toISOString();
const before = new Date(0).toISOString();

it.each([
  ['v5: nobody', null, false],
  ['v4: nobody', {}, false],
  ['a refusal', { message: 'no' }, false],
  ['over by its own word, and of nobody', { expires: before }, false],
  ['of nobody, and good', { expires: soon }, true],
  ['of somebody, whatever it says of its end', { user: { name: 'Ada' }, expires: before }, true],
  ['of somebody', { user: { name: 'Ada' }, expires: soon }, true],
])('a session: %s', (_what, body, is) => expect(sessionIn(body) !== null).toBe(is));
