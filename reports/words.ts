/** Words that several writers say the same way. */
import { stripVTControlCharacters } from 'node:util';
import type { CheckResult, Finding, Report, Severity, Verdict } from './model.ts';
import { extent, hasEnded, isCertification } from './scope.ts';

/** What each verdict means to the reader. */
export const MEANING: Record<Verdict, string> = {
  pass: 'did its duty',
  fail: 'broke a must',
  warn: 'broke a should',
  note: 'broke a may, or the check is provisional',
  'not applicable': 'the app never asked for it',
  'not judged': 'something is missing that you can give',
  blocked: 'the control failed, so nothing is known',
  error: 'the harness or a mock failed',
};

/** `1 warning`, `2 warnings`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** Harm, from worst to least. */
export const SEVERITIES: readonly Severity[] = ['critical', 'serious', 'moderate', 'minor'];

/** A verdict as a CSS class or file name. */
export const slugOf = (verdict: Verdict): string => verdict.replaceAll(' ', '-');

/** Checks counted in one line, worst first, without what is zero: `1 failed, 2 warnings, 147 passed`; known failures apart. */
export function tally(checks: readonly Pick<CheckResult, 'verdict' | 'known' | 'notScored'>[]): string {
  const known = checks.filter(({ verdict, known }) => known !== undefined && verdict !== 'pass');
  const notScored = checks.filter((check) => check.notScored && !known.includes(check));
  const apart = new Set([...known, ...notScored]);
  const of = (wanted: Verdict) =>
    checks.filter((check) => check.verdict === wanted && !apart.has(check)).length;
  const parts: [number, (count: number) => string][] = [
    [of('fail'), (count) => `${count} failed`],
    [of('error'), (count) => counted(count, 'error')],
    [of('blocked'), (count) => `${count} blocked`],
    [known.length, (count) => counted(count, 'known failure')],
    [of('warn'), (count) => counted(count, 'warning')],
    [of('note'), (count) => counted(count, 'note')],
    [of('pass'), (count) => `${count} passed`],
    [of('not judged'), (count) => `${count} could not be judged`],
    [of('not applicable'), (count) => `${count} not applicable`],
    [notScored.length, (count) => `${count} not scored`],
  ];
  return parts.flatMap(([count, say]) => (count ? [say(count)] : [])).join(', ') || 'no checks ran';
}

/** `23 November 2026, 09:30 UTC`. */
export const day = (at: string): string =>
  `${new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(new Date(at)).replace(' at ', ', ')} UTC`;

/** The verdict of the run as a sentence about the target; of a part it says how much was judged. */
export function headline(
  report: Pick<Report, 'result' | 'target' | 'scope' | 'findings' | 'counts'>,
): string {
  const { result, target, scope, counts } = report;
  const { name } = target;
  if (!hasEnded(report)) return `${name}: this run has not ended`;
  const part = `${extent(scope)}: not a certification`;
  const unjudged = counts['not judged']
    ? `, ${counted(counts['not judged'], 'check')} could not be judged`
    : '';
  switch (result) {
    case 'conformant':
      return `${name} is conformant${unjudged}`;
    case 'passed in part':
      if (scope.kind === 'quick') return `${name}: the wiring is right, ${part}`;
      return counts.pass === scope.ran
        ? `${name}: ${extent(scope)} passed: not a certification`
        : `${name}: no must broken${counts.fail ? ' but known ones' : ''} in ${part}`;
    case 'not conformant':
      return isCertification(report)
        ? `${name} is not conformant${unjudged}`
        : `${name} is not conformant (${part})`;
    case 'not judged':
      return scope.ran === scope.of || scope.ran === 0
        ? `${name} could not be judged`
        : `${name} could not be judged (${part})`;
  }
}

/** What comes behind the suites of the catalogue. */
const LAST = ['laws', 'own'];

/** Checks by suite, in alphabetical order; laws, and checks of the app's own, are last. */
export function bySuite(checks: readonly CheckResult[]): [suite: string, checks: CheckResult[]][] {
  const suites = new Map<string, CheckResult[]>();
  for (const check of checks) suites.set(check.suite, [...(suites.get(check.suite) ?? []), check]);
  return [...suites].toSorted(
    ([one], [other]) => LAST.indexOf(one) - LAST.indexOf(other) || one.localeCompare(other),
  );
}

const URGENCY: readonly Verdict[] = ['fail', 'error', 'blocked', 'warn', 'note'];
const urgency = ({ verdict }: Pick<CheckResult, 'verdict'>) => {
  const at = URGENCY.indexOf(verdict);
  return at < 0 ? URGENCY.length : at;
};

/** Failures first, then what else is not as it must be; what passed stays in its order. */
export const worstFirst = <Check extends Pick<CheckResult, 'verdict'>>(checks: readonly Check[]): Check[] =>
  checks.toSorted((a, b) => urgency(a) - urgency(b));

/** Milliseconds as people say them: `0.8 s`, `42 s`, `3 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Library and versions in one line: `Auth.js v5 (next-auth 5.0.0-beta.32, next 15.5.0)`. */
export function librariesOf({ target }: Pick<Report, 'target'>): string {
  const versions = Object.entries(target.versions).map(([name, version]) => `${name} ${version}`);
  return [target.library, versions.length ? `(${versions.join(', ')})` : ''].filter(Boolean).join(' ');
}

/** Every way into a session that the app lists: `Ways in: Logto (oidc), Google (oauth), Developer login (credentials)`. */
export const waysIn = ({ target: { ways } }: Pick<Report, 'target'>): string | undefined =>
  ways?.length ? `Ways in: ${ways.map(({ name, type }) => `${name} (${type})`).join(', ')}` : undefined;

/** The second app of the run: `Second app: admin (http://localhost:3001, Auth.js v5), judged by suite sso alone`. */
export const secondApp = ({ target: { also } }: Pick<Report, 'target'>): string | undefined =>
  also && `Second app: ${also.name} (${also.origin}, ${also.library}), judged by suite sso alone`;

/** Text without terminal sequences. */
export const plain = (text: string): string => stripVTControlCharacters(text);

/** A text cut to a number of characters, with what was left out said. */
export const clipped = (text: string, max: number): string =>
  text.length > max ? `${text.slice(0, max)}\n… (${text.length - max} more characters)` : text;

/** As many checks as are told one by one when something stood in the way of all of them. */
const ALIKE_MAX = 3;

/**
 * Checks that were blocked by one and the same thing, or lack it, apart from the others: three hundred times the same sentence
 * hides the one that matters.
 */
export function alike(checks: readonly CheckResult[]): {
  each: CheckResult[];
  together: { verdict: Verdict; reason: string; ids: string[] }[];
} {
  const byReason = new Map<string, CheckResult[]>();
  for (const check of checks) {
    if (!['blocked', 'not judged'].includes(check.verdict) || !check.message) continue;
    byReason.set(check.message, [...(byReason.get(check.message) ?? []), check]);
  }
  const many = [...byReason].filter(([, members]) => members.length > ALIKE_MAX);
  const grouped = new Set(many.flatMap(([, members]) => members));
  return {
    each: checks.filter((check) => !grouped.has(check)),
    together: many.map(([reason, members]) => ({
      verdict: (members[0] as CheckResult).verdict,
      reason,
      ids: members.map(({ id }) => id),
    })),
  };
}

/** Where claim and wire differ; told like the findings of a run, and failing nothing. */
export const usageFindings = ({ usage = [] }: Pick<Report, 'usage'>): Finding[] =>
  usage.flatMap(({ finding }) => finding ?? []);

/** A remedy with the package that the app has: `{library}` stands for it in declarations. */
export const remedyFor = (fix: string, library = 'Auth.js'): string => fix.replaceAll('{library}', library);
