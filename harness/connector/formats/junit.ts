/** JUnit XML: one suite for the config, one for the sending; valid for the readers that `reports/junit.ts` names. */
import { create } from 'xmlbuilder2';
import type { ConnectorFinding, ConnectorReport } from '../report.ts';

interface Case {
  name: string;
  seconds: number;
  /** What tells it from others of its name. */
  told?: string;
  failure?: { message: string; type: string; text: string };
  error?: { message: string; type: string; text: string };
  output?: string;
}

/** What XML cannot hold. */
const INVALID = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;
const clean = (text: string) => text.replace(INVALID, '\uFFFD');
const oneLine = (text: string) => clean(text).replace(/\s+/g, ' ').trim();

const explain = (finding: ConnectorFinding, file: string) =>
  `${finding.what}\nExpected: ${finding.expected}\nDo: ${finding.fix}\n\n    at ${finding.keyPath || 'the config'} (${file}:${finding.line}:${finding.column})`;

/** A failure for each error, output for warnings and notes; a config without findings is one passing case. */
function configCases({ findings, file = 'config' }: ConnectorReport): Case[] {
  if (findings.length === 0) return [{ name: 'the config has no finding', seconds: 0 }];
  return findings.map((finding) => ({
    name: oneLine(
      `${finding.code}${finding.keyPath ? ` ${finding.keyPath}` : ''} (line ${finding.line}, column ${finding.column})`,
    ),
    seconds: 0,
    told: finding.what,
    ...(finding.level === 'error'
      ? {
          failure: {
            message: oneLine(finding.what),
            type: finding.code,
            text: explain(finding, file),
          },
        }
      : { output: `${finding.level.toUpperCase()}: ${explain(finding, file)}` }),
  }));
}

/**
 * Names that no two cases share: readers such as GitLab keep one of the cases of a name (gitlab-org/gitlab issue 237920).
 * Where findings share code and place, their sentence tells them apart.
 */
function withOwnNames(cases: readonly Case[]): Case[] {
  const times = (names: readonly string[], name: string) => names.filter((each) => each === name).length;
  const given = cases.map(({ name }) => name);
  const names = cases.map(({ name, told }) =>
    times(given, name) > 1 && told ? `${name}: ${oneLine(told)}` : name,
  );
  return cases.map((each, index) => {
    const name = names[index] as string;
    const before = times(names.slice(0, index), name);
    return { ...each, name: before ? `${name} (${before + 1})` : name };
  });
}

const sendingCases = ({ dynamic }: ConnectorReport): Case[] =>
  dynamic.map(({ id, title, verdict, message, expected, fix, durationMs }) => {
    const text = [message, expected && `Expected: ${expected}`, fix && `Do: ${fix}`]
      .filter(Boolean)
      .join('\n');
    const told = { message: oneLine(message), type: id, text };
    return {
      name: oneLine(`${id}: the connector ${title}`),
      seconds: durationMs / 1000,
      ...(verdict === 'fail' && { failure: told }),
      ...(verdict === 'not judged' && { error: told }),
      ...(verdict === 'warn' && { output: `WARNING: ${text}` }),
      ...(verdict === 'pass' && { output: message }),
    };
  });

export function junit(report: ConnectorReport): string {
  const suites = [
    { name: 'connector.config', cases: withOwnNames(configCases(report)) },
    ...(report.dynamic.length
      ? [{ name: 'connector.sending', cases: withOwnNames(sendingCases(report)) }]
      : []),
  ];
  const root = create({ version: '1.0', encoding: 'UTF-8' }).ele('testsuites');
  for (const { name, cases } of suites) {
    const suite = root.ele('testsuite', {
      name: `${report.connector.name} ${name}`,
      tests: cases.length,
      failures: cases.filter(({ failure }) => failure).length,
      errors: cases.filter(({ error }) => error).length,
      skipped: 0,
      time: cases.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(3),
    });
    for (const { name: title, seconds, failure, error, output } of cases) {
      const testcase = suite.ele('testcase', { name: title, classname: name, time: seconds.toFixed(3) });
      if (failure)
        testcase.ele('failure', { message: failure.message, type: failure.type }).txt(clean(failure.text));
      if (error) testcase.ele('error', { message: error.message, type: error.type }).txt(clean(error.text));
      if (output) testcase.ele('system-out').txt(clean(output));
    }
  }
  return `${root.end({ prettyPrint: true })}\n`;
}
