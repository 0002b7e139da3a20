/** Builds the lab of one run: mocks or a real tenant, the target with the issuer's settings, and what workers must know. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LoadedConfig } from '../config/load-config.ts';
import { type LiveControl, liveControlRoutes } from '../live/control.ts';
import { requestOf } from '../live/deployed.ts';
import { type LiveRun, openLiveRun, openTenant } from '../live/live-run.ts';
import { closePlace, openPlace } from '../machine/place.ts';
import { atMost } from '../machine/signals.ts';
import { discoverEndpoints } from '../targets/discover.ts';
import { declaredVersionsIn } from '../targets/installed-versions.ts';
import { startTarget } from '../targets/start.ts';
import { createTargetLog } from '../targets/target-log.ts';
import { readCa } from '../user-agents/certificates.ts';
import { measureFactor } from '../user-agents/pace.ts';
import { readAlso, startAlso, withTenantOf } from './also.ts';
import { resolveBrowser } from './browser.ts';
import { checkConnector, readConnectorConfig } from './connector-config.ts';
import type { LabDescription } from './lab-description.ts';
import type { Lab, LabOptions, OpenedLab, StartOfApp } from './lab-handle.ts';
import { addressesOf } from './other-host.ts';
import { secondProvider } from './second.ts';
import { applyExperience, emailConnectorOf, readExperience } from './sign-in-experience.ts';
import { checkCallback, noteSecret, startMocksFor } from './start-mocks.ts';
import { type TargetWatch, watchTarget } from './target-end.ts';

export { readConnectorConfig } from './connector-config.ts';
export type { Lab, LabOptions, OpenedLab } from './lab-handle.ts';

/** Milliseconds that each part of a lab may take to end. */
const STOP_MS = 15_000;

/**
 * Starts everything and asks the app where its endpoints are.
 *
 * @throws ConformanceError with the code of whatever went wrong; what was started is stopped before
 */
export const startLab = async (given: LoadedConfig, options: LabOptions = {}): Promise<Lab> =>
  (await openLab(given, options)).start();

/** What ends the parts of a lab, the last one first. */
type Stops = (() => Promise<unknown> | unknown)[];

/**
 * Starts what the app needs, and what does not need the app.
 *
 * @throws ConformanceError with the code of whatever went wrong; what was started is stopped before
 */
export async function openLab(given: LoadedConfig, options: LabOptions = {}): Promise<OpenedLab> {
  const stops: Stops = [];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await atMost(STOP_MS, (async () => each())());
  };
  const orStop = async <Result>(act: () => Promise<Result>): Promise<Result> => {
    try {
      return await act();
    } catch (error) {
      await stop();
      throw error;
    }
  };
  const opened = await orStop(() => open(given, options, stops));
  return {
    start: (app) => orStop(async () => ({ ...(await startApp(opened, stops, app)), stop })),
    stop,
  };
}

type Opened = Awaited<ReturnType<typeof open>>;

/** Mocks, or a real tenant, and fronts of re-routed origins. */
async function open(
  given: LoadedConfig,
  { progress = () => {}, log = createTargetLog(), file, fresh }: LabOptions,
  stops: Stops,
) {
  let loaded = given;
  let { config } = loaded;
  const { folder } = loaded;
  const connectorConfig = readConnectorConfig(config, folder);
  const ca = readCa(config, folder);
  await checkConnector(connectorConfig, config.connector, folder);
  const isLive = config.live.issuer !== undefined;
  const alsoConfig = await readAlso(loaded);
  const ways = isLive ? undefined : readExperience(config, folder);
  const emailConnector = ways && (await emailConnectorOf(config, ways, folder));
  if (config.live.issuer === 'container') {
    const { startLogtoContainer } = await import('../live/container/start.ts');
    const container = await startLogtoContainer(loaded, { progress });
    stops.push(container.stop);
    ({ loaded } = container);
    ({ config } = loaded);
  }
  progress(isLive ? 'starting the control server' : 'starting the Logto and Twilio mocks');
  /** What the control server asks for once the app runs. */
  const running: { watch?: TargetWatch; live?: LiveRun } = {};
  const mocks = await startMocksFor(
    withTenantOf(config, alsoConfig?.config),
    folder,
    connectorConfig,
    log,
    () => running.watch,
    {
      fresh,
      progress,
      emailConnector,
      ...(isLive && {
        leaveTwilio: true,
        replaceControl: (parts) => liveControlRoutes(parts, () => running.live as LiveControl),
      }),
    },
  );
  stops.push(() => mocks.close());
  const signInExperience = ways && (await applyExperience(mocks, ways));
  const tenant = isLive ? await openTenant(loaded, { journal: mocks.journal, progress }) : undefined;
  if (tenant?.clientSecret)
    config = { ...config, target: { ...config.target, clientSecret: tenant.clientSecret } };
  const issuer = tenant?.tenant.issuer ?? config.target.issuer ?? mocks.issuer.issuer;
  const publicIssuerOrigin = new URL(issuer).origin;
  const issuerOrigin = tenant ? publicIssuerOrigin : mocks.issuer.origin;
  const reroutes: Record<string, string> = Object.fromEntries(
    [
      [publicIssuerOrigin, issuerOrigin] as const,
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
  return {
    loaded,
    config,
    folder,
    signInExperience,
    mocks,
    tenant,
    issuer,
    issuerOrigin,
    publicIssuerOrigin,
    reroutes,
    fronts,
    connectorConfig,
    ca,
    alsoConfig,
    running,
    progress,
    log,
    file,
  };
}

/** The app of an opened lab: started, found, registered, and described for the workers. */
async function startApp(
  opened: Opened,
  stops: Stops,
  { signal, meanwhile }: StartOfApp = {},
): Promise<Omit<Lab, 'stop'>> {
  const { loaded, folder, mocks, tenant, issuer, issuerOrigin, reroutes, connectorConfig, ca } = opened;
  const { alsoConfig, running, progress, log, file: wanted } = opened;
  let { config } = opened;
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
    signal,
    meanwhile,
  });
  if (started.stop) stops.push(started.stop);
  noteSecret(started.authSecret, mocks.journal);
  const place = wanted ? path.dirname(wanted) : openPlace();
  const file = wanted ?? path.join(place, 'lab.json');
  if (!wanted) stops.push(() => closePlace(place));
  running.watch = watchTarget({
    origin: started.behind ?? started.origin,
    ended: started.ended,
    log,
    labFile: file,
    ca,
    underWay: () => mocks.scopes.all().map(({ label }) => label),
    restart: started.restart,
  });
  stops.push(() => running.watch?.stop());
  progress(`asking ${started.origin} for its Auth.js endpoints`);
  const app = await discoverEndpoints({
    origin: started.origin,
    basePath: config.target.basePath,
    provider: config.target.provider,
    log: () => log.tail(),
    ca,
    isStarted: started.stop !== undefined,
    ...(config.target.command && {
      versions: declaredVersionsIn(path.resolve(folder, config.target.cwd ?? '.')),
    }),
  });
  checkCallback(app);
  const second = secondProvider(config.providers, mocks.second, app);
  if (second)
    await mocks.client.second.putApplication(second.clientId, { redirectUris: [second.callbackUrl] });
  if (tenant) {
    const asked = await requestOf(app, config, { issuerOrigin, clientIdKnown: tenant.clientIdKnown, ca });
    config = asked.config;
    const { params } = asked;
    const client = { clientId: config.target.clientId, redirectUri: app.callbackUrl, params };
    const live = await openLiveRun({ ...loaded, config }, { ...tenant, mocks, client, ca, progress });
    running.live = live;
    stops.push(async () => {
      for (const line of await live.close()) progress(line);
    });
  } else
    await mocks.client.putApplication(config.target.clientId, {
      ...addressesOf(app, alsoConfig !== undefined, config.pages.signedOut),
      ...(config.pages.backChannelLogout && {
        backchannelLogoutUri: new URL(config.pages.backChannelLogout, app.origin).href,
      }),
    });
  const also =
    alsoConfig &&
    (await startAlso(alsoConfig, {
      mocks,
      issuer,
      reroutes,
      connectorConfig,
      firstOrigin: app.origin,
      progress,
    }));
  if (also?.stop) stops.push(also.stop);
  const { live } = running;
  const description: LabDescription = {
    control: mocks.control.origin,
    controlToken: mocks.control.token,
    issuer,
    issuerOrigin,
    publicIssuerOrigin: opened.publicIssuerOrigin,
    carrierOrigin: mocks.carrier.origin,
    app,
    second,
    also: also?.app,
    reroutes,
    fronts: opened.fronts,
    ca,
    config,
    given: Object.keys(loaded.origins).filter((key) => loaded.origins[key] !== 'default'),
    folder,
    browser: await browser,
    connector: { name: config.connector.package, config: connectorConfig },
    authSecret: started.authSecret,
    hasLog: Boolean(started.stop),
    signInExperience: opened.signInExperience,
    slowness: await measureFactor(() => mocks.client.echo()),
    ...(live && {
      live: { abilities: live.abilities, real: live.real, pace: config.live.pace, codes: live.source.name },
    }),
  };
  writeFileSync(file, JSON.stringify(description), { mode: 0o600 });
  return { description, file, client: mocks.client, mocks, log };
}
