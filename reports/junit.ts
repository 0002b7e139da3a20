/**
 * JUnit XML in the dialects that CI systems read.
 *
 * There is no one schema: Jenkins (xunit plugin, junit-10.xsd), Ant and Maven Surefire each refuse attributes that
 * GitLab, GitHub actions and Azure read. The dialect is chosen by the CI system that is running, or by name.
 */
import path from 'node:path';
import { create } from 'xmlbuilder2';
import { DIALECTS, dialectOf, type JUnitDialect, type Rules } from './junit-dialects.ts';
import type { CheckResult, Report } from './model.ts';
import { lacksResults, scopeText } from './scope.ts';
import { bySuite, clipped, headline, librariesOf, tally, waysIn } from './words.ts';

/** Characters; GitLab refuses files over 30 MB, Jenkins keeps about 1 000 characters of output of passing tests. */
const FAILURE_MAX = 8_000;
const OUTPUT_MAX = 16_000;
const MESSAGE_MAX = 1_000;
const WHOLE_MAX = 20_000_000;

export interface JUnitOptions {
  dialect?: JUnitDialect;
  /** Absolute folder of the reports. */
  outputFolder: string;
  environment: NodeJS.ProcessEnv;
  /** Folder that the person is in (default: that of this process, which is another one below Playwright). */
  cwd?: string;
}

type Attributes = Record<string, string | number>;
interface Case {
  check: CheckResult;
  attributes: Attributes;
  outcome?: { element: 'failure' | 'error' | 'skipped'; attributes: Attributes; text?: string };
  output: string;
}

const seconds = (ms: number) => (Math.max(0, ms) / 1000).toFixed(3);
const oneLine = (text: string) => clipped(text.replace(/\s+/g, ' ').trim(), MESSAGE_MAX).replace(/\n/g, ' ');

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
  { outputFolder, environment, cwd = process.cwd() }: JUnitOptions,
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

function outputOf(check: CheckResult, rules: Rules, options: JUnitOptions): string {
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
const caseOf = (check: CheckResult, rules: Rules, report: Report, options: JUnitOptions): Case => ({
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

const countOf = (cases: readonly Case[], element: string) =>
  cases.filter(({ outcome }) => outcome?.element === element).length;

/** `2026-11-23T12:00:00`, the only form that the Ant schema takes. */
const stamp = (at: string) => new Date(at).toISOString().slice(0, 19);

const propertiesOf = (report: Report, checks: readonly CheckResult[]): [string, string][] => [
  ['target', report.target.name],
  ['library', librariesOf(report)],
  ...(waysIn(report) ? [['ways-in', oneLine(String(waysIn(report)))] satisfies [string, string]] : []),
  ['result', report.result],
  ['scope', scopeText(report)],
  ...(report.target.devServer
    ? [['development-server', report.target.devServer] satisfies [string, string]]
    : []),
  ['tool', `${report.tool.name} ${report.tool.version}`],
  ...(report.advisories ?? []).map(
    ({ id, severity, package: name, version, fixed, summary }): [string, string] => [
      `advisory.${id}`,
      oneLine(`${severity}: ${name} ${version}${fixed ? `, update to ${fixed}` : ''}: ${summary}`),
    ],
  ),
  ...checks
    .filter(({ verdict }) => verdict === 'warn')
    .map(({ id, message }): [string, string] => [`warning.${id}`, oneLine(message ?? '')]),
];

/**
 * The report as JUnit XML: one testcase a check, `classname` is the suite, `name` the id and title.
 *
 * @returns XML that is well formed whatever bytes the messages hold
 */
export function junit(report: Report, options: JUnitOptions): string {
  const rules = DIALECTS[options.dialect ?? dialectOf(options.environment)];
  const suites = bySuite(report.checks).map(([name, checks]) => ({
    name,
    checks,
    cases: checks.map((check) => caseOf(check, rules, report, options)),
  }));
  const all = suites.flatMap(({ cases }) => cases);
  const size = all.reduce(
    (sum, { output, outcome }) => sum + output.length + (outcome?.text?.length ?? 0),
    0,
  );
  if (size > WHOLE_MAX)
    for (const each of all) each.output = clipped(each.output, Math.floor(WHOLE_MAX / 2 / all.length));

  const document = create({ version: '1.0', encoding: 'UTF-8', invalidCharReplacement: '\uFFFD' });
  // A run that never reached its checks, or lacks some, is an error that CI systems show, not a success that they believe.
  const told = report.checks.length === 0 || lacksResults(report) ? casesOfRun(report) : [];
  const errors = told.filter(({ error }) => error).length;
  const merged =
    rules.suite === 'maven' ? [{ name: report.target.name, checks: report.checks, cases: all }] : suites;
  const totals = (cases: readonly Case[]): Attributes => ({
    tests: cases.length,
    failures: countOf(cases, 'failure'),
    errors: countOf(cases, 'error'),
  });
  const root =
    rules.suite === 'maven'
      ? document
      : document.ele(
          'testsuites',
          rules.suite === 'ant'
            ? {}
            : {
                name: `authjs-conformance: ${headline(report)}`,
                tests: all.length + told.length,
                failures: countOf(all, 'failure'),
                errors: countOf(all, 'error') + errors,
                time: seconds(report.durationMs),
              },
        );
  merged.forEach(({ name, checks, cases }, id) => {
    const suite = root.ele('testsuite', {
      name,
      ...totals(cases),
      ...(rules.suite === 'maven' && {
        tests: cases.length + told.length,
        errors: countOf(cases, 'error') + errors,
      }),
      skipped: countOf(cases, 'skipped'),
      time: seconds(checks.reduce((sum, { durationMs }) => sum + durationMs, 0)),
      ...(rules.suite !== 'maven' && {
        timestamp: stamp(checks[0]?.startedAt ?? report.startedAt),
        hostname: 'localhost',
        id,
        package: 'authjs-conformance',
      }),
      ...(rules.suite === 'full' && checks[0] && { file: checks[0].file }),
    });
    const properties = suite.ele('properties');
    for (const [property, value] of propertiesOf(report, checks))
      properties.ele('property', { name: property, value });
    for (const each of cases) writeCase(suite, each, rules);
    if (rules.suite === 'maven') for (const each of told) writeCaseOfRun(suite, each);
    if (rules.suite === 'ant') {
      suite
        .ele('system-out')
        .txt(
          clipped(cases.map(({ check, output }) => `${check.id}\n${output}`).join('\n\n'), OUTPUT_MAX * 4),
        );
      suite.ele('system-err');
    } else if (rules.suite === 'full') {
      suite.ele('system-out').txt(`${name}: ${tally(checks)}`);
    }
  });
  if (told.length && rules.suite !== 'maven') writeRun(root, told, report, rules);
  return `${document.end({ prettyPrint: true })}\n`;
}

type Element = ReturnType<ReturnType<typeof create>['ele']>;

function writeCase(suite: Element, { check, attributes, outcome, output }: Case, rules: Rules): void {
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

/** What stands for the run itself, when its checks cannot: an error each finding, or the wiring that a quick run proved. */
interface CaseOfRun {
  name: string;
  error?: { message: string; text: string };
}

function casesOfRun(report: Report): CaseOfRun[] {
  if (report.scope.kind === 'quick' && report.exitCode === 0) return [{ name: headline(report) }];
  const findings = report.findings.length
    ? report.findings
    : [
        {
          code: report.checks.length ? 'CONF_CHECKS_MISSING' : 'CONF_NO_CHECKS',
          what: report.checks.length ? scopeText(report) : 'no check ran',
          expected: 'every check that was asked for',
          remedy: 'look at the selection, and at the output of the run.',
        },
      ];
  return findings.map(({ code, what, expected, remedy }) => ({
    name: code,
    error: { message: what, text: `${what}\nExpected: ${expected}\nDo: ${remedy}` },
  }));
}

function writeCaseOfRun(suite: Element, { name, error }: CaseOfRun): void {
  const element = suite.ele('testcase', { name, classname: 'run', time: '0.000' });
  if (error)
    element
      .ele('error', { message: oneLine(error.message), type: name })
      .txt(clipped(error.text, FAILURE_MAX));
}

function writeRun(root: Element, cases: readonly CaseOfRun[], report: Report, rules: Rules): void {
  const suite = root.ele('testsuite', {
    name: 'run',
    tests: cases.length,
    failures: 0,
    errors: cases.filter(({ error }) => error).length,
    skipped: 0,
    time: seconds(report.durationMs),
    timestamp: stamp(report.startedAt),
    hostname: 'localhost',
    id: bySuite(report.checks).length,
    package: 'authjs-conformance',
  });
  const properties = suite.ele('properties');
  for (const [name, value] of propertiesOf(report, [])) properties.ele('property', { name, value });
  for (const each of cases) writeCaseOfRun(suite, each);
  if (rules.suite === 'ant') {
    suite.ele('system-out');
    suite.ele('system-err');
  }
}
