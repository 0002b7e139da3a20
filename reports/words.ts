/** Words that several writers say the same way. */
import { stripVTControlCharacters } from 'node:util';
import type { CheckResult, Report, Verdict } from './model.ts';

/** What each verdict means to the reader. */
export const MEANING: Record<Verdict, string> = {
  pass: 'did its duty',
  fail: 'broke a must',
  warn: 'broke a should',
  note: 'broke a may, or the check is provisional',
  'not applicable': 'the app never asked for it',
  blocked: 'the control failed, so nothing is known',
  error: 'the harness or a mock failed',
};

/** `1 warning`, `2 warnings`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** The counts in one line, worst first, without what is zero: `1 failed, 2 warnings, 147 passed`. */
export function tally(counts: Report['counts']): string {
  const parts: [number, string][] = [
    [counts.fail, `${counts.fail} failed`],
    [counts.error, counted(counts.error, 'error')],
    [counts.blocked, `${counts.blocked} blocked`],
    [counts.warn, counted(counts.warn, 'warning')],
    [counts.note, counted(counts.note, 'note')],
    [counts.pass, `${counts.pass} passed`],
    [counts['not applicable'], `${counts['not applicable']} not applicable`],
  ];
  return parts.flatMap(([count, text]) => (count ? [text] : [])).join(', ') || 'no checks ran';
}

/** The verdict of the run as a sentence about the target. */
export const headline = ({ result, target }: Pick<Report, 'result' | 'target'>): string =>
  ({
    conformant: `${target.name} is conformant`,
    'not conformant': `${target.name} is not conformant`,
    'not judged': `${target.name} could not be judged`,
  })[result];

/** Checks by suite, in the order in which suites first appear. */
export function bySuite(checks: readonly CheckResult[]): [suite: string, checks: CheckResult[]][] {
  const suites = new Map<string, CheckResult[]>();
  for (const check of checks) suites.set(check.suite, [...(suites.get(check.suite) ?? []), check]);
  return [...suites];
}

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

/** Text without terminal sequences. */
export const plain = (text: string): string => stripVTControlCharacters(text);

/** A text cut to a number of characters, with what was left out said. */
export const clipped = (text: string, max: number): string =>
  text.length > max ? `${text.slice(0, max)}\n… (${text.length - max} more characters)` : text;
