/** Requests a second that somebody else's app gets at most: each waits for its turn, in this process. */
import { setTimeout as sleep } from 'node:timers/promises';

/** The moment (milliseconds of the epoch) from which on the next request may leave. */
let free = 0;

/**
 * Waits for the turn of one request.
 *
 * @param perSecond requests a second
 */
export async function takeTurn(perSecond: number, now: () => number = Date.now): Promise<void> {
  const at = Math.max(now(), free);
  free = at + 1000 / perSecond;
  const wait = at - now();
  if (wait > 0) await sleep(wait);
}
