/** The SMS connector of a run and its config: read, and judged by the connector's own guard before anything starts. */
import path from 'node:path';
import { goodTwilioConfig } from '../../mocks/index.ts';
import { carrierOf, loadConnector, type SmsConnector } from '../../mocks/logto/connector.ts';
import { readGivenJson } from '../../reports/given-file.ts';
import type { Config } from '../config/config.ts';
import { ConformanceError } from '../errors.ts';
import { isLoopback } from '../user-agents/certificates.ts';

/** Reads the connector config; throws CONF_CONNECTOR_UNREADABLE. */
export function readConnectorConfig(config: Config, folder: string): Record<string, unknown> {
  const given = config.connector.config;
  if (given === undefined) return goodTwilioConfig;
  if (typeof given !== 'string') return given;
  const file = path.resolve(folder, given);
  try {
    return readGivenJson(file) as Record<string, unknown>;
  } catch (error) {
    throw unreadableConnector(given, error as Error, 'connector.config');
  }
}

/** @param key the setting that names the file */
export const unreadableConnector = (file: string, error: Error, key: string) =>
  new ConformanceError({
    code: 'CONF_CONNECTOR_UNREADABLE',
    what: `the connector config ${file} could not be read: ${error.message}`,
    expected: `a JSON file with the config that is pasted into Logto (${key})`,
    remedy: `run \`npx authjs-conformance connector ${file}\`: it names the line.`,
  });

/** @param where the setting, or the file, that holds the config */
export function invalidConnector(name: string, error: unknown, where: string): ConformanceError {
  const { issues = [] } = error as { issues?: { path: (string | number)[]; message: string }[] };
  return new ConformanceError({
    code: 'CONF_CONNECTOR_INVALID',
    what: `the config of ${name} is not valid:\n${issues.map(({ path: key, message }) => `    ✖ ${key.join('.') || '(the whole config)'}: ${message}`).join('\n')}`,
    expected: `what the connector's own guard accepts; Logto would refuse this config with connector.invalid_config (${where})`,
    remedy: 'correct the keys named above; `npx authjs-conformance connector FILE` shows the lines.',
  });
}

/**
 * The connector's own guard decides first, as Logto does before it stores a config (recording 003).
 *
 * @param options.orLoopback somebody on this machine takes its messages, as `capture serve` does
 */
export async function checkConnector(
  given: Record<string, unknown>,
  { package: name, config }: Config['connector'],
  folder: string,
  { orLoopback = false } = {},
): Promise<void> {
  const connector = await loadConnector(name, () => given, folder).catch((error: Error) => {
    throw new ConformanceError({
      code: 'CONF_CONNECTOR_MISSING',
      what: `the connector could not be loaded: ${error.message}`,
      expected: 'the name of an installed connector package, or its path (connector.package, --connector)',
      remedy: `install it beside your app: npm install ${name}`,
    });
  });
  const verdict = connector.configGuard.safeParse(given);
  if (verdict.success) return checkCarrier(connector, given, name, orLoopback);
  throw invalidConnector(name, verdict.error, typeof config === 'string' ? config : 'connector.config');
}

/** The lab plays Twilio: a connector of another carrier could sign nobody in. */
async function checkCarrier(
  connector: SmsConnector,
  given: unknown,
  name: string,
  orLoopback: boolean,
): Promise<void> {
  const carrier = await carrierOf(connector, given);
  if (!carrier || /(^|\.)twilio\.com$/i.test(carrier.hostname)) return;
  if (orLoopback && isLoopback(carrier.hostname)) return;
  throw new ConformanceError({
    code: 'CONF_CONNECTOR_CARRIER',
    key: 'connector.package',
    what: `${name} sends its messages through ${carrier.host}, and the lab plays Twilio only: nobody could sign in`,
    expected: 'a connector that sends through api.twilio.com, such as @logto/connector-twilio-sms',
    remedy: `certify this connector with \`npx authjs-conformance connector CONFIG --connector ${name}\`, and run the app with Twilio's.`,
  });
}
