/** A target that we start: a command in its own process group, its output kept, gone at the end with all it started. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { request } from 'undici';
import { ConformanceError } from '../errors.ts';
import { endMarked, listeningPorts, MARK, marked } from '../machine/marked-processes.js';
import { nextMark } from '../machine/run-mark.ts';
import { atMost } from '../machine/signals.ts';
import { agentFor, certificateTrouble } from '../user-agents/certificates.ts';
import type { TargetLog } from './target-log.ts';

/** Milliseconds that output may come later than the end of a process; a child may hold the pipe open for ever. */
const LAST_OUTPUT_MS = 1_000;
/** Milliseconds that a command may take to end when it is asked to. */
const ENDING_MS = 3_000;
/** Minutes that a build may take. */
const BUILD_MINUTES = 30;

export interface RunningCommand {
  child: ChildProcess;
  /**
   * Settles when the app has ended: its exit code, or the signal's name. A shell that ends with 0 and leaves the app in the
   * background has not ended it.
   */
  ended: Promise<number | string>;
  /** Settles when the process itself has ended, whatever it left behind. */
  exited: Promise<number | string>;
  /** TCP ports that it listens on, where the system tells. */
  ports(): number[];
  /** Ends it and everything that it started. */
  stop(): Promise<void>;
}

/**
 * Starts a shell command in a process group of its own.
 *
 * A watchdog beside it ends the group, and what left the group, when this process is killed.
 */
export function startCommand(options: {
  command: string;
  cwd: string;
  env: NodeJS.ProcessEnv;
  log: TargetLog;
}): RunningCommand {
  const { command, cwd, env, log } = options;
  const mark = nextMark();
  const child = spawn(command, {
    cwd,
    env: { ...env, [MARK]: mark },
    shell: true,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8');
    stream?.on('data', (chunk: string) => log.write(chunk));
  }
  const closed = new Promise<number | string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code ?? signal ?? 0));
  });
  const exited = new Promise<number | string>((resolve) => {
    child.once('exit', (code, signal) => {
      void atMost(LAST_OUTPUT_MS, closed).then(() => resolve(code ?? signal ?? 0));
    });
    void closed.then(resolve);
  });
  const ended = exited.then((result) => (result === 0 && marked(mark).length > 0 ? closed : result));
  const watchdog = child.pid ? startWatchdog(child.pid, mark) : undefined;
  return {
    child,
    ended,
    exited,
    ports: () => listeningPorts(mark),
    async stop() {
      end(child.pid, 'SIGTERM');
      endMarked(mark, 'SIGTERM');
      await atMost(ENDING_MS, closed);
      end(child.pid, 'SIGKILL');
      endMarked(mark);
      // Somebody else may hold the pipe: it is of no interest any more.
      await atMost(LAST_OUTPUT_MS, closed);
      for (const stream of [child.stdout, child.stderr]) stream?.destroy();
      watchdog?.kill();
    },
  };
}

function end(group: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (group) process.kill(-group, signal);
  } catch {
    // already gone
  }
}

/** Reads from a pipe that only this process holds open: its end means that this process is gone. */
function startWatchdog(group: number, mark: string): ChildProcess {
  const script = path.join(import.meta.dirname, '../machine/watchdog.js');
  const watchdog = spawn(process.execPath, [script, String(group), mark], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.once('error', () => undefined);
  watchdog.unref();
  (watchdog.stdin as unknown as { unref?(): void })?.unref?.();
  return watchdog;
}

const aborted = (signal: AbortSignal): Promise<string> =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve('nothing: nobody waits for it any more'), { once: true });
  });

/** Runs a command to its end; throws CONF_PREPARE_FAILED with its last lines when it fails, or takes too long. */
export async function runToEnd(options: {
  command: string;
  cwd: string;
  env: NodeJS.ProcessEnv;
  log: TargetLog;
  /** Ends it. */
  signal?: AbortSignal;
}): Promise<void> {
  const { signal } = options;
  signal?.throwIfAborted();
  const running = startCommand(options);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, BUILD_MINUTES * 60_000, `nothing within ${BUILD_MINUTES} minutes`);
  });
  const result = await Promise.race([running.exited, late, ...(signal ? [aborted(signal)] : [])]);
  clearTimeout(timer);
  await running.stop();
  signal?.throwIfAborted();
  if (result === 0) return;
  throw new ConformanceError({
    code: 'CONF_PREPARE_FAILED',
    what: `\`${options.command}\` ended with ${result}:\n${options.log.tail(15).join('\n').replace(/^/gm, '    | ')}`,
    expected: 'a build that succeeds (target.prepare)',
    remedy: `run it yourself in ${options.cwd} and mend what it says.`,
  });
}

/**
 * Waits until the app answers HTTP at its origin.
 *
 * @throws ConformanceError CONF_TARGET_EXITED (with the app's last lines), CONF_TARGET_CERTIFICATE or CONF_TARGET_UNREACHABLE
 */
export async function waitUntilReady(options: {
  url: string;
  limitSeconds: number;
  log?: TargetLog;
  ended?: Promise<number | string>;
  command?: string;
  ca?: string;
  /** Ports that it listens on, where they can be known. */
  ports?: () => number[];
  /** Ends the wait: its reason is thrown. */
  signal?: AbortSignal;
}): Promise<void> {
  const { url, limitSeconds, log, ended, command, ca, ports = () => [], signal } = options;
  const deadline = Date.now() + limitSeconds * 1000;
  let exit: number | string | undefined;
  void ended?.then((code) => {
    exit = code;
  });
  const tail = () => (log?.tail(12).length ? `\n${log.tail(12).join('\n').replace(/^/gm, '    | ')}` : '');
  let reason = 'no answer';
  while (Date.now() < deadline) {
    signal?.throwIfAborted();
    if (exit !== undefined) {
      throw new ConformanceError({
        code: 'CONF_TARGET_EXITED',
        what: `the app ended with ${exit} before it answered; its last lines:${tail() || ' none'}`,
        expected: `\`${command}\` keeps running and listens on the port in $PORT (target.command)`,
        remedy: 'start it by hand with the same command and mend what it says.',
      });
    }
    try {
      // A TCP connection is not enough: a server may accept before it can answer.
      const answer = await request(url, {
        dispatcher: agentFor(url, ca),
        signal: AbortSignal.any([
          AbortSignal.timeout(Math.max(1, Math.min(5000, deadline - Date.now()))),
          ...(signal ? [signal] : []),
        ]),
      });
      await answer.body.dump();
      return;
    } catch (error) {
      const { code, name } = error as { code?: string; name: string };
      const untrusted = certificateTrouble(new URL(url).origin, code);
      if (untrusted) throw new ConformanceError(untrusted);
      // The last try is cut short by the end of the time, which says nothing about the app.
      if (name !== 'TimeoutError') reason = code ?? name;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
  const elsewhere = ports().filter((port) => port !== portOf(new URL(url)));
  const where = elsewhere.length ? `; it listens on port ${elsewhere.join(' and ')}` : '';
  throw new ConformanceError({
    code: 'CONF_TARGET_UNREACHABLE',
    what: `the app at ${url} did not answer within ${limitSeconds} s (${reason})${where}${tail()}`,
    expected: 'an HTTP answer at that address (target.url, target.port, target.readyTimeout)',
    remedy: command
      ? 'make the app listen on the port in $PORT, or raise --ready-timeout.'
      : 'start the app first, or correct --url.',
  });
}

/** The port of an origin; the usual one of its scheme when it names none. */
export const portOf = ({ port, protocol }: URL): number => Number(port) || (protocol === 'https:' ? 443 : 80);
