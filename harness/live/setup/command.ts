/** `authjs-conformance live setup` and `live teardown`. */
import { randomBytes, randomUUID } from 'node:crypto';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { redact } from '../../../mocks/redact.ts';
import type { LoadedConfig } from '../../config/load-config.ts';
import { ConformanceError } from '../../errors.ts';
import { postLogoutAddresses } from '../../targets/post-logout.ts';
import { credential, demandCredential, VARIABLES } from '../credentials.ts';
import { LIVE_JOURNAL } from '../journal-file.ts';
import { removeMadeAccounts } from '../made-accounts.ts';
import { connectManagement, type Management } from '../management.ts';
import { findTenant } from '../tenant.ts';
import { createWire, type Wire } from '../wire.ts';
import { applySetup, countUsers, readCurrent, undoSetup } from './apply.ts';
import { planSetup, tellStep, type Wanted } from './plan.ts';
import { readState, removeState, type SetupState, STATE_FILE, writeState } from './state.ts';

export interface SetupOptions {
  /** State file (default: STATE_FILE in the working folder). */
  state?: string;
  yes?: boolean;
  /** People that a tenant may have before it is left alone. */
  maxUsers?: number;
  /** The tenant has more people than that, and is meant all the same. */
  iKnow?: boolean;
  /** Where Logto reaches the capture endpoint. */
  endpoint?: string;
  redirectUris?: string[];
  /** Only the plan. */
  dryRun?: boolean;
  print?(line: string): void;
  /** Asks a question that is answered by yes or no (default: the terminal). */
  confirm?(question: string): Promise<boolean>;
  wire?: Wire;
}

const USERS_MAX = 100;

/**
 * Connects to the tenant that a config names.
 *
 * @throws ConformanceError CONF_LIVE_ISSUER and whatever `findTenant` and `connectManagement` throw
 */
export async function openManagement(
  { config }: LoadedConfig,
  options: { wire?: Wire; progress?(text: string): void } = {},
) {
  const { live } = config;
  if (!live.issuer)
    throw new ConformanceError({
      code: 'CONF_LIVE_ISSUER',
      what: 'no real issuer was named',
      expected: 'the issuer of a Logto tenant (--issuer, live.issuer)',
      remedy: 'add --issuer https://tenant.logto.app/oidc.',
      key: 'live.issuer',
    });
  const wire = options.wire ?? createWire({ file: path.resolve(config.out, LIVE_JOURNAL) });
  const tenant = await findTenant(wire, live.issuer);
  const id = await demandCredential('m2mId', 'the id of the machine-to-machine application');
  const secret = await demandCredential('m2mSecret', 'the secret of the machine-to-machine application');
  const management = await connectManagement({
    wire,
    origin: tenant.origin,
    issuer: tenant.issuer,
    tokenIssuer: live.managementIssuer,
    credentials: { id, secret },
    resource: live.managementApi,
    progress: options.progress,
  });
  return { tenant, management, wire };
}

/** Where the app takes callbacks: as given, or by its address and base path. */
function redirectUrisOf({ config: { target } }: LoadedConfig, given: string[] | undefined): string[] {
  if (given?.length) return given;
  const origin = target.url
    ? new URL(target.url).origin
    : target.port
      ? `http://localhost:${target.port}`
      : undefined;
  if (origin && target.basePath)
    return [`${origin}${target.basePath.replace(/\/$/, '')}/callback/${target.provider}`];
  throw new ConformanceError({
    code: 'CONF_LIVE_REDIRECT',
    what: 'the redirect URI of the app is not known',
    expected: '--redirect-uri, or the address and base path of the app (--url or --port, and --base-path)',
    remedy:
      'add --redirect-uri http://localhost:3000/api/auth/callback/logto, as /providers of the app names it.',
    key: 'target.basePath',
  });
}

async function atTerminal(question: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new ConformanceError({
      code: 'CONF_LIVE_CONFIRM',
      what: 'nobody is there to say yes to the plan',
      expected: 'a terminal, or --yes',
      remedy: 'read the plan above, and run it again with --yes.',
    });
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(question)).trim());
  } finally {
    lines.close();
  }
}

async function demandFewUsers(
  management: Management,
  { maxUsers = USERS_MAX, iKnow }: SetupOptions,
): Promise<void> {
  const users = await countUsers(management);
  if (users <= maxUsers || iKnow) return;
  throw new ConformanceError({
    code: 'CONF_LIVE_USERS',
    what: `the tenant has ${users} people: it does not look like one for tests`,
    expected: `at most ${maxUsers} (--max-users)`,
    remedy:
      'use a tenant of its own for tests; when this one is meant, and its sign-in may be another for a while, add --i-know.',
  });
}

/** Shows the plan, asks, writes the state file, and changes the tenant. @returns the exit code */
export async function setupTenant(loaded: LoadedConfig, options: SetupOptions = {}): Promise<number> {
  const { config, origins } = loaded;
  const print = options.print ?? ((line: string) => process.stdout.write(`${line}\n`));
  const confirm = options.confirm ?? atTerminal;
  const file = path.resolve(options.state ?? STATE_FILE);
  const old = readState(file);
  if (old)
    throw new ConformanceError({
      code: 'CONF_LIVE_STATE',
      what: `${file} tells of a setup of ${old.issuer} that was not taken back`,
      expected: 'no setup that is open',
      remedy:
        'run `npx authjs-conformance live teardown` first; it restores what was there before that setup.',
    });
  const redirectUris = redirectUrisOf(loaded, options.redirectUris);
  const { management, tenant } = await openManagement(loaded, { wire: options.wire, progress: print });
  await demandFewUsers(management, options);
  const clientId =
    (origins['target.clientId'] ?? 'default') === 'default' ? undefined : config.target.clientId;
  const byCapture = config.live.codeFrom === 'capture';
  const token = credential('captureToken') ?? randomBytes(24).toString('base64url');
  const appOrigins = [...new Set(redirectUris.map((uri) => new URL(uri).origin))];
  const wanted: Wanted = {
    name: `authjs-conformance: ${config.target.name ?? 'app under test'}`,
    redirectUris,
    postLogoutRedirectUris: appOrigins.flatMap((origin) =>
      postLogoutAddresses(origin, config.pages.signedOut ?? ['/', '/signed-out']),
    ),
    ...(byCapture && {
      capture: {
        endpoint: options.endpoint ?? `http://127.0.0.1:${config.live.capture.port}/sms`,
        authorization: `Bearer ${token}`,
      },
    }),
  };
  const steps = planSetup(await readCurrent(management, clientId), wanted);
  print(`Plan for ${tenant.issuer}:`);
  if (steps.length === 0) {
    print('  nothing: the tenant is as it must be');
    return 0;
  }
  for (const step of steps) for (const line of tellStep(redact(step))) print(line);
  if (options.dryRun) return 0;
  if (!options.yes && !(await confirm('Change the tenant like this? [y/N] '))) {
    print('nothing was changed');
    return 1;
  }
  const state: SetupState = {
    version: 1,
    issuer: tenant.issuer,
    at: new Date().toISOString(),
    mark: `authjs-conformance ${randomUUID()}`,
    steps: steps.map((step) => ({ step, status: 'planned' })),
  };
  writeState(file, state);
  await applySetup(management, state, file, print);
  const made = state.steps.find(({ step }) => step.kind === 'create application')?.id;
  print('');
  print(
    `The tenant is ready. ${file} knows what was there before; \`npx authjs-conformance live teardown\` restores it.`,
  );
  print(
    `Run: npx authjs-conformance run --issuer ${tenant.issuer} --client-id ${made ?? clientId}${config.target.port ? ` --port ${config.target.port}` : ''}${byCapture ? ` --capture-port ${config.live.capture.port}` : ''} --allow-sign-up`,
  );
  print(
    `Its secret, and the token of the capture endpoint, are read from the tenant while ${VARIABLES.m2mId} and ${VARIABLES.m2mSecret} are set.`,
  );
  return 0;
}

/** Restores what a setup changed, and removes accounts that runs made. @returns the exit code */
export async function teardownTenant(loaded: LoadedConfig, options: SetupOptions = {}): Promise<number> {
  const print = options.print ?? ((line: string) => process.stdout.write(`${line}\n`));
  const file = path.resolve(options.state ?? STATE_FILE);
  const state = readState(file);
  const live = { ...loaded.config.live, issuer: loaded.config.live.issuer ?? state?.issuer };
  const { management, tenant } = await openManagement(
    { ...loaded, config: { ...loaded.config, live } },
    { wire: options.wire, progress: print },
  );
  if (state && state.issuer !== tenant.issuer)
    throw new ConformanceError({
      code: 'CONF_LIVE_STATE',
      what: `${file} tells of a setup of ${state.issuer}, and --issuer names ${tenant.issuer}`,
      expected: 'the tenant that was set up',
      remedy: `run it with --issuer ${state.issuer}.`,
    });
  const { removed, left } = await removeMadeAccounts(management, loaded.config.out, tenant.issuer);
  if (removed + left > 0)
    print(`${removed} accounts that runs had made were removed${left ? `, ${left} could not be` : ''}`);
  if (!state) {
    print(`there is no state file ${file}: no setup is open`);
    return left ? 1 : 0;
  }
  await undoSetup(management, state, file, print);
  removeState(file);
  print(`${tenant.issuer} is as it was before the setup of ${state.at}.`);
  return left ? 1 : 0;
}
