import { expect, it } from 'vitest';
import { createIssued } from './issued.ts';
import { registerSecret } from './known-secrets.ts';
import { redactText } from './redact.ts';

const token = (number: number, length = 12) => `tok${String(number).padStart(length - 3, '0')}`;
const given = (number: number, length?: number) =>
  ({ kind: 'access token', value: token(number, length), owner: null, scope: null }) as const;

it('keeps what is newest, by number', () => {
  const issued = createIssued({ things: 100, characters: 1_000_000, least: 10 });
  for (let number = 0; number < 1_000; number += 1) issued.add(given(number));
  const { issued: kept, next } = issued.since(0);
  expect(next).toBe(1_000);
  expect(kept.length).toBeLessThanOrEqual(110);
  expect(kept.at(-1)?.value).toBe(token(999));
  expect(issued.find(token(0))).toBeUndefined();
  expect(issued.find(token(999))?.value).toBe(token(999));
});

it('keeps what is newest, by length', () => {
  const issued = createIssued({ things: 1_000, characters: 5_000, least: 10 });
  for (let number = 0; number < 500; number += 1) issued.add(given(number, 100));
  expect(issued.since(0).issued.length).toBeLessThanOrEqual(55);
  expect(issued.since(0).next).toBe(500);
});

it('lets a few huge ones push nobody out', () => {
  const issued = createIssued({ things: 1_000, characters: 5_000, least: 50 });
  for (let number = 0; number < 40; number += 1) issued.add(given(number));
  issued.add(given(40, 100_000));
  expect(issued.find(token(0))?.value).toBe(token(0));
});

it('takes what has left once more when it is given out again', () => {
  const issued = createIssued({ things: 10, characters: 1_000_000, least: 1 });
  for (let number = 0; number < 100; number += 1) issued.add(given(number));
  const before = issued.since(0).next;
  issued.add(given(0));
  issued.add(given(0));
  expect(issued.since(before).issued.map(({ value }) => value)).toEqual([token(0)]);
});

it('a secret of the config is hidden in every form, however many tokens came after it', () => {
  const secret = 'config-secret-5f0c1e77aa';
  registerSecret('client secret', secret);
  const encoded = Buffer.from(`id:${secret}`).toString('base64');
  for (let number = 0; number < 12_000; number += 1)
    registerSecret('access token', `${'x'.repeat(500)}${number}`);
  expect(redactText(`Basic ${encoded} and ${secret}`)).not.toMatch(new RegExp(`${encoded}|${secret}`));
  expect(redactText(`a=${Buffer.from(secret).toString('hex')}`)).not.toContain(
    Buffer.from(secret).toString('hex'),
  );
  expect(redactText(`was config-secret-5f0…`)).not.toContain('config-secret-5f0');
});
