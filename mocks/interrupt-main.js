/**
 * A thread beside one that loads code of others. When the time is up, what runs there is ended, in the midst of a loop if need
 * be; when that is of no avail, because it waits in the system (`execSync`), the process is killed, with a word.
 *
 * On a busy machine much time passes in which nothing is done: work is measured by the CPU, and only what does none by the clock.
 */
import { writeSync } from 'node:fs';
import { Session } from 'node:inspector';
import { workerData } from 'node:worker_threads';

/** @type {{ state: Int32Array, limits: import('./load-module.ts').Limits, what: string }} */
const { state, limits, what } = workerData;
const session = new Session();
session.connectToMainThread();
const begun = performance.now();
const usedBefore = process.cpuUsage();
let interruptedAt = 0;

const every = setInterval(() => {
  if (Atomics.load(state, 0) === 1) return clearInterval(every);
  const now = performance.now();
  const { user, system } = process.cpuUsage(usedBefore);
  const worked = (user + system) / 1000;
  const isEndless = now - begun > limits.clockMs && worked > limits.cpuMs;
  if (!isEndless && now - begun < limits.idleMs) return;
  interruptedAt ||= now;
  Atomics.store(state, 1, 1);
  session.post('Runtime.terminateExecution');
  if (now - interruptedAt < limits.killMs) return;
  writeSync(2, `${what} does not end, and cannot be interrupted: this process is killed.\n`);
  process.kill(process.pid, 'SIGKILL');
}, 250);
