/** A replay that could look away would be worth nothing: each recording is changed in one thing, and must be reported. */
import { describe, expect, it } from 'vitest';
import { compare, UNKEPT } from './compare.ts';
import { mutationsOf } from './mutations.ts';
import { loadRecordings } from './recordings.ts';
import { type Replayed, replayRecordings } from './replay.ts';
import { sets } from './sets.ts';

describe.each(sets)('recordings of $name with one thing changed', (set) => {
  it('are all reported', async () => {
    const kept: Replayed[] = [];
    await replayRecordings(loadRecordings(set.folder), (replayed) => kept.push(replayed));
    expect(kept.length).toBeGreaterThan(190);
    let changed = 0;
    const overlooked: string[] = [];
    for (const { recording, answer, pairs } of kept) {
      const unkept = UNKEPT.test(String(recording.response.body));
      for (const { what, recording: mutant } of mutationsOf(recording)) {
        // The text of a body that was not kept says only that there was one.
        if (unkept && what === 'body changed') continue;
        changed += 1;
        if (compare(mutant, answer, pairs.overlay()).length === 0)
          overlooked.push(`${recording.number} ${recording.name}: ${what}`);
      }
    }
    expect(overlooked).toEqual([]);
    expect(changed).toBeGreaterThan(2000);
  }, 240_000);
});
