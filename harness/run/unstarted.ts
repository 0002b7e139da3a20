/** A run whose config cannot be used: its folder tells that, when it is known. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ConformanceError } from '../errors.ts';
import { folderOf, takeFolder, writeOwnReport } from './results-folder.ts';
import type { RunOptions } from './run-options.ts';
import { kindAskedFor } from './run-scope.ts';

/** What is written where nothing else is named, and only when an older run wrote there. */
const USUAL = 'conformance-results';

/**
 * Writes reports that hold the error.
 *
 * @param out folder of the reports, as far as it is known
 */
export async function writeUnstarted(
  error: ConformanceError,
  out: string | undefined,
  options: RunOptions,
): Promise<void> {
  const named = out ?? process.env.CONFORMANCE_OUT;
  const place = path.resolve(named ?? USUAL);
  if (!named && !existsSync(place)) return;
  const kind = kindAskedFor(options);
  const folder = folderOf(place, kind);
  let letGo: (() => void) | undefined;
  try {
    letGo = takeFolder(folder);
    await writeOwnReport({
      scope: { kind, ran: 0, of: 0 },
      findings: [error.parts],
      folder,
      startedAt: new Date().toISOString(),
    });
  } catch (thrown) {
    // The folder is another run's, or of no use: the config is what must be mended first.
    if (!(thrown instanceof ConformanceError)) throw thrown;
  } finally {
    letGo?.();
  }
}
