/** Playwright is started beside the lab: how it hears that the lab is there, and how it ends when nobody will ever say so. */
import { type EventEmitter, once } from 'node:events';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { guardOutput } from '../../reports/visible.ts';
import { BEGUN, LAB_FILE, WAITS } from '../lab/lab-description.ts';
import { endMarked, MARK } from '../machine/marked-processes.js';

/** Loads what every check needs while the lab starts, and waits for `begin`; ends with the command that would say it. */
export async function hearBegin(): Promise<void> {
  const gone = () => process.exit(130);
  for (const event of ['disconnect', 'SIGINT']) process.once(event, gone);
  const said = once(process, 'message');
  await import('../check/check.ts');
  await said;
  for (const event of ['disconnect', 'SIGINT']) process.off(event, gone);
  begun();
  delete process.env[WAITS];
}

/** What a process does from the moment on that its run has begun. */
export function begun(): void {
  process.channel?.unref();
  process.once('disconnect', alone);
  for (const stream of [process.stdout, process.stderr]) {
    guardOutput(stream);
    // A terminal that was closed takes no report, and ends none.
    stream.on('error', () => undefined);
  }
  (process as EventEmitter).emit(BEGUN);
}

/** Workers and browsers that take no hint, and the folder of the run. */
export function clearAway(): void {
  const labFile = process.env[LAB_FILE];
  const mark = process.env[MARK];
  if (mark) endMarked(mark);
  if (labFile) rmSync(path.dirname(labFile), { recursive: true, force: true, maxRetries: 3 });
}

/** Milliseconds that checks which are interrupted may take to end and to be told. */
const LAST_WORDS_MS = 20_000;

/** The command was killed, and the mocks with it: what was learned is told, as after Ctrl-C, and nothing is left behind. */
function alone(): void {
  process.once('exit', clearAway);
  setTimeout(() => process.exit(130), LAST_WORDS_MS).unref();
  process.kill(process.pid, 'SIGINT');
}
