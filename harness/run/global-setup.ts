/** Waits for the lab of our command line, or starts one when somebody runs `npx playwright test` without it. */
import { FACTS_FILE, LAB_FILE, WAITS } from '../lab/lab-description.ts';
import { GATE, putUpGate } from '../machine/gate.ts';
import { begun, clearAway, hearBegin } from './hear-begin.ts';

export default async function globalSetup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env[WAITS] === 'workers') return waitInWorkers();
  if (process.env[WAITS] === 'setup') await hearBegin();
  if (process.env[LAB_FILE]) return undefined;
  const { loadConfig } = await import('../config/load-config.ts');
  const { startLab } = await import('../lab/lab.ts');
  const { fallbackFor } = await import('../config/defaults.ts');
  const { writeFacts } = await import('./facts.ts');
  const { tellRoutes } = await import('./tell-routes.ts');
  const loaded = await loadConfig({
    file: process.env.CONFORMANCE_CONFIG,
    fallback: fallbackFor(process.cwd()),
  });
  const lab = await startLab(loaded);
  const { healthySignIn } = await import('../doctor/healthy-sign-in.ts');
  const { rememberUsage } = await import('../lab/remember-usage.ts');
  tellRoutes(lab, loaded);
  rememberUsage(lab, (await healthySignIn(lab, loaded)).usage);
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
