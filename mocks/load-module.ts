/** Modules of others: TypeScript as people write it, and no longer waited for than they may take. */
import { pathToFileURL } from 'node:url';
import { isMainThread, Worker } from 'node:worker_threads';

/** Milliseconds that a module may take: it may ask a server for a secret. */
const LOAD_MS = 30_000;
/** A thread that is kept busy, or a machine that is, lets nothing come: of such a time no more than this counts. */
const TICK_MS = 500;

/** When a module is interrupted that lets nothing else happen; milliseconds. */
export interface Limits {
  /** By the clock, and of work by the CPU: what is exceeded by both has no end. */
  clockMs: number;
  cpuMs: number;
  /** By the clock alone: what does nothing waits in the system. */
  idleMs: number;
  /** After the interruption: the process is killed when that was of no avail. */
  killMs: number;
}
const LIMITS: Limits = { clockMs: LOAD_MS + 500, cpuMs: 10_000, idleMs: 300_000, killMs: 30_000 };

/** A module, or what it exports, that waits for something that never comes. */
export class NeverLoaded extends Error {
  override message =
    `it waits for something that did not come within ${LOAD_MS / 1000} seconds (a top-level await?)`;
}

/** A module that lets nothing else happen. */
class NeverEnded extends NeverLoaded {
  override message = `it lets nothing else happen, for ${LOAD_MS / 1000} seconds and more (an endless loop?)`;
}

/**
 * What is being loaded, as soon as it is there. The timer keeps Node from ending with 13, and saying nothing.
 *
 * @throws NeverLoaded after 30 seconds
 */
export function inTime<Loaded>(loading: Promise<Loaded>): Promise<Loaded> {
  let timer: NodeJS.Timeout | undefined;
  let ticks = 0;
  const late = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      ticks += 1;
      if (ticks * TICK_MS >= LOAD_MS) reject(new NeverLoaded());
    }, TICK_MS);
  });
  return Promise.race([loading, late]).finally(() => clearInterval(timer));
}

/**
 * Runs code of others that may never let go of this thread (`while (true) {}`): another thread interrupts it then.
 *
 * @param what names it, should the process have to be killed
 * @param limits for tests
 * @throws NeverLoaded when it was interrupted; what `load` throws
 */
export async function interruptible<Loaded>(
  what: string,
  load: () => Promise<Loaded>,
  limits: Limits = LIMITS,
): Promise<Loaded> {
  // The inspector reaches the main thread alone.
  if (!isMainThread) return load();
  const state = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(new URL('./interrupt-main.js', import.meta.url), {
    workerData: { state, limits, what },
    execArgv: [],
  });
  worker.unref();
  // Without it, such as where Node was built without an inspector, nothing is lost but this.
  worker.on('error', () => {});
  let look: NodeJS.Timeout | undefined;
  // An execution that was interrupted settles no promise: this does, as soon as the thread is free.
  const interrupted = new Promise<never>((_, reject) => {
    look = setInterval(() => Atomics.load(state, 1) === 1 && reject(new NeverEnded()), 250).unref();
  });
  try {
    return await Promise.race([load(), interrupted]);
  } catch (error) {
    throw Atomics.load(state, 1) === 1 ? new NeverEnded() : error;
  } finally {
    Atomics.store(state, 0, 1);
    clearInterval(look);
    void worker.terminate();
  }
}

/**
 * Loads a TypeScript module that Node alone does not take: enums, imports without an extension, paths of a tsconfig, an older
 * Node. Nothing is written to the disk.
 *
 * @param again it was loaded before, and has changed since, or what it imports
 */
export async function loadTypeScript(file: string, { again = false } = {}): Promise<unknown> {
  const { createJiti } = await import('jiti');
  const jiti = createJiti(pathToFileURL(file).href, {
    fsCache: false,
    moduleCache: !again,
    interopDefault: false,
    tsconfigPaths: true,
    jsx: true,
  });
  return jiti.import(file);
}
