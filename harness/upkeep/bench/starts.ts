/** Seconds until a command has said what somebody waits for, each several times, the first one left out. */
import path from 'node:path';
import { ROOT } from '../../config/defaults.ts';
import { measure, median } from './measure.ts';

export interface Start {
  what: string;
  /** Seconds at most. */
  goal: number;
  wall: number;
  cpu: number;
}

const BIN = path.join(ROOT, 'harness/bin.js');

/** @param times how often each is measured; once more before that warms the caches */
export async function measureStarts(options: {
  times: number;
  out: string;
  config?: string;
}): Promise<Start[]> {
  const { times, out, config } = options;
  const target = ['--out', out, ...(config ? ['--config', config] : [])];
  const wanted: { what: string; goal: number; args: string[]; word?: RegExp; until?: boolean }[] = [
    { what: '`--help`', goal: 0.3, args: ['--help'] },
    { what: '`list`', goal: 0.3, args: ['list'] },
    { what: '`explain id-token/expired`', goal: 0.3, args: ['explain', 'id-token/expired'] },
    { what: '`mocks` until ready', goal: 0.6, args: ['mocks'], word: /AUTH_LOGTO_SECRET=/, until: true },
    { what: '`run --quick`', goal: 2.5, args: ['run', '--quick', ...target] },
    { what: '`run id-token/expired`', goal: 3, args: ['run', 'id-token/expired', ...target] },
    {
      what: '`run` until the first check has ended',
      goal: 2.5,
      args: ['run', 'redirect', '--verbose', ...target],
      word: /^\s*✓|✓ pass|pass {2,}redirect\//m,
      until: true,
    },
  ];
  const starts: Start[] = [];
  for (const { what, goal, args, word, until } of wanted) {
    const all = [];
    for (let count = 0; count <= times; count += 1)
      all.push(await measure([BIN, ...args], { cwd: ROOT, words: word ? [word] : [], until }));
    const counted = all.slice(1);
    starts.push({
      what,
      goal,
      wall: median(counted.map(({ said, wall }) => said[0] ?? wall)),
      cpu: median(counted.map(({ cpu }) => cpu)),
    });
  }
  return starts;
}
