/** Needs an engine and the image of the Express target: `npm run test:container` has both. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { getContainerRuntimeClient } from 'testcontainers';
import { describe, expect, it } from 'vitest';
import { forWantOf } from '../../fixtures/for-want-of.ts';
import { configSchema } from '../config/config.ts';
import { startLab } from '../lab/lab.ts';
import { startContainer } from './container.ts';
import { freePort } from './start.ts';
import { createTargetLog } from './target-log.ts';

const image = process.env.CONTAINER_IMAGE ?? '';
const engine = async () => (await getContainerRuntimeClient()).container.dockerode;
const SETTINGS = { AUTH_SECRET: 'made-up', AUTH_TRUST_HOST: 'true', HOST: 'localhost' };

/** A process that starts a container, prints its id, and stays. */
async function startRunner(port: number) {
  const runner = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `const { startContainer } = await import(${JSON.stringify(path.join(import.meta.dirname, 'container.ts'))});
       const log = { write() {}, tail: () => [] };
       const { id } = await startContainer({ image: ${JSON.stringify(image)}, env: ${JSON.stringify({ ...SETTINGS, PORT: String(port) })}, log });
       console.log(id);`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [id] = await once(runner.stdout.setEncoding('utf8'), 'data');
  return { runner, id: String(id).trim() };
}

const noEngine = image ? undefined : 'a container engine and an image (CONTAINER_IMAGE)';
describe('with an engine', { timeout: 60_000, ...forWantOf(noEngine) }, () => {
  it('after kill -9 of the runner, its container is gone', async () => {
    const { runner, id } = await startRunner(await freePort(0));
    const gone = (await engine()).getContainer(id).wait({ condition: 'removed' });
    runner.kill('SIGKILL');
    await gone;
    await expect((await engine()).getContainer(id).inspect()).rejects.toThrow(/no such container/i);
  });

  it('what a lost runner left is removed at the next start, what a living one uses is not', async () => {
    const docker = await engine();
    const left = (pid: number) =>
      docker.createContainer({
        Image: image,
        Labels: { 'authjs-conformance.host': os.hostname(), 'authjs-conformance.runner': String(pid) },
      });
    // No process has an id above Linux' limit of 2^22.
    const [lost, used] = [await left(2 ** 22 + 1), await left(process.ppid)];
    try {
      const running = await startContainer({
        image,
        env: { ...SETTINGS, PORT: String(await freePort(0)) },
        log: createTargetLog(),
      });
      await running.stop();
      await expect(lost.inspect()).rejects.toThrow(/no such container/i);
      expect((await used.inspect()).Id).toBe(used.id);
    } finally {
      await used.remove({ force: true });
    }
  });

  it('what the app says is in the log, and its end is told', async () => {
    const log = createTargetLog();
    const running = await startContainer({ image, env: { ...SETTINGS, PORT: 'not-a-port' }, log });
    expect(await running.ended).not.toBe(0);
    expect(log.raw().text).toContain('ERR_SOCKET_BAD_PORT');
    await running.stop();
    await expect((await engine()).getContainer(running.id).inspect()).rejects.toThrow(/no such container/i);
  });

  it.each([
    ['localhost/authjs-conformance/nothing:here', undefined, 'CONF_IMAGE_FAILED'],
    [image, 'https://tenant.logto.app/oidc', 'CONF_IMAGE_ISSUER'],
  ])('%s with issuer %s is refused with %s', async (name, issuer, code) => {
    const config = configSchema.parse({ target: { image: { name, port: 0 }, issuer } });
    await expect(startLab({ config, origins: {}, folder: import.meta.dirname })).rejects.toMatchObject({
      parts: { code },
    });
  });
});
