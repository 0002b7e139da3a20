/** What the recorder did between two recordings without writing it down, told by number of the exchange it prepares. */
import type { Recording } from './recordings.ts';
import type { Replay } from './replay.ts';

type Step = (replay: Replay, recording: Recording) => Promise<void>;

export const offRecord: Record<number, Step> = {};
