import { defineConfig } from 'vitest/config';
import { leftOutOfSample } from './fixtures/sampled-tests.ts';

export default defineConfig({
  test: {
    include: ['{harness,mocks,reports,suites,fixtures}/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'fixtures/targets/**', 'fixtures/examples/*/**', ...leftOutOfSample()],
    globalSetup: ['./fixtures/temporary-folder.ts', './harness/upkeep/unpack-browser.ts'],
    reporters: ['default', './fixtures/skipped-reporter.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // Once more on a busy machine; a defect fails both times, and the reporter tells what was tried again.
    retry: 1,
    testTimeout: 90_000,
    hookTimeout: 120_000,
  },
});
