import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { digestOfKnown } from './digests-of-known.ts';

const known = new Map([
  ['the id of the person', '7xk2m9qpl0ab'],
  ['the e-mail address', 'ada@people.example'],
]);
const at = 1_764_341_234_567;
const digest = (algorithm: string, text: string) => createHash(algorithm).update(text).digest();
const told = (...tokens: string[]) =>
  digestOfKnown(tokens.map((token, index) => ({ token, from: at - 40, to: at + 200 + index, known })));

it.each([
  ['the md5 of a number that counts on', digest('md5', '173211').toString('hex')],
  ['the sha256 of a number that counts on', digest('sha256', '42').toString('base64url')],
  ['the sha256 of a number that counts on', digest('sha256', '42').toString('hex').slice(0, 32)],
  ['the sha1 of the millisecond of the sign-in', digest('sha1', String(at)).toString('base64')],
  [
    'the sha1 of the second of the sign-in',
    `sess_${digest('sha1', String(Math.floor(at / 1000))).toString('hex')}`,
  ],
  ['the sha512 of the e-mail address', digest('sha512', 'ada@people.example').toString('hex')],
  [
    'the md5 of the id of the person and the millisecond of the sign-in',
    digest('md5', `7xk2m9qpl0ab:${at}`).toString('hex'),
  ],
  [
    'the sha256 of a number that counts on and the id of the person',
    Buffer.from(digest('sha256', '7-7xk2m9qpl0ab').toString('hex')).toString('base64'),
  ],
])('%s is seen', (what, token) => {
  expect(told(token)).toBe(what);
});

it.each([
  ['chance in hex', randomBytes(32).toString('hex')],
  ['chance in base64url', randomBytes(24).toString('base64url')],
  ['a random UUID', randomUUID()],
  ['a sealed session', `eyJhbGciOiJkaXIifQ..${randomBytes(32).toString('base64url')}`],
  [
    'a digest with a secret',
    digest('sha256', `7xk2m9qpl0ab:${randomBytes(8).toString('hex')}`).toString('hex'),
  ],
  ['a word', 'signed-in'],
])('%s is none', (_, token) => expect(told(token)).toBeUndefined());
