/** Whether something that was measured again and again still grows. */

export interface Sample {
  /** How much had been done, such as sign-ins. */
  done: number;
  /** What was measured then, such as bytes. */
  value: number;
}

/** The line that fits samples best (least squares): how much the value grows with each thing that is done. */
export function slopeOf(samples: readonly Sample[]): number {
  const mean = (pick: (sample: Sample) => number) =>
    samples.reduce((sum, each) => sum + pick(each), 0) / samples.length;
  const [done, value] = [mean((each) => each.done), mean((each) => each.value)];
  const spread = samples.reduce((sum, each) => sum + (each.done - done) ** 2, 0);
  if (spread === 0) return 0;
  return samples.reduce((sum, each) => sum + (each.done - done) * (each.value - value), 0) / spread;
}

export interface Flatness {
  /** What each thing that is done adds, over the last half. */
  perOne: number;
  /** What the last half added, as a part of what there was in its middle. */
  share: number;
  flat: boolean;
}

/**
 * Judges the last half of the samples: what was done before fills what is bounded.
 *
 * @param most part by which the last half may grow (0.05: five per cent)
 * @throws Error when there are fewer than four samples in that half: a line through less proves nothing
 */
export function flatness(samples: readonly Sample[], most: number): Flatness {
  const last = samples.at(-1)?.done ?? 0;
  const half = samples.filter(({ done }) => done >= last / 2);
  if (half.length < 4) throw new Error(`${half.length} samples in the last half are too few to judge`);
  const perOne = slopeOf(half);
  const span = (half.at(-1) as Sample).done - (half[0] as Sample).done;
  const middle = half.reduce((sum, { value }) => sum + value, 0) / half.length;
  const share = middle === 0 ? 0 : (perOne * span) / middle;
  return { perOne, share, flat: share <= most };
}
