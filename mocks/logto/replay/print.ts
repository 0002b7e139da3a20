/** Prints the replay table: `npx tsx mocks/logto/replay/print.ts [--all]`. */
import { replayRecordings } from './replay.ts';
import { replayTable } from './table.ts';

const result = await replayRecordings();
console.log(replayTable(result, { all: process.argv.includes('--all') }));
process.exit(result.unexplained.length || result.stale.length ? 1 : 0);
