/** The run itself as testcases of JUnit XML, where its checks say too little of it. */
import type { Rules } from './junit-dialects.ts';
import { type Element, FAILURE_MAX, oneLine, propertiesOf, seconds, stamp } from './junit-values.ts';
import type { Report } from './model.ts';
import { scopeText } from './scope.ts';
import { bySuite, clipped, headline } from './words.ts';

/** What stands for the run itself, when its checks cannot: an error each finding, or the wiring that a quick run proved. */
interface CaseOfRun {
  name: string;
  error?: { message: string; text: string };
}

export function casesOfRun(report: Report): CaseOfRun[] {
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

export function writeCaseOfRun(suite: Element, { name, error }: CaseOfRun): void {
  const element = suite.ele('testcase', { name, classname: 'run', time: '0.000' });
  if (error)
    element
      .ele('error', { message: oneLine(error.message), type: name })
      .txt(clipped(error.text, FAILURE_MAX));
}

export function writeRun(root: Element, cases: readonly CaseOfRun[], report: Report, rules: Rules): void {
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
