/**
 * A thread beside one that loads code of others. When the time is up, what runs there is ended, in the midst of a loop if need
 * be; when that is of no avail, because it waits in the system (`execSync`), the process is killed, with a word.
 */

import { writeSync } from 'node:fs';
import { Session } from 'node:inspector';
import { workerData } from 'node:worker_threads';

/** @type {{ state: Int32Array, afterMs: number, killAfterMs: number, what: string }} */
const { state, afterMs, killAfterMs, what } = workerData;
const session = new Session();
session.connectToMainThread();
const begun = performance.now();

setTimeout(() => {
  const every = setInterval(() => {
    if (Atomics.load(state, 0) === 1) return clearInterval(every);
    Atomics.store(state, 1, 1);
    session.post('Runtime.terminateExecution');
    if (performance.now() - begun < killAfterMs) return;
    writeSync(2, `${what} does not end, and cannot be interrupted: this process is killed.\n`);
    process.kill(process.pid, 'SIGKILL');
  }, 250);
}, afterMs);
