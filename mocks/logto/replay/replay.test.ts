import { beforeAll, describe, expect, it } from 'vitest';
import { knownDifferences } from './differences.ts';
import { loadRecordings } from './recordings.ts';
import { type ReplayResult, replayRecordings } from './replay.ts';
import { replayTable } from './table.ts';

let result: ReplayResult;
beforeAll(async () => {
  result = await replayRecordings();
  console.log(replayTable(result));
}, 120_000);

describe('the mock against recordings of a real Logto', () => {
  it('answers at least 97 % of the recorded exchanges the same', () => {
    expect(result.total).toBeGreaterThan(300);
    expect(result.same / result.total).toBeGreaterThanOrEqual(0.97);
  });

  it('has a reason for every exchange that is not the same', () => {
    expect(result.unexplained.map(({ number, differences }) => ({ number, differences }))).toEqual([]);
  });

  it('lists nothing as different that is the same', () => {
    expect(result.stale.map(({ number }) => number)).toEqual([]);
    const numbers = loadRecordings().map(({ number }) => number);
    expect(
      Object.keys(knownDifferences)
        .map(Number)
        .filter((number) => !numbers.includes(number)),
    ).toEqual([]);
  });

  it('gives the same table on a second run', async () => {
    const again = await replayRecordings();
    expect(again.rows.map(({ number, differences }) => [number, differences.length])).toEqual(
      result.rows.map(({ number, differences }) => [number, differences.length]),
    );
  }, 120_000);
});
