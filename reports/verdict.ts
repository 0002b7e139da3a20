/** From what Playwright saw to a verdict: pure functions, no knowledge of how a check ran. */
import { sentenceOf } from './assertion.ts';
import type { CheckMeta, CheckResult, Report, Verdict } from './model.ts';
import { lacksResults } from './scope.ts';
import { plain } from './words.ts';

/** What Playwright says about one run of a test. */
export interface Observation {
  meta: Pick<CheckMeta, 'level' | 'provisional' | 'appMust'>;
  status: 'passed' | 'failed' | 'timedOut' | 'skipped' | 'interrupted';
  annotations: readonly { type: string; description?: string }[];
  errors: readonly { message?: string; stack?: string; value?: string }[];
  /** A broken `should` fails, too. */
  strict?: boolean;
}

/** Annotations of a run against a real issuer: what a check found is nobody's before it is settled; described by the attempt. */
export const UNSETTLED = 'unsettled';
export const SETTLED = 'settled';

export interface Judgement {
  verdict: Verdict;
  /** What the app did, or why nothing can be said; absent when it passed. */
  message?: string;
  /** Stack and further lines, for people who debug. */
  detail?: string;
}

/** Verdicts that the harness may give by itself, with an annotation of type `verdict`. */
const DECLARED: readonly Verdict[] = ['not applicable', 'not judged', 'blocked', 'error', 'note', 'warn'];

const textOf = ({ message, stack, value }: Observation['errors'][number]) =>
  plain(message ?? value ?? stack ?? 'unknown error');

/** The app broke its duty: a ConformanceFailure, or an assertion of `expect`; anything else is an error of ours. */
const isMisdeed = (error: Observation['errors'][number]) =>
  /^(?:\w*Error: )?ConformanceFailure\b/.test(textOf(error)) ||
  /(?:^|\n)\s*expect(?:\.soft)?\(.*\)\.(?:not\.|resolves\.|rejects\.)*to\w+/.test(textOf(error));

const misdeedOf = (error: Observation['errors'][number], appMust: string): string => {
  const text = textOf(error);
  const named = /^(?:\w*Error: )?ConformanceFailure:?\s*([\s\S]*)$/.exec(text);
  return named ? firstLine(named[1] as string) : sentenceOf(text, appMust);
};

const firstLine = (text: string) => text.trim().split('\n')[0]?.trim() ?? '';

/** A may, or a provisional check, is a note; a should is a warning unless the run is strict. */
export function verdictOfBrokenDuty(meta: Observation['meta'], strict = false): Verdict {
  if (meta.provisional || meta.level === 'may') return 'note';
  return meta.level === 'should' && !strict ? 'warn' : 'fail';
}

const reasonIn = (annotations: Observation['annotations'], ...types: string[]) =>
  annotations.findLast(({ type, description }) => types.includes(type) && description)?.description;

/**
 * Judges one check.
 *
 * Order: what the harness declared, then Playwright's own end, then the first error: a misdeed of the app is
 * graded by the level of its clause, everything else is an error of ours and never held against the app.
 */
export function verdictOf({ meta, status, annotations, errors, strict }: Observation): Judgement {
  const detail = errors.map(({ stack, ...error }) => plain(stack ?? textOf(error))).join('\n\n') || undefined;
  const declared = reasonIn(annotations, 'verdict') as Verdict | undefined;
  if (declared && DECLARED.includes(declared)) {
    const reason =
      reasonIn(annotations, 'reason') ?? (errors[0] ? firstLine(textOf(errors[0])) : 'No reason was given.');
    return { verdict: declared, message: reason, ...(declared.startsWith('not ') ? {} : { detail }) };
  }
  if (status === 'passed') return { verdict: 'pass' };
  if (status === 'skipped') {
    const reason = reasonIn(annotations, 'reason', 'skip', 'fixme');
    return reason
      ? { verdict: 'not applicable', message: reason }
      : { verdict: 'error', message: 'It did not run, because something before it stopped the run.', detail };
  }
  if (status === 'timedOut')
    return { verdict: 'error', message: endOf(errors, 'It did not end in time.'), detail };
  if (status === 'interrupted')
    return { verdict: 'error', message: 'The run was interrupted before it ended.', detail };
  const [first] = errors;
  const attempt = reasonIn(annotations, UNSETTLED);
  const isSettled = annotations.some(({ type, description }) => type === SETTLED && description === attempt);
  if (attempt !== undefined && !isSettled && status === 'failed')
    return {
      verdict: 'blocked',
      message: `The run ended before it was known whether the tenant, or the network, was behind this: ${first ? firstLine(textOf(first)) : 'no reason was given'}`,
      detail,
    };
  if (first && isMisdeed(first))
    return { verdict: verdictOfBrokenDuty(meta, strict), message: misdeedOf(first, meta.appMust), detail };
  return { verdict: 'error', message: endOf(errors, 'It failed without an error.'), detail };
}

const endOf = (errors: Observation['errors'], otherwise: string) =>
  (errors[0] ? firstLine(textOf(errors[0])).replace(/^(?:Error: )+/, '') : otherwise) || otherwise;

/** All verdicts, from good to bad. */
export const VERDICTS: readonly Verdict[] = [
  'pass',
  'not applicable',
  'not judged',
  'note',
  'warn',
  'blocked',
  'error',
  'fail',
];

/** Whether nothing is known of a check, and it stands in the way: in a strict run, what was not judged does, too. */
export const isLost = (verdict: Verdict, strict = false): boolean =>
  verdict === 'blocked' || verdict === 'error' || (strict && verdict === 'not judged');

/** Whether the verdict of a check counts: nobody accepted its failure, and the profile of the run names it. */
export const counts = ({ known, notScored }: Pick<CheckResult, 'known' | 'notScored'>): boolean =>
  known === undefined && !notScored;

/** How many checks have each verdict. */
export const countsOf = (checks: readonly Pick<CheckResult, 'verdict'>[]): Record<Verdict, number> =>
  Object.fromEntries(
    VERDICTS.map((verdict) => [verdict, checks.filter((check) => check.verdict === verdict).length]),
  ) as Record<Verdict, number>;

/**
 * The verdict of a run. A failure that the known-failures file lists does not count; a run in which nothing could be
 * judged, or that lacks results, is never conformant; neither is a part of a run, though its exit code is 0. What could
 * not be judged for want of something that the user can give is told, and stands in the way of a strict run alone.
 */
export function resultOf({
  checks,
  scope,
  findings,
  strict,
  live,
}: Pick<Report, 'checks' | 'scope' | 'findings' | 'live'> & { strict?: boolean }): Pick<
  Report,
  'result' | 'exitCode'
> {
  const open = checks.filter(counts);
  if (open.some(({ verdict }) => verdict === 'fail')) return { result: 'not conformant', exitCode: 1 };
  // A shard may hold nothing that applies: the merged report is judged as a whole. A quick run holds no check at all.
  // Without a check, a finding says why there is none.
  const judged =
    (['shard', 'quick'].includes(scope.kind) && (checks.length > 0 || findings.length === 0)) ||
    checks.some(({ verdict }) => ['pass', 'warn', 'note', 'fail'].includes(verdict));
  const lost = open.some(({ verdict }) => isLost(verdict, strict));
  if (!judged || lost || lacksResults({ scope, findings })) return { result: 'not judged', exitCode: 2 };
  // Before a real issuer a part of the catalogue cannot be asked.
  return { result: scope.kind === 'whole' && !live ? 'conformant' : 'passed in part', exitCode: 0 };
}
