/** The replay as a table for people: exchange, same or the difference, and the shares by part of the mock. */
import type { ReplayResult, Row } from './replay.ts';

const verdictOf = ({ differences, reason }: Row) =>
  differences.length === 0 ? 'same' : reason ? `listed: ${reason}` : `DIFFERENT ${differences.join(' · ')}`;

const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`;

/** @param options.all prints the exchanges that are the same, too */
export function replayTable({ rows, total, same }: ReplayResult, { all = true } = {}): string {
  const shown = all ? rows : rows.filter(({ differences }) => differences.length > 0);
  const width = Math.max(...rows.map(({ name }) => name.length));
  const lines = shown.map((row) => `${row.number}  ${row.name.padEnd(width)}  ${verdictOf(row)}`);
  const owners = [...new Set(rows.map(({ owner }) => owner))].map((owner) => {
    const own = rows.filter((row) => row.owner === owner);
    const good = own.filter(({ differences }) => differences.length === 0).length;
    return `  ${owner.padEnd(12)} ${good} of ${own.length} (${percent(good, own.length)})`;
  });
  return [
    ...lines,
    '',
    `${same} of ${total} recorded exchanges are the same: ${percent(same, total)}`,
    ...owners,
  ].join('\n');
}
