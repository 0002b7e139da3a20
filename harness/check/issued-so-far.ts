/** What this run has given out before the check that is under way, as far as this worker has heard of it. */
import type { IssuedIndex } from './issued-in.ts';

export const issuedSoFar: IssuedIndex = new Map();
