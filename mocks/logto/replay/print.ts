/** Prints the replay tables of all sets: `npm run replay -- [--all] [set]`. */
import { loadRecordings } from './recordings.ts';
import { replayRecordings } from './replay.ts';
import { sets } from './sets.ts';
import { replayTable } from './table.ts';

const named = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
let failed = false;
for (const set of sets.filter(({ name }) => named.length === 0 || named.includes(name))) {
  const result = await replayRecordings(loadRecordings(set.folder));
  console.log(`${set.name}\n${replayTable(result, { all: process.argv.includes('--all') })}\n`);
  failed ||= result.unexplained.length > 0 || result.stale.length > 0;
}
process.exit(failed ? 1 : 0);
