import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Report } from '../../reports/model.ts';
import { configSchema } from '../config.ts';
import { run } from '../run.ts';

const fixtures = path.resolve(import.meta.dirname, '../../fixtures');

it.each([
  ['a path', '/'],
  ['a selector', 'form button'],
  ['a module', './journeys/sign-in.ts'],
])(
  'the sign-in button is found by %s',
  async (_way, signIn) => {
    const out = mkdtempSync(path.join(os.tmpdir(), 'authjs-journey-'));
    try {
      const config = configSchema.parse({
        target: { command: 'node server.js', cwd: path.join(fixtures, 'targets/express') },
        pages: { signIn },
        out,
        reporters: ['json'],
      });
      await run(
        { config, origins: {}, folder: fixtures },
        { select: ['phone-otp/browser-journey'], print: () => {}, quiet: true },
      );
      const report: Report = JSON.parse(readFileSync(path.join(out, 'report.json'), 'utf8'));
      expect(report.checks.map(({ verdict, message }) => [verdict, message])).toEqual([['pass', undefined]]);
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  },
  60_000,
);
