/** The lab of an app's own tests: the one that a global setup shares, or one of this worker's own. */
import { existsSync, readFileSync } from 'node:fs';
import { loadConfig } from '../config/load-config.ts';
import { ConformanceError } from '../errors.ts';
import { startLab } from '../lab/lab.ts';
import { LAB_FILE, type LabDescription } from '../lab/lab-description.ts';

export interface TestLab {
  /** Origin that the app is called by. */
  origin: string;
  /** All that is known of the running lab. */
  description: LabDescription;
  /** Last lines that the app wrote; empty where another process started it. */
  log(lines?: number): string[];
  stop(): Promise<void>;
}

export interface TestLabOptions {
  /** Config file of the suite (default: `conformance.config.*` in the working folder). */
  config?: string;
  /** Settings by key path that go before those of the file: `{ 'target.command': 'npm start' }`. */
  settings?: Record<string, string>;
}

/**
 * Starts the mocks and the app as `authjs-conformance run` does, and asks the app where its endpoints are.
 *
 * @throws ConformanceError with the code of what went wrong, as a run does
 */
export async function openTestLab({ config: file, settings }: TestLabOptions = {}): Promise<TestLab> {
  const shared = process.env[LAB_FILE];
  if (shared && existsSync(shared)) {
    const description: LabDescription = JSON.parse(readFileSync(shared, 'utf8'));
    return { origin: description.app.origin, description, log: () => [], stop: async () => {} };
  }
  const loaded = await loadConfig({ file, flags: settings });
  const lab = await startLab(loaded).catch((error: unknown) => {
    if (!(error instanceof ConformanceError)) throw error;
    const { parts } = error;
    throw new ConformanceError({
      ...parts,
      // The flags that a remedy names are none of a test.
      remedy: `${parts.remedy.replace(/\.$/, '')}. \`npx authjs-conformance doctor\` looks for the cause, and names the key of the config.`,
    });
  });
  return {
    origin: lab.description.app.origin,
    description: lab.description,
    log: (lines) => lab.log.tail(lines),
    stop: () => lab.stop(),
  };
}
