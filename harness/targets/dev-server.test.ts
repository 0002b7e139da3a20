import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { devServerIn, devServerOf } from './dev-server.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'conformance-dev-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a development server', () => {
  it.each([
    ['vite', 'vite'],
    ['vite --mode ssr --open', 'vite'],
    ['vite dev --port $PORT', 'vite'],
    ['npx next dev --port $PORT', 'next dev'],
    ['astro dev', 'astro dev'],
    ['nuxt dev', 'nuxt dev'],
    ['NODE_ENV=development tsx watch src/server.ts', 'tsx watch'],
    ['node --env-file=.env --watch server.js', 'node --watch'],
    ['nodemon app.js', 'nodemon'],
  ])('is known by its command: %s', (command, name) => expect(devServerIn(command)).toBe(name));

  it.each([
    'node server.js',
    'next start',
    'npx vite build',
    'vite preview --port 3000',
    'node build',
    'tsx src/server.ts',
    'node node_modules/vite-node/server.mjs',
    'astro preview',
    'vitest run',
  ])('is not %s', (command) => expect(devServerIn(command)).toBe(undefined));

  it('is found behind scripts of package.json, also when one calls another or itself', () => {
    writeFileSync(
      path.join(folder, 'package.json'),
      JSON.stringify({
        scripts: { start: 'npm run dev', dev: 'vite --open', serve: 'node server.js', loop: 'npm run loop' },
      }),
    );
    expect(devServerOf('npm start -- --port $PORT', folder)).toBe('vite');
    expect(devServerOf('pnpm dev', folder)).toBe('vite');
    expect(devServerOf('yarn serve', folder)).toBe(undefined);
    expect(devServerOf('npm run loop', folder)).toBe(undefined);
    expect(devServerOf('npm run dev', path.join(folder, 'nowhere'))).toBe(undefined);
  });
});
