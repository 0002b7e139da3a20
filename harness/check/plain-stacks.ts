/**
 * Playwright takes a stack for each fixture, step and expectation, and maps every line of it back to a source. Only own
 * checks of an app are compiled by it: where there are none, a stack names sources as it is. The mapping was a tenth of
 * what a worker did.
 */
import path from 'node:path';

/** Whether Node runs what stands in the files, without Playwright in between. */
const runsAsWritten = path.extname(import.meta.filename) === '.js' || Boolean(process.features.typescript);

/** @param own value of CONFORMANCE_OWN_CHECKS */
export function leaveStacksPlain(own = process.env.CONFORMANCE_OWN_CHECKS): void {
  if (runsAsWritten && (own === undefined || own === '[]'))
    delete (Error as { prepareStackTrace?: unknown }).prepareStackTrace;
}
