/** `--issuer container`: a real Logto with its database, started for one run and gone at its end. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { registerSecret } from '../../../mocks/redact.ts';
import type { LoadedConfig } from '../../config/load-config.ts';
import { ConformanceError } from '../../errors.ts';
import { USUAL_BASE_PATHS } from '../../targets/discover.ts';
import { postLogoutAddresses } from '../../targets/post-logout.ts';
import { freePort } from '../../targets/start.ts';
import { loadTestcontainers } from '../../targets/testcontainers.ts';
import { VARIABLES } from '../credentials.ts';
import { connectManagement } from '../management.ts';
import { applySetup, readCurrent } from '../setup/apply.ts';
import { planSetup } from '../setup/plan.ts';
import { createWire, type Wire } from '../wire.ts';
import { type ContainerSpec, LOGTO_IMAGE, logtoContainers, MACHINE, secretQuery } from './settings.ts';

/** What is needed of a container engine. */
export interface Engine {
  start(spec: ContainerSpec): Promise<{
    run(command: string[]): Promise<{ exitCode: number; output: string }>;
    stop(): Promise<void>;
  }>;
}

/** Docker or Podman by testcontainers. Throws CONF_ENGINE_MISSING, CONF_IMAGE_FAILED. */
export const testcontainersEngine: Engine = {
  async start(spec) {
    const { GenericContainer, getContainerRuntimeClient } = await loadTestcontainers();
    process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';
    await getContainerRuntimeClient().catch((error: Error) => {
      throw new ConformanceError({
        code: 'CONF_ENGINE_MISSING',
        what: `a real Logto cannot be started: no container engine answers (${error.message.split('\n')[0]})`,
        expected: 'Docker or Podman (DOCKER_HOST)',
        remedy:
          'start one; without it, run Logto by docs/live.compose.yml on another machine and name its issuer.',
        key: 'live.issuer',
      });
    });
    const wanted = new GenericContainer(spec.image).withNetworkMode('host').withEnvironment(spec.env);
    if (spec.entrypoint) wanted.withEntrypoint(spec.entrypoint);
    if (spec.command) wanted.withCommand(spec.command);
    const started = await wanted.start().catch((error: Error) => {
      throw new ConformanceError({
        code: 'CONF_IMAGE_FAILED',
        what: `the image ${spec.image} could not be started: ${error.message.split('\n')[0]}`,
        expected: 'an image that this machine has, or can pull',
        remedy: `pull it where there is a registry (docker pull ${spec.image}), and load it here (docker load).`,
        key: 'live.issuer',
      });
    });
    return {
      async run(command) {
        const { exitCode, output } = await started.exec(command);
        return { exitCode, output };
      },
      stop: async () => void (await started.stop()),
    };
  },
};

const EVERY_MS = 500;

async function waitUntilHealthy(
  { image, healthy, limitMs }: ContainerSpec,
  container: Awaited<ReturnType<Engine['start']>>,
  wire: Wire,
): Promise<void> {
  for (const until = Date.now() + limitMs; Date.now() < until; await sleep(EVERY_MS)) {
    const isGood =
      'url' in healthy
        ? await wire.ask(healthy.url).then(
            ({ status }) => status < 300,
            () => false,
          )
        : (await container.run(healthy.command)).exitCode === 0;
    if (isGood) return;
  }
  throw new ConformanceError({
    code: 'CONF_IMAGE_FAILED',
    what: `${image} was not healthy after ${limitMs / 1000} s`,
    expected: 'a container that answers',
    remedy: 'look at its output (docker logs), and at the memory of the machine: Logto needs about 1 GB.',
    key: 'live.issuer',
  });
}

/**
 * Starts database and Logto, prepares the tenant, and gives the config that names it.
 *
 * @param engine starts containers (default: testcontainers)
 * @returns the config of the run, and what ends the containers
 */
export async function startLogtoContainer(
  loaded: LoadedConfig,
  {
    progress,
    engine = testcontainersEngine,
    wire = createWire(),
    environment = process.env,
  }: { progress(text: string): void; engine?: Engine; wire?: Wire; environment?: NodeJS.ProcessEnv },
): Promise<{ loaded: LoadedConfig; stop(): Promise<void> }> {
  const { config } = loaded;
  const [user, admin, database] = [await freePort(0), await freePort(0), await freePort(0)];
  const password = randomBytes(18).toString('hex');
  registerSecret('database password', password);
  const specs = logtoContainers({ user, admin, database }, password);
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    progress(`starting the database of a real Logto (${specs.database.image})`);
    const rows = await engine.start(specs.database);
    stops.push(rows.stop);
    await waitUntilHealthy(specs.database, rows, wire);
    progress(`starting a real Logto (${LOGTO_IMAGE})`);
    const logto = await engine.start(specs.logto);
    stops.push(logto.stop);
    await waitUntilHealthy(specs.logto, logto, wire);
    const secret = (await rows.run(secretQuery(database))).output.trim();
    registerSecret('client secret', secret);
    const management = await connectManagement({
      wire,
      origin: new URL(specs.issuer).origin,
      issuer: specs.issuer,
      tokenIssuer: specs.adminIssuer,
      credentials: { id: MACHINE, secret },
    });
    const port = config.target.port || (await freePort(0));
    const origin = config.target.url ? new URL(config.target.url).origin : `http://localhost:${port}`;
    const token = randomBytes(18).toString('hex');
    const steps = planSetup(await readCurrent(management), {
      name: 'app under test',
      redirectUris: [config.target.basePath ?? USUAL_BASE_PATHS]
        .flat()
        .map((base) => `${origin}${base}/callback/${config.target.provider}`),
      postLogoutRedirectUris: postLogoutAddresses(origin, config.pages.signedOut ?? ['/', '/signed-out']),
      capture: {
        endpoint: `http://127.0.0.1:${config.live.capture.port}/sms`,
        authorization: `Bearer ${token}`,
      },
    });
    // It is gone at the end: nothing is to be put back.
    const made = await applySetup(
      management,
      {
        version: 1,
        issuer: specs.issuer,
        at: '',
        mark: 'conformance',
        steps: steps.map((step) => ({ step, status: 'planned' })),
      },
      undefined,
      progress,
    );
    Object.assign(environment, {
      [VARIABLES.m2mId]: MACHINE,
      [VARIABLES.m2mSecret]: secret,
      [VARIABLES.captureToken]: token,
    });
    return {
      stop,
      loaded: {
        ...loaded,
        origins: { ...loaded.origins, 'target.clientId': 'flag' },
        config: {
          ...config,
          target: { ...config.target, port, clientId: made ?? config.target.clientId },
          live: {
            ...config.live,
            issuer: specs.issuer,
            managementIssuer: specs.adminIssuer,
            allowSignUp: true,
          },
        },
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
