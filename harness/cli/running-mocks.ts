/** Where the mocks of `authjs-conformance mocks` are, for other terminals of the same person. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export interface RunningMocks {
  inbox: string;
  dashboard: string;
  pid: number;
}

const fileOf = () =>
  path.join(os.tmpdir(), `authjs-conformance-${process.getuid?.() ?? os.userInfo().username}`, 'mocks.json');

/** Remembers running mocks; the answer forgets them again. */
export function rememberMocks(mocks: Omit<RunningMocks, 'pid'>): () => void {
  const file = fileOf();
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify({ ...mocks, pid: process.pid }), { mode: 0o600 });
  return () => {
    try {
      // Newer mocks may have taken the place.
      if ((JSON.parse(readFileSync(file, 'utf8')) as RunningMocks).pid === process.pid) rmSync(file);
    } catch {
      // it is gone already
    }
  };
}

/** The mocks that were started last, when they still answer. */
export async function runningMocks(): Promise<RunningMocks | undefined> {
  try {
    const mocks = JSON.parse(readFileSync(fileOf(), 'utf8')) as RunningMocks;
    // Loaded here: every command registers this one, and few ask.
    const { request } = await import('undici');
    const { body, statusCode } = await request(mocks.dashboard, { signal: AbortSignal.timeout(2_000) });
    await body.dump();
    return statusCode < 500 ? mocks : undefined;
  } catch {
    return undefined;
  }
}
