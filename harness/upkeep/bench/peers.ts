/**
 * The mocks beside others of their kind, in one run: bounded loops on loopback, each server in a process of its own. The
 * others are installed into a temporary folder by npm; what cannot be installed is said, and left out.
 */
import { execFile, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Agent, request } from 'undici';
import { ROOT } from '../../config/defaults.ts';
import { PEERS, type Peer } from './peer-servers.ts';

/** Milliseconds of each loop, and requests that are under way at once. */
const LOOP_MS = 3_000;
const AT_ONCE = 8;
/** Milliseconds that a server may take to listen. */
const START_MS = 30_000;

const dispatcher = new Agent({ connections: AT_ONCE });

/** How often a second a body comes to its end. */
async function rate(body: (dispatcher: Agent) => Promise<unknown>): Promise<number> {
  await body(dispatcher);
  let count = 0;
  const begun = performance.now();
  const worker = async () => {
    while (performance.now() - begun < LOOP_MS) {
      await body(dispatcher);
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return (count * 1000) / (performance.now() - begun);
}

/** Starts a server that prints its origin as the first line; the answer says how long that took. */
async function start(
  command: string[],
  folder: string,
): Promise<{ told: string; seconds: number; stop(): void }> {
  const begun = performance.now();
  const child = spawn(command[0] as string, command.slice(1), {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const told = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('it did not listen')), START_MS);
    let text = '';
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    child.stdout.on('data', (chunk) => {
      text += chunk;
      const line = /^READY (.*)$/m.exec(text)?.[1];
      if (!line) return;
      clearTimeout(timer);
      resolve(line);
    });
    child.once('exit', () => {
      clearTimeout(timer);
      reject(new Error(errors.split('\n').find((each) => /Error/.test(each)) ?? 'it ended'));
    });
  });
  return { told, seconds: (performance.now() - begun) / 1000, stop: () => child.kill('SIGKILL') };
}

/** Installs the others; says which versions there are. */
async function install(folder: string): Promise<Map<string, string>> {
  writeFileSync(path.join(folder, 'package.json'), '{"private":true,"type":"module"}');
  const versions = new Map<string, string>();
  for (const name of new Set(PEERS.flatMap(({ packages }) => packages)))
    try {
      await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', name], {
        cwd: folder,
        timeout: 240_000,
      });
      const bare = name.replace(/(?<=.)@[\d.]+$/, '');
      versions.set(
        bare,
        JSON.parse(readFileSync(path.join(folder, 'node_modules', bare, 'package.json'), 'utf8')).version,
      );
    } catch (error) {
      process.stdout.write(`${name} could not be installed: ${(error as Error).message.split('\n')[0]}\n`);
    }
  return versions;
}

async function measurePeer(peer: Peer, folder: string): Promise<string[][]> {
  const file = path.join(folder, `${peer.key}.mjs`);
  writeFileSync(file, peer.server);
  const command = peer.ours ? [process.execPath, path.join(ROOT, peer.ours)] : [process.execPath, file];
  const server = await start(command, peer.ours ? ROOT : folder);
  try {
    const rows: string[][] = [[peer.name, 'start', `${server.seconds.toFixed(2)} s`]];
    for (const [what, make] of Object.entries(peer.loops)) {
      const body = await make(JSON.parse(server.told));
      rows.push([peer.name, what, `${Math.round(await rate(body))}/s`]);
    }
    return rows;
  } finally {
    server.stop();
  }
}

/** @returns rows of name, what was done, and how fast; and the versions */
export async function measurePeers(): Promise<{ versions: string; rows: string[][] }> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'authjs-peers-'));
  try {
    cpSync(path.join(ROOT, 'fixtures/data/twilio_api_v2010.json'), path.join(folder, 'twilio.json'));
    const versions = await install(folder);
    const rows: string[][] = [];
    for (const peer of PEERS) {
      const missing = peer.packages.filter((each) => !versions.has(each.replace(/(?<=.)@[\d.]+$/, '')));
      if (missing.length) rows.push([peer.name, 'not installed', missing.join(', ')]);
      else
        rows.push(
          ...(await measurePeer(peer, folder).catch((error: Error) => [
            [peer.name, 'did not start', error.message.slice(0, 100)],
          ])),
        );
    }
    return {
      versions: `${[...versions].map(([name, version]) => `${name} ${version}`).join(', ')}; ${AT_ONCE} requests at once, ${LOOP_MS / 1000} seconds for each figure.`,
      rows,
    };
  } finally {
    await dispatcher.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One request whose answer is read to its end. */
export const ask = async (
  url: string,
  agent: Agent,
  options: { method?: 'GET' | 'POST'; headers?: Record<string, string>; body?: string } = {},
): Promise<{ status: number; headers: Record<string, string | string[] | undefined>; text: string }> => {
  const answer = await request(url, { dispatcher: agent, ...options });
  return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
};
