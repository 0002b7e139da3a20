/** Workflow commands of GitHub Actions: annotations at the line of the config. */
import type { ConnectorReport } from '../report.ts';

const data = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

const KIND = { error: 'error', warning: 'warning', note: 'notice', fail: 'error', warn: 'warning' } as const;

export function github({ connector, file, findings, dynamic, verdict, summary }: ConnectorReport): string {
  const place = (line: number, column: number) =>
    file ? `file=${property(file)},line=${line},col=${column},` : '';
  const lines = [
    ...findings.map(
      ({ code, level, keyPath, line, column, what, expected, fix }) =>
        `::${KIND[level]} ${place(line, column)}title=${property(`${code}${keyPath ? ` ${keyPath}` : ''}`)}::${data(`${what}\nExpected: ${expected}\nDo: ${fix}`)}`,
    ),
    ...dynamic.flatMap(({ id, title, verdict: each, message, expected, fix }) =>
      each === 'fail' || each === 'warn'
        ? [
            `::${KIND[each]} ${place(1, 1)}title=${property(`${id}: the connector ${title}`)}::${data([message, expected && `Expected: ${expected}`, fix && `Do: ${fix}`].filter(Boolean).join('\n'))}`,
          ]
        : [],
    ),
    `${connector.name} ${connector.version}: ${verdict} (${summary})`,
  ];
  return `${lines.join('\n')}\n`;
}
