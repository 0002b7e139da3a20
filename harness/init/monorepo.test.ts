/** Auth.js in a package of a monorepo, beside the app that answers with it. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { routesIn, sourceTree } from '../../fixtures/source-tree.ts';
import { optionPlaces } from './option-places.ts';
import { planFor } from './plan.ts';
import { readSources } from './sources.ts';

const files: Record<string, string> = {
  'package.json': '{ "name": "mono", "private": true, "packageManager": "pnpm@9.12.0" }',
  'pnpm-workspace.yaml': "packages:\n  - 'apps/*'\n  - 'packages/**'\n",
  'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
  'apps/docs/package.json':
    '{ "name": "docs", "scripts": { "dev": "next dev" }, "dependencies": { "next": "15.0.0" } }',
  'apps/web/package.json':
    '{ "name": "web", "scripts": { "build": "next build", "start": "next start" }, "dependencies": { "next": "15.0.0", "@repo/auth": "workspace:*", "@repo/api": "workspace:*", "@repo/ui": "workspace:*" } }',
  'apps/web/app/api/auth/[...nextauth]/route.ts': 'export { GET, POST } from "@/lib/handlers";',
  'apps/web/lib/handlers.ts':
    'import { handlers } from "@repo/auth";\nexport const { GET, POST } = handlers;',
  'apps/web/middleware.ts':
    'export { guard as default } from "./lib/guard";\nexport const config = { matcher: ["/account/:path*"] };',
  'apps/web/lib/guard.ts':
    'import { auth } from "@repo/auth";\nexport const guard = auth((req) => {\n  if (!req.auth) return Response.redirect(new URL("/login", req.url));\n});',
  'apps/web/server.ts': 'import "../../legacy/server.js";\nimport "../docs/gone.js";',
  'legacy/server.js':
    'import { notes } from "./notes.js";\napp.get("/legacy", (req, res) => res.send("old"));\napp.use("/notes", notes);',
  'legacy/notes.ts': 'export const notes = Router();\nnotes.post("/", (req, res) => res.send("kept"));',
  'packages/api/package.json':
    '{ "name": "@repo/api", "dependencies": { "@repo/auth": "workspace:*", "@repo/validators": "workspace:*" } }',
  'packages/api/src/index.ts':
    'import { initTRPC } from "@trpc/server";\nimport { noteShape } from "@repo/validators";\nexport const appRouter = router({ me: protectedProcedure.query(() => 1), write: protectedProcedure.input(noteShape).mutation(run) });',
  'packages/validators/package.json': '{ "name": "@repo/validators", "dependencies": { "zod": "4.0.0" } }',
  'packages/validators/src/index.ts':
    'import { z } from "zod";\nexport const noteShape = z.object({ text: z.string() });',
  'packages/ui/package.json': '{ "name": "@repo/ui" }',
  'packages/ui/src/session.ts': 'export const session = 1;',
  'packages/auth/package.json': '{ "name": "@repo/auth", "dependencies": { "next-auth": "5.0.0-beta.32" } }',
  'packages/auth/src/index.ts':
    'import NextAuth from "next-auth";\nimport { providers } from "./providers";\nexport const { handlers, auth } = NextAuth({\n  providers,\n  session: { maxAge: 3600 },\n});',
  'packages/auth/src/providers.ts':
    'import GitHub from "next-auth/providers/github";\nimport Logto from "next-auth/providers/logto";\nexport const providers = [\n  GitHub,\n  Logto({ issuer: process.env.LOGTO_ISSUER }),\n];',
};
const root = sourceTree(files);
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

  it('is read with packages that use it, and with files elsewhere that it imports, and these', () => {
    const read = readSources(app).map(({ file }) => file);
    expect(read).toContain('../../packages/api/src/index.ts');
    expect(read).toContain('../../legacy/server.js');
    expect(read).toContain('../../legacy/notes.ts');
    expect(read).not.toContain('../../packages/ui/src/session.ts');
    const { calls } = routesIn(app) ?? {};
    expect(calls?.procedures.map(({ name, inputs }) => [name, inputs])).toEqual([
      ['me', undefined],
      ['write', [{ name: 'text', type: 'text' }]],
    ]);
    expect(routesIn(app)?.paths.map((each) => each.path)).toContain('/legacy');
    expect(routesIn(app)?.posts?.map((each) => each.path)).toContain('/notes');
  });

  it('is named at the root, where nothing is written', () => {
    expect(() => planFor(root)).toThrow(/apps\/\*, packages\/\*\*.*--cwd apps\/web`/);
  });
});
