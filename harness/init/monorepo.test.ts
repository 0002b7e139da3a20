/** Auth.js in a package of a monorepo, beside the app that answers with it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { optionPlaces } from './option-places.ts';
import { planFor } from './plan.ts';
import { readSources } from './sources.ts';

const root = mkdtempSync(path.join(os.tmpdir(), 'authjs-monorepo-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const files: Record<string, string> = {
  'package.json': '{ "name": "mono", "private": true, "packageManager": "pnpm@9.12.0" }',
  'pnpm-workspace.yaml': "packages:\n  - 'apps/*'\n  - 'packages/**'\n",
  'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
  'apps/docs/package.json':
    '{ "name": "docs", "scripts": { "dev": "next dev" }, "dependencies": { "next": "15.0.0" } }',
  'apps/web/package.json':
    '{ "name": "web", "scripts": { "build": "next build", "start": "next start" }, "dependencies": { "next": "15.0.0", "@repo/auth": "workspace:*" } }',
  'apps/web/app/api/auth/[...nextauth]/route.ts': 'export { GET, POST } from "@/lib/handlers";',
  'apps/web/lib/handlers.ts':
    'import { handlers } from "@repo/auth";\nexport const { GET, POST } = handlers;',
  'apps/web/middleware.ts':
    'export { guard as default } from "./lib/guard";\nexport const config = { matcher: ["/account/:path*"] };',
  'apps/web/lib/guard.ts':
    'import { auth } from "@repo/auth";\nexport const guard = auth((req) => {\n  if (!req.auth) return Response.redirect(new URL("/login", req.url));\n});',
  'packages/auth/package.json': '{ "name": "@repo/auth", "dependencies": { "next-auth": "5.0.0-beta.32" } }',
  'packages/auth/src/index.ts':
    'import NextAuth from "next-auth";\nimport { providers } from "./providers";\nexport const { handlers, auth } = NextAuth({\n  providers,\n  session: { maxAge: 3600 },\n});',
  'packages/auth/src/providers.ts':
    'import GitHub from "next-auth/providers/github";\nimport Logto from "next-auth/providers/logto";\nexport const providers = [\n  GitHub,\n  Logto({ issuer: process.env.LOGTO_ISSUER }),\n];',
};
for (const [file, text] of Object.entries(files)) {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
}
const app = path.join(root, 'apps/web');

describe('an app whose Auth.js stands in a package of its monorepo', () => {
  const { project, config, found, missing } = planFor(app);

  it('has the library of that package, and says where it is named', () => {
    expect(project.library).toEqual({
      name: 'next-auth',
      version: '5.0.0-beta.32',
      family: 'v5',
      place: 'packages/auth',
    });
    expect(found[0]).toBe('next-auth 5.0.0-beta.32 (Auth.js v5) in packages/auth/package.json');
    expect(config.target?.framework).toBe('next-auth v5, App Router');
  });

  it('has a list of providers in a file of its own, and options beside the call', () => {
    expect(config.target?.authFile).toBe('../../packages/auth/src/index.ts');
    expect(config.target?.env).toMatchObject({ LOGTO_ISSUER: '{issuer}' });
    expect(config.session).toEqual({ maxAge: 3600 });
    expect(missing).toEqual([]);
  });

  it('has pages behind a guard of another file', () => {
    expect(config.pages?.protected).toEqual(['/account']);
  });

  it('has options at lines of that package', () => {
    expect(optionPlaces(readSources(app))['session.maxAge']).toEqual({
      file: '../../packages/auth/src/index.ts',
      line: 5,
    });
  });

  it('is named at the root, where nothing is written', () => {
    expect(() => planFor(root)).toThrow(/apps\/\*, packages\/\*\*.*--cwd apps\/web`/);
  });
});
