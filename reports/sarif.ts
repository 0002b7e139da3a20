/** The report as SARIF 2.1.0: findings at the file that configures Auth.js, rules with their clauses. */
import { createHash } from 'node:crypto';
import type { Log, Notification, ReportingDescriptor, Result } from 'sarif';
import type { CheckResult, Report, Verdict } from './model.ts';
import { isLost } from './verdict.ts';
import { headline, tally, usageFindings } from './words.ts';

const LEVEL: Partial<Record<Verdict, Result['level']>> = { fail: 'error', warn: 'warning', note: 'note' };
/** GitHub sorts security findings by this number, from 0 to 10. */
const SECURITY: Record<CheckResult['severity'], string> = {
  critical: '9.5',
  serious: '7.5',
  moderate: '5.0',
  minor: '2.0',
};

const ruleOf = (check: CheckResult, clauses: Report['clauses']): ReportingDescriptor => {
  const links = check.clauses.flatMap((key) => (clauses[key] ? [clauses[key]] : []));
  return {
    id: check.id,
    name: check.id.replace(/(?:^|[/-])(\w)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: `The app ${check.title}` },
    fullDescription: { text: `The app ${check.level}: ${check.appMust} Otherwise: ${check.otherwise}` },
    help: {
      text:
        [check.fix && `Fix: ${check.fix}`, ...links.map(({ label, url }) => `${label}: ${url}`)]
          .filter(Boolean)
          .join('\n') || check.appMust,
      markdown:
        [check.fix && `**Fix:** ${check.fix}`, ...links.map(({ label, url }) => `- [${label}](${url})`)]
          .filter(Boolean)
          .join('\n\n') || check.appMust,
    },
    ...(links[0] && { helpUri: links[0].url }),
    defaultConfiguration: {
      level: check.level === 'must' ? 'error' : check.level === 'should' ? 'warning' : 'note',
    },
    properties: {
      // As code hosts know them: external/cwe/cwe-352.
      tags: [
        'security',
        'authentication',
        check.suite,
        ...(check.cwe ? [`external/cwe/cwe-${String(check.cwe).padStart(3, '0')}`] : []),
        ...(check.asvs ?? []).map((number) => `asvs-${number}`),
      ],
      'security-severity': SECURITY[check.severity],
      precision: 'very-high',
    },
  };
};

const relative = (file: string) => file.split('\\').join('/').replace(/^\.\//, '');

/** Renders the report; checks that could not be judged become notifications, because nobody's file is to blame. */
export function sarif(report: Report): Log {
  const told = report.checks.filter(({ verdict }) => LEVEL[verdict]);
  const place = (check: CheckResult) => relative(report.target.authFile ?? check.file);
  const results = told.map(
    (check): Result => ({
      ruleId: check.id,
      ruleIndex: report.checks.indexOf(check),
      level: check.notScored ? 'note' : LEVEL[check.verdict],
      message: {
        text: [
          check.notScored && 'Not scored: the profile of this run does not name this check.',
          check.message,
          `The app ${check.level}: ${check.appMust}`,
          check.fix && `Fix: ${check.fix}`,
          `Run again: ${check.rerun}`,
        ]
          .filter(Boolean)
          .join('\n'),
      },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: encodeURI(place(check)), uriBaseId: '%SRCROOT%' },
            region: { startLine: report.target.authFile ? 1 : Math.max(1, check.line) },
          },
        },
      ],
      partialFingerprints: {
        'checkAndTarget/v1': createHash('sha256').update(`${report.target.name}\n${check.id}`).digest('hex'),
      },
      ...(check.known !== undefined && {
        suppressions: [{ kind: 'external' as const, justification: check.known }],
      }),
    }),
  );
  const notifications: Notification[] = [
    ...report.findings.map(
      ({ code, what, expected, remedy }): Notification => ({
        level: 'error',
        message: { text: `${what}\nExpected: ${expected}\nDo: ${remedy}` },
        descriptor: { id: code },
      }),
    ),
    ...usageFindings(report).map(
      ({ code, what, expected, remedy }): Notification => ({
        level: 'warning',
        message: { text: `${what}\nExpected: ${expected}\nDo: ${remedy}` },
        descriptor: { id: code },
      }),
    ),
    ...report.checks
      .filter(({ verdict }) => isLost(verdict, true))
      .map(
        (check): Notification => ({
          level: 'warning',
          message: { text: `${check.verdict}: ${check.message ?? ''}` },
          associatedRule: { id: check.id, index: report.checks.indexOf(check) },
        }),
      ),
  ];
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: report.tool.name,
            version: report.tool.version,
            semanticVersion: report.tool.version,
            rules: report.checks.map((check) => ruleOf(check, report.clauses)),
          },
        },
        automationDetails: { id: `authjs-conformance/${report.target.name}/` },
        invocations: [
          {
            executionSuccessful: report.result !== 'not judged',
            exitCode: report.exitCode,
            exitCodeDescription: `${headline(report)}; ${tally(report.checks)}`,
            startTimeUtc: new Date(report.startedAt).toISOString(),
            endTimeUtc: new Date(Date.parse(report.startedAt) + report.durationMs).toISOString(),
            toolExecutionNotifications: notifications,
          },
        ],
        originalUriBaseIds: {
          '%SRCROOT%': { description: { text: 'Root of the repository that holds the target' } },
        },
        columnKind: 'utf16CodeUnits',
        results,
      },
    ],
  };
}
