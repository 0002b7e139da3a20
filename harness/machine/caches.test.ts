import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let place: string;
beforeEach(() => {
  place = mkdtempSync(path.join(os.tmpdir(), 'caches-'));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

const compiled = () => path.join(place, 'authjs-conformance', 'compiled');
const kept = () =>
  readdirSync(compiled(), { recursive: true, withFileTypes: true }).filter((each) => each.isFile());

/** A source of one size and one time, so that nothing but its content tells versions apart. */
function source(word: string): void {
  const file = path.join(place, 'says.ts');
  writeFileSync(file, `export const said: string = '${word}';\n`);
  utimesSync(file, 1_700_000_000, 1_700_000_000);
}

/** What a process says that keeps what it compiles. */
async function say(environment: NodeJS.ProcessEnv = {}): Promise<string> {
  const entry = path.join(place, 'entry.mjs');
  writeFileSync(
    entry,
    `import { keepCompiled, sharesCompiled } from ${JSON.stringify(path.join(import.meta.dirname, 'caches.js'))};
keepCompiled();
const { said } = await import('./says.ts');
console.log(said, JSON.stringify(sharesCompiled()));`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, [entry], {
    env: { PATH: process.env.PATH, XDG_CACHE_HOME: place, TMPDIR: place, ...environment },
  });
  return stdout.trim();
}

describe('what V8 has compiled', () => {
  it('is kept in a folder of this user alone, and shared by name with processes of ours', async () => {
    source('one');
    expect(await say()).toBe(`one ${JSON.stringify({ NODE_COMPILE_CACHE: compiled() })}`);
    expect(kept().length).toBeGreaterThan(0);
  });
  it('is never older than a source, even of the same size and time', async () => {
    source('one');
    await say();
    expect(await say()).toMatch(/^one /);
    source('two');
    expect(await say()).toMatch(/^two /);
  });
  it('is written by several processes at once', async () => {
    source('one');
    expect(await Promise.all(Array.from({ length: 4 }, () => say()))).toEqual(
      Array.from({ length: 4 }, () => expect.stringMatching(/^one /)),
    );
    source('two');
    expect(await say()).toMatch(/^two /);
  });
  it('is not read where others may write', async () => {
    source('one');
    mkdirSync(path.join(place, 'authjs-conformance'));
    chmodSync(path.join(place, 'authjs-conformance'), 0o777);
    const said = await say();
    expect(said).not.toContain(compiled());
    expect(said).toContain('authjs-conformance-cache-');
  });
  it('is not kept where nothing can be, and the process says the same', async () => {
    source('one');
    writeFileSync(path.join(place, 'file'), '');
    const nowhere = path.join(place, 'file');
    expect(await say({ XDG_CACHE_HOME: nowhere, TMPDIR: nowhere })).toBe('one {}');
  });
  it('is not kept when functions are to be told apart, or the user says so', async () => {
    source('one');
    expect(await say({ NODE_DISABLE_COMPILE_CACHE: '1' })).toBe('one {}');
    expect(await say({ NODE_V8_COVERAGE: path.join(place, 'coverage') })).toBe('one {}');
    expect(existsSync(compiled())).toBe(false);
  });
  it('goes where the user keeps it already', async () => {
    source('one');
    const own = path.join(place, 'own');
    expect(await say({ NODE_COMPILE_CACHE: own })).toBe(`one ${JSON.stringify({ NODE_COMPILE_CACHE: own })}`);
  });
});
