/** `authjs-conformance record` writes recordings of a Logto that anyone runs; `replay` compares the mock with them. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startMocks } from '../../../mocks/index.ts';
import { compare } from '../../../mocks/logto/replay/compare.ts';
import { createPairs } from '../../../mocks/logto/replay/pairs.ts';
import { RECORDED_ORIGIN, type Recording } from '../../../mocks/logto/replay/recordings.ts';
import { MANAGEMENT_ROLE } from '../../../mocks/logto/resources.ts';
import { fictionalPhone } from '../../../mocks/people.ts';
import { registerSecret } from '../../../mocks/redact.ts';
import type { LoadedConfig } from '../../config/load-config.ts';
import { ConformanceError } from '../../errors.ts';
import { createStore } from '../codes/capture-command.ts';
import { openCodeSource } from '../codes/index.ts';
import { credential, demandCredential, m2mCredentials } from '../credentials.ts';
import { LIVE_JOURNAL } from '../journal-file.ts';
import { secretOf, smsConnectorOf, tokenOf } from '../live-run.ts';
import { removeByPhone } from '../made-accounts.ts';
import { connectManagement, managementApiOf } from '../management.ts';
import { findTenant } from '../tenant.ts';
import { createWire } from '../wire.ts';
import { type Driven, driveFlow } from './drive.ts';
import { type Flow, loadFlows } from './flow.ts';
import { withoutSecrets } from './substitute.ts';

const basic = (id: string, secret: string) => Buffer.from(`${id}:${secret}`).toString('base64');
const MESSAGE_MS = 15_000;
/** The machine-to-machine application, as recordings name it. */
const MACHINE = 'conformance-machine';

export interface RecordOptions {
  redirectUri: string;
  /** Folder of the recordings. */
  to: string;
  /** Digits are the number that is signed up (default: one of fiction). */
  phone?: string;
  print?(line: string): void;
}

const fileOf = (folder: string, { number, name }: Recording) => path.join(folder, `${number}-${name}.json`);

/** Drives every flow that can be driven, and writes the exchanges without their secrets. @returns the exit code */
export async function recordCommand(loaded: LoadedConfig, options: RecordOptions): Promise<number> {
  const print = options.print ?? ((line: string) => process.stdout.write(`${line}\n`));
  const { config } = loaded;
  const { live, target } = config;
  const wire = createWire({ file: path.resolve(config.out, LIVE_JOURNAL) });
  const tenant = await findTenant(wire, String(live.issuer));
  if (!live.allowSignUp)
    throw new ConformanceError({
      code: 'CONF_RECORD_SIGN_UP',
      what: 'the flows sign somebody up, and accounts may not be made',
      expected: 'a tenant for tests, and --allow-sign-up',
      remedy: 'add --allow-sign-up.',
      key: 'live.allowSignUp',
    });
  const machine = m2mCredentials();
  const management =
    machine &&
    (await connectManagement({
      wire,
      origin: tenant.origin,
      issuer: tenant.issuer,
      tokenIssuer: live.managementIssuer,
      credentials: machine,
      resource: live.managementApi,
    }));
  // What the tenant itself knows nobody has to type.
  const secret =
    credential('clientSecret') ??
    (management && (await secretOf(management, target.clientId))) ??
    (await demandCredential('clientSecret', 'the client secret of the application'));
  registerSecret('client secret', secret);
  const token = credential('captureToken') ?? tokenOf(management && (await smsConnectorOf(management)));
  const store = createStore();
  const source = await openCodeSource({
    live,
    deliver: store.add,
    token,
    progress: print,
  });
  const phone = options.phone ?? fictionalPhone(Date.now() % 9000);
  const begun = Date.now();
  const driven: Driven = {
    origin: tenant.origin,
    wire,
    values: {
      clientId: target.clientId,
      clientSecret: secret,
      basic: basic(target.clientId, secret),
      redirectUri: options.redirectUri,
      phone: phone.replace(/\D/g, ''),
      ...(machine && {
        machine: basic(machine.id, machine.secret),
        managementApi: live.managementApi ?? managementApiOf(tenant.origin),
      }),
    },
    readCode: (to, since) => codeOf(store, source.fetch, to, since),
  };
  const codes: string[] = [];
  const all: Recording[] = [];
  try {
    for (const flow of loadFlows()) {
      if (flow.needs.includes('management') && !machine) {
        print(`left out, without M2M credentials: ${flow.title}`);
        continue;
      }
      const exchanges = await driveFlow(flow, {
        ...driven,
        values: driven.values,
        readCode: async (to, since) => {
          const code = await driven.readCode(to, since);
          codes.push(code);
          return code;
        },
      });
      all.push(...exchanges);
      print(`${exchanges.length} exchanges: ${flow.title}`);
    }
  } finally {
    await source.close();
    if (management) await removeByPhone(management, phone, begun);
    else print(`the account with the number ${phone} stays at the tenant`);
  }
  const clean = withoutSecrets(all, {
    known: [secret, ...codes, ...(token ? [token] : []), ...(machine ? [machine.secret] : [])],
    renamed: [[tenant.origin, RECORDED_ORIGIN], ...(machine ? [[machine.id, MACHINE] as const] : [])],
  });
  mkdirSync(options.to, { recursive: true });
  for (const recording of clean) {
    const { number: _number, ...rest } = recording;
    writeFileSync(fileOf(options.to, recording), `${JSON.stringify(rest, null, 1)}\n`);
  }
  writeFileSync(
    path.join(options.to, 'set.json'),
    `${JSON.stringify({ clientId: target.clientId, redirectUri: options.redirectUri, phone: driven.values.phone }, null, 1)}\n`,
  );
  print(
    `${clean.length} recordings in ${options.to}, without their secrets; \`npx authjs-conformance replay ${options.to}\` compares the mock.`,
  );
  return 0;
}

type Store = ReturnType<typeof createStore>;

async function codeOf(
  store: Store,
  fetch: ((wanted: { to: string; since: string; limitMs: number }) => Promise<void>) | undefined,
  digits: string,
  since: string,
): Promise<string> {
  const to = `+${digits}`;
  const waiting = store.waitFor(to, since, MESSAGE_MS);
  await fetch?.({ to, since, limitMs: MESSAGE_MS });
  const found = await waiting;
  if (found?.code) return found.code;
  throw new ConformanceError({
    code: 'CONF_RECORD_NO_CODE',
    what: `no code came to +${digits.slice(0, 4)}… within ${MESSAGE_MS / 1000} s`,
    expected: 'a tenant whose connector posts to the capture endpoint (live.capture)',
    remedy: 'run `live setup`, or look at the connector of the tenant.',
  });
}

/** One exchange of a replay. */
export interface Replayed {
  name: string;
  request: string;
  differences: string[];
}

const readSet = (
  folder: string,
): { recordings: Recording[]; set: { clientId: string; redirectUri: string; phone: string } } => {
  if (!existsSync(path.join(folder, 'set.json')))
    throw new ConformanceError({
      code: 'CONF_REPLAY_SET',
      what: `${folder} holds no recordings of \`npx authjs-conformance record\``,
      expected: 'a folder with set.json and numbered files',
      remedy: 'name the folder that `record --to` wrote.',
    });
  const recordings = readdirSync(folder)
    .filter((file) => /^\d{3}-.*\.json$/.test(file))
    .sort()
    .map((file) => ({
      number: Number(file.slice(0, 3)),
      ...(JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Omit<Recording, 'number'>),
    }));
  return { recordings, set: JSON.parse(readFileSync(path.join(folder, 'set.json'), 'utf8')) };
};

/** Drives the same flows at the mock, and compares each answer with the recorded one. */
export async function replaySet(folder: string, flows: readonly Flow[] = loadFlows()): Promise<Replayed[]> {
  const { recordings, set } = readSet(folder);
  const secret = 'conformance-replay-secret-0000001';
  const machine = { id: MACHINE, secret: 'conformance-replay-m2m-secret-01' };
  const mocks = await startMocks({
    publicIssuer: RECORDED_ORIGIN,
    applications: [
      { id: set.clientId, secret, redirectUris: [set.redirectUri] },
      { ...machine, type: 'MachineToMachine', roles: [MANAGEMENT_ROLE] },
    ],
  });
  const { host } = new URL(RECORDED_ORIGIN);
  const plain = createWire();
  try {
    const driven: Driven = {
      origin: mocks.issuer.origin,
      wire: {
        // The mock answers as the recorded Logto: under its name.
        ask: (url, request) =>
          plain.ask(url, { ...request, headers: { host, 'x-forwarded-proto': 'http', ...request?.headers } }),
      },
      values: {
        clientId: set.clientId,
        clientSecret: secret,
        basic: basic(set.clientId, secret),
        redirectUri: set.redirectUri,
        phone: set.phone,
        machine: basic(machine.id, machine.secret),
        managementApi: 'https://default.logto.app/api',
      },
      readCode: async (to, since) => (await mocks.client.waitForMessage(`+${to}`, { since })).code ?? '',
    };
    const pairs = createPairs();
    const rows: Replayed[] = [];
    for (const flow of flows) {
      const live = await driveFlow(flow, driven);
      for (const exchange of live) {
        const recording = recordings.find(({ number }) => number === exchange.number);
        if (!recording) continue;
        const { status, headers, body } = exchange.response;
        rows.push({
          name: `${recording.number} ${recording.name}`,
          request: `${recording.request.method} ${recording.request.path.split('?')[0]}`,
          differences: compare(recording, { status, headers: headers as never, body }, pairs),
        });
      }
    }
    return rows;
  } finally {
    await mocks.close();
  }
}

/** Prints what differs. @returns the exit code: 1 when something does */
export async function replayCommand(
  folder: string,
  print: (line: string) => void = (line) => process.stdout.write(`${line}\n`),
): Promise<number> {
  const rows = await replaySet(folder);
  const different = rows.filter(({ differences }) => differences.length > 0);
  for (const { name, request, differences } of different) {
    print(`${name}: ${request}`);
    for (const difference of differences) print(`    ${difference}`);
  }
  print(`${rows.length - different.length} of ${rows.length} exchanges are the same`);
  return different.length || rows.length === 0 ? 1 : 0;
}
