/** SARIF 2.1.0: findings at their line and column, with the safe corrections as fixes. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Fix, Log, ReportingDescriptor, Result } from 'sarif';
import { VERSION } from '../../config/defaults.ts';
import { type ConnectorReport, exitCodeOf } from '../report.ts';

const LEVEL = { error: 'error', warning: 'warning', note: 'note', fail: 'error', warn: 'warning' } as const;

const titleCase = (id: string) => id.replace(/(?:^|[/-])(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Files inside the working folder are named relative to the repository, as GitHub wants them. */
function locate(file: string): { uri: string; uriBaseId?: string } {
  const place = path.resolve(file);
  const relative = path.relative(process.cwd(), place);
  return relative.startsWith('..') || path.isAbsolute(relative)
    ? { uri: pathToFileURL(place).href }
    : { uri: relative.split(path.sep).map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' };
}

export function sarif(report: ConnectorReport): Log {
  const { file, findings, dynamic } = report;
  const artifactLocation = file ? locate(file) : undefined;
  const rules = new Map<string, ReportingDescriptor>();
  const rule = (id: string, text: string, expected: string, level: Result['level']) => {
    if (!rules.has(id)) {
      rules.set(id, {
        id,
        name: titleCase(id),
        shortDescription: { text },
        help: { text: `Expected: ${expected}` },
        defaultConfiguration: { level },
      });
    }
    return [...rules.keys()].indexOf(id);
  };
  const results: Result[] = findings.map(
    ({ code, level, line, column, keyPath, what, expected, fix, safeFix }) => ({
      ruleId: code,
      ruleIndex: rule(code, code.replaceAll('-', ' '), expected, LEVEL[level]),
      level: LEVEL[level],
      message: { text: `${what}\nExpected: ${expected}\nDo: ${fix}` },
      ...(artifactLocation && {
        locations: [
          {
            physicalLocation: { artifactLocation, region: { startLine: line, startColumn: column } },
            ...(keyPath && { logicalLocations: [{ fullyQualifiedName: keyPath, kind: 'member' }] }),
          },
        ],
      }),
      ...(artifactLocation &&
        safeFix && {
          fixes: [
            {
              description: { text: safeFix.description },
              artifactChanges: [
                {
                  artifactLocation,
                  replacements: safeFix.edits.map(({ offset, length, content }) => ({
                    deletedRegion: { charOffset: offset, charLength: length },
                    insertedContent: { text: content },
                  })),
                },
              ],
            } satisfies Fix,
          ],
        }),
    }),
  );
  for (const { id, title, verdict, message, expected = '', fix } of dynamic) {
    if (verdict !== 'fail' && verdict !== 'warn') continue;
    results.push({
      ruleId: id,
      ruleIndex: rule(id, `The connector ${title}`, expected, LEVEL[verdict]),
      level: LEVEL[verdict],
      message: { text: [message, `Expected: ${expected}`, fix && `Do: ${fix}`].filter(Boolean).join('\n') },
      ...(artifactLocation && {
        locations: [{ physicalLocation: { artifactLocation, region: { startLine: 1 } } }],
      }),
    });
  }
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'authjs-conformance',
            version: VERSION,
            semanticVersion: VERSION,
            rules: [...rules.values()],
          },
        },
        automationDetails: { id: `authjs-conformance/connector/${report.connector.name}/` },
        invocations: [
          {
            executionSuccessful: report.verdict !== 'not judged',
            exitCode: exitCodeOf(report),
            exitCodeDescription: `${report.verdict}: ${report.summary}`,
          },
        ],
        columnKind: 'utf16CodeUnits',
        results,
      },
    ],
  };
}
