/** Waits for the lab of our command line, or starts one when somebody runs `npx playwright test` without it. */
import { type EventEmitter, once } from 'node:events';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { guardOutput } from '../../reports/visible.ts';
import { BEGUN, FACTS_FILE, LAB_FILE, WAITS } from '../lab/lab-description.ts';
import { GATE, putUpGate } from '../machine/gate.ts';
import { endMarked, MARK } from '../machine/marked-processes.js';

export default async function globalSetup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env[WAITS] === 'workers') return waitInWorkers();
  if (process.env[WAITS]) await begin();
  if (process.env[LAB_FILE]) return undefined;
  const { loadConfig } = await import('../config/load-config.ts');
  const { startLab } = await import('../lab/lab.ts');
  const { DEFAULT_CONFIG } = await import('../config/defaults.ts');
  const { writeFacts } = await import('./facts.ts');
  const { tellRoutes } = await import('./tell-routes.ts');
  const loaded = await loadConfig({ file: process.env.CONFORMANCE_CONFIG, fallback: DEFAULT_CONFIG });
  const lab = await startLab(loaded);
  const { healthySignIn } = await import('../doctor/healthy-sign-in.ts');
  const { rememberUsage } = await import('../lab/remember-usage.ts');
  rememberUsage(lab, (await healthySignIn(lab, loaded)).usage);
  tellRoutes(lab, loaded);
  process.env[LAB_FILE] = lab.file;
  process.env[FACTS_FILE] = writeFacts({ lab, loaded });
  return () => lab.stop();
}

/** Goes on at once: workers start, load their checks, and wait at a gate until the run begins. */
async function waitInWorkers(): Promise<undefined> {
  const gate = await putUpGate();
  const gone = () => {
    clearAway();
    process.exit(130);
  };
  for (const event of ['disconnect', 'SIGINT']) process.once(event, gone);
  // The command may have been killed before anybody listened.
  if (!process.connected) gone();
  process.once('message', () => {
    for (const event of ['disconnect', 'SIGINT']) process.off(event, gone);
    begun();
    gate.open();
  });
  process.env[GATE] = String(gate.port);
  delete process.env[WAITS];
  // Without a report of a run before there is nothing to be quick after.
  void import('./rehearse.ts')
    .then(({ rehearse }) => rehearse(process.env.CONFORMANCE_OUT ?? ''))
    .catch(() => undefined);
  return undefined;
}

/** Loads what every check needs while the lab starts; ends with the command that starts it. */
async function begin(): Promise<void> {
  const gone = () => process.exit(130);
  for (const event of ['disconnect', 'SIGINT']) process.once(event, gone);
  const said = once(process, 'message');
  await import('../check/check.ts');
  await said;
  for (const event of ['disconnect', 'SIGINT']) process.off(event, gone);
  begun();
  delete process.env[WAITS];
}

function begun(): void {
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
function clearAway(): void {
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
