/** How long a command takes, how much of the CPUs, and how large its processes grow. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';

export interface Measured {
  code: number | null;
  stdout: string;
  /** Seconds until it ended. */
  wall: number;
  /** CPU seconds of it and all that it started; NaN where the system does not tell. */
  cpu: number;
  /** Seconds until each of the wanted words was printed. */
  said: (number | undefined)[];
  /** What it started, by its first words → the largest resident set in MB. */
  memory: Map<string, number>;
  /** What it started, by its first words → CPU seconds. */
  shares: Map<string, number>;
}

/** Clock ticks a second of proc(5); a hundred on every Linux that Node runs on. */
const TICKS = 100;

/** What was seen of the processes of a command; an app is killed with its shell, so that nobody's wait() tells of it. */
interface Seen {
  /** Process id → CPU seconds of its own. */
  cpu: Map<number, number>;
  /** What it is → largest resident set in MB. */
  memory: Map<string, number>;
  /** Process id → what it is, as far as it could be read. */
  kinds: Map<number, string>;
}

const KINDS: [RegExp, string][] = [
  [/workerProcessEntry/, 'worker'],
  [/@playwright\/test\/cli/, 'runner'],
  [/bin\.js connector/, 'certification of the connector'],
  [/watchdog/, 'watchdog'],
  [/bench\/floor/, 'player with mocks'],
  [/bin\.js/, 'command with mocks'],
  [/--type=|chrom/i, 'browser'],
];

/** The fields of /proc/<pid>/stat behind the name (proc(5)): state, parent … */
const statOf = (pid: number): string[] =>
  readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');

/** Looks at a process and its descendants. */
function look(root: number, { cpu, memory, kinds }: Seen): void {
  const stats = new Map<number, string[]>();
  let names: string[] = [];
  try {
    names = readdirSync('/proc').filter((each) => /^\d+$/.test(each));
  } catch {
    return;
  }
  for (const name of names)
    try {
      stats.set(Number(name), statOf(Number(name)));
    } catch {
      // it has ended meanwhile
    }
  const isOurs = (pid: number): boolean =>
    pid === root || (pid > 1 && stats.has(pid) && isOurs(Number(stats.get(pid)?.[1])));
  for (const [pid, stat] of stats) {
    if (!isOurs(pid)) continue;
    cpu.set(pid, (Number(stat[11]) + Number(stat[12])) / TICKS);
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      // One that has ended and was not waited for has no command line any more.
      if (!command) continue;
      const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      const kind = KINDS.find(([pattern]) => pattern.test(command))?.[1] ?? 'app';
      kinds.set(pid, kind);
      memory.set(kind, Math.max(memory.get(kind) ?? 0, Math.round(Number(peak ?? 0) / 1024)));
    } catch {
      // it has ended meanwhile
    }
  }
}

/** Milliseconds between two looks: what a process did since the last one before its end is lost. */
const LOOK_MS = 100;

/**
 * Runs a command to its end.
 *
 * @param options.words texts to wait for in what it prints
 * @param options.until it is interrupted when the last of the words was printed
 */
export async function measure(
  args: readonly string[],
  options: {
    cwd: string;
    words?: RegExp[];
    until?: boolean;
    env?: NodeJS.ProcessEnv;
  },
): Promise<Measured> {
  const { words = [] } = options;
  const seen: Seen = { cpu: new Map(), memory: new Map(), kinds: new Map() };
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  const child = spawn(process.execPath, args, {
    cwd: options.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
  });
  const said: (number | undefined)[] = words.map(() => undefined);
  let text = '';
  let stdout = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (stream === child.stdout) stdout += chunk;
      for (const [index, word] of words.entries()) if (word.test(text)) said[index] ??= seconds();
      if (options.until && said.every((each) => each !== undefined)) child.kill('SIGINT');
    });
  const looks = setInterval(() => look(child.pid as number, seen), LOOK_MS);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(looks);
  const cpu = [...seen.cpu.values()].reduce((sum, each) => sum + each, 0);
  const shares = new Map<string, number>();
  for (const [pid, each] of seen.cpu) {
    const kind = seen.kinds.get(pid) ?? 'unknown';
    shares.set(kind, (shares.get(kind) ?? 0) + each);
  }
  return {
    code,
    stdout,
    wall: seconds(),
    cpu: seen.cpu.size ? cpu : Number.NaN,
    said,
    memory: seen.memory,
    shares,
  };
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
};

/** What figures were measured on. */
export const machine = (): string =>
  `${os.availableParallelism()} cores (${os.cpus()[0]?.model.trim() || 'unknown'}), ${process.platform} ${process.arch}, Node ${process.version}`;

/** How busy the machine was with other things: figures that were measured beside others are worth less. */
export const load = (): string => `load ${(os.loadavg()[0] as number).toFixed(1)}`;
