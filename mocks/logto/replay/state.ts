/** What one replay knows while it goes on. */
import type { createPairs } from './pairs.ts';
import type { Provision } from './provision.ts';
import type { Recording } from './recordings.ts';
import type { World } from './world.ts';

export interface Replay {
  world: World;
  provision: Provision;
  recordings: readonly Recording[];
  pairs: ReturnType<typeof createPairs>;
  /** Live one-time codes by the recorded ones. */
  codes: Map<string, string>;
  /** Live codes by live verification ids. */
  sent: Map<string, string>;
}
