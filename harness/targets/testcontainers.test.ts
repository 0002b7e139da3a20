import { expect, test } from 'vitest';
import { loadTestcontainers } from './testcontainers.ts';

test('containers without the package that starts them are told by the package to install', async () => {
  const missing = Object.assign(new Error("Cannot find package 'testcontainers'"), {
    code: 'ERR_MODULE_NOT_FOUND',
  });
  await expect(loadTestcontainers(() => Promise.reject(missing))).rejects.toMatchObject({
    parts: { code: 'CONF_TESTCONTAINERS_MISSING', remedy: 'npm install --save-dev testcontainers' },
  });
});

test('another trouble of the package is its own', async () => {
  await expect(loadTestcontainers(() => Promise.reject(new Error('out of memory')))).rejects.toThrow(
    'out of memory',
  );
});
