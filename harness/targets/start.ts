/** Starts the target in one of three ways: a command, a URL that already runs, or a container image. */
import { randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import type { Mocks } from '../../mocks/index.ts';
import { registerSecret } from '../../mocks/redact.ts';
import { readGivenJson } from '../../reports/given-file.ts';
import type { Config } from '../config/config.ts';
import { ConformanceError } from '../errors.ts';
import { portOf, type RunningCommand, runToEnd, startCommand, waitUntilReady } from './command.ts';
import { rerouteEnvironment } from './reroute-environment.ts';
import { secondEnvironment } from './second-environment.ts';
import { isBuildStale } from './stale.ts';
import type { TargetLog } from './target-log.ts';
import type { TlsFront } from './tls-front.ts';
import { twilioEnvironment, twilioReroutes } from './twilio-environment.ts';

/** A TCP port of localhost that is free now; 0 takes any. Throws CONF_PORT_TAKEN. */
export const freePort = (wanted: number) =>
  new Promise<number>((resolve, reject) => {
    const server = createServer();
    server.once('error', () =>
      reject(
        new ConformanceError({
          code: 'CONF_PORT_TAKEN',
          what: `port ${wanted} is taken`,
          expected: 'a free port for the app (target.port)',
          remedy: `end what listens there, or leave target.port out to take a free one.`,
        }),
      ),
    );
    server.listen({ port: wanted, host: 'localhost' }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : wanted));
    });
  });

export interface StartedTarget {
  origin: string;
  /** Where it listens itself, behind a front of ours. */
  behind?: string;
  /** The AUTH_SECRET that it was given; missing when it ran before. */
  authSecret?: string;
  /** Settles when it ends: its exit code, or the signal's name; missing when it ran before. */
  ended?: Promise<number | string>;
  /** Ends it; missing when it ran before. */
  stop?: () => Promise<void>;
  /** Starts a command anew that has ended, with the same settings; settles when it answers. */
  restart?: () => Promise<{ ended: Promise<number | string> }>;
}

export interface StartOptions {
  config: Config;
  folder: string;
  issuer: string;
  mocks: Mocks;
  log: TargetLog;
  reroutes: Record<string, string>;
  connectorConfig: Record<string, unknown>;
  /** PEM text of `target.ca`. */
  ca?: string;
  progress: (text: string) => void;
  /** Ends the wait for its first answer. */
  signal?: AbortSignal;
  /** Done while a command comes up. */
  meanwhile?: () => unknown;
}

/**
 * Starts the app and waits until it answers.
 *
 * @throws ConformanceError CONF_TARGET_*, CONF_PREPARE_FAILED, CONF_PORT_TAKEN, CONF_ENGINE_MISSING, CONF_IMAGE_*
 */
export async function startTarget(options: StartOptions): Promise<StartedTarget> {
  const { config, folder, issuer, mocks, log, reroutes, progress, signal } = options;
  const { target } = config;
  if (target.url && !target.command) {
    progress(`waiting for ${target.url}`);
    await waitUntilReady({ url: target.url, limitSeconds: target.readyTimeout, ca: options.ca, signal });
    return { origin: new URL(target.url).origin };
  }
  if (target.image && !target.command) return startImage(options, target.image);
  const cwd = path.resolve(folder, target.cwd ?? '.');
  if (!existsSync(cwd) || !statSync(cwd).isDirectory()) {
    throw new ConformanceError({
      code: 'CONF_TARGET_FOLDER',
      what: `there is no folder ${cwd}`,
      expected: 'the folder of the app (target.cwd)',
      remedy: 'correct the path.',
    });
  }
  const { origin, port, open } = await placeOf(target, target.port);
  const own = config.features.includes('own-otp');
  const settings = {
    ...inherited(),
    ...(own && twilioEnvironment(options.connectorConfig)),
    ...environmentOf({
      config,
      issuer,
      second: mocks.second?.issuer,
      api: mocks.api?.origin,
      origin,
      port,
      legacy: isNextAuth4(cwd),
    }),
  };
  const env = {
    ...settings,
    ...rerouteEnvironment({
      // An app may send messages by itself: none may leave the lab.
      reroutes: { ...reroutes, ...twilioReroutes(mocks.carrier.origin) },
      preloads: ['clock-preload.js'],
      nodeOptions: [process.env.NODE_OPTIONS, settings.NODE_OPTIONS].filter(Boolean).join(' '),
    }),
  };
  if (target.prepare && isBuildStale(cwd)) {
    progress(`building the app: ${target.prepare}`);
    await runToEnd({ command: target.prepare, cwd, env, log, signal });
  }
  progress(`starting the app: ${target.command}`);
  const begin = (): RunningCommand => startCommand({ command: target.command as string, cwd, env, log });
  let running = begin();
  let isStopped = false;
  const front = await open();
  const stop = async () => {
    isStopped = true;
    await running.stop();
    await front?.close();
  };
  const behind = front && `http://localhost:${port}`;
  const untilReady = () =>
    waitUntilReady({
      url: behind ?? origin,
      limitSeconds: target.readyTimeout,
      log,
      ended: running.ended,
      command: target.command,
      ca: options.ca,
      ports: running.ports,
      signal,
    });
  try {
    await options.meanwhile?.();
    await untilReady();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    origin,
    behind,
    authSecret: settings.AUTH_SECRET,
    ended: running.ended,
    stop,
    async restart() {
      // What it left behind may hold its port.
      await running.stop();
      if (isStopped) throw new Error('the run is over');
      running = begin();
      await untilReady();
      return { ended: running.ended };
    },
  };
}

/** Where an app listens, and what it is called by: the same, unless `target.url` says otherwise, or a front of ours stands before it. */
async function placeOf(
  { url, https }: Config['target'],
  listens: number,
): Promise<{ origin: string; port: number; open: () => Promise<TlsFront | undefined> }> {
  const called = new URL(url ?? `${https ? 'https' : 'http'}://localhost:0`);
  if (!https) {
    const port = called.port === '0' || listens ? await freePort(listens) : portOf(called);
    if (called.port === '0') called.port = String(port);
    return { origin: called.origin, port, open: async () => undefined };
  }
  const port = await freePort(listens);
  if (called.protocol !== 'https:')
    throw new ConformanceError({
      code: 'CONF_SCHEME',
      key: 'target.url',
      what: `target.https puts https in front of the app, and target.url says ${called.origin}`,
      expected: 'https in both, or in neither',
      remedy: 'write https in target.url, or leave it out.',
    });
  const front = await freePort(called.port === '0' ? 0 : portOf(called));
  called.port = String(front);
  return {
    origin: called.origin,
    port,
    open: async () => {
      const { startTlsFront } = await import('./tls-front.ts');
      return startTlsFront(called.origin, `http://localhost:${port}`, front);
    },
  };
}

async function startImage(
  { config, issuer, mocks, log, reroutes, connectorConfig, progress, signal }: StartOptions,
  image: NonNullable<Config['target']['image']>,
): Promise<StartedTarget> {
  if (Object.keys(reroutes).length) {
    throw new ConformanceError({
      code: 'CONF_IMAGE_ISSUER',
      what: `target.issuer is ${issuer}, but an origin can only be re-routed inside a process that we start`,
      expected: 'an image that reads its issuer from its environment (AUTH_LOGTO_ISSUER, or target.env)',
      remedy: 'take target.issuer out, or name target.command instead of target.image.',
    });
  }
  const { origin, port, open } = await placeOf(config.target, image.port);
  progress(`starting a container of ${image.name}`);
  const { startContainer } = await import('./container.ts');
  const settings = environmentOf({
    config,
    issuer,
    second: mocks.second?.issuer,
    api: mocks.api?.origin,
    origin,
    port,
  });
  const running = await startContainer({
    image: image.name,
    env: {
      ...(config.features.includes('own-otp') && twilioEnvironment(connectorConfig)),
      ...settings,
    },
    log,
  });
  const front = await open();
  const stop = async () => {
    await running.stop();
    await front?.close();
  };
  try {
    await waitUntilReady({
      url: `http://localhost:${port}`,
      limitSeconds: config.target.readyTimeout,
      log,
      ended: running.ended,
      command: image.name,
      signal,
    });
  } catch (error) {
    await stop();
    throw error;
  }
  const behind = front && `http://localhost:${port}`;
  return { origin, behind, authSecret: settings.AUTH_SECRET, ended: running.ended, stop };
}

/** What a started command gets of our own environment; a container gets nothing of it. */
const inherited = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(CONFORMANCE_|AUTH_|NEXTAUTH_|VITEST|NODE_ENV$|NODE_OPTIONS$|TEST_WORKER)/.test(name),
    ),
  );

/** The environment of a started app: Auth.js' own names, then what the config adds (facts: authjs.md §1). */
export function environmentOf(options: {
  config: Config;
  issuer: string;
  /** Issuer that plays the second provider. */
  second?: string;
  /** Origin of the API that is played. */
  api?: string;
  origin: string;
  port: number;
  /** next-auth 4, which needs NEXTAUTH_URL; version 5 would take its origin from it. */
  legacy?: boolean;
}): Record<string, string> {
  const { config, issuer, second, api, origin, port, legacy } = options;
  const { second: provider } = config.providers;
  const secret = randomBytes(33).toString('base64url');
  registerSecret('auth secret', secret);
  const values: Record<string, string> = {
    issuer,
    issuerOrigin: new URL(issuer).origin,
    origin,
    port: String(port),
    secret,
    clientId: config.target.clientId,
    clientSecret: config.target.clientSecret,
    ...(api && { api }),
    ...(second &&
      provider && {
        secondIssuer: second,
        secondClientId: provider.clientId,
        secondClientSecret: provider.clientSecret,
      }),
  };
  return {
    PORT: String(port),
    HOST: 'localhost',
    // next-auth 4 has its origin from NEXTAUTH_URL, which this would have it take from a header (detectOrigin).
    ...(legacy
      ? { NEXTAUTH_URL: `${origin}${ownPath(config.target.basePath)}` }
      : { AUTH_TRUST_HOST: 'true' }),
    AUTH_SECRET: secret,
    NEXTAUTH_SECRET: secret,
    AUTH_LOGTO_ISSUER: issuer,
    AUTH_LOGTO_ID: config.target.clientId,
    AUTH_LOGTO_SECRET: config.target.clientSecret,
    ...secondEnvironment(config.providers, second),
    NODE_OPTIONS: '--max-http-header-size=131072',
    ...Object.fromEntries(
      Object.entries(config.target.env).map(([name, text]): [string, string] => [
        name,
        text.replace(/\{(\w+)\}/g, (whole, key: string) => values[key] ?? whole),
      ]),
    ),
  };
}

/** next-auth 4 is told a path only where it is not the usual one (next-auth.js.org, NEXTAUTH_URL). */
const ownPath = (basePath = '/api/auth'): string =>
  basePath.replace(/\/$/, '') === '/api/auth' ? '' : basePath.replace(/\/$/, '');

function isNextAuth4(cwd: string): boolean {
  try {
    const { dependencies = {}, devDependencies = {} } = readGivenJson(
      path.join(cwd, 'package.json'),
    ) as Record<string, Record<string, string> | undefined>;
    return /^[\^~>=v\s]*4\./.test(dependencies['next-auth'] ?? devDependencies['next-auth'] ?? '');
  } catch {
    return false;
  }
}
