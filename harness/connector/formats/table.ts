/** The report for people: a table of templates, findings in three lines each, what sending showed, the verdict. */
import { createColors } from 'picocolors';
import type { ConnectorReport, DynamicVerdict, FindingLevel } from '../report.ts';

const pad = (text: string, width: number) => text + ' '.repeat(Math.max(0, width - text.length));

/** @param options.colour whether the terminal shows colours */
export function table(
  report: ConnectorReport,
  options: { colour?: boolean; fixed?: readonly string[] } = {},
): string {
  const paint = createColors(options.colour ?? false);
  const levels: Record<FindingLevel, (text: string) => string> = {
    error: paint.red,
    warning: paint.yellow,
    note: paint.cyan,
  };
  const verdicts: Record<DynamicVerdict, (text: string) => string> = {
    pass: paint.green,
    fail: paint.red,
    warn: paint.yellow,
    'not judged': paint.magenta,
  };
  const { connector, file, findings, templates, dynamic } = report;
  const lines = [
    `${paint.bold(connector.name)} ${connector.version}${file ? `, config ${file}` : ''}`,
    ...(options.fixed ?? []).map((each) => paint.green(`corrected: ${each}`)),
    '',
    ...grid([
      ['usage type', 'status', 'texts', 'encoding', 'characters'],
      ...templates.map(({ usageType, status, segments, encoding, characters }) => [
        usageType,
        status,
        String(segments ?? ''),
        encoding ?? '',
        String(characters ?? ''),
      ]),
    ]),
    '',
  ];
  for (const { code, level, keyPath, line, column, what, expected, fix, safeFix } of findings) {
    const place = `${file ?? 'config'}:${line}:${column}`;
    lines.push(
      `${levels[level](level)} ${paint.bold(code)} ${paint.dim(`${place}${keyPath ? ` ${keyPath}` : ''}`)}`,
      `  ${what}`,
      `  Expected: ${expected}`,
      `  Do: ${fix}${safeFix ? ' (--fix does it)' : ''}`,
    );
  }
  if (findings.length) lines.push('');
  const passed = dynamic.filter(({ verdict }) => verdict === 'pass');
  for (const { id, title, verdict, message, expected, fix } of dynamic) {
    if (verdict === 'pass') continue;
    lines.push(`${verdicts[verdict](verdict)} ${paint.bold(id)} the connector ${title}`, `  ${message}`);
    if (expected) lines.push(`  Expected: ${expected}`);
    if (fix) lines.push(`  Do: ${fix}`);
  }
  if (passed.length) {
    const shown = passed.find(({ id }) => id.startsWith('send/'));
    lines.push(
      `${verdicts.pass('pass')} ${passed.length} more${shown ? `, such as ${shown.id}: ${shown.message}` : ''}`,
    );
  }
  if (dynamic.length) lines.push('');
  const colour =
    report.verdict === 'conformant'
      ? paint.green
      : report.verdict === 'not judged'
        ? paint.magenta
        : paint.red;
  lines.push(`${colour(paint.bold(report.verdict))}: ${report.summary}`);
  return `${lines.join('\n')}\n`;
}

function grid(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
