/** What got better or worse between two runs. */
import type { CheckResult, Report, Verdict } from './model.ts';
import { painter } from './terminal-text.ts';
import { day } from './words.ts';

/** How bad a verdict is when runs are compared; checks that stopped or began to apply are neither better nor worse. */
const RANK: Partial<Record<Verdict, number>> = { pass: 0, note: 1, warn: 2, blocked: 3, error: 3, fail: 4 };

export interface Change {
  id: string;
  before: Verdict;
  after: Verdict;
  /** What the app does now. */
  message?: string;
}

export interface ReportDiff {
  before: Pick<Report, 'startedAt' | 'result' | 'exitCode'>;
  after: Pick<Report, 'startedAt' | 'result' | 'exitCode'>;
  better: Change[];
  worse: Change[];
  /** Began or stopped to apply. */
  applies: Change[];
  added: { id: string; verdict: Verdict; message?: string }[];
  gone: { id: string; verdict: Verdict }[];
  unchanged: number;
  /** A check got worse, or the run as a whole did. */
  regression: boolean;
}

const rankOfResult = { conformant: 0, 'passed in part': 0, 'not judged': 1, 'not conformant': 2 } as const;

/** Compares two reports; checks are matched by id, and by the ids they formerly had. */
export function diffReports(before: Report, after: Report): ReportDiff {
  const old = new Map(before.checks.map((check) => [check.id, check]));
  const matched = new Set<string>();
  const pairs: [CheckResult, CheckResult][] = [];
  const added: ReportDiff['added'] = [];
  for (const check of after.checks) {
    const id = [check.id, ...(check.formerly ?? [])].find((each) => old.has(each));
    const former = id === undefined ? undefined : old.get(id);
    if (former) {
      matched.add(former.id);
      pairs.push([former, check]);
    } else
      added.push({ id: check.id, verdict: check.verdict, ...(check.message && { message: check.message }) });
  }
  const changes = pairs
    .filter(([a, b]) => a.verdict !== b.verdict)
    .map(
      ([a, b]): Change => ({
        id: b.id,
        before: a.verdict,
        after: b.verdict,
        ...(b.message && { message: b.message }),
      }),
    );
  const step = ({ before: a, after: b }: Change) =>
    RANK[a] === undefined || RANK[b] === undefined ? undefined : RANK[b] - RANK[a];
  const worse = changes.filter((change) => (step(change) ?? 0) > 0);
  const brief = ({ startedAt, result, exitCode }: Report) => ({ startedAt, result, exitCode });
  return {
    before: brief(before),
    after: brief(after),
    better: changes.filter((change) => (step(change) ?? 0) < 0),
    worse,
    applies: changes.filter((change) => (step(change) ?? 0) === 0),
    added,
    gone: before.checks.filter(({ id }) => !matched.has(id)).map(({ id, verdict }) => ({ id, verdict })),
    unchanged: pairs.length - changes.length,
    regression: worse.length > 0 || rankOfResult[after.result] > rankOfResult[before.result],
  };
}

/** What the model keeps of a comparison. */
export const comparedWith = (before: Report, after: Report): Report['comparedWith'] => {
  const { better, worse, added, gone } = diffReports(before, after);
  const ids = (list: { id: string }[]) => list.map(({ id }) => id);
  return {
    startedAt: before.startedAt,
    better: ids(better),
    worse: ids(worse),
    added: ids(added),
    gone: ids(gone),
  };
};

/** The comparison as text for a terminal. */
export function diffText(diff: ReportDiff, { colour = false } = {}): string {
  const paint = painter(colour);
  const group = (title: string, format: 'red' | 'green' | 'gray', lines: string[]) =>
    lines.length ? ['', `${paint(format, title)} (${lines.length})`, ...lines] : [];
  const change = ({ id, before, after, message }: Change) =>
    `  ${id}: ${before} → ${after}${message && after !== 'pass' ? `\n      ${message}` : ''}`;
  return [
    `${diff.before.result} (${day(diff.before.startedAt)}) → ${diff.after.result} (${day(diff.after.startedAt)})`,
    ...group('Worse', 'red', diff.worse.map(change)),
    ...group('Better', 'green', diff.better.map(change)),
    ...group('Applies differently', 'gray', diff.applies.map(change)),
    ...group(
      'New',
      'gray',
      diff.added.map(({ id, verdict }) => `  ${id}: ${verdict}`),
    ),
    ...group(
      'Gone',
      'gray',
      diff.gone.map(({ id, verdict }) => `  ${id}: was ${verdict}`),
    ),
    '',
    diff.regression
      ? paint('red', 'This is a regression.')
      : `No regression; ${diff.unchanged} checks are as they were.`,
    '',
  ].join('\n');
}
