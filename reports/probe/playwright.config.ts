/** A run with one test of each kind, for the tests of the reporter; it needs no lab. */
import path from 'node:path';
import { defineConfig } from '@playwright/test';

const out = process.env.PROBE_OUT ?? 'conformance-results/probe';

export default defineConfig({
  testDir: '.',
  testMatch: process.env.PROBE_LEAK ? 'leak.spec.ts' : 'probe.spec.ts',
  workers: 1,
  timeout: 1_000,
  outputDir: path.join(out, 'attachments'),
  reporter: process.env.PROBE_BLOB
    ? [['blob', { outputDir: process.env.PROBE_BLOB }]]
    : [
        [
          path.join(import.meta.dirname, '..', 'reporter.ts'),
          {
            outputFolder: out,
            reporters: ['json', 'junit', 'html', 'markdown'],
            rerunPrefix: 'npx authjs-conformance run',
            ...(process.env.PROBE_MAX && { maxFailures: Number(process.env.PROBE_MAX) }),
          },
        ],
      ],
});
