/** The sets of recordings: each is another tenant, with a beginning and an order of its own. */
import { firstDifferences, secondDifferences } from './differences.ts';
import { leftOut, offRecord } from './off-record.ts';
import { RECORDINGS, type Recording, SECOND_RECORDINGS } from './recordings.ts';
import { beginSecondSet, secondSteps } from './second-set/steps.ts';
import type { RecordingSet } from './state.ts';

export const firstSet: RecordingSet = {
  name: 'logto',
  folder: RECORDINGS,
  counts: (number) => number >= 101 && number <= 677,
  when: (number) => number,
  userAgent: 'recorder/1.0',
  provisioned: true,
  stepsBefore: ({ number }) => [offRecord[number] ?? []].flat(),
  leftOut,
  differences: firstDifferences,
};

/** Flows of the second set in the order of time (its README). */
const SECOND_ORDER: [first: number, last: number][] = [
  [701, 774],
  [860, 893],
  [780, 835],
  [895, 908],
  [836, 859],
  [909, 976],
  [978, 998],
  [775, 779],
  [894, 894],
  [977, 977],
  [999, 999],
];

export const secondSet: RecordingSet = {
  name: 'logto-2',
  folder: SECOND_RECORDINGS,
  counts: (number) => number >= 701 && number <= 999,
  when(number) {
    const flow = SECOND_ORDER.findIndex(([first, last]) => number >= first && number <= last);
    return flow * 1000 + number;
  },
  userAgent: undefined,
  provisioned: false,
  begin: beginSecondSet,
  stepsBefore: secondSteps,
  leftOut: {},
  differences: secondDifferences,
};

export const sets: readonly RecordingSet[] = [firstSet, secondSet];

/** The set that recordings are from, by their numbers. */
export const setOf = (recordings: readonly Recording[]): RecordingSet =>
  recordings.some(({ number }) => secondSet.counts(number)) ? secondSet : firstSet;
