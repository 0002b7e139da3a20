/**
 * An app that ends in mid-run. One that ended by itself is started again, as its host would do, so that the others are judged:
 * what was under way is blocked. One that does so too often, or is gone otherwise, is told once, with its last lines: what comes
 * after is blocked as well.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { request } from 'undici';
import type { ConformanceErrorParts } from '../errors.ts';
import type { TargetLog } from '../targets/target-log.ts';
import { agentFor } from '../user-agents/certificates.ts';
import { lookup } from '../user-agents/loopback.ts';
import { beginWait } from '../user-agents/pace.ts';

/** Names of the files beside the lab description. */
export const END_FILE = 'target-ended.json';
export const CRASHES_FILE = 'target-crashed.json';

export interface TargetEnd {
  /** When it was noticed (milliseconds of the epoch). */
  at: number;
  finding: ConformanceErrorParts;
}

/** The end is written beside the lab description, where workers see it without asking. */
const fileOf = (labFile: string): string => path.join(path.dirname(labFile), END_FILE);

/** Moved into place, so that nobody reads half of it. */
function put(file: string, value: unknown): void {
  writeFileSync(`${file}.new`, JSON.stringify(value), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** @returns the end of the app, when it has ended already */
export function readTargetEnd(labFile: string | undefined): TargetEnd | undefined {
  if (!labFile || !existsSync(fileOf(labFile))) return undefined;
  return JSON.parse(readFileSync(fileOf(labFile), 'utf8'));
}

/** The app ended by itself in mid-run, and was started again. */
export interface Crash {
  /** When it was noticed (milliseconds of the epoch). */
  at: number;
  /** When it answered again; missing as long as it does not. */
  upAt?: number;
  /** "the app ended with exit code 1". */
  how: string;
  finding: ConformanceErrorParts;
}

const crashesOf = (labFile: string): string => path.join(path.dirname(labFile), CRASHES_FILE);

/** @returns the crashes of the app so far, oldest first */
export function readCrashes(labFile: string | undefined): Crash[] {
  if (!labFile || !existsSync(crashesOf(labFile))) return [];
  return JSON.parse(readFileSync(crashesOf(labFile), 'utf8'));
}

/** So often an app is started again: one that ends by itself all the time cannot be judged. */
export const RESTARTS_MAX = 10;

/** An exit code of its own; from 128 on a shell tells a signal, which somebody else may have sent. */
const isOwnEnd = (result: number | string): boolean =>
  typeof result === 'number' && result > 0 && result < 128;

export interface TargetWatch {
  /**
   * Whether the app has ended, or answers nobody any more: asked by a check that met a broken connection, which may be
   * told before the end is, or that waited in vain.
   * @param limitMs how long to wait for its end when nobody answers at its address
   */
  ask(limitMs: number): Promise<TargetEnd | undefined>;
  /** What ends from now on is ended by us. */
  stop(): void;
}

/**
 * Watches an app until the run ends.
 *
 * @param options.ended settles with its exit code or signal; missing when it was not started by us
 * @param options.underWay ids of the checks that run just now
 */
export function watchTarget(options: {
  origin: string;
  ended?: Promise<number | string>;
  log: TargetLog;
  labFile: string;
  /** PEM text of `target.ca`. */
  ca?: string;
  underWay(): string[];
  /** Starts it again; missing where that cannot be done. */
  restart?(): Promise<{ ended: Promise<number | string> }>;
}): TargetWatch {
  const { origin, ended, log, labFile, ca, underWay, restart } = options;
  let end: TargetEnd | undefined;
  let stopped = false;
  /** Checks that end together ask together. */
  let looking: ReturnType<typeof look> | undefined;
  const lookOnce = () => {
    looking ??= look(origin, ca).finally(() => {
      looking = undefined;
    });
    return looking;
  };
  const crashes: Crash[] = [];
  /** Settles when an app that has crashed answers again, or never will. */
  let coming: Promise<unknown> | undefined;
  const told = (how: string): string => {
    const checks = underWay();
    const lines = log.tail(12);
    return `${how} during the run${checks.length ? `, while ${checks.join(', ')} ran` : ''}; its last lines:${lines.length ? `\n${lines.join('\n').replace(/^/gm, '    | ')}` : ' none'}`;
  };
  const note = (how: string): TargetEnd | undefined => {
    if (stopped) return undefined;
    if (end) return end;
    end = {
      at: Date.now(),
      finding: {
        code: 'CONF_TARGET_ENDED',
        what: told(how),
        expected: 'an app that runs as long as it is judged (target.command)',
        remedy:
          'mend what its last lines say, and run again: the checks that were under way, and those after them, are blocked.',
      },
    };
    put(fileOf(labFile), end);
    return end;
  };
  const howOf = (result: number | string) =>
    `the app ended ${typeof result === 'number' ? `with exit code ${result}` : `by ${result}`}`;
  const hear = async (result: number | string): Promise<void> => {
    const how = howOf(result);
    if (stopped || end) return;
    if (!restart || !isOwnEnd(result)) return void note(how);
    if (crashes.length === RESTARTS_MAX) return void note(`${how}, for the ${crashes.length + 1}th time,`);
    const crash: Crash = {
      at: Date.now(),
      how,
      finding: {
        code: 'CONF_TARGET_CRASHED',
        what: told(how),
        expected: 'an app that goes on, whatever it is asked',
        remedy:
          'mend what its last lines say; it was started again. laws/keeps-running shows the request, and checks that were under way are blocked.',
      },
    };
    crashes.push(crash);
    put(crashesOf(labFile), crashes);
    coming = restart().then(
      (again) => {
        crash.upAt = Date.now();
        put(crashesOf(labFile), crashes);
        noted = again.ended.then(hear);
      },
      () => note(`${how}, and could not be started again,`),
    );
    await coming;
  };
  let noted = ended?.then(hear);
  return {
    async ask(limitMs) {
      // It may be on its way up again.
      await coming;
      if (end) return end;
      const before = crashes.length;
      const late = new Promise<undefined>((resolve) => setTimeout(resolve, limitMs, undefined).unref());
      const begun = performance.now();
      let seen = await lookOnce();
      // One that is about to end may still listen.
      while (seen === 'listens' && !end && crashes.length === before && performance.now() - begun < limitMs) {
        await Promise.race([noted ?? late, new Promise((resolve) => setTimeout(resolve, AGAIN_MS).unref())]);
        seen = await lookOnce();
      }
      if (seen === 'answers' || end) return end;
      if (seen === 'gone') await Promise.race([noted ?? late, late]);
      if (crashes.length > before) {
        await coming;
        return end;
      }
      if (seen === 'hangs') return note(`the app took connections and answered none any more at ${origin}`);
      if (seen === 'listens') return end;
      return end ?? note(`nobody answered any more at ${origin}`);
    },
    stop() {
      stopped = true;
    },
  };
}

/** Milliseconds that an app may take to answer anything before it counts as ended, and how often it is asked. */
const HANGS_MS = 12_000;
const TRIES = 2;
/** Milliseconds between two looks at an app that takes connections and breaks them. */
const AGAIN_MS = 200;

/** Whether an app still answers HTTP, whatever it says. */
async function look(
  origin: string,
  ca: string | undefined,
): Promise<'answers' | 'listens' | 'hangs' | 'gone'> {
  for (let tries = 1; ; tries += 1) {
    const wait = beginWait(HANGS_MS);
    try {
      const answer = await request(origin, { dispatcher: agentFor(origin, ca), signal: wait.signal });
      // What else it says is of no interest; a body that is left tells that as an error.
      answer.body.on('error', () => undefined).destroy();
      return 'answers';
    } catch (error) {
      if ((error as Error).name !== 'TimeoutError') return (await listens(origin)) ? 'listens' : 'gone';
      if (tries === TRIES) return 'hangs';
    } finally {
      wait.end();
    }
  }
}

/** Whether somebody listens there. */
const listens = (origin: string): Promise<boolean> =>
  new Promise((resolve) => {
    const { hostname, port, protocol } = new URL(origin);
    const socket = connect({
      host: hostname,
      port: Number(port) || (protocol === 'https:' ? 443 : 80),
      lookup,
      autoSelectFamily: true,
    });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
