import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{harness,mocks,reports,suites,fixtures}/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'fixtures/targets/**'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
