import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadRecordings } from './recordings.ts';
import { type ReplayResult, replayRecordings } from './replay.ts';
import { sets } from './sets.ts';
import { byOwner, replayTable } from './table.ts';

/** Rows of the table in docs/fidelity.md, by the part of the mock. */
const AREAS = {
  oidc: 'OpenID provider (`/oidc`)',
  experience: 'Experience API',
  management: 'Management and Account API',
  pages: 'pages (status, headers, cookies)',
};
const shares = new Map<string, ReplayResult>();

describe.each(sets)('the mock against the recordings of $name', (set) => {
  let result: ReplayResult;
  const recordings = loadRecordings(set.folder);
  beforeAll(async () => {
    result = await replayRecordings(recordings);
    shares.set(set.name, result);
    console.log(`${set.name}\n${replayTable(result, { all: false })}`);
  }, 120_000);

  it('answers at least 97 % of the recorded exchanges the same', () => {
    expect(result.total).toBeGreaterThan(190);
    expect(result.same / result.total).toBeGreaterThanOrEqual(0.97);
  });

  it('has a reason for every exchange that is not the same', () => {
    expect(result.unexplained.map(({ number, differences }) => ({ number, differences }))).toEqual([]);
  });

  it('lists nothing as different that is the same', () => {
    expect(result.stale.map(({ number }) => number)).toEqual([]);
    const numbers = recordings.map(({ number }) => number);
    expect(
      Object.keys(set.differences)
        .map(Number)
        .filter((number) => !numbers.includes(number)),
    ).toEqual([]);
  });

  it('gives the same table on a second run', async () => {
    const again = await replayRecordings(recordings);
    expect(again.rows.map(({ number, differences }) => [number, differences.length])).toEqual(
      result.rows.map(({ number, differences }) => [number, differences.length]),
    );
  }, 120_000);
});

describe('what the documentation says of the replay', () => {
  const root = path.join(import.meta.dirname, '../../..');
  it.each(['README.md', 'docs/fidelity.md'])('%s tells the measured shares', (file) => {
    const text = readFileSync(path.join(root, file), 'utf8');
    for (const { same, total } of shares.values()) {
      const share = `${((100 * same) / total).toFixed(1)} %`;
      expect(text).toMatch(new RegExp(`\\b${same} of ${total}\\b[^.;]*${share.replace('.', '\\.')}`));
    }
  });
  it('the table of docs/fidelity.md is the measured one, area by area', () => {
    const text = readFileSync(path.join(root, 'docs/fidelity.md'), 'utf8');
    const measured = sets.map(({ name }) => byOwner(shares.get(name) as ReplayResult));
    for (const [owner, area] of Object.entries(AREAS)) {
      const cells = measured.map((shareOf) => {
        const { good = 0, all = 0 } = shareOf.get(owner) ?? {};
        return `${good} of ${all}`;
      });
      expect(text).toContain(`| ${area} | ${cells.join(' | ')} |`);
    }
    expect([...new Set(measured.flatMap((shareOf) => [...shareOf.keys()]))].sort()).toEqual(
      Object.keys(AREAS).sort(),
    );
  });
  afterAll(() => shares.clear());
});
