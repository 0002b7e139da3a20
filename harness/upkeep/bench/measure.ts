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
}

/** Clock ticks a second of proc(5); a hundred on every Linux that Node runs on. */
const TICKS = 100;

/** CPU seconds of the children that have ended, and of theirs (proc(5): cutime and cstime). */
function cpuOfChildren(): number {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[13]) + Number(fields[14])) / TICKS;
  } catch {
    return Number.NaN;
  }
}

const KINDS: [RegExp, string][] = [
  [/workerProcessEntry/, 'worker'],
  [/@playwright\/test\/cli/, 'runner'],
  [/bin\.js connector/, 'certification of the connector'],
  [/watchdog/, 'watchdog'],
  [/bin\.js/, 'command with mocks'],
  [/--type=|chrom/i, 'browser'],
];

/** Largest resident set so far of a process and its descendants, by what they are. */
function noteMemory(root: number, memory: Map<string, number>): void {
  const parents = new Map<number, number>();
  try {
    for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each)))
      try {
        const parent = readFileSync(`/proc/${name}/stat`, 'utf8')
          .replace(/^.*\) /s, '')
          .split(' ')[1];
        parents.set(Number(name), Number(parent));
      } catch {
        // it has ended meanwhile
      }
  } catch {
    return;
  }
  const isOurs = (pid: number | undefined): boolean =>
    pid === root || (pid !== undefined && pid > 1 && isOurs(parents.get(pid)));
  for (const pid of [...parents.keys()].filter(isOurs))
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      const kind = KINDS.find(([pattern]) => pattern.test(command))?.[1] ?? 'app';
      memory.set(kind, Math.max(memory.get(kind) ?? 0, Math.round(Number(peak ?? 0) / 1024)));
    } catch {
      // it has ended meanwhile
    }
}

/** Milliseconds between two looks at the memory of the processes. */
const LOOK_MS = 500;

/**
 * Runs a command to its end.
 *
 * @param options.words texts to wait for in what it prints
 * @param options.until it is interrupted when the last of the words was printed
 * @param options.watchesMemory looks at its processes twice a second, which costs a little CPU of this one
 */
export async function measure(
  args: readonly string[],
  options: {
    cwd: string;
    words?: RegExp[];
    until?: boolean;
    watchesMemory?: boolean;
    env?: NodeJS.ProcessEnv;
  },
): Promise<Measured> {
  const { words = [], memory } = { ...options, memory: new Map<string, number>() };
  const cpuBefore = cpuOfChildren();
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
  const looks = options.watchesMemory && setInterval(() => noteMemory(child.pid as number, memory), LOOK_MS);
  const [code] = (await once(child, 'close')) as [number | null];
  if (looks) clearInterval(looks);
  return { code, stdout, wall: seconds(), cpu: cpuOfChildren() - cpuBefore, said, memory };
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
