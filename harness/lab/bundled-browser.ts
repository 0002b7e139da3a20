/**
 * The Chromium that ships in the package (`@sparticuz/chromium`, Linux x64): unpacked once into a folder of this user alone,
 * moved there when it is whole, and compared with its digests before each use.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, lstatSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { demandOwn, places } from '../machine/caches.js';

export interface Unpacked {
  executablePath: string;
  /** Folder of the libraries that it needs (LD_LIBRARY_PATH). */
  libraries: string;
}

const PACKAGE = '@sparticuz/chromium';
const DIGESTS = 'digests.json';
/** Milliseconds after which what another process began to unpack was left by one that is gone. */
const ABANDONED_MS = 10 * 60_000;

/** Folder with the archives of the package, and its version. */
function locate(): { bin: string; version: string } {
  const entry = createRequire(import.meta.url).resolve(PACKAGE);
  let folder = path.dirname(entry);
  while (!existsSync(path.join(folder, 'bin')) && path.dirname(folder) !== folder)
    folder = path.dirname(folder);
  const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return { bin: path.join(folder, 'bin'), version };
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 4 * 1024 * 1024 }), hash);
  return hash.digest('hex');
}

interface Kept {
  digest: string;
  size: number;
  /** Time of the last change, which no program can set back (inode(7), st_ctime). */
  changed: number;
}

/** All files of a folder, by their path in it; digests are made where a file is not the one that was kept. */
async function filesOf(folder: string, kept: Record<string, Kept> = {}): Promise<Record<string, Kept>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: Record<string, Kept> = {};
  for (const entry of entries.filter((each) => !each.isDirectory() && each.name !== DIGESTS)) {
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(folder, file);
    const { size, ctimeMs: changed } = lstatSync(file);
    const before = kept[name];
    const same = before && before.size === size && before.changed === changed;
    found[name] = same
      ? before
      : { digest: entry.isFile() ? await digestOf(file) : 'no file', size, changed };
  }
  return found;
}

const digestsIn = (files: Record<string, Kept>) =>
  JSON.stringify(
    Object.entries(files)
      .map(([name, { digest }]) => [name, digest])
      .sort(),
  );

/** Whether a folder holds what was unpacked there, byte for byte. */
async function isWhole(folder: string): Promise<boolean> {
  try {
    demandOwn(folder);
    const kept: Record<string, Kept> = JSON.parse(readFileSync(path.join(folder, DIGESTS), 'utf8'));
    return digestsIn(await filesOf(folder, kept)) === digestsIn(kept);
  } catch {
    return false;
  }
}

/** Unpacks with the package's own function, which writes to the temp folder of its process. */
async function unpackTo(folder: string, bin: string): Promise<void> {
  const script = `import { inflate } from ${JSON.stringify(import.meta.resolve(PACKAGE))};
    for (const name of ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br'])
      await inflate(${JSON.stringify(bin)} + '/' + name);`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, TMPDIR: folder, NODE_OPTIONS: '' },
  });
}

/**
 * Unpacks it into one of the places, unless it is there already.
 *
 * @param from where it is kept; for tests
 * @returns where it is; undefined where the package has none for this system
 * @throws Error when no place can be used
 */
export async function unpackBrowser(from: readonly string[] = places()): Promise<Unpacked | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const { bin, version } = locate();
  const troubles: string[] = [];
  for (const place of from) {
    try {
      const folder = path.join(demandOwn(place), `chromium-${version}`);
      if (!(await isWhole(folder))) await replace(folder, bin);
      return { executablePath: path.join(folder, 'chromium'), libraries: path.join(folder, 'al2023', 'lib') };
    } catch (error) {
      troubles.push((error as Error).message.split('\n')[0] as string);
    }
  }
  throw new Error(troubles.join('; '));
}

async function replace(folder: string, bin: string): Promise<void> {
  const place = path.dirname(folder);
  for (const name of await readdir(place)) {
    const left = path.join(place, name);
    if (/^\.(new|old)-/.test(name) && Date.now() - statSync(left).mtimeMs > ABANDONED_MS)
      await rm(left, { recursive: true, force: true });
  }
  const made = path.join(place, `.new-${process.pid}-${Date.now()}`);
  const old = path.join(place, `.old-${process.pid}-${Date.now()}`);
  try {
    mkdirSync(made, { mode: 0o700 });
    await unpackTo(made, bin);
    await writeFile(path.join(made, DIGESTS), JSON.stringify(await filesOf(made)), { mode: 0o600 });
    await rename(folder, old).catch(() => undefined);
    // Another process may have moved its own there meanwhile: it is as good.
    await rename(made, folder).catch(async (error) => {
      if (!(await isWhole(folder))) throw error;
    });
  } finally {
    await rm(made, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
}
