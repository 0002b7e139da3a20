/** Certifies the config of an SMS connector: what can be said without sending, then what the real connector does. */
import path from 'node:path';
import { DEFAULT_CONNECTOR } from '../../mocks/logto/connector.ts';
import { readGiven } from '../../reports/given-file.ts';
import { ConformanceError } from '../errors.ts';
import { count, judgeDynamically, withStatus } from './dynamic.ts';
import { loadForCertification } from './load.ts';
import { withoutPrinting } from './printing.ts';
import type { ConnectorFinding, ConnectorReport, DynamicResult, TemplateRow } from './report.ts';
import { secretsIn, withoutSecrets } from './secrets.ts';
import { readSource, type Source } from './source.ts';
import { judgeStatically } from './static.ts';

export interface CertifyOptions {
  /** Path of a JSON file, or the config itself. */
  config: unknown;
  /** Connector package or path (default `@logto/connector-twilio-sms`). */
  connector?: string;
  /** Folder that packages and paths are looked up from (default: the current one). */
  from?: string;
  /** Whether the connector is made to send, to mocks on this machine (default true). */
  dynamic?: boolean;
  /** What the carrier answers to a message that it takes; needed for own connectors that look at it. */
  answer?: { status: number; body: unknown };
  /** Seconds that a connector may wait for a silent carrier (default 3); every other send has five times as long. */
  patience?: number;
}

/** A config of more bytes is no config: nine texts of 1600 characters take a sixth of it. */
const CONFIG_MAX = 100_000;

/**
 * Certifies a connector config.
 *
 * @returns findings with line and column, the table of templates, and what the connector did; no secret of the config
 * @throws ConformanceError CONF_CONNECTOR_UNREADABLE, CONF_CONNECTOR_MISSING, CONF_CONNECTOR_BROKEN or CONF_CONNECTOR_TYPE
 */
export async function certifyConnector(options: CertifyOptions): Promise<ConnectorReport> {
  const { connector: name = DEFAULT_CONNECTOR, from = process.cwd() } = options;
  const file = typeof options.config === 'string' ? options.config : undefined;
  const source = readSource(textOf(options.config, from));
  // What a connector prints when it is loaded would stand in the report.
  const { connector, ...identity } = await withoutPrinting([], () =>
    loadForCertification(name, () => source.value, from),
  );
  const { findings, templates, config } = judgeStatically(source, connector);
  const secrets = secretsOf(source);
  // What the guard refuses is never sent: Logto would not even store it.
  const sendable = config !== undefined && connector.configGuard.safeParse(config).success;
  const { results: dynamic, status } =
    options.dynamic !== false && sendable
      ? await judgeDynamically({ ...options, connector, config, secrets, findings })
      : { results: [], status: {} };
  const report: ConnectorReport = {
    schema: 'urn:authjs-conformance:connector-report:1',
    connector: { name: identity.name, version: identity.version, id: identity.id },
    ...(file !== undefined && { file }),
    findings,
    templates: withStatus(templates, status),
    dynamic,
    ...verdictOf(findings, dynamic, templates),
  };
  return withoutSecrets(report, secrets);
}

/** Secrets of a config, also of one that cannot be read: there every quoted text behind a secret's name counts. */
export function secretsOf(source: Source): string[] {
  const quoted = [...source.text.matchAll(/"([\w-]+)"\s*:\s*"((?:[^"\\]|\\.)*)"/g)].map(
    ({ 1: key = '', 2: value = '' }) => ({ [key]: value }),
  );
  return [...new Set([...secretsIn(source.value), ...secretsIn(quoted)])];
}

/**
 * Reads a config as text; an object is written as JSON, so that it has lines, too.
 *
 * @throws ConformanceError CONF_CONNECTOR_UNREADABLE
 */
export function textOf(config: unknown, from: string): string {
  if (typeof config !== 'string') {
    try {
      return JSON.stringify(config, null, 2) ?? '';
    } catch (error) {
      throw unreadable('the config object', (error as Error).message.split('\n')[0] ?? '');
    }
  }
  const place = path.resolve(from, config);
  try {
    return readGiven(place, { max: CONFIG_MAX, keepMark: true });
  } catch (error) {
    throw unreadable(config, (error as Error).message);
  }
}

const unreadable = (what: string, why: string) =>
  new ConformanceError({
    code: 'CONF_CONNECTOR_UNREADABLE',
    what: `${what} could not be read: ${why}`,
    expected: 'a JSON file with the config that is pasted into Logto',
    remedy: 'name the file that holds it.',
  });

const many = (number: number, thing: string) => `${number} ${thing}${number === 1 ? '' : 's'}`;

/** Warnings that change what people receive; an operator who reads one line should see them in it. */
const RECEIVED = (parts: number): Record<string, string> => {
  const inParts = `a text in ${parts > 1 ? parts : 'several'} parts`;
  return {
    'placeholder-repeated': 'the code twice in one text',
    'usage-type-duplicate': 'one of two texts for a usage type',
    'segments-many': inParts,
    // A warning only where it makes more parts of a text.
    'encoding-ucs2': inParts,
  };
};

function received(findings: readonly ConnectorFinding[], templates: readonly TemplateRow[]): string {
  const words = RECEIVED(Math.max(...templates.map(({ segments = 1 }) => segments)));
  const told = findings.flatMap(({ code, level }) =>
    level === 'warning' && words[code] ? [words[code]] : [],
  );
  return told.length ? ` (people receive ${[...new Set(told)].join(', ')})` : '';
}

function verdictOf(
  findings: readonly ConnectorFinding[],
  dynamic: readonly DynamicResult[],
  templates: readonly TemplateRow[],
): Pick<ConnectorReport, 'verdict' | 'summary'> {
  const errors = count(findings, 'error');
  const failed = count(dynamic, 'fail');
  const warnings = count(findings, 'warning') + count(dynamic, 'warn');
  const open = dynamic.filter(({ id, verdict }) => verdict === 'not judged' && id.startsWith('send/')).length;
  const summary = [
    errors > 0 && many(errors, 'error'),
    failed > 0 && `${many(failed, 'failure')} in sending`,
    many(warnings, 'warning') + received(findings, templates),
    dynamic.length > 0 && `${many(count(dynamic, 'pass'), 'thing')} done right`,
    open > 0 && `${many(open, 'send')} not judged`,
  ]
    .filter(Boolean)
    .join(', ');
  if (errors > 0 || failed > 0) return { verdict: 'not conformant', summary };
  return { verdict: open > 0 ? 'not judged' : 'conformant', summary };
}
