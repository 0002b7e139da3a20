/** The ledger: every duty of a client, by source, and the checks that judge it. Pure but for reading its file. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CheckResult, SourceCoverage, Verdict } from './model.ts';

/**
 * Why a duty has no check: it is somebody else's · neither Auth.js nor Logto does what it speaks of · no exchange shows
 * it · it could be judged, and is not yet.
 */
export const EXCLUSIONS = ['other party', 'not used', 'unseen', 'open'] as const;
export type Exclusion = (typeof EXCLUSIONS)[number];

/** One duty of a source, in our own words. */
export interface Duty {
  /** As the source counts it: `§2.1-a`, `7.4.1`. */
  number: string;
  duty: string;
  /** Ids of the checks that judge it; none for an excluded one. */
  checks: string[];
  excluded?: Exclusion;
  /** Why it is excluded. */
  reason?: string;
  /** What its checks leave out. */
  gap?: string;
}

export interface LedgerSource {
  /** What people type: `asvs`. */
  source: string;
  title: string;
  url: string;
  duties: Duty[];
}

let shipped: readonly LedgerSource[] | undefined;

/** The ledger of this version, from the file that is shipped beside the reports; it is read once. */
export function shippedLedger(): readonly LedgerSource[] {
  shipped ??= (
    JSON.parse(readFileSync(path.join(import.meta.dirname, 'ledger.json'), 'utf8')) as {
      sources: LedgerSource[];
    }
  ).sources;
  return shipped;
}

/** Numbers of the duties of a source that a check judges, in the order of the source. */
export const dutiesOf = (
  id: string,
  source: string,
  ledger: readonly LedgerSource[] = shippedLedger(),
): string[] =>
  (ledger.find((each) => each.source === source)?.duties ?? [])
    .filter(({ checks }) => checks.includes(id))
    .map(({ number }) => number);

/** How much of what can be judged is judged: excluded duties count only when they are open. */
export function covered(duties: readonly Duty[]): { covered: number; testable: number } {
  const those = duties.filter(({ excluded }) => !excluded).length;
  return { covered: those, testable: those + duties.filter(({ excluded }) => excluded === 'open').length };
}

const JUDGED: readonly Verdict[] = ['pass', 'fail', 'warn', 'note'];

/**
 * What a run says of each source: a duty is kept when every check of it that was judged passed, and one at least was.
 *
 * @param checks the checks of the run
 */
export function coverageOf(
  checks: readonly Pick<CheckResult, 'id' | 'verdict'>[],
  ledger: readonly LedgerSource[] = shippedLedger(),
): SourceCoverage[] {
  const verdicts = new Map(checks.map(({ id, verdict }) => [id, verdict]));
  return ledger.map(({ source, title, url, duties }) => {
    const ends = duties.map((duty) => {
      if (duty.excluded) return 'excluded';
      const judged = duty.checks
        .map((id) => verdicts.get(id))
        .filter((verdict) => verdict && JUDGED.includes(verdict));
      if (judged.length === 0) return 'notJudged';
      return judged.every((verdict) => verdict === 'pass') ? 'kept' : 'notKept';
    });
    const count = (end: (typeof ends)[number]) => ends.filter((each) => each === end).length;
    return {
      source,
      title,
      url,
      duties: duties.length,
      kept: count('kept'),
      notKept: count('notKept'),
      notJudged: count('notJudged'),
      excluded: count('excluded'),
    };
  });
}
