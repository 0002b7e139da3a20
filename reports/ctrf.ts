/** The report in the Common Test Report Format (ctrf.io). */
import { createHash } from 'node:crypto';
import type { CheckResult, Report, Verdict } from './model.ts';
import { scopeText } from './scope.ts';
import { counts } from './verdict.ts';
import { bySuite, headline } from './words.ts';

const STATUS: Record<Verdict, 'passed' | 'failed' | 'skipped' | 'other'> = {
  pass: 'passed',
  warn: 'passed',
  note: 'passed',
  fail: 'failed',
  error: 'failed',
  blocked: 'other',
  'not applicable': 'skipped',
  'not judged': 'skipped',
};

/** A UUID made of a digest, so that the same report has the same id. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const statusOf = ({ verdict, ...check }: CheckResult) =>
  !counts(check) && STATUS[verdict] === 'failed' ? 'other' : STATUS[verdict];

const testOf = (check: CheckResult, clauses: Report['clauses']) => {
  const start = Date.parse(check.startedAt);
  return {
    testId: check.id,
    name: `${check.id}: the app ${check.title}`,
    status: statusOf(check),
    rawStatus: check.verdict,
    duration: Math.round(check.durationMs),
    start,
    stop: start + Math.round(check.durationMs),
    suite: [check.suite],
    ...(check.message && { message: check.message }),
    ...(check.detail && { trace: check.detail }),
    filePath: check.file,
    line: check.line,
    retries: check.retries,
    tags: [check.level, check.severity, ...(check.cwe ? [`cwe-${check.cwe}`] : [])],
    type: 'conformance',
    ...(check.steps.length && {
      steps: check.steps.map(({ name, ok, outcome }) => ({
        name: `${name}: ${outcome}`,
        status: ok ? ('passed' as const) : ('failed' as const),
      })),
    }),
    ...(check.attachments.some(({ path }) => path) && {
      attachments: check.attachments.flatMap(({ name, contentType, path }) =>
        path ? [{ name, contentType, path }] : [],
      ),
    }),
    extra: {
      appMust: check.appMust,
      otherwise: check.otherwise,
      ...(check.fix && { fix: check.fix }),
      ...(check.fault && { fault: check.fault }),
      ...(check.known !== undefined && { known: check.known }),
      ...(check.notScored && { notScored: true }),
      clauses: check.clauses.map((key) => ({ key, ...clauses[key] })),
      rerun: check.rerun,
    },
  };
};

/** The report as a CTRF document, specification 0.0.0 and later. */
export function ctrf(report: Report): object {
  const tests = report.checks.map((check) => testOf(check, report.clauses));
  const count = (status: string) => tests.filter((test) => test.status === status).length;
  const start = Date.parse(report.startedAt);
  return {
    reportFormat: 'CTRF',
    specVersion: '0.0.0',
    reportId: uuidOf(`${report.target.name} ${report.startedAt}`),
    timestamp: new Date(start + report.durationMs).toISOString(),
    generatedBy: `${report.tool.name} ${report.tool.version}`,
    results: {
      tool: { name: report.tool.name, version: report.tool.version },
      summary: {
        tests: tests.length,
        passed: count('passed'),
        failed: count('failed'),
        skipped: count('skipped'),
        pending: 0,
        other: count('other'),
        flaky: report.checks.filter(({ verdict, retries }) => verdict === 'pass' && retries > 0).length,
        suites: bySuite(report.checks).length,
        start,
        stop: start + Math.round(report.durationMs),
        duration: Math.round(report.durationMs),
      },
      tests,
      environment: {
        appName: report.target.name,
        ...(report.environment.commit && { commit: report.environment.commit }),
        osPlatform: report.environment.platform,
        extra: {
          result: report.result,
          headline: headline(report),
          scope: { ...report.scope, text: scopeText(report) },
          strict: report.strict,
          library: report.target.library,
          versions: report.target.versions,
          findings: report.findings,
        },
      },
    },
  };
}
