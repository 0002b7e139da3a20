/** `authjs-conformance drift`: a real Logto beside the mock, and whether this app works on this tenant. */
import path from 'node:path';
import * as client from 'openid-client';
import { startMocks } from '../../../mocks/index.ts';
import type { LoadedConfig } from '../../config/load-config.ts';
import { ConformanceError } from '../../errors.ts';
import { declaredVersionsIn } from '../../targets/installed-versions.ts';
import { m2mCredentials } from '../credentials.ts';
import { LIVE_JOURNAL } from '../journal-file.ts';
import { connectManagement } from '../management.ts';
import { demandClient } from '../session.ts';
import { readCurrent } from '../setup/apply.ts';
import { findTenant } from '../tenant.ts';
import { createWire, type Wire } from '../wire.ts';
import { compareDiscovery, compareProbe, type Difference, normalise } from './compare.ts';
import { type Probe, probesFor } from './probes.ts';
import { type AppFacts, askQuestions, type Finding, type TenantFacts } from './questions.ts';
import { driftTable } from './table.ts';

export interface Drift {
  issuer: string;
  /** Answers that were compared. */
  compared: number;
  differences: Difference[];
  questions: Finding[];
  /** Whether anything matters. */
  exitCode: 0 | 1;
}

export interface DriftOptions {
  redirectUri?: string;
  json?: boolean;
  print?(line: string): void;
  wire?: Wire;
}

/** The server's metadata as openid-client reads it; it demands what OpenID Connect demands. */
async function metadataOf(issuer: string): Promise<Record<string, unknown>> {
  const plain = issuer.startsWith('http:');
  const configuration = await client
    .discovery(new URL(issuer), 'conformance-drift', undefined, client.None(), {
      ...(plain && { execute: [client.allowInsecureRequests] }),
      timeout: 20,
    })
    .catch((error: Error) => {
      throw new ConformanceError({
        code: 'CONF_ISSUER_NO_LOGTO',
        what: `openid-client refuses the discovery document of ${issuer}: ${error.message}`,
        expected: 'a document that OpenID Connect Discovery allows',
        remedy: 'look at what stands in front of Logto: a proxy may have changed it.',
        key: 'live.issuer',
      });
    });
  const { ...metadata } = configuration.serverMetadata();
  return Object.fromEntries(
    Object.entries(metadata as Record<string, unknown>).filter(([, value]) => typeof value !== 'function'),
  );
}

const ask = (wire: Wire, origin: string, { method, path: place, headers, form, json }: Probe) =>
  wire.ask(`${origin}${place}`, {
    method,
    form,
    json,
    headers: { 'accept-language': 'en', ...headers },
    facts: { endpoint: 'drift' },
  });

/** Which library the app has, by its package.json. */
function familyOf({ config: { target }, folder }: LoadedConfig): AppFacts['family'] {
  if (!target.command) return undefined;
  const versions = declaredVersionsIn(path.resolve(folder, target.cwd ?? '.'));
  const next = versions['next-auth'];
  if (next) return /^[0-4]\./.test(next) ? 'v4' : 'v5';
  return Object.keys(versions).some((name) => name.startsWith('@auth/')) ? 'v5' : undefined;
}

/** What a tenant says to an authorization request of the app, which signs nobody in. */
async function saidTo(issuer: string, known: { clientId: string; redirectUri: string }) {
  try {
    await demandClient({ issuer, ...known });
    return 'takes it' as const;
  } catch (error) {
    const { code } = (error as ConformanceError).parts ?? {};
    if (code === 'CONF_CLIENT_UNKNOWN') return 'knows no such client' as const;
    if (code === 'CONF_REDIRECT_UNREGISTERED') return 'knows no such redirect URI' as const;
    // Whatever it says else is compared.
    if (code === 'CONF_ISSUER_SIGN_IN') return undefined;
    throw error;
  }
}

/**
 * Compares.
 *
 * @throws ConformanceError CONF_LIVE_ISSUER, CONF_ISSUER_NO_LOGTO, CONF_ISSUER_SILENT, CONF_M2M_*
 */
export async function findDrift(loaded: LoadedConfig, options: DriftOptions = {}): Promise<Drift> {
  const { config, origins } = loaded;
  if (!config.live.issuer)
    throw new ConformanceError({
      code: 'CONF_LIVE_ISSUER',
      what: 'no real issuer was named',
      expected: 'the issuer of a Logto tenant (--issuer, live.issuer)',
      remedy: 'add --issuer https://tenant.logto.app/oidc.',
      key: 'live.issuer',
    });
  const wire = options.wire ?? createWire({ file: path.resolve(config.out, LIVE_JOURNAL) });
  const tenant = await findTenant(wire, config.live.issuer);
  const clientId =
    (origins['target.clientId'] ?? 'default') === 'default' ? undefined : config.target.clientId;
  const credentials = m2mCredentials();
  const management =
    credentials &&
    (await connectManagement({
      wire,
      origin: tenant.origin,
      issuer: tenant.issuer,
      tokenIssuer: config.live.managementIssuer,
      credentials,
      resource: config.live.managementApi,
    }));
  const current = management && (await readCurrent(management, clientId));
  const redirectUri = options.redirectUri ?? current?.application?.oidcClientMetadata.redirectUris[0];
  const known = clientId && redirectUri ? { clientId, redirectUri } : undefined;
  // What is not set up at the tenant is told once, as an answer; the mock is set up as the tenant is.
  const said = known && (await saidTo(tenant.issuer, known));
  const isRegistered = redirectUri !== undefined && said !== 'knows no such redirect URI';
  const mocks = await startMocks({
    applications: [
      {
        id: clientId ?? 'conformance-drift',
        secret: 'conformance-drift-secret-0001',
        redirectUris: [isRegistered ? redirectUri : 'https://another.example/callback'],
      },
    ],
  });
  try {
    const differences: Difference[] = compareDiscovery(
      await metadataOf(tenant.issuer),
      await metadataOf(mocks.issuer.issuer),
      { real: tenant.origin, mock: mocks.issuer.origin },
    );
    const probes = probesFor(said === 'knows no such client' ? undefined : known);
    const own = createWire();
    for (const probe of probes) {
      const [real, mock] = [
        await ask(wire, tenant.origin, probe),
        await ask(own, mocks.issuer.origin, probe),
      ];
      const words = [[clientId ?? 'conformance-drift', '‹client›']] as const;
      differences.push(
        ...compareProbe(
          probe,
          normalise(real, [[tenant.origin, '‹origin›'], ...words]),
          normalise(mock, [[mocks.issuer.origin, '‹origin›'], ...words]),
        ),
      );
    }
    const facts: TenantFacts = {
      discovery: tenant.discovery,
      ...(said && { said }),
      ...(current && { application: current.application, experience: current.experience, sms: current.sms }),
    };
    const app: AppFacts = {
      redirectUri:
        options.redirectUri ??
        (config.target.url && config.target.basePath
          ? `${new URL(config.target.url).origin}${config.target.basePath}/callback/${config.target.provider}`
          : undefined),
      scopes: config.scopes,
      features: config.features,
      family: familyOf(loaded),
    };
    const questions = askQuestions(app, facts);
    const bad =
      differences.some(({ matters }) => matters) || questions.some(({ verdict }) => verdict === 'breaks');
    return {
      issuer: tenant.issuer,
      compared: probes.length + 1,
      differences,
      questions,
      exitCode: bad ? 1 : 0,
    };
  } finally {
    await mocks.close();
  }
}

/** Prints a table, or JSON. @returns the exit code: 1 when a difference matters */
export async function driftCommand(loaded: LoadedConfig, options: DriftOptions = {}): Promise<number> {
  const print = options.print ?? ((line: string) => process.stdout.write(`${line}\n`));
  const drift = await findDrift(loaded, options);
  print(options.json ? JSON.stringify(drift, null, 2) : driftTable(drift));
  return drift.exitCode;
}
