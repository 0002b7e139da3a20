/** Builds the one report from facts about the lab and the results of the checks. */
import { redact } from '../mocks/redact.ts';
import { causesOf, judgesSignIn, whyNobodySignsIn } from './causes.ts';
import { cweOf } from './cwe.ts';
import { comparedWith } from './diff.ts';
import { coverageOf, dutiesOf } from './ledger.ts';
import type { CheckResult, Report, Scope } from './model.ts';
import { offendingOf } from './offending.ts';
import { trim } from './trim.ts';
import { counts, countsOf, resultOf, VERDICTS } from './verdict.ts';
import { visibleIn } from './visible.ts';
import { plain, remedyFor } from './words.ts';

/** Facts about the lab, as the harness writes them; whatever is missing is left empty, never guessed. */
export type Facts = Partial<Report>;

export interface BuildOptions {
  facts?: Facts;
  checks: readonly CheckResult[];
  /** ISO 8601. */
  startedAt?: string;
  durationMs?: number;
  strict?: boolean;
  /** The run to compare with. */
  previous?: Report;
}

/** Parts that name things and must stay as they are: what people type, click and look up. */
const KEPT = [
  'id',
  'suite',
  'title',
  'clauses',
  'file',
  'line',
  'level',
  'severity',
  'verdict',
  'fault',
  'needs',
  'formerly',
  'startedAt',
  'durationMs',
  'retries',
  'asvs',
  'cwe',
  'notScored',
] as const;

const redactCheck = (check: CheckResult): CheckResult => ({
  ...visibleIn(redact(check)),
  ...Object.fromEntries(KEPT.filter((name) => check[name] !== undefined).map((name) => [name, check[name]])),
  attachments: visibleIn(
    check.attachments.map(({ name, ...attachment }) => ({ ...attachment, name: redact(name) })),
  ),
});

/** A check with the rows of ASVS that it stands for, and its weakness; own checks of apps say theirs, or have none. */
const withStandards = (check: CheckResult): CheckResult => {
  const asvs = dutiesOf(check.id, 'asvs');
  const cwe = check.cwe ?? cweOf(check.id);
  return { ...check, ...(asvs.length && { asvs }), ...(cwe && { cwe }) };
};

/**
 * Builds a report; pure but for the redaction register.
 *
 * Everything in it is redacted here, once, so that no writer can forget to. Of results with the same id (a shard
 * that ran twice) the worst one stays.
 */
export function buildReport({
  facts = {},
  checks,
  startedAt,
  durationMs,
  strict,
  previous,
}: BuildOptions): Report {
  const why = whyNobodySignsIn(facts.target ?? {}, facts.findings ?? []);
  const single = trim(worstOfEach(checks))
    .map(withStandards)
    .map(redactCheck)
    .map((check) => {
      const offending = visibleIn(offendingOf(check, facts.target ?? {}));
      return {
        ...check,
        ...(check.fix && { fix: remedyFor(check.fix) }),
        ...(why && judgesSignIn(check) && counts(check) && { fix: redact(why.remedy) }),
        ...(offending.length > 0 && { offending }),
      };
    });
  const cited = new Set(single.flatMap((check) => check.clauses));
  const { clauses = {}, ...rest } = facts;
  const others = redact(rest);
  const scope: Scope = {
    ...(facts.scope ?? { kind: 'whole', of: 0 }),
    ran: single.length,
    of: Math.max(facts.scope?.of ?? 0, single.length),
  };
  const isStrict = strict ?? facts.strict ?? false;
  const told = (others.findings ?? []).map((finding) => ({ ...finding, what: plain(finding.what) }));
  const target: Report['target'] = {
    ...(others.target ?? { name: 'app', versions: {}, features: [] }),
    ...(facts.target && { versions: facts.target.versions }),
  };
  const report: Report = {
    schema: 'urn:authjs-conformance:report:1',
    version: 1,
    tool: facts.tool ?? { name: 'authjs-conformance', version: '0.0.0' },
    startedAt: facts.startedAt ?? startedAt ?? new Date().toISOString(),
    durationMs: Math.round(durationMs ?? facts.durationMs ?? 0),
    target,
    environment: facts.environment ?? {
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
    },
    ...(facts.connector && { connector: facts.connector }),
    ...(facts.profile && { profile: facts.profile }),
    scope,
    ...resultOf({ checks: single, scope, findings: told, live: facts.live, strict: isStrict }),
    strict: isStrict,
    counts: countsOf(single),
    checks: single,
    causes: causesOf(single, target, told),
    clauses: Object.fromEntries(Object.entries(clauses).filter(([key]) => cited.has(key))),
    findings: told,
    ...(others.usage && { usage: others.usage }),
    ...(others.loosened && { loosened: others.loosened }),
    ...(single.length > 0 && { coverage: coverageOf(single) }),
    ...(facts.live && { live: facts.live }),
    targetLog: (others.targetLog ?? []).map(plain),
    ...(facts.advisories?.length && { advisories: facts.advisories }),
    ...(facts.comparedWith && { comparedWith: facts.comparedWith }),
  };
  const shown = {
    ...visibleIn({ ...report, checks: [] }),
    checks: report.checks,
  };
  return previous ? { ...shown, comparedWith: comparedWith(previous, shown) } : shown;
}

/** A report of a run that never reached its checks: not judged, exit code 2. */
export const emptyReport = (facts: Facts): Report =>
  buildReport({
    facts,
    checks: [],
    durationMs: facts.startedAt ? Date.now() - Date.parse(facts.startedAt) : 0,
  });

/** What was there to be judged in one shard makes a law that had nothing to look at in another: only who looked has a say. */
const weightOf = ({ verdict, id }: CheckResult): number =>
  id.startsWith('laws/') && verdict === 'not applicable' ? -1 : VERDICTS.indexOf(verdict);

function worstOfEach(checks: readonly CheckResult[]): CheckResult[] {
  const kept = new Map<string, CheckResult>();
  for (const check of checks) {
    const before = kept.get(check.id);
    if (!before || weightOf(check) > weightOf(before)) kept.set(check.id, check);
  }
  return [...kept.values()];
}
