/** Starts a lab when somebody runs `npx playwright test` without our command line. */
import { FACTS_FILE, LAB_FILE } from './lab-description.ts';

export default async function globalSetup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env[LAB_FILE]) return undefined;
  const { loadConfig } = await import('./load-config.ts');
  const { startLab } = await import('./lab.ts');
  const { DEFAULT_CONFIG } = await import('./defaults.ts');
  const { writeFacts } = await import('./facts.ts');
  const loaded = await loadConfig({ file: process.env.CONFORMANCE_CONFIG, fallback: DEFAULT_CONFIG });
  const lab = await startLab(loaded);
  process.env[LAB_FILE] = lab.file;
  process.env[FACTS_FILE] = writeFacts({ lab, loaded });
  return () => lab.stop();
}
