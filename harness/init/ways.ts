/** The ways in which a function can end. */

/** How a guard ends: both `redirect` and `refuse` (401, 403) send away, `pass` lets through. */
export type Ending = 'redirect' | 'refuse' | 'pass';

/**
 * The same inside: what is thrown, or sent by the response itself, ends whoever called as well; `go on` is the end of a piece of
 * a function.
 */
export type Way = Ending | 'thrown redirect' | 'thrown refuse' | 'go on';

export const thrown = (sent: 'redirect' | 'refuse'): Way => `thrown ${sent}`;
export const isThrownWay = (way: Way) => way.startsWith('thrown ');
export const isSent = (way: Way) => way !== 'pass' && way !== 'go on';
export const GO_ON: readonly Way[] = ['go on'];

/** What somebody who asks from outside sees of them. */
export const plain = (ways: ReadonlySet<Way>): Set<Ending> =>
  new Set([...ways].map((way) => (way === 'go on' ? 'pass' : (way.replace('thrown ', '') as Ending))));
