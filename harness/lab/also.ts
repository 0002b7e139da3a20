/** A second app at the same tenant, for the checks of single sign-on: its config, its start, and what workers must know. */
import path from 'node:path';
import type { Mocks } from '../../mocks/index.ts';
import { registerSecret } from '../../mocks/redact.ts';
import { type Config, DEFAULT_CLIENT_ID } from '../config/config.ts';
import { type LoadedConfig, loadConfig, readConfig } from '../config/load-config.ts';
import { ConformanceError } from '../errors.ts';
import { discoverEndpoints } from '../targets/discover.ts';
import { startTarget } from '../targets/start.ts';
import { createTargetLog } from '../targets/target-log.ts';
import { readCa } from '../user-agents/certificates.ts';
import type { AlsoApp } from './lab-description.ts';
import { addressesOf } from './other-host.ts';
import { checkCallback } from './start-mocks.ts';

/** Client id of the second app when its config names none. */
const CLIENT_ID = 'conformance-also';

const refuse = (code: string, what: string, expected: string, remedy: string) =>
  new ConformanceError({ code, key: 'also', what, expected, remedy });

const sameOrigin = (origin: string) =>
  refuse(
    'CONF_ALSO_ORIGIN',
    `both apps are called at ${origin}`,
    'two apps, each at an origin of its own (target.url, target.port)',
    'give one of them another port, or leave the ports out to take free ones.',
  );

/** Origin that a config fixes; undefined where a free port is taken. */
function fixedOrigin({ config: { target } }: LoadedConfig): string | undefined {
  const called = new URL(target.url ?? 'http://localhost:0');
  if (target.command && target.port) called.port = String(target.port);
  return called.port === '0' ? undefined : called.origin;
}

/**
 * The config of the second app, with a client id of its own.
 *
 * @throws ConformanceError CONF_ALSO_LIVE, CONF_ALSO_CLIENT, CONF_ALSO_ORIGIN, CONF_ALSO_ISSUER, or as `loadConfig`
 */
export async function readAlso(first: LoadedConfig): Promise<LoadedConfig | undefined> {
  const { config, origins, folder } = first;
  if (config.also === undefined) return undefined;
  if (config.live.issuer !== undefined)
    throw refuse(
      'CONF_ALSO_LIVE',
      'a second app is named, and the issuer is a real one',
      'single sign-on is judged before the mock only (also)',
      'take also (--also) out of this run.',
    );
  const also =
    typeof config.also === 'string'
      ? await loadConfig({
          file: path.resolve(origins.also === 'flag' ? process.cwd() : folder, config.also),
          environment: {},
        })
      : readConfig(config.also, folder);
  const { target } = also.config;
  const named = also.origins['target.clientId'] !== 'default';
  const clientId = named || config.target.clientId === CLIENT_ID ? target.clientId : CLIENT_ID;
  if (clientId === config.target.clientId)
    throw refuse(
      'CONF_ALSO_CLIENT',
      `both apps have the client id "${clientId}"`,
      'two applications at Logto, one for each app (target.clientId)',
      `give one of them another target.clientId; without any, the second has "${CLIENT_ID}" (first: "${DEFAULT_CLIENT_ID}").`,
    );
  const origin = fixedOrigin(first);
  if (origin && origin === fixedOrigin(also)) throw sameOrigin(origin);
  if (target.issuer && target.issuer !== config.target.issuer)
    throw refuse(
      'CONF_ALSO_ISSUER',
      `the second app has the issuer ${target.issuer} in its sources`,
      'two apps at one tenant: the same target.issuer in both configs, or none',
      'let both read the issuer from their environment, or name the same one.',
    );
  return { ...also, config: { ...also.config, target: { ...target, clientId } } };
}

/** The config of the first app with what the tenant holds for both. */
export function withTenantOf(config: Config, also?: Config): Config {
  const [own, other] = [config.tenant, also?.tenant];
  if (!own || !other) return { ...config, tenant: own ?? other };
  const indicators = [...new Set([...own.resources, ...other.resources].map(({ indicator }) => indicator))];
  return {
    ...config,
    tenant: {
      resources: indicators.map((indicator) => ({
        indicator,
        scopes: [
          ...new Set(
            [...own.resources, ...other.resources].flatMap((each) =>
              each.indicator === indicator ? each.scopes : [],
            ),
          ),
        ],
      })),
      roles: { ...other.roles, ...own.roles },
      organizationRoles: { ...other.organizationRoles, ...own.organizationRoles },
      accountCenter: own.accountCenter ?? other.accountCenter,
    },
  };
}

export interface StartedAlso {
  app: AlsoApp;
  stop?: () => Promise<void>;
}

/**
 * Starts the second app, and registers it at the tenant.
 *
 * @param firstOrigin origin of the first app, which must be another one
 */
export async function startAlso(
  loaded: LoadedConfig,
  {
    mocks,
    issuer,
    reroutes,
    connectorConfig,
    firstOrigin,
    progress,
  }: {
    mocks: Mocks;
    issuer: string;
    reroutes: Record<string, string>;
    connectorConfig: Record<string, unknown>;
    firstOrigin: string;
    progress: (text: string) => void;
  },
): Promise<StartedAlso> {
  const { config, folder } = loaded;
  const log = createTargetLog();
  const ca = readCa(config, folder);
  registerSecret('client secret', config.target.clientSecret);
  const { stop, origin, authSecret } = await startTarget({
    config,
    folder,
    issuer,
    mocks,
    log,
    reroutes,
    connectorConfig,
    ca,
    progress: (text) => progress(`second app: ${text}`),
  });
  try {
    if (origin === firstOrigin) throw sameOrigin(origin);
    const app = await discoverEndpoints({
      origin,
      basePath: config.target.basePath,
      provider: config.target.provider,
      log: () => log.tail(),
      ca,
    });
    checkCallback(app);
    await mocks.client.putApplication(config.target.clientId, {
      secret: config.target.clientSecret,
      ...addressesOf(app, true, config.pages.signedOut),
      ...(config.pages.backChannelLogout && {
        backchannelLogoutUri: new URL(config.pages.backChannelLogout, app.origin).href,
      }),
    });
    return { app: { app, config, authSecret }, stop };
  } catch (error) {
    await stop?.();
    throw error;
  }
}
