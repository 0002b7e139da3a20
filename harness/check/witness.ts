/** What several checks look at, and none of them changes: it is had from the app once, and each judges it by itself. */
import type { CheckFixtures } from './check.ts';

/**
 * One look at the app for several checks. The first check in a worker that asks has it done within itself; the others judge what
 * came of it, and say so in their steps. What a check then holds against the app it has done once more within itself, so that
 * every failure comes with exchanges of its own; what was seen once, and not again, is a failure all the same.
 *
 * Checks that share a look run in one worker: `test.describe.configure({ mode: 'default' })`.
 *
 * @param look has the app do it, within the check that asks; what it throws is kept for nobody
 * @returns runs a judgement, which throws what it holds against the app, over what was seen
 */
export function witness<Needs extends Pick<CheckFixtures, 'meta' | 'step'>, Seen>(
  look: (fixtures: Needs) => Promise<Seen>,
): (fixtures: Needs, judge: (seen: Seen) => void) => Promise<void> {
  let kept: { seen: Seen; by: string } | undefined;
  return async (fixtures, judge) => {
    let before: { broke: unknown } | undefined;
    if (kept) {
      const { seen, by } = kept;
      try {
        await fixtures.step(
          'witness',
          async () => judge(seen),
          () => `Nothing is wrong in what the app did in ${by}.`,
        );
        return;
      } catch (broke) {
        before = { broke };
      }
    }
    const seen = await look(fixtures);
    kept = { seen, by: fixtures.meta.id };
    judge(seen);
    if (before) throw before.broke;
  };
}
