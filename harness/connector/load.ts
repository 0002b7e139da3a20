/** Loads the connector that is to be certified, and refuses what is no SMS connector. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { connectorFolder, loadConnector, type SmsConnector } from '../../mocks/logto/connector.ts';
import { closest } from '../config/closest.ts';
import { ConformanceError } from '../errors.ts';

/** SMS connectors of connector-kit that Logto publishes on npm (logto-io/logto `packages/connectors`, 1fbc554). */
export const LOGTO_SMS_CONNECTORS = [
  '@logto/connector-aliyun-sms',
  '@logto/connector-gatewayapi-sms',
  '@logto/connector-http-sms',
  '@logto/connector-smsaero',
  '@logto/connector-tencent-sms',
  '@logto/connector-twilio-sms',
  '@logto/connector-vonage-sms',
  '@logto/connector-yunpian-sms',
];

export interface LoadedConnector {
  connector: SmsConnector;
  name: string;
  version: string;
  id: string;
}

const isPath = (name: string) => /^[./]/.test(name);

/**
 * @param name package, or a path (absolute, or relative to `from`) of a file or a folder; TypeScript included
 * @param getConfig gives the config when a message is sent without one
 * @throws ConformanceError CONF_CONNECTOR_MISSING, CONF_CONNECTOR_BROKEN or CONF_CONNECTOR_TYPE
 */
export async function loadForCertification(
  name: string,
  getConfig: () => unknown,
  from: string,
): Promise<LoadedConnector> {
  let connector: SmsConnector;
  try {
    connector = await loadConnector(name, getConfig, from);
  } catch (error) {
    const message = (error as Error).message.split('\n')[0] ?? '';
    const absent = /is not installed|there is no connector at/.test(message);
    const near = isPath(name) ? undefined : closest(name, LOGTO_SMS_CONNECTORS);
    throw new ConformanceError({
      code: absent ? 'CONF_CONNECTOR_MISSING' : 'CONF_CONNECTOR_BROKEN',
      what: `the connector ${name} could not be loaded: ${message}`,
      expected:
        'a package that is installed here, or the path of a connector, with CreateConnector as its default export (--connector)',
      remedy: !absent
        ? 'mend what the message names.'
        : isPath(name)
          ? 'correct the path.'
          : near && near !== name
            ? `did you mean ${near}? Install it with \`npm install ${near}\`.`
            : `install it with \`npm install ${name}\`.`,
    });
  }
  const type = String((connector as { type?: unknown } | undefined)?.type);
  if (type !== 'Sms') {
    throw new ConformanceError({
      code: 'CONF_CONNECTOR_TYPE',
      what: `${name} is ${type === 'Email' ? 'an email connector' : type === 'Social' ? 'a social connector' : `a connector of the type ${type}`}`,
      expected:
        'an SMS connector: one-time codes by phone are what is certified here; email connectors are out',
      remedy: 'name an SMS connector with --connector, such as @logto/connector-twilio-sms.',
    });
  }
  const broken = ['metadata', 'configGuard', 'sendMessage'].filter((part) => !(part in connector));
  if (broken.length > 0) {
    throw new ConformanceError({
      code: 'CONF_CONNECTOR_BROKEN',
      what: `${name} lacks ${broken.join(', ')}`,
      expected: 'what connector-kit calls an SmsConnector: metadata, configGuard, type, sendMessage',
      remedy: 'return all four from the default export.',
    });
  }
  return { connector, id: String(connector.metadata?.id ?? 'unknown'), ...packageOf(name, connector) };
}

function packageOf(name: string, connector: SmsConnector): { name: string; version: string } {
  try {
    const manifest = JSON.parse(
      readFileSync(path.join(connectorFolder(connector) ?? '', 'package.json'), 'utf8'),
    ) as { name?: string; version?: string };
    // A lone file lies in somebody else's package.
    const own = !/\.[mc]?[jt]sx?$/.test(name);
    return { name: (own && manifest.name) || name, version: (own && manifest.version) || 'unknown' };
  } catch {
    return { name, version: 'unknown' };
  }
}
