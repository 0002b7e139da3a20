/** A target that we start: a command in its own process group, its output kept, gone at the end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { request } from 'undici';
import { ConformanceError } from '../errors.ts';
import { agentFor, certificateTrouble } from '../user-agents/certificates.ts';
import type { TargetLog } from './target-log.ts';

export interface RunningCommand {
  child: ChildProcess;
  /** Settles when the process ends: its exit code, or the signal's name. */
  ended: Promise<number | string>;
  stop(): Promise<void>;
}

/**
 * Starts a shell command in a process group of its own.
 *
 * A watchdog beside it ends the group when this process is killed, so that nothing is left behind even after kill -9.
 */
export function startCommand(options: {
  command: string;
  cwd: string;
  env: NodeJS.ProcessEnv;
  log: TargetLog;
}): RunningCommand {
  const { command, cwd, env, log } = options;
  const child = spawn(command, { cwd, env, shell: true, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8');
    stream?.on('data', (chunk: string) => log.write(chunk));
  }
  const ended = new Promise<number | string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code ?? signal ?? 0));
  });
  const watchdog = child.pid ? startWatchdog(child.pid) : undefined;
  return {
    child,
    ended,
    async stop() {
      end(child.pid, 'SIGTERM');
      const gone = await Promise.race([
        ended.then(() => true),
        new Promise((resolve) => setTimeout(resolve, 3000, false).unref()),
      ]);
      if (!gone) end(child.pid, 'SIGKILL');
      await ended;
      end(child.pid, 'SIGKILL');
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
function startWatchdog(group: number): ChildProcess {
  const script = `process.stdin.resume();process.stdin.on('close',()=>{try{process.kill(-${group},'SIGKILL')}catch{}process.exit()})`;
  const watchdog = spawn(process.execPath, ['-e', script], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.unref();
  (watchdog.stdin as unknown as { unref?(): void })?.unref?.();
  return watchdog;
}

/** Runs a command to its end; throws CONF_PREPARE_FAILED with its last lines when it fails. */
export async function runToEnd(options: {
  command: string;
  cwd: string;
  env: NodeJS.ProcessEnv;
  log: TargetLog;
}): Promise<void> {
  const running = startCommand(options);
  const result = await running.ended;
  await running.stop();
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
}): Promise<void> {
  const { url, limitSeconds, log, ended, command, ca } = options;
  const deadline = Date.now() + limitSeconds * 1000;
  let exit: number | string | undefined;
  void ended?.then((code) => {
    exit = code;
  });
  const tail = () => (log?.tail(12).length ? `\n${log.tail(12).join('\n').replace(/^/gm, '    | ')}` : '');
  let reason = 'no answer';
  while (Date.now() < deadline) {
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
        signal: AbortSignal.timeout(Math.max(1, Math.min(5000, deadline - Date.now()))),
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
  throw new ConformanceError({
    code: 'CONF_TARGET_UNREACHABLE',
    what: `the app at ${url} did not answer within ${limitSeconds} s (${reason})${tail()}`,
    expected: 'an HTTP answer at that address (target.url, target.port, target.readyTimeout)',
    remedy: command
      ? 'make the app listen on the port in $PORT, or raise --ready-timeout.'
      : 'start the app first, or correct --url.',
  });
}
