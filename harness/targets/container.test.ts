import { expect, it, vi } from 'vitest';
import { configSchema } from '../config/config.ts';
import { startLab } from '../lab/lab.ts';

// Also where an engine runs: what is tested is a machine without one.
vi.mock('testcontainers', async (original) => ({
  ...(await original<object>()),
  getContainerRuntimeClient: () =>
    Promise.reject(new Error('Could not find a working container runtime strategy')),
}));

it('without an engine, the error says what to start', async () => {
  const config = configSchema.parse({ target: { image: { name: 'any', port: 0 } } });
  await expect(startLab({ config, origins: {}, folder: import.meta.dirname })).rejects.toThrow(
    /CONF_ENGINE_MISSING[\s\S]*DOCKER_HOST/,
  );
});
