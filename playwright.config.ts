import path from 'node:path';
import { defineConfig } from '@playwright/test';

/** `.ts` in a checkout, `.js` in the package. */
const extension = path.extname(import.meta.filename);
/** Set by `authjs-conformance run`; `npx playwright test` alone starts its own lab in the global setup. */
const out = process.env.CONFORMANCE_OUT ?? path.resolve('conformance-results');
/** It was started before anybody asked for a run (harness/run/standby.ts): what an earlier run left stays until then. */
const early = process.env.CONFORMANCE_WAITS === 'workers';
const own = JSON.parse(process.env.CONFORMANCE_OWN_CHECKS ?? '[]') as { folder: string; globs: string[] }[];

/**
 * An expression, which Playwright takes as well as a glob: it asks for every import of every module, and builds an
 * expression of each glob each time, which took a fifth of each worker.
 */
const OWN_SOURCES = new RegExp(
  `^${import.meta.dirname.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}[\\\\/](harness|mocks|reports|suites)[\\\\/].*\\.ts$`,
) as unknown as string;

export default defineConfig({
  globalSetup: `./harness/run/global-setup${extension}`,
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  workers: Number(process.env.CONFORMANCE_WORKERS ?? 2),
  timeout: Number(process.env.CONFORMANCE_TIMEOUT ?? 30) * 1000,
  // What rests on a time limit is judged once more, alone, when all others have ended (harness/check/harness-trouble.ts).
  retries: Number(process.env.CONFORMANCE_RETRIES ?? (process.env.CONFORMANCE_KEEP_WORKERS ? 1 : 0)),
  retryStrategy: 'isolated',
  // A run that hangs for whatever reason ends before CI does.
  globalTimeout: early ? 0 : 30 * 60_000,
  // Our own sources are run by Node as they are; own checks of an app may need what Playwright makes of TypeScript.
  build: { external: process.features.typescript && extension === '.ts' ? [OWN_SOURCES] : [] },
  outputDir: early
    ? path.join(path.dirname(process.env.CONFORMANCE_LAB ?? ''), 'early')
    : path.join(out, 'attachments'),
  preserveOutput: 'always',
  reporter: [
    [path.join(import.meta.dirname, 'harness', 'run', `not-asked${extension}`)],
    [
      path.join(import.meta.dirname, 'reports', `reporter${extension}`),
      JSON.parse(process.env.CONFORMANCE_REPORTER ?? '{}'),
    ],
  ],
  projects: [
    { name: 'catalogue', testDir: './suites', testMatch: /\.spec\.[jt]s$/ },
    ...own.map(({ folder, globs }) => ({ name: 'own', testDir: folder, testMatch: globs })),
  ],
});
