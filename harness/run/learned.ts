/** What a run had learned when its suites were killed: each check is written down as it ends. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CheckResult } from '../../reports/model.ts';

/** Beside the lab description. */
export const learnedFileOf = (labFile: string): string => path.join(path.dirname(labFile), 'learned.jsonl');

/** Checks that had ended; the last line may be cut. */
export function learned(labFile: string): CheckResult[] {
  let lines: string[] = [];
  try {
    lines = readFileSync(learnedFileOf(labFile), 'utf8').split('\n');
  } catch {
    // nothing had ended
  }
  return lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as CheckResult];
    } catch {
      return [];
    }
  });
}
