/**
 * A target in a container, by testcontainers, on Docker or Podman.
 *
 * It runs in the network of the host: issuer, app and browser then have the same `http://localhost:<port>` everywhere,
 * which OpenID Connect demands of an issuer (OIDC Discovery 1.0 §4.3), and the mocks listen on the loopback only.
 */
import { spawn } from 'node:child_process';
import os from 'node:os';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import type { getContainerRuntimeClient, StartedTestContainer } from 'testcontainers';
import { ConformanceError } from '../errors.ts';
import type { TargetLog } from './target-log.ts';
import { loadTestcontainers } from './testcontainers.ts';

/** Labels of our containers: the machine and the process that started them. */
const HOST_LABEL = 'authjs-conformance.host';
const RUNNER_LABEL = 'authjs-conformance.runner';

/** Milliseconds that the output of a container may come later than its end. */
const LAST_OUTPUT_MS = 5_000;

export interface RunningContainer {
  id: string;
  /** Settles when the app ends by itself: its exit code. */
  ended: Promise<number | string>;
  /** Ends and removes it. */
  stop(): Promise<void>;
}

type Engine = Awaited<ReturnType<typeof getContainerRuntimeClient>>['container']['dockerode'];

/**
 * Starts a container. A watchdog beside it removes it when this process is killed; what a lost machine left is removed
 * at the next start.
 *
 * @param options.image name of an image; it is pulled when the engine does not have it
 * @param options.env its environment, nothing else is handed on
 * @throws ConformanceError CONF_TESTCONTAINERS_MISSING, CONF_ENGINE_MISSING, CONF_IMAGE_FAILED
 */
export async function startContainer(options: {
  image: string;
  env: Record<string, string>;
  log: TargetLog;
}): Promise<RunningContainer> {
  const { image, env, log } = options;
  // Ryuk would be one more image to pull, and privileged on Podman; the watchdog does its work.
  process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';
  const { GenericContainer } = await loadTestcontainers();
  const engine = await connect();
  await removeOrphans(engine);
  let written: Promise<unknown> = Promise.resolve();
  const started = await new GenericContainer(image)
    .withNetworkMode('host')
    .withEnvironment(env)
    .withLabels({ [HOST_LABEL]: os.hostname(), [RUNNER_LABEL]: String(process.pid) })
    .withLogConsumer((stream: Readable) => {
      stream.setEncoding('utf8');
      stream.on('data', (chunk: string) => log.write(chunk));
      written = new Promise((resolve) => stream.once('end', resolve).once('close', resolve));
    })
    .start()
    .catch((error: Error) => {
      throw imageFailed(image, error, log);
    });
  const watchdog = startWatchdog(engine, started.getId());
  return {
    id: started.getId(),
    ended: engine
      .getContainer(started.getId())
      .wait()
      .then(
        ({ StatusCode }: { StatusCode: number }) => StatusCode,
        (error: Error) => error.message,
      )
      // The engine tells the end of a container before the last of its output, which is what says why.
      .then(async (result: number | string) => {
        await Promise.race([written, setTimeout(LAST_OUTPUT_MS, undefined, { ref: false })]);
        return result;
      }),
    async stop() {
      await remove(started);
      watchdog?.kill();
    },
  };
}

async function connect(): Promise<Engine> {
  try {
    const { getContainerRuntimeClient } = await loadTestcontainers();
    return (await getContainerRuntimeClient()).container.dockerode;
  } catch (error) {
    throw new ConformanceError({
      code: 'CONF_ENGINE_MISSING',
      what: `no container engine answers: ${(error as Error).message}`,
      expected: 'Docker, or Podman with its Docker-compatible socket named by DOCKER_HOST (target.image)',
      remedy:
        'start Docker, or `podman system service --time=0 unix:///run/podman/podman.sock` and set DOCKER_HOST to that address.',
    });
  }
}

const imageFailed = (image: string, error: Error, log: TargetLog): ConformanceError =>
  new ConformanceError({
    code: 'CONF_IMAGE_FAILED',
    what: `no container of ${image} could be started: ${error.message}${log.tail(8).length ? `\n${log.tail(8).join('\n').replace(/^/gm, '    | ')}` : ''}`,
    expected: 'the name of an image that the engine has or can pull (target.image.name)',
    remedy: `try it by hand: docker run --rm --network host ${image}`,
  });

/** A container that ended by itself, or that somebody removed, is no error at the end of a run. */
const remove = (started: StartedTestContainer): Promise<unknown> =>
  started
    .stop({ timeout: 1_000, remove: true, removeVolumes: true })
    .catch((error: { statusCode?: number }) => {
      if (error.statusCode !== 404 && error.statusCode !== 304) throw error;
    });

/** Removes the containers of runners of this machine that are gone. */
async function removeOrphans(engine: Engine): Promise<void> {
  const ours = await engine.listContainers({
    all: true,
    filters: { label: [`${HOST_LABEL}=${os.hostname()}`] },
  });
  for (const { Id, Labels } of ours) {
    if (lives(Number(Labels[RUNNER_LABEL]))) continue;
    await engine
      .getContainer(Id)
      .remove({ force: true, v: true })
      .catch(() => undefined);
  }
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Holds a pipe whose end means that this process is gone; engines behind TLS are left to the next start. */
function startWatchdog(engine: Engine, id: string) {
  const { socketPath, host, port, protocol } = engine.modem as {
    socketPath?: string;
    host?: string;
    port?: number;
    protocol?: string;
  };
  if (!socketPath && protocol !== 'http') return undefined;
  const request = {
    ...(socketPath ? { socketPath } : { host, port }),
    path: `/containers/${id}?force=true&v=true`,
    method: 'DELETE',
  };
  const script = `process.stdin.resume();process.stdin.on('close',()=>require('node:http').request(${JSON.stringify(request)},(answer)=>answer.resume()).on('error',()=>{}).end())`;
  const watchdog = spawn(process.execPath, ['-e', script], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
  });
  watchdog.unref();
  (watchdog.stdin as unknown as { unref?(): void }).unref?.();
  return watchdog;
}
