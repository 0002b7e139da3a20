/** `authjs-conformance connector CONFIG.json`: what the command line calls. */
import path from 'node:path';
import { DEFAULT_CONNECTOR } from '../../mocks/logto/connector.ts';
import { readGivenJson } from '../../reports/given-file.ts';
import { closest } from '../config/closest.ts';
import { ConformanceError } from '../errors.ts';
import { certifyConnector, textOf } from './certify.ts';
import { fixText, replaceFile } from './fix.ts';
import { github } from './formats/github.ts';
import { junit } from './formats/junit.ts';
import { sarif } from './formats/sarif.ts';
import { table } from './formats/table.ts';
import { loadForCertification } from './load.ts';
import { type ConnectorReport, exitCodeOf } from './report.ts';

export const CONNECTOR_FORMATS = ['table', 'json', 'junit', 'sarif', 'github'] as const;
export type ConnectorFormat = (typeof CONNECTOR_FORMATS)[number];

export interface ConnectorFlags {
  /** Package or path (default `@logto/connector-twilio-sms`). */
  connector?: string;
  /** Write the safe corrections into the file. */
  fix?: boolean;
  format?: string;
  /** false (`--no-dynamic`): judge without sending. */
  dynamic?: boolean;
  /** JSON file with `{status, body}`, the answer of the carrier of an own connector. */
  carrierAnswer?: string;
  /** Seconds that a connector may wait for a silent carrier. */
  patience?: string | number;
  /** Folder that paths are looked up from (default: the current one). */
  from?: string;
  /** Whether the terminal shows colours. */
  colour?: boolean;
}

/**
 * Certifies a config file, as the command line asks.
 *
 * @param file path of the config
 * @returns text to print, and 0 conformant, 1 not conformant, 2 could not be judged
 * @throws ConformanceError when file, connector or a flag is wrong (exit code 2)
 */
export async function connectorCommand(
  file: string,
  flags: ConnectorFlags = {},
): Promise<{ text: string; exitCode: 0 | 1 | 2; report: ConnectorReport }> {
  const { connector = DEFAULT_CONNECTOR, from = process.cwd() } = flags;
  const format = formatOf(flags.format);
  const answer = answerOf(flags.carrierAnswer, from);
  const patience = patienceOf(flags.patience);
  const fixed = flags.fix ? await fixFile(file, connector, from) : undefined;
  const report = await certifyConnector({
    config: file,
    connector,
    from,
    dynamic: flags.dynamic,
    ...(answer && { answer }),
    ...(patience && { patience }),
  });
  return {
    text: render(report, format, { colour: flags.colour, fixed }),
    exitCode: exitCodeOf(report),
    report,
  };
}

function render(
  report: ConnectorReport,
  format: ConnectorFormat,
  options: { colour?: boolean; fixed?: readonly string[] },
): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(options.fixed ? { ...report, fixed: options.fixed } : report, null, 2)}\n`;
    case 'junit':
      return junit(report);
    case 'sarif':
      return `${JSON.stringify(sarif(report), null, 2)}\n`;
    case 'github':
      return github(report);
    default:
      return table(report, options);
  }
}

async function fixFile(file: string, connector: string, from: string): Promise<string[]> {
  const old = textOf(file, from);
  const loaded = await loadForCertification(connector, () => undefined, from);
  const { text, done } = fixText(old, loaded.connector);
  if (text !== old) replaceFile(path.resolve(from, file), text);
  return done;
}

function formatOf(text: string | undefined): ConnectorFormat {
  const format = (text ?? 'table') as ConnectorFormat;
  if (CONNECTOR_FORMATS.includes(format)) return format;
  const near = closest(format, CONNECTOR_FORMATS);
  throw new ConformanceError({
    code: 'CONF_FORMAT_UNKNOWN',
    what: `there is no format "${format}"`,
    expected: `${CONNECTOR_FORMATS.join(', ')} (--format)`,
    remedy: near ? `did you mean ${near}?` : 'take one of these.',
  });
}

function patienceOf(given: string | number | undefined): number | undefined {
  if (given === undefined) return undefined;
  const seconds = Number(given);
  if (seconds > 0 && seconds <= 600) return seconds;
  throw new ConformanceError({
    code: 'CONF_PATIENCE_INVALID',
    what: `"${given}" is no number of seconds`,
    expected: 'more than 0 and at most 600 (--patience)',
    remedy: 'give the seconds that a connector may wait for a silent carrier, such as --patience 3.',
  });
}

function answerOf(file: string | undefined, from: string): { status: number; body: unknown } | undefined {
  if (file === undefined) return undefined;
  const wrong = (what: string) =>
    new ConformanceError({
      code: 'CONF_CARRIER_ANSWER_INVALID',
      what: `the carrier's answer in ${file} ${what}`,
      expected: 'a JSON file such as {"status": 200, "body": {"id": "1"}} (--carrier-answer)',
      remedy: 'copy an answer from the API reference of the carrier.',
    });
  try {
    const { status = 200, body = {} } = readGivenJson(path.resolve(from, file)) as {
      status?: number;
      body?: unknown;
    };
    if (!Number.isInteger(status) || status < 100 || status > 599) throw wrong('has no HTTP status');
    return { status, body };
  } catch (error) {
    if (error instanceof ConformanceError) throw error;
    throw wrong(`could not be read: ${(error as Error).message.split('\n')[0]}`);
  }
}
