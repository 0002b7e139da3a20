/** One check as a testcase of JUnit XML. */
import path from 'node:path';
import type { Rules } from './junit-dialects.ts';
import { type Attributes, type Element, FAILURE_MAX, OUTPUT_MAX, oneLine, seconds } from './junit-values.ts';
import type { CheckResult, Report } from './model.ts';
import { clipped } from './words.ts';

export interface CaseOptions {
  /** Absolute folder of the reports. */
  outputFolder: string;
  environment: NodeJS.ProcessEnv;
  /** Folder that the person is in (default: that of this process, which is another one below Playwright). */
  cwd?: string;
}

export interface Case {
  check: CheckResult;
  attributes: Attributes;
  outcome?: { element: 'failure' | 'error' | 'skipped'; attributes: Attributes; text?: string };
  output: string;
}

/** What a reader of a failure needs, in the order in which it is needed. */
function explain(check: CheckResult, clauses: Report['clauses']): string {
  const rows: [string, string | undefined][] = [
    ['The app', check.title],
    ['What it did', check.message],
    ['What it must do', check.appMust],
    ['Otherwise', check.otherwise],
    ['Fix', check.fix],
    ...check.clauses.map((key): [string, string] => [
      'Clause',
      clauses[key] ? `${clauses[key].label} <${clauses[key].url}>` : key,
    ]),
    ['Level', `${check.level}, ${check.severity}`],
    ['Run again', check.rerun],
  ];
  return clipped(
    [
      ...rows.flatMap(([label, text]) => (text ? [`${label}: ${text}`] : [])),
      '',
      `    at ${check.id} (${check.file}:${check.line}:1)`,
    ].join('\n'),
    FAILURE_MAX,
  );
}

function outcomeOf(check: CheckResult, clauses: Report['clauses'], strict: boolean): Case['outcome'] {
  const message = oneLine(check.message ?? '');
  if (check.known !== undefined && check.verdict !== 'pass')
    return { element: 'skipped', attributes: { message: oneLine(`known: ${check.known} (${message})`) } };
  if (check.notScored && ['fail', 'blocked', 'error', 'not judged'].includes(check.verdict))
    return { element: 'skipped', attributes: { message: oneLine(`not scored: ${message}`) } };
  switch (check.verdict) {
    case 'fail':
      return {
        element: 'failure',
        attributes: {
          message: oneLine(`${message} The app must: ${check.appMust}`),
          type: `${check.level}.${check.severity}`,
        },
        text: explain(check, clauses),
      };
    case 'blocked':
    case 'error':
      return {
        element: 'error',
        attributes: { message, type: check.verdict },
        text: clipped(`${explain(check, clauses)}\n\n${check.detail ?? ''}`, FAILURE_MAX),
      };
    case 'not judged':
      return strict
        ? { element: 'error', attributes: { message, type: check.verdict }, text: explain(check, clauses) }
        : { element: 'skipped', attributes: { message: `could not be judged: ${message}` } };
    case 'not applicable':
      return { element: 'skipped', attributes: { message: `not applicable: ${message}` } };
    default:
      return undefined;
  }
}

/** Where attachments are told relative to: GitLab resolves against the project, the others take absolute paths. */
function attachmentLines(
  check: CheckResult,
  rules: Rules,
  { outputFolder, environment, cwd = process.cwd() }: CaseOptions,
): string[] {
  if (rules.attachments === 'none') return [];
  const project = environment.CI_PROJECT_DIR ?? environment.GITHUB_WORKSPACE ?? cwd;
  return check.attachments.flatMap(({ path: place }) => {
    if (!place) return [];
    const absolute = path.resolve(outputFolder, place);
    const told =
      rules.attachments === 'absolute'
        ? absolute
        : path.relative(project, absolute).split(path.sep).join('/');
    return [`[[ATTACHMENT|${told}]]`];
  });
}

function outputOf(check: CheckResult, rules: Rules, options: CaseOptions): string {
  const visible = check.verdict === 'warn' || check.verdict === 'note';
  const lines = [
    ...(visible
      ? [
          `${check.verdict === 'warn' ? 'WARNING' : 'NOTE'}: ${check.message ?? ''}`,
          `The app ${check.level}: ${check.appMust}`,
          ...(check.fix ? [`Fix: ${check.fix}`] : []),
          `Run again: ${check.rerun}`,
        ]
      : []),
    ...check.steps.map(({ name, ok, outcome }) => `${name}: ${ok ? '' : 'not as it must be: '}${outcome}`),
    ...(check.verdict === 'pass' ? [] : check.log.slice(-20).map((line) => `app | ${line}`)),
    ...(rules.place && check.verdict !== 'fail' ? [] : [`declared at ${check.file}:${check.line}`]),
  ];
  const attachments = attachmentLines(check, rules, options);
  return [clipped(lines.join('\n'), OUTPUT_MAX), ...attachments].filter(Boolean).join('\n');
}

/** What is linked: of a failure the line of the app to change, where it is known, else where the check is declared. */
function placeOf({ id, verdict, file, line }: CheckResult, { causes = [] }: Report): Attributes {
  const cause = verdict === 'fail' ? causes.find(({ checks }) => checks.includes(id)) : undefined;
  return cause?.file ? { file: cause.file, line: cause.line ?? 1 } : { file, line };
}

/** Names are unique, because GitLab keeps the first of two and drops the rest without a word. */
export const caseOf = (check: CheckResult, rules: Rules, report: Report, options: CaseOptions): Case => ({
  check,
  attributes: {
    name: `${check.id}: the app ${check.title}`.replace(/\s+/g, ' ').trim(),
    classname: check.suite,
    time: seconds(check.durationMs),
    ...(rules.place && placeOf(check, report)),
  },
  outcome: outcomeOf(check, report.clauses, report.strict),
  output: outputOf(check, rules, options),
});

export function writeCase(suite: Element, { check, attributes, outcome, output }: Case, rules: Rules): void {
  const element = suite.ele('testcase', attributes);
  if (rules.testcaseProperties) {
    const properties = element.ele('properties');
    for (const [name, value] of [
      ['id', check.id],
      ['verdict', check.verdict],
      ['level', check.level],
      ['severity', check.severity],
      ...check.clauses.map((clause) => ['clause', clause] as const),
    ] as const)
      properties.ele('property', { name, value });
  }
  if (outcome) {
    const told = element.ele(outcome.element, outcome.attributes);
    if (outcome.text) told.txt(outcome.text);
  }
  if (rules.testcaseOutput && output) element.ele('system-out').txt(output);
}
