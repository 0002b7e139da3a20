/** The replay as a table for people: exchange, same or the difference, and the shares by part of the mock. */
import type { ReplayResult, Row } from './replay.ts';

const verdictOf = ({ differences, reason }: Row) =>
  differences.length === 0 ? 'same' : reason ? `listed: ${reason}` : `DIFFERENT ${differences.join(' · ')}`;

const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`;

/** Exchanges that are the same, and all, by part of the mock. */
export function byOwner({ rows }: ReplayResult): Map<string, { good: number; all: number }> {
  const shares = new Map<string, { good: number; all: number }>();
  for (const { owner, differences } of rows) {
    const { good, all } = shares.get(owner) ?? { good: 0, all: 0 };
    shares.set(owner, { good: good + (differences.length === 0 ? 1 : 0), all: all + 1 });
  }
  return shares;
}

/** @param options.all prints the exchanges that are the same, too */
export function replayTable(result: ReplayResult, { all = true } = {}): string {
  const { rows, total, same } = result;
  const shown = all ? rows : rows.filter(({ differences }) => differences.length > 0);
  const width = Math.max(...rows.map(({ name }) => name.length));
  const lines = shown.map((row) => `${row.number}  ${row.name.padEnd(width)}  ${verdictOf(row)}`);
  const owners = [...byOwner(result)].map(
    ([owner, { good, all: own }]) => `  ${owner.padEnd(12)} ${good} of ${own} (${percent(good, own)})`,
  );
  return [
    ...lines,
    '',
    `${same} of ${total} recorded exchanges are the same: ${percent(same, total)}`,
    ...owners,
  ].join('\n');
}
