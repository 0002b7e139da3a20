/** What one replay knows while it goes on. */
import type { createPairs } from './pairs.ts';
import type { Provision } from './provision.ts';
import type { Recording } from './recordings.ts';
import type { Beginning, World } from './world.ts';

export interface Replay {
  world: World;
  provision: Provision;
  recordings: readonly Recording[];
  pairs: ReturnType<typeof createPairs>;
  /** Live one-time codes by the recorded ones. */
  codes: Map<string, string>;
  /** Live codes by live verification ids. */
  sent: Map<string, string>;
  /** Live client secrets that a recorded one stands for. */
  secretsUsed: Set<string>;
}

/** What was done between two recordings without being written down. */
export type Step = (replay: Replay, recording: Recording) => Promise<void>;

/** A set of recordings: a tenant with a beginning and an order of its own. */
export interface RecordingSet extends Beginning {
  name: string;
  folder: string;
  /** Whether an exchange counts; the others are set up from their own requests. */
  counts(number: number): boolean;
  /** Where a number stands in time. */
  when(number: number): number;
  begin?(replay: Replay): Promise<void>;
  /** Steps before an exchange, in order. */
  stepsBefore(recording: Recording): Step[];
  /** Request headers that the recorder did not keep. */
  leftOut: Readonly<Record<number, Record<string, string>>>;
  /** Why an exchange is not the same. */
  differences: Readonly<Record<number, string>>;
}
