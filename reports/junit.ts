/**
 * JUnit XML in the dialects that CI systems read.
 *
 * There is no one schema: Jenkins (xunit plugin, junit-10.xsd), Ant and Maven Surefire each refuse attributes that
 * GitLab, GitHub actions and Azure read. The dialect is chosen by the CI system that is running, or by name.
 */
import { create } from 'xmlbuilder2';
import { type Case, type CaseOptions, caseOf, writeCase } from './junit-case.ts';
import { DIALECTS, dialectOf, type JUnitDialect } from './junit-dialects.ts';
import { casesOfRun, writeCaseOfRun, writeRun } from './junit-run.ts';
import { type Attributes, OUTPUT_MAX, propertiesOf, seconds, stamp } from './junit-values.ts';
import type { Report } from './model.ts';
import { lacksResults } from './scope.ts';
import { bySuite, clipped, headline, tally } from './words.ts';

/** Characters; GitLab refuses files over 30 MB. */
const WHOLE_MAX = 20_000_000;

export interface JUnitOptions extends CaseOptions {
  dialect?: JUnitDialect;
}

const countOf = (cases: readonly Case[], element: string) =>
  cases.filter(({ outcome }) => outcome?.element === element).length;

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
