/** Builds the lab of one run: mocks on free ports, the target with the issuer's settings, and what workers must know. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { goodTwilioConfig, type Mocks, startMocks } from '../../mocks/index.ts';
import { carrierOf, loadConnector, type SmsConnector } from '../../mocks/logto/connector.ts';
import { registerSecret } from '../../mocks/redact.ts';
import type { Config } from '../config/config.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { certifyInOwnProcess } from '../connector/in-own-process.ts';
import { type ConnectorReport, REPORT_ROUTE } from '../connector/report.ts';
import { ConformanceError } from '../errors.ts';
import { closePlace, openPlace } from '../machine/place.ts';
import { atMost } from '../machine/signals.ts';
import { type AuthEndpoints, discoverEndpoints } from '../targets/discover.ts';
import { declaredVersionsIn } from '../targets/installed-versions.ts';
import { startTarget } from '../targets/start.ts';
import { createTargetLog, type TargetLog } from '../targets/target-log.ts';
import { readCa } from '../user-agents/certificates.ts';
import { measureFactor } from '../user-agents/pace.ts';
import { resolveBrowser } from './browser.ts';
import type { LabDescription } from './lab-description.ts';
import { secondOptions, secondProvider } from './second.ts';
import { type TargetWatch, watchTarget } from './target-end.ts';

export interface Lab {
  description: LabDescription;
  /** File with the description, for the workers. */
  file: string;
  mocks: Mocks;
  log: TargetLog;
  stop(): Promise<void>;
}

/** Milliseconds that each part of a lab may take to end. */
const STOP_MS = 15_000;

export interface LabOptions {
  /** Told what is going on, in a few words. */
  progress?: (text: string) => void;
  /** Where the app's output goes; it outlives a lab that does not start. */
  log?: TargetLog;
  /** Where the description for the workers is written (default: a file in a temporary folder of its own). */
  file?: string;
}

/** Reads the connector config; throws CONF_CONNECTOR_UNREADABLE. */
export function readConnectorConfig(config: Config, folder: string): Record<string, unknown> {
  const given = config.connector.config;
  if (given === undefined) return goodTwilioConfig;
  if (typeof given !== 'string') return given;
  const file = path.resolve(folder, given);
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ConformanceError({
      code: 'CONF_CONNECTOR_UNREADABLE',
      what: `the connector config ${given} could not be read: ${(error as Error).message}`,
      expected: 'a JSON file with the config that is pasted into Logto (connector.config)',
      remedy: `run \`authjs-conformance connector ${given}\`: it names the line.`,
    });
  }
}

/** The connector's own guard decides first, as Logto does before it stores a config (recording 003). */
async function checkConnector(
  given: Record<string, unknown>,
  { package: name, config }: Config['connector'],
  folder: string,
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
  if (verdict.success) return checkCarrier(connector, given, name);
  const { issues = [] } = verdict.error as { issues?: { path: (string | number)[]; message: string }[] };
  throw new ConformanceError({
    code: 'CONF_CONNECTOR_INVALID',
    what: `the config of ${name} is not valid:\n${issues.map(({ path: key, message }) => `    ✖ ${key.join('.') || '(the whole config)'}: ${message}`).join('\n')}`,
    expected: `what the connector's own guard accepts; Logto would refuse this config with connector.invalid_config (${typeof config === 'string' ? config : 'connector.config'})`,
    remedy: 'correct the keys named above; `authjs-conformance connector FILE` shows the lines.',
  });
}

/** The lab plays Twilio: a connector of another carrier could sign nobody in. */
async function checkCarrier(connector: SmsConnector, given: unknown, name: string): Promise<void> {
  const carrier = await carrierOf(connector, given);
  if (!carrier || /(^|\.)twilio\.com$/i.test(carrier.hostname)) return;
  throw new ConformanceError({
    code: 'CONF_CONNECTOR_CARRIER',
    key: 'connector.package',
    what: `${name} sends its messages through ${carrier.host}, and the lab plays Twilio only: nobody could sign in`,
    expected: 'a connector that sends through api.twilio.com, such as @logto/connector-twilio-sms',
    remedy: `certify this connector with \`authjs-conformance connector CONFIG --connector ${name}\`, and run the app with Twilio's.`,
  });
}

/**
 * Starts everything and asks the app where its endpoints are.
 *
 * @throws ConformanceError with the code of whatever went wrong; what was started is stopped before
 */
export async function startLab(
  loaded: LoadedConfig,
  { progress = () => {}, log = createTargetLog(), file: wanted }: LabOptions = {},
): Promise<Lab> {
  const { config, folder } = loaded;
  const stops: (() => Promise<void> | void)[] = [];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await atMost(STOP_MS, (async () => each())());
  };
  try {
    const connectorConfig = readConnectorConfig(config, folder);
    const ca = readCa(config, folder);
    await checkConnector(connectorConfig, config.connector, folder);
    progress('starting the Logto and Twilio mocks');
    let watch: TargetWatch | undefined;
    const mocks = await startMocksFor(config, folder, connectorConfig, log, () => watch);
    stops.push(() => mocks.close());
    const issuer = config.target.issuer ?? mocks.issuer.issuer;
    const publicIssuerOrigin = new URL(issuer).origin;
    const reroutes = Object.fromEntries(
      [
        [publicIssuerOrigin, mocks.issuer.origin] as const,
        ...(mocks.second ? [[new URL(mocks.second.issuer).origin, mocks.second.origin] as const] : []),
      ].filter(([from, to]) => from !== to),
    );

    const fronts: Record<string, string> = {};
    for (const [from, to] of Object.entries(reroutes)) {
      if (!from.startsWith('https:')) continue;
      const { startTlsFront } = await import('../targets/tls-front.ts');
      const front = await startTlsFront(from, to);
      stops.push(() => front.close());
      fronts[new URL(from).host] = front.host;
    }
    // Looked for while the app starts.
    const browser = resolveBrowser(config.browser);
    const started = await startTarget({
      config,
      folder,
      issuer,
      mocks,
      log,
      reroutes,
      connectorConfig,
      ca,
      progress,
    });
    if (started.stop) stops.push(started.stop);
    const place = wanted ? path.dirname(wanted) : openPlace();
    const file = wanted ?? path.join(place, 'lab.json');
    if (!wanted) stops.push(() => closePlace(place));
    watch = watchTarget({
      origin: started.origin,
      ended: started.ended,
      log,
      labFile: file,
      ca,
      underWay: () => mocks.scopes.all().map(({ label }) => label),
    });
    stops.push(() => watch?.stop());
    progress(`asking ${started.origin} for its Auth.js endpoints`);
    const app = await discoverEndpoints({
      origin: started.origin,
      basePath: config.target.basePath,
      provider: config.target.provider,
      log: () => log.tail(),
      ca,
      ...(config.target.command && {
        versions: declaredVersionsIn(path.resolve(folder, config.target.cwd ?? '.')),
      }),
    });
    checkCallback(app);
    const second = secondProvider(config.providers, mocks.second, app);
    if (second)
      await mocks.client.second.putApplication(second.clientId, { redirectUris: [second.callbackUrl] });
    await mocks.client.putApplication(config.target.clientId, {
      redirectUris: [app.callbackUrl],
      postLogoutRedirectUris: [`${app.origin}/`, app.origin, `${app.origin}/signed-out`],
      ...(config.pages.backChannelLogout && {
        backchannelLogoutUri: new URL(config.pages.backChannelLogout, app.origin).href,
      }),
    });
    const description: LabDescription = {
      control: mocks.control.origin,
      controlToken: mocks.control.token,
      issuer,
      issuerOrigin: mocks.issuer.origin,
      publicIssuerOrigin,
      carrierOrigin: mocks.carrier.origin,
      app,
      second,
      reroutes,
      fronts,
      ca,
      config,
      given: Object.keys(loaded.origins).filter((key) => loaded.origins[key] !== 'default'),
      folder,
      browser: await browser,
      connector: { name: config.connector.package, config: connectorConfig },
      authSecret: started.authSecret,
      hasLog: Boolean(started.stop),
      slowness: await measureFactor(() => mocks.client.echo()),
    };
    writeFileSync(file, JSON.stringify(description), { mode: 0o600 });
    return { description, file, mocks, log, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Turns of the event loop that an app which never stops writing is waited for. */
const TURNS_MAX = 100;

/** Waits until what the app has written so far is read: it may still be in the pipe when the answer is already here. */
async function read(log: TargetLog): Promise<void> {
  let before = -1;
  for (let turn = 0, quiet = 0; turn < TURNS_MAX && quiet < 2; turn += 1) {
    quiet = before === log.rawPosition ? quiet + 1 : 0;
    before = log.rawPosition;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function startMocksFor(
  config: Config,
  folder: string,
  connectorConfig: Record<string, unknown>,
  log: TargetLog,
  watch: () => TargetWatch | undefined,
): Promise<Mocks> {
  registerSecret('client secret', config.target.clientSecret);
  try {
    return await startMocks({
      ports: config.ports,
      publicIssuer: config.target.issuer,
      second: secondOptions(config),
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
      extendControl: (app) => {
        app.get<{ Querystring: { from: string; last?: string } }>('/target/log', async ({ query }) => ({
          lines: log.from(Number(query.from), query.last ? Number(query.last) : undefined),
          lost: log.lostFrom(Number(query.from)),
        }));
        app.get<{ Querystring: { limitMs: string } }>('/target/end', async ({ query }) => ({
          end: (await watch()?.ask(Number(query.limitMs))) ?? null,
        }));
        app.get<{ Querystring: { since?: string } }>('/target/raw-log', async ({ query }) => {
          await read(log);
          return {
            position: log.rawPosition,
            ...(query.since !== undefined && log.raw(Number(query.since))),
          };
        });
        let report: Promise<ConnectorReport> | undefined;
        app.get(REPORT_ROUTE, () => {
          report ??= certifyInOwnProcess({
            connector: config.connector.package,
            config: typeof config.connector.config === 'string' ? config.connector.config : connectorConfig,
            from: folder,
            patience: CONNECTOR_PATIENCE,
          });
          return report;
        });
      },
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

/** Seconds that a connector may wait for a silent carrier in a run, where many checks wait for the certification. */
const CONNECTOR_PATIENCE = 2;

/** The app must name a callback URL on the origin that people call it by; else Logto refuses its redirect URI. */
function checkCallback(app: AuthEndpoints): void {
  const claimed = new URL(app.callbackUrl);
  if (claimed.origin === app.origin) return;
  throw new ConformanceError({
    code: 'CONF_ORIGIN_MISMATCH',
    what: `the app is called at ${app.origin}, but names the callback ${app.callbackUrl}`,
    expected: `a callback on ${app.origin} (AUTH_URL, NEXTAUTH_URL, trustHost, or the Host header)`,
    remedy: `set AUTH_URL=${app.origin}${app.basePath} for the app, or call it by the origin it knows: --url ${claimed.origin}`,
  });
}
