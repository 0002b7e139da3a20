/** Starts the mocks of a lab, and checks that the app names a callback that can be registered. */
import { type Mocks, type MocksOptions, startMocks } from '../../mocks/index.ts';
import { unknownGrants } from '../../mocks/logto/furnish.ts';
import { registerSecret } from '../../mocks/redact.ts';
import type { Config } from '../config/config.ts';
import { ConformanceError } from '../errors.ts';
import type { AuthEndpoints } from '../targets/discover.ts';
import type { TargetLog } from '../targets/target-log.ts';
import { harnessRoutes } from './harness-routes.ts';
import type { LabOptions } from './lab-handle.ts';
import { secondOptions } from './second.ts';
import type { TargetWatch } from './target-end.ts';

export async function startMocksFor(
  config: Config,
  folder: string,
  connectorConfig: Record<string, unknown>,
  log: TargetLog,
  watch: () => TargetWatch | undefined,
  {
    fresh,
    progress,
    ...extra
  }: Pick<MocksOptions, 'replaceControl' | 'leaveTwilio' | 'emailConnector'> &
    Pick<LabOptions, 'fresh' | 'progress'> = {},
): Promise<Mocks> {
  registerSecret('client secret', config.target.clientSecret);
  checkTenant(config);
  try {
    return await startMocks({
      ports: config.ports,
      publicIssuer: config.target.issuer,
      // A real tenant is the only issuer of a live run.
      tenant: config.live.issuer === undefined ? config.tenant : undefined,
      second: config.live.issuer === undefined ? secondOptions(config) : undefined,
      // An app elsewhere has its endpoints there.
      allowHosts: config.target.url ? [config.target.url] : [],
      applications: [
        {
          id: config.target.clientId,
          secret: config.target.clientSecret,
          redirectUris: [],
          isThirdParty: config.target.thirdParty,
        },
      ],
      connector: { name: config.connector.package, config: connectorConfig, from: folder },
      extendControl: harnessRoutes({ config, folder, connectorConfig, log, watch, fresh, progress }),
      ...extra,
    });
  } catch (error) {
    const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    throw new ConformanceError({
      code: taken ? 'CONF_PORT_TAKEN' : 'CONF_MOCKS_FAILED',
      what: `the mocks could not be started: ${(error as Error).message}`,
      expected: taken
        ? 'free ports (ports.issuer, ports.carrier, ports.control)'
        : 'a connector package that can be loaded (connector.package), and NODE_ENV other than production',
      remedy: taken ? 'leave the ports out of the config to take free ones.' : 'mend what the message names.',
    });
  }
}

/** Roles give what a resource has; Logto's console offers nothing else. */
function checkTenant({ tenant }: Config): void {
  const unknown = tenant ? unknownGrants(tenant) : [];
  if (unknown.length === 0) return;
  throw new ConformanceError({
    code: 'CONF_TENANT_GRANTS',
    key: 'tenant',
    what: `roles give permissions that no API resource has: ${unknown.join('; ')}`,
    expected: 'roles that give scopes of tenant.resources',
    remedy: 'add the scope to its resource, or correct the name.',
  });
}

/** The app must name a callback URL on the origin that people call it by; else Logto refuses its redirect URI. */
export function checkCallback(app: AuthEndpoints): void {
  const claimed = new URL(app.callbackUrl);
  if (claimed.origin === app.origin) return;
  throw new ConformanceError({
    code: 'CONF_ORIGIN_MISMATCH',
    what: `the app is called at ${app.origin}, but names the callback ${app.callbackUrl}`,
    expected: `a callback on ${app.origin} (AUTH_URL, NEXTAUTH_URL, trustHost, or the Host header)`,
    remedy: `set AUTH_URL=${app.origin}${app.basePath} for the app, or call it by the origin it knows: --url ${claimed.origin}`,
  });
}

/** What the app was given to seal its sessions with is looked for wherever it answers; a word that stands anywhere is no secret. */
export function noteSecret(secret: string | undefined, { issued }: Mocks['journal']): void {
  if (secret && /^[\w~.+@-]{16,}$/.test(secret))
    issued.add({ kind: 'secret of its sessions', value: secret, owner: null, scope: null });
}
