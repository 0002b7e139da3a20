/** How Logto and its database are run in containers: pure, so that it can be tested where no image can be had. */

/** Pinned: the release whose answers the mock has (mocks/logto; recordings of 1.42). */
export const LOGTO_IMAGE = 'svhd/logto:1.42.0';
export const DATABASE_IMAGE = 'postgres:17-alpine';

export interface ContainerSpec {
  image: string;
  env: Record<string, string>;
  command?: string[];
  entrypoint?: string[];
  /** A command that ends with 0 when it is healthy, or an address that answers 200. */
  healthy: { command: string[] } | { url: string };
  /** Milliseconds until it must be. */
  limitMs: number;
}

export interface LogtoPorts {
  /** For users, and the Management API. */
  user: number;
  admin: number;
  database: number;
}

const DATABASE = 'logto';

/**
 * The database and Logto, in the network of the host: issuer, app, browser and capture endpoint have one address for each
 * other (OIDC Discovery 1.0 §4.3).
 *
 * Source: docs.logto.io, "Deployment and configuration" (DB_URL, PORT, ADMIN_PORT, ENDPOINT, ADMIN_ENDPOINT) and the
 * docker-compose.yml of logto-io/logto (seed before start).
 *
 * @param password of the database, made for this run
 */
export function logtoContainers(
  ports: LogtoPorts,
  password: string,
): { database: ContainerSpec; logto: ContainerSpec; issuer: string; adminIssuer: string } {
  // Another host name than the app's: cookies do not know ports.
  const endpoint = `http://127.0.0.1:${ports.user}`;
  const adminEndpoint = `http://127.0.0.1:${ports.admin}`;
  return {
    issuer: `${endpoint}/oidc`,
    adminIssuer: `${adminEndpoint}/oidc`,
    database: {
      image: DATABASE_IMAGE,
      env: { POSTGRES_USER: DATABASE, POSTGRES_PASSWORD: password, POSTGRES_DB: DATABASE },
      command: ['postgres', '-p', String(ports.database), '-c', 'listen_addresses=127.0.0.1'],
      healthy: { command: ['pg_isready', '-h', '127.0.0.1', '-p', String(ports.database), '-U', DATABASE] },
      limitMs: 60_000,
    },
    logto: {
      image: LOGTO_IMAGE,
      env: {
        DB_URL: `postgres://${DATABASE}:${password}@127.0.0.1:${ports.database}/${DATABASE}`,
        PORT: String(ports.user),
        ADMIN_PORT: String(ports.admin),
        ENDPOINT: endpoint,
        ADMIN_ENDPOINT: adminEndpoint,
        TRUST_PROXY_HEADER: '0',
        // Back-channel logout to an app on this machine.
        OIDC_PROVIDER_SSRF_PROTECTION_DISABLED: 'true',
      },
      entrypoint: ['sh', '-c'],
      command: ['npm run cli db seed -- --swe && npm start'],
      healthy: { url: `${endpoint}/api/status` },
      limitMs: 180_000,
    },
  };
}

/** Reads the secret of Logto's own machine-to-machine application, which may use the Management API of the default tenant. */
export const secretQuery = (port: number): string[] => [
  'psql',
  ...['-h', '127.0.0.1', '-p', String(port), '-U', DATABASE, '-d', DATABASE, '-t', '-A', '-c'],
  "select secret from applications where tenant_id = 'admin' and id = 'm-default'",
];
export const MACHINE = 'm-default';
