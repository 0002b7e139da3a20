import { afterAll, expect, it } from 'vitest';
import { copyTarget, type Variant } from '../../fixtures/copy-target.ts';
import { configSchema } from '../config/config.ts';
import { doctor } from '../doctor/command.ts';

const variants: Variant[] = [];
afterAll(() => {
  for (const { remove } of variants) remove();
});

const examine = async (lock: object, json = false) => {
  const variant = copyTarget('express', { 'package-lock.json': [['', JSON.stringify(lock)]] });
  variants.push(variant);
  const lines: string[] = [];
  const exitCode = await doctor(
    {
      config: configSchema.parse({ target: { command: 'node server.js', framework: 'x' }, browser: 'none' }),
      origins: {},
      folder: variant.folder,
    },
    { json, print: (line) => lines.push(line) },
  );
  return { exitCode, text: lines.join('\n') };
};

const LOCK = { packages: { 'node_modules/next-auth': { version: '5.0.0-beta.31' } } };

it('doctor names the advisories of the lock file, worst first, and ends as it would without', async () => {
  const { exitCode, text } = await examine(LOCK);
  expect(exitCode).toBe(0);
  expect(text).toContain('Published advisories');
  expect(text.indexOf('GHSA-8fpg-xm3f-6cx3')).toBeGreaterThan(0);
  expect(text.indexOf('GHSA-8fpg-xm3f-6cx3')).toBeLessThan(text.indexOf('GHSA-x445-f3h2-j279'));
  expect(text).toContain('update next-auth 5.0.0-beta.31 to 5.0.0-beta.32 or later');
  expect(text).toMatch(/Warning.*critical/);
});

it('doctor --json holds them', async () => {
  const { text } = await examine(LOCK, true);
  expect(JSON.parse(text).advisories.map(({ id }: { id: string }) => id)).toContain('GHSA-8fpg-xm3f-6cx3');
});

it('doctor says nothing when no version is affected', async () => {
  const { text } = await examine({ packages: { 'node_modules/next-auth': { version: '4.24.15' } } });
  expect(text).not.toContain('Published advisories');
});
