import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forWantOf } from '../../fixtures/for-want-of.ts';
import { places } from '../machine/caches.js';
import { unpackBrowser } from './bundled-browser.ts';

const elsewhere =
  process.platform === 'linux' && process.arch === 'x64'
    ? undefined
    : 'a browser that comes with the install (Linux x64)';

describe('the browser that comes with the install', forWantOf(elsewhere), () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'authjs-unpack-'));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('is unpacked into a folder of this user alone, by one of several at a time, and again when it was changed', {
    timeout: 120_000,
  }, async () => {
    const place = path.join(root, 'cache');
    const [first, second] = await Promise.all([unpackBrowser([place]), unpackBrowser([place])]);
    expect(second).toEqual(first);
    const file = first?.executablePath as string;
    expect(statSync(place).mode & 0o777).toBe(0o700);
    expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
    expect(readdirSync(place)).toEqual([path.basename(path.dirname(file))]);

    const { ino, size, mtime } = statSync(file);
    await unpackBrowser([place]);
    expect(statSync(file).ino).toBe(ino);

    // Of the same size and time, as somebody would do it who hides it.
    appendFileSync(file, 'x');
    utimesSync(file, mtime, mtime);
    writeFileSync(path.join(path.dirname(file), 'libevil.so'), '');
    await unpackBrowser([place]);
    expect(statSync(file).size).toBe(size);
    expect(existsSync(path.join(path.dirname(file), 'libevil.so'))).toBe(false);
  });

  it('is not kept where others may write, nor in what is somebody else’s link', async () => {
    const open = path.join(root, 'open');
    mkdirSync(open);
    chmodSync(open, 0o777);
    await expect(unpackBrowser([open])).rejects.toThrow('others may write to');
    const file = path.join(root, 'file');
    writeFileSync(file, '');
    await expect(unpackBrowser([file])).rejects.toThrow();
    expect(readdirSync(open)).toEqual([]);
  });
});

it('is kept in the cache of the user; without a home, in a folder of the temp folder', () => {
  const there = os.tmpdir();
  expect(places({ XDG_CACHE_HOME: '/var/cache/me', HOME: there })[0]).toBe(
    '/var/cache/me/authjs-conformance',
  );
  expect(places({ HOME: there })[0]).toBe(path.join(there, '.cache', 'authjs-conformance'));
  expect(places({})).toEqual([expect.stringMatching(/authjs-conformance-cache-\w+$/)]);
  expect(places({ HOME: '/nowhere', XDG_CACHE_HOME: 'relative' })).toHaveLength(1);
});
