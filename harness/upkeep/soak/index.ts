/**
 * `npm run soak`: whether mocks and driver stay what they are under load. 10,000 people, 200 sign-ins at once, 100,000
 * messages, then 10,000 sign-ins, each by a code to a phone, through the Express target. Nothing may be lost, nobody may get what
 * is somebody else's, and what mocks and driver keep may not grow over the last half.
 *
 * `--people`, `--at-once`, `--messages`, `--sign-ins` take other numbers (0 messages or sign-ins: none of them), `--config FILE` another target whose session shows name and
 * e-mail address, `--write` puts the table into docs/benchmarks.md. Exit codes: 0 all held, 1 something did not.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_CONFIG, ROOT } from '../../config/defaults.ts';
import { loadConfig } from '../../config/load-config.ts';
import { startLab } from '../../lab/lab.ts';
import { load, machine } from '../bench/measure.ts';
import type { Done, Order } from './drive.ts';
import { keptMemory, type Memory } from './memory.ts';
import { flatness, type Sample } from './slope.ts';

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '10000' },
    'at-once': { type: 'string', default: '200' },
    messages: { type: 'string', default: '100000' },
    'sign-ins': { type: 'string', default: '10000' },
    config: { type: 'string', default: DEFAULT_CONFIG },
    write: { type: 'boolean', default: false },
  },
});
const PARTS = 20;
/** Sign-ins that are under way at any time. */
const AT_ONCE = 8;
/** Part by which the last half may grow: what is kept, and what the allocator holds. */
const MOST = { kept: 0.03, resident: 0.1 };
const PAGE = path.join(ROOT, 'docs/benchmarks.md');
const BEGIN = '<!-- soak: written by npm run soak -->';
const END = '<!-- soak: end -->';

const wrong: string[] = [];
const rows: string[][] = [];
const megabytes = (bytes: number) => (bytes / 1_048_576).toFixed(1);
const number = (value: number) => value.toLocaleString('en');

interface Point {
  done: number;
  mocks: Memory;
  driver: Memory;
}

const tell = (driver: ChildProcess, order: Order) =>
  new Promise<Done>((resolve, reject) => {
    driver.once('message', (done) => resolve(done as Done));
    driver.once('exit', (code) => reject(new Error(`the driver ended with ${code}`)));
    driver.send(order);
  });

async function phase(driver: ChildProcess, what: string, order: Order): Promise<Omit<Point, 'done'>> {
  const done = await tell(driver, order);
  driver.removeAllListeners('exit');
  const mocks = await keptMemory();
  for (const each of done.wrong) wrong.push(`${what}: ${each}`);
  process.stdout.write(
    `${what}: ${done.seconds.toFixed(1)} s; kept by mocks ${megabytes(mocks.kept)} MB, driver ${megabytes(done.memory.kept)} MB; ${done.wrong.length} wrong${done.wrong[0] ? `, the first: ${done.wrong[0]}` : ''}\n`,
  );
  return { mocks, driver: done.memory };
}

/** Does something in parts, and measures after each; nothing, where nothing is to be done. */
async function inParts(
  driver: ChildProcess,
  what: string,
  total: number,
  order: (from: number, count: number) => Order,
): Promise<Point[]> {
  const points: Point[] = [];
  if (total === 0) return points;
  for (let part = 0; part < PARTS; part += 1) {
    const from = Math.round((total * part) / PARTS);
    const to = Math.round((total * (part + 1)) / PARTS);
    points.push({ done: to, ...(await phase(driver, `${what} to ${number(to)}`, order(from, to - from))) });
  }
  return points;
}

/** Lines of the table for what was measured of mocks and driver, and what of it grew. */
function judge(what: string, points: readonly Point[]): void {
  if (points.length === 0) return;
  for (const who of ['mocks', 'driver'] as const)
    for (const kind of ['kept', 'resident'] as const) {
      const samples: Sample[] = points.map((point) => ({ done: point.done, value: point[who][kind] }));
      const { perOne, share, flat } = flatness(samples, MOST[kind]);
      const at = (part: number) => megabytes(samples[Math.round((samples.length - 1) * part)]?.value ?? 0);
      rows.push([
        what,
        who,
        kind === 'kept' ? 'kept after a collection' : 'resident set',
        at(0),
        at(0.5),
        at(1),
        perOne.toFixed(0),
        `${(100 * share).toFixed(1)} %`,
      ]);
      if (!flat)
        wrong.push(
          `${what}: ${kind} memory of the ${who} grew by ${(100 * share).toFixed(1)} % over the last half, ${perOne.toFixed(0)} bytes for each`,
        );
    }
}

const table = (head: string[], lines: string[][]) =>
  [head, head.map((_, index) => (index < 3 ? ':--' : '--:')), ...lines]
    .map((line) => `| ${line.join(' | ')} |`)
    .join('\n');

const begun = performance.now();
const lab = await startLab(await loadConfig({ file: values.config }));
const driver = fork(path.join(import.meta.dirname, 'drive.ts'), [lab.file], { cwd: ROOT });
try {
  await once(driver, 'message');
  const [people, atOnce, messages, signIns] = (['people', 'at-once', 'messages', 'sign-ins'] as const).map(
    (name) => Number(values[name]),
  ) as [number, number, number, number];
  await phase(driver, `${number(people)} people`, { do: 'people', from: 0, count: people });
  await phase(driver, `${number(atOnce)} sign-ins at once`, { do: 'at-once', count: atOnce });
  judge(
    `${number(messages)} messages`,
    await inParts(driver, 'messages', messages, (from, count) => ({
      do: 'messages',
      from,
      count,
      atOnce: 16,
    })),
  );
  judge(
    `${number(signIns)} sign-ins`,
    await inParts(driver, 'sign-ins', signIns, (from, count) => ({
      do: 'sign-ins',
      from,
      count,
      atOnce: AT_ONCE,
    })),
  );
  driver.send({ do: 'end' } satisfies Order);
  const text = [
    `${machine()}; ${load()} when it ended; ${Math.round((performance.now() - begun) / 60_000)} minutes.`,
    `${number(people)} people at one tenant, ${number(atOnce)} sign-ins at once, ${number(messages)} messages, ${number(signIns)} sign-ins by a code (${AT_ONCE} at any time), target \`express\`: ${
      wrong.length
        ? `**${wrong.length} things went wrong**`
        : 'nothing was lost, everybody had their own session and their own message, and memory was flat'
    }.`,
    table(
      [
        '',
        'process',
        'MB',
        'after the first part',
        'half-way',
        'at the end',
        'bytes for each, last half',
        'growth of the last half',
      ],
      rows,
    ),
  ].join('\n\n');
  process.stdout.write(`\n${text}\n`);
  for (const each of wrong.slice(0, 20)) process.stdout.write(`WRONG ${each}\n`);
  if (values.write) {
    const page = readFileSync(PAGE, 'utf8');
    const [before, rest] = page.split(BEGIN) as [string, string];
    writeFileSync(PAGE, `${before}${BEGIN}\n\n${text}\n\n${rest.slice(rest.indexOf(END))}`);
  }
} finally {
  if (driver.connected) driver.kill();
  await lab.stop();
}
process.exit(wrong.length ? 1 : 0);
