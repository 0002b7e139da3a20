/** What init says of apps that are not set up as guides do. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ROOT } from '../config/defaults.ts';
import { planFor } from './plan.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function tree(files: Record<string, string | object>): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'authjs-init-'));
  folders.push(folder);
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}
const target = (name: string) => planFor(path.join(ROOT, 'fixtures', 'targets', name));

describe('the bundled targets of other frameworks', () => {
  it('Nuxt: next-auth v4 behind its module, started as nitro builds it, with AUTH_ORIGIN', () => {
    const { config, project } = target('nuxt');
    expect(project.library).toMatchObject({ name: 'next-auth', family: 'v4' });
    expect(config.target).toMatchObject({
      prepare: 'npm run build',
      command: 'node .output/server/index.mjs',
      env: { AUTH_ORIGIN: '{origin}/api/auth' },
    });
    expect(config.pages).toEqual({ protected: ['/protected'], api: ['/api/protected'] });
  });
  it('Qwik: its production server, and addresses that end with a slash', () => {
    const { config } = target('qwik');
    expect(config.target).toMatchObject({ prepare: 'npm run build', command: 'npm run serve' });
    expect(config.pages).toEqual({ protected: ['/protected/'], api: ['/api/protected'] });
  });
  it('SolidStart: the server that vinxi builds, and the guard of a query', () => {
    const { config, found } = target('solid-start');
    expect(config.target).toMatchObject({ command: 'npm start -- --port $PORT', prepare: 'npm run build' });
    expect(config.pages).toEqual({ protected: ['/protected'], api: ['/api/protected'] });
    expect(found).toContain('Auth.js answers at /api/auth');
  });
});

const next = (auth: string, version = '5.0.0-beta.32') =>
  planFor(
    tree({
      'package.json': {
        name: 'shop',
        scripts: { build: 'next build', start: 'next start' },
        dependencies: { next: '15.0.0', 'next-auth': version },
      },
      'auth.ts': auth,
    }),
  );

describe('providers', () => {
  it('plain OAuth alone: one sentence with the snippet, and no invented issuer', () => {
    const { config, missing } = next(
      "import NextAuth from 'next-auth';\nimport GitHub from 'next-auth/providers/github';\nexport const { auth } = NextAuth({ providers: [GitHub] });",
    );
    expect(config.target).not.toHaveProperty('issuer');
    expect(config.target).not.toHaveProperty('provider');
    expect(JSON.stringify(config.target)).not.toContain('GITHUB');
    const said = missing.find(({ key }) => key === 'auth.ts:3')?.text;
    expect(said).toContain('"github" is plain OAuth');
    expect(said).toContain("import Logto from 'next-auth/providers/logto'");
  });
  it('many: the one that speaks OpenID Connect is chosen before plain OAuth', () => {
    const { config } = next(
      "import NextAuth from 'next-auth';\nimport GitHub from 'next-auth/providers/github';\nimport Keycloak from 'next-auth/providers/keycloak';\nexport const { auth } = NextAuth({ providers: [GitHub, Keycloak] });",
    );
    expect(config.target?.provider).toBe('keycloak');
  });
  it('a profile that chooses is guessed, not found', () => {
    const { config, guessed } = next(
      "import NextAuth from 'next-auth';\nimport Logto from 'next-auth/providers/logto';\nexport const { auth } = NextAuth({ providers: [Logto({ profile: (p) => ({ id: p.sub, name: p.name ? p.name : p.username, email: p.email }) })] });",
    );
    expect(config.profile).toMatchObject({ name: ['name', 'username'] });
    expect(guessed.find(({ key }) => key === 'profile')?.text).toContain('chooses or makes name');
  });
});

it('a page of Nuxt under a global middleware is protected, unless it says that it is not', () => {
  const { config } = planFor(
    tree({
      'package.json': {
        name: 'shop',
        scripts: { build: 'nuxt build' },
        dependencies: { nuxt: '4.2.2', '@sidebase/nuxt-auth': '1.3.1', 'next-auth': '4.21.1' },
      },
      'nuxt.config.ts': 'export default defineNuxtConfig({ auth: { globalAppMiddleware: true } });',
      'pages/index.vue': '<script setup>\ndefinePageMeta({ auth: false });\n</script>',
      'pages/orders.vue': '<template>\n<p>auth</p></template>\n<script setup>\nconst a = 1;\n</script>',
    }),
  );
  expect(config.pages?.protected).toEqual(['/orders']);
});
