import { expect, it } from 'vitest';
import { redactText, registerSecret } from '../../mocks/redact.ts';
import { createTargetLog } from './target-log.ts';

const CHUNK = 'x'.repeat(65_536);

it('200 MB without a newline are taken, and little of them is kept', () => {
  const log = createTargetLog();
  const chunks = Math.ceil(200_000_000 / CHUNK.length);
  for (let count = 0; count < chunks; count += 1) log.write(CHUNK);
  log.write('\nnext\n');
  expect(log.tail()).toEqual([
    expect.stringMatching(/^x{3596}… \(cut: the line has \d{9} characters\)$/),
    'next',
  ]);
  const { text, lost } = log.raw();
  expect(text.length + lost).toBe(log.rawPosition);
  expect(text.length).toBeGreaterThanOrEqual(32 * 1_048_576);
  expect(text.length).toBeLessThan(36 * 1_048_576);
});

it('positions are absolute: what came after one is found, however much came before', () => {
  const log = createTargetLog();
  for (let count = 0; count < 25_000; count += 1) log.write(`line ${count}\n`);
  const [lines, characters] = [log.position, log.rawPosition];
  for (let count = 0; count < 25_000; count += 1) log.write(`more ${count}\n`);
  expect(log.since(lines).at(-1)).toBe('more 24999');
  const { text, lost } = log.raw(characters);
  expect([text.split('\n')[0], text.split('\n').length, lost]).toEqual(['more 0', 25_001, 0]);
});

it('what is gone is said', () => {
  const log = createTargetLog({ raw: 1000, lines: 10 });
  const before = log.rawPosition;
  const begun = Date.now();
  for (let count = 0; count < 100; count += 1) log.write(`a line of thirty characters ${count % 10}\n`);
  const { text, lost } = log.raw(before);
  expect(lost).toBeGreaterThan(0);
  expect(lost + text.length).toBe(3000);
  expect(log.lostFrom(begun)).toBe(true);
  expect(log.lostFrom(Date.now() + 1)).toBe(false);
  expect(log.raw(log.rawPosition)).toEqual({ text: '', lost: 0 });
});

it('lines that come in pieces are whole', () => {
  const log = createTargetLog();
  for (const piece of ['on', 'e\r', '\ntw', 'o\n', '\n', 'thr']) log.write(piece);
  expect(log.tail()).toEqual(['one', 'two', 'thr']);
  expect(log.position).toBe(2);
});

it('a secret in a line that is kept is hidden, however many secrets came after it', () => {
  const log = createTargetLog();
  // The first few dozen are looked for in everything, and never forgotten.
  for (let number = 0; number < 100; number += 1)
    registerSecret('access token', `earlier-${number}-0123456789`);
  const secret = 'kept1-in-the-log-0123456789';
  registerSecret('access token', secret);
  log.write(`the app said ${secret}\nand went on\n`);
  for (let number = 0; number < 60_000; number += 1)
    registerSecret('access token', `later${String(number).padStart(90, '0')}`);
  expect(redactText(secret)).toBe(secret);
  expect(log.tail()).toEqual([expect.stringMatching(/^the app said ‹access token #\w{6}›$/), 'and went on']);
  expect(log.since(0).join()).not.toContain(secret);
});

it('lines are shown without colours, and what is kept as it came has them', () => {
  const log = createTargetLog();
  log.write(
    '\u001b[31m[auth][error]\u001b[0m InvalidEndpoints\naccess_token=abc\u001b[1mdef0123456789\u001b[0m\n',
  );
  expect(log.tail()[0]).toBe('[auth][error] InvalidEndpoints');
  expect(log.since(0)[1]).toMatch(/^access_token=‹.+›$/);
  expect(log.raw().text).toContain('\u001b[31m');
});
