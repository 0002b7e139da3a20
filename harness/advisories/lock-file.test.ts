import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { advisoriesOf } from './affected.ts';
import { installedIn, versionsInLockFile } from './lock-file.ts';

const read = (name: string, text: string) =>
  Object.fromEntries([...(versionsInLockFile(name, text) ?? [])].map(([key, set]) => [key, [...set].sort()]));

const WANTED = {
  next: ['15.5.29'],
  'next-auth': ['5.0.0-beta.31'],
  '@auth/core': ['0.41.2', '0.41.3'],
};

describe('a lock file', () => {
  it.each([
    [
      'of npm 7 and later',
      'package-lock.json',
      JSON.stringify({
        lockfileVersion: 3,
        packages: {
          '': { name: 'shop', version: '1.0.0' },
          'apps/web': { version: '0.0.0' },
          'node_modules/web': { resolved: 'apps/web', link: true },
          'node_modules/next': { version: '15.5.29' },
          'node_modules/auth': { name: 'next-auth', version: '5.0.0-beta.31' },
          'node_modules/@auth/core': { version: '0.41.3' },
          'node_modules/auth/node_modules/@auth/core': { version: '0.41.2' },
        },
      }),
    ],
    [
      'of npm 6',
      'npm-shrinkwrap.json',
      JSON.stringify({
        lockfileVersion: 1,
        dependencies: {
          next: { version: '15.5.29' },
          auth: {
            version: 'npm:next-auth@5.0.0-beta.31',
            dependencies: { '@auth/core': { version: '0.41.2' } },
          },
          '@auth/core': { version: '0.41.3' },
          web: { version: 'file:apps/web' },
        },
      }),
    ],
    [
      'of pnpm 9 and later',
      'pnpm-lock.yaml',
      `lockfileVersion: '9.0'
packages:
  '@auth/core@0.41.2':
    resolution: {integrity: sha512-a}
  '@auth/core@0.41.3':
    resolution: {integrity: sha512-b}
  next@15.5.29:
    resolution: {integrity: sha512-c}
  next-auth@5.0.0-beta.31:
    resolution: {integrity: sha512-d}
snapshots:
  next-auth@5.0.0-beta.31(next@15.5.29(react@19.2.1))(react@19.2.1):
    dependencies:
      '@auth/core': 0.41.2
`,
    ],
    [
      'of pnpm 7 and 8',
      'pnpm-lock.yaml',
      `lockfileVersion: '6.0'
packages:
  /@auth/core@0.41.2:
    resolution: {integrity: sha512-a}
  /@auth/core/0.41.3:
    resolution: {integrity: sha512-b}
  /next/15.5.29_react@19.2.1:
    resolution: {integrity: sha512-c}
  /next-auth@5.0.0-beta.31(next@15.5.29):
    resolution: {integrity: sha512-d}
`,
    ],
    [
      'of Yarn 1',
      'yarn.lock',
      `# yarn lockfile v1


"@auth/core@0.41.2":
  version "0.41.2"
  resolved "https://example.test/core"

"@auth/core@^0.41.0", "@auth/core@^0.41.1":
  version "0.41.3"

next-auth@5.0.0-beta.31:
  version "5.0.0-beta.31"
  dependencies:
    "@auth/core" "0.41.2"

"site@npm:next@^15.0.0", next@15.x:
  version "15.5.29"
`,
    ],
    [
      'of Yarn 2 and later',
      'yarn.lock',
      `__metadata:
  version: 8

"@auth/core@npm:0.41.2":
  version: 0.41.2
  resolution: "@auth/core@npm:0.41.2"

"@auth/core@npm:^0.41.0":
  version: 0.41.3
  resolution: "@auth/core@npm:0.41.3"

"next-auth@npm:5.0.0-beta.31":
  version: 5.0.0-beta.31
  resolution: "next-auth@npm:5.0.0-beta.31"

"next@npm:15.x":
  version: 15.5.29
  resolution: "next@npm:15.5.29"

"shop@workspace:.":
  version: 0.0.0-use.local
  resolution: "shop@workspace:."
`,
    ],
    [
      'of Bun',
      'bun.lock',
      `{
  "lockfileVersion": 1,
  "packages": {
    "@auth/core": ["@auth/core@0.41.3", "", {}, "sha512-a"],
    "next": ["next@15.5.29", "", { "dependencies": { "react": "19" } }, "sha512-b"],
    "next-auth": ["next-auth@5.0.0-beta.31", "", {}, "sha512-c"],
    "next-auth/@auth/core": ["@auth/core@0.41.2", "", {}, "sha512-d"],
    "web": ["web@workspace:apps/web"],
  },
}
`,
    ],
  ])('%s tells every version', (_, name, text) => {
    const { next, 'next-auth': nextAuth, '@auth/core': core, ...others } = read(name, text);
    expect({ next, 'next-auth': nextAuth, '@auth/core': core }).toEqual(WANTED);
    expect(Object.keys(others).filter((each) => each !== 'shop')).toEqual([]);
  });

  it('of an unknown name tells nothing', () => {
    expect(versionsInLockFile('deno.lock', '{}')).toBeUndefined();
  });
});

describe('the versions of an app', () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  const folder = (files: Record<string, string>) => {
    const place = mkdtempSync(path.join(os.tmpdir(), 'lock-file-'));
    folders.push(place);
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(place, file)), { recursive: true });
      writeFileSync(path.join(place, file), text);
    }
    return place;
  };
  const LOCK = JSON.stringify({ packages: { 'node_modules/next': { version: '15.2.2' } } });
  const installed = (version: string) => JSON.stringify({ name: 'next', version });

  it('come from the lock file beside it', () => {
    const place = folder({ 'package-lock.json': LOCK, 'node_modules/next/package.json': installed('1.0.0') });
    const found = installedIn(place, ['next', 'next-auth']);
    expect([...found.versions]).toEqual([['next', new Set(['15.2.2'])]]);
    expect(found.lockFile).toBe(path.join(place, 'package-lock.json'));
  });

  it('come from node_modules when there is no lock file, or a broken one', () => {
    const place = folder({
      'package-lock.json': '{ broken',
      'node_modules/next/package.json': installed('15.5.29'),
    });
    expect([...installedIn(place, ['next']).versions]).toEqual([['next', new Set(['15.5.29'])]]);
  });

  it('in a workspace are those of the app, not of its neighbours', () => {
    const place = folder({
      'package-lock.json': JSON.stringify({
        packages: {
          'node_modules/next': { version: '15.2.2' },
          'node_modules/next-auth': { version: '4.24.4' },
          'apps/web/node_modules/next-auth': { version: '4.24.15' },
        },
      }),
      'apps/web/package.json': JSON.stringify({ dependencies: { 'next-auth': '4.24.15' } }),
      'apps/web/node_modules/next-auth/package.json': JSON.stringify({ version: '4.24.15' }),
    });
    expect(advisoriesOf(path.join(place, 'apps/web'))).toEqual([]);
    expect(advisoriesOf(place).map(({ id }) => id)).toContain('GHSA-f82v-jwr5-mffw');
  });
});
