/** An app that ends in mid-run: told once, with its last lines; what was under way, and what comes after, is blocked. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { request } from 'undici';
import type { ConformanceErrorParts } from '../errors.ts';
import type { TargetLog } from '../targets/target-log.ts';
import { agentFor } from '../user-agents/certificates.ts';
import { lookup } from '../user-agents/loopback.ts';
import { beginWait } from '../user-agents/pace.ts';

export interface TargetEnd {
  /** When it was noticed (milliseconds of the epoch). */
  at: number;
  finding: ConformanceErrorParts;
}

/** The end is written beside the lab description, where workers see it without asking. */
const fileOf = (labFile: string): string => path.join(path.dirname(labFile), 'target-ended.json');

/** @returns the end of the app, when it has ended already */
export function readTargetEnd(labFile: string | undefined): TargetEnd | undefined {
  if (!labFile || !existsSync(fileOf(labFile))) return undefined;
  return JSON.parse(readFileSync(fileOf(labFile), 'utf8'));
}

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
}): TargetWatch {
  const { origin, ended, log, labFile, ca, underWay } = options;
  let end: TargetEnd | undefined;
  let stopped = false;
  /** Checks that end together ask together. */
  let looking: ReturnType<typeof look> | undefined;
  const note = (how: string): TargetEnd | undefined => {
    if (stopped) return undefined;
    if (end) return end;
    const checks = underWay();
    const lines = log.tail(12);
    end = {
      at: Date.now(),
      finding: {
        code: 'CONF_TARGET_ENDED',
        what: `${how} during the run${checks.length ? `, while ${checks.join(', ')} ran` : ''}; its last lines:${lines.length ? `\n${lines.join('\n').replace(/^/gm, '    | ')}` : ' none'}`,
        expected: 'an app that runs as long as it is judged (target.command)',
        remedy:
          'mend what its last lines say, and run again: the checks that were under way, and those after them, are blocked.',
      },
    };
    // Moved into place, so that nobody reads half of it.
    writeFileSync(`${fileOf(labFile)}.new`, JSON.stringify(end), { mode: 0o600 });
    renameSync(`${fileOf(labFile)}.new`, fileOf(labFile));
    return end;
  };
  const noted = ended?.then((result) =>
    note(`the app ended ${typeof result === 'number' ? `with exit code ${result}` : `by ${result}`}`),
  );
  return {
    async ask(limitMs) {
      if (end) return end;
      looking ??= look(origin, ca).finally(() => {
        looking = undefined;
      });
      const seen = await looking;
      if (seen === 'answers' || end) return end;
      if (seen === 'hangs') return note(`the app took connections and answered none any more at ${origin}`);
      const late = new Promise<undefined>((resolve) => setTimeout(resolve, limitMs, undefined).unref());
      await Promise.race([noted ?? late, late]);
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

/** Whether an app still answers HTTP, whatever it says. */
async function look(origin: string, ca: string | undefined): Promise<'answers' | 'hangs' | 'gone'> {
  for (let tries = 1; ; tries += 1) {
    const wait = beginWait(HANGS_MS);
    try {
      const answer = await request(origin, { dispatcher: agentFor(origin, ca), signal: wait.signal });
      // What else it says is of no interest; a body that is left tells that as an error.
      answer.body.on('error', () => undefined).destroy();
      return 'answers';
    } catch (error) {
      if ((error as Error).name !== 'TimeoutError') return (await listens(origin)) ? 'answers' : 'gone';
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
