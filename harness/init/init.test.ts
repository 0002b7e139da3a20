import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { copyTarget, type Variant } from '../../fixtures/copy-target.ts';
import { loadConfig } from '../config/load-config.ts';
import { run } from '../run/run.ts';
import { init } from './command.ts';
import { planFor } from './plan.ts';

const variants: Variant[] = [];
const folders: string[] = [];
afterAll(() => {
  for (const { remove } of variants) remove();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const copy = (...given: Parameters<typeof copyTarget>) => {
  const variant = copyTarget(...given);
  variants.push(variant);
  return variant.folder;
};

/** A folder with the given files. */
function tree(files: Record<string, string | object>): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'authjs-init-'));
  folders.push(folder);
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

const quiet = { print: () => {} };

/** What init writes for the target, loaded as `run` loads it. */
async function configOf(folder: string) {
  init({ folder, ...quiet });
  return loadConfig({ folder, environment: {} });
}

describe('a development server', () => {
  const started = (scripts: Record<string, string>) =>
    planFor(
      tree({
        'package.json': { name: 'shop', scripts, dependencies: { '@auth/express': '0.12.1' } },
        'app.js':
          "import { ExpressAuth } from '@auth/express';\nimport Logto from '@auth/express/providers/logto';\nExpressAuth({ providers: [Logto] });",
      }),
    );
  const guesses = ({ guessed }: ReturnType<typeof planFor>) =>
    guessed.filter(({ text }) => text.includes('development server')).map(({ key }) => key);

  it('is passed over, though it is called start, for a preview of the build', () => {
    const plan = started({
      start: 'astro dev',
      dev: 'astro dev',
      build: 'astro build',
      preview: 'astro preview',
    });
    expect(plan.config.target).toMatchObject({
      command: 'npm run preview -- --port $PORT',
      prepare: 'npm run build',
    });
    expect(guesses(plan)).toEqual([]);
  });

  it('is taken where there is nothing else, and told, whatever its script is called', () => {
    const plan = started({ start: 'vite --mode ssr' });
    expect(plan.config.target).toMatchObject({ command: 'npm start -- --port $PORT' });
    expect(guesses(plan)).toEqual(['target.command']);
  });
});

describe('init, then run without an edit', () => {
  it.for(['express', 'express-hardcoded', 'hono', 'express-full', 'express-database'])(
    '%s ends in a session',
    { timeout: 60_000 },
    async (name) => {
      const { exitCode, text } = await quickRun(copy(name));
      expect(text).toContain('the wiring is right');
      expect(exitCode).toBe(0);
    },
  );

  it('express with routes and variables of its own ends in a session', { timeout: 60_000 }, async () => {
    const folder = copy('express', {
      'app.js': [
        ["app.use('/auth'", "app.use('/members/login'"],
        [
          '[Logto]',
          "[Logto({ id: 'acme', issuer: process.env.OIDC_ISSUER, clientId: process.env.OIDC_ID, clientSecret: process.env.OIDC_KEY })]",
        ],
      ],
      'server.js': [['process.env.PORT', 'process.env.APP_PORT']],
    });
    const { exitCode, text } = await quickRun(folder);
    expect(text).toContain('the wiring is right');
    expect(exitCode).toBe(0);
  });

  it.for(['sveltekit', 'next-auth-v4-pages', 'nextjs'])(
    '%s, which must be built, ends in a session',
    { timeout: 240_000 },
    async (name) => {
      const { exitCode, text } = await quickRun(copy(name));
      expect(text).toContain('the wiring is right');
      expect(exitCode).toBe(0);
    },
  );
});

async function quickRun(folder: string) {
  const loaded = await configOf(folder);
  const printed: string[] = [];
  const exitCode = await run(loaded, { quick: true, quiet: true, print: (line) => printed.push(line) });
  return { exitCode, text: printed.join('\n') };
}

describe('what init writes', () => {
  it('a hard-coded issuer, client id and secret go into the config', async () => {
    const { config } = await configOf(copy('express-hardcoded'));
    expect(config.target).toMatchObject({
      issuer: 'https://tenant.logto.app/oidc',
      clientId: 'k3m8v1q5x7z2c9b4n6r0t',
      clientSecret: 'made-up-secret-of-express-hardcoded',
      authFile: 'server.js',
    });
  });

  it('checks, scopes, session fields and claims are read from the source', async () => {
    const { config } = await configOf(copy('express-full'));
    expect(config.features.sort()).toEqual(['nonce', 'phone-claim', 'state']);
    expect(config.scopes).toEqual(['offline_access', 'profile', 'email', 'phone']);
    expect(config.session.fields).toEqual(['phone', 'error']);
    expect(config.profile).toMatchObject({ name: ['name', 'username'], phone: 'phone_number' });
  });

  it("tokens in the session, as in Logto's own next-auth sample, are told and never declared", async () => {
    const folder = copy('express', {
      'app.js': [
        [
          'providers: [Logto] }',
          `providers: [Logto], callbacks: {
            jwt: ({ token, account }) => (account ? { ...token, accessToken: account.access_token } : token),
            session({ session, token }) { session.accessToken = token.accessToken; session.phone = token.phone; return session; },
          } }`,
        ],
      ],
    });
    const printed: string[] = [];
    init({ folder, ...quiet, print: (line) => printed.push(line) });
    const { config } = await loadConfig({ folder, environment: {} });
    expect(config.session.fields).toEqual(['phone']);
    expect(config.features).not.toContain('token-in-session');
    expect(printed.join('\n')).toMatch(/hands accessToken to the browser, and session\/no-token will say so/);
  });

  it('a workflow and a job that are YAML and run the same command', () => {
    const folder = copy('express');
    init({ folder, ...quiet });
    const workflow = parse(readFileSync(path.join(folder, '.github/workflows/conformance.yml'), 'utf8'));
    expect(
      workflow.jobs.conformance.steps.map(({ run: line }: { run?: string }) => line ?? '').join('\n'),
    ).toMatch(/npm install\n.*authjs-conformance.* run /);
    const job = parse(
      readFileSync(path.join(folder, '.gitlab/conformance.gitlab-ci.yml'), 'utf8'),
    ).conformance;
    expect(job.script.at(-1)).toMatch(/authjs-conformance.* run /);
    expect(job.artifacts.reports.junit).toBe('conformance-results/junit.xml');
    expect(readFileSync(path.join(folder, '.gitignore'), 'utf8')).toBe('conformance-results/\n');
  });

  it('jobs that divide a run, and one that joins the parts and gives the verdict', () => {
    const folder = copy('express');
    init({ folder, ...quiet, shards: 4 });
    const { jobs } = parse(readFileSync(path.join(folder, '.github/workflows/conformance.yml'), 'utf8'));
    expect(jobs.conformance.strategy).toEqual({ 'fail-fast': false, matrix: { shard: [1, 2, 3, 4] } });
    const lines = (job: { steps: { run?: string }[] }) => job.steps.flatMap(({ run: line }) => line ?? []);
    expect(lines(jobs.conformance).at(-1)).toMatch(
      /run --shard \$\{\{ matrix\.shard \}\}\/4 --reporter json \|\| \[ \$\? -eq 1 \]$/,
    );
    expect(jobs.verdict.needs).toBe('conformance');
    expect(lines(jobs.verdict).at(-1)).toMatch(/merge conformance-shards\/\* --reporter junit,html,github$/);
    const gitlab = parse(readFileSync(path.join(folder, '.gitlab/conformance.gitlab-ci.yml'), 'utf8'));
    expect(gitlab.conformance.parallel).toBe(4);
    expect(gitlab.conformance.script.at(-1)).toContain('--shard "$CI_NODE_INDEX/$CI_NODE_TOTAL"');
    expect(gitlab.conformance.artifacts.paths).toEqual(['conformance-shards']);
    expect(gitlab['conformance-verdict']).toMatchObject({ needs: ['conformance'], when: 'always' });
    expect(gitlab['conformance-verdict'].script.at(-1)).toMatch(/merge conformance-shards\/\*/);
  });

  it('an app in a monorepo gets its jobs at the root, with its own folder and the package manager of the lock file', () => {
    const root = tree({
      '.git/HEAD': 'ref: refs/heads/main',
      'package.json': { name: 'root' },
      'pnpm-workspace.yaml': 'packages: [apps/*]',
      'pnpm-lock.yaml': '',
      'apps/web/package.json': {
        name: '@acme/web',
        scripts: { start: 'node s.js' },
        dependencies: { '@auth/express': '^0.12.0' },
      },
      'apps/web/s.js':
        "import Logto from '@auth/express/providers/logto'; ExpressAuth({ providers: [Logto] });",
    });
    init({ folder: path.join(root, 'apps/web'), ...quiet });
    const workflow = parse(readFileSync(path.join(root, '.github/workflows/conformance-web.yml'), 'utf8'));
    const steps = workflow.jobs.conformance.steps;
    expect(steps[2]).toEqual({ run: 'corepack enable && pnpm install --frozen-lockfile' });
    expect(steps[3]['working-directory']).toBe('apps/web');
    expect(existsSync(path.join(root, 'apps/web/conformance.config.mjs'))).toBe(true);
  });
});

describe('the config file', () => {
  const named = (compilerOptions: object, installed = true, type?: string, ours: object = {}) => {
    const folder = tree({
      'package.json': {
        ...(type && { type }),
        scripts: { start: 'node s.js' },
        dependencies: { '@auth/express': '0.12.3' },
      },
      'tsconfig.json': `{ "compilerOptions": ${JSON.stringify(compilerOptions)}, /* comments are allowed */ }`,
      ...(installed && { 'node_modules/authjs-conformance/package.json': ours }),
    });
    init({ folder, ci: ['none'], ...quiet });
    return readdirSync(folder).find((name) => /^conformance\.config/.test(name));
  };

  it('is TypeScript when the app can check it, else a module that no type check fails over', () => {
    const bundled = { moduleResolution: 'bundler', skipLibCheck: true };
    expect(named(bundled, true, 'module')).toBe('conformance.config.ts');
    // Node warns of a `.ts` that is a module where the package does not say so.
    expect(named(bundled)).toBe('conformance.config.mts');
    // A link to a checkout: the app would check our sources as its own.
    expect(named(bundled, true, 'module', { exports: { '.': './harness/index.ts' } })).toBe(
      'conformance.config.mjs',
    );
    expect(named(bundled, true, 'module', { exports: { '.': { types: './index.d.ts' } } })).toBe(
      'conformance.config.ts',
    );
    expect(named({ module: 'NodeNext', skipLibCheck: true })).toBe('conformance.config.mts');
    expect(named({ moduleResolution: 'node', skipLibCheck: true })).toBe('conformance.config.mjs');
    expect(named({ moduleResolution: 'bundler' })).toBe('conformance.config.mjs');
    expect(named({ moduleResolution: 'bundler', skipLibCheck: true }, false)).toBe('conformance.config.mjs');
  });
});

describe('init takes care', () => {
  it('never replaces a file without --force, and then writes nothing at all', () => {
    const folder = copy('express');
    mkdirSync(path.join(folder, '.gitlab'), { recursive: true });
    writeFileSync(path.join(folder, '.gitlab/conformance.gitlab-ci.yml'), 'mine');
    const before = readdirSync(folder).sort();
    expect(() => init({ folder, ...quiet })).toThrow(
      /CONF_FILE_EXISTS[\s\S]*nothing was written[\s\S]*--force/,
    );
    expect(readdirSync(folder).sort()).toEqual(before);
    init({ folder, force: true, ...quiet });
    expect(readFileSync(path.join(folder, '.gitlab/conformance.gitlab-ci.yml'), 'utf8')).not.toBe('mine');
  });

  it('writes nothing when one of the files cannot be written', () => {
    const folder = copy('express');
    writeFileSync(path.join(folder, '.gitlab'), 'a file where a folder is needed');
    expect(() => init({ folder, ...quiet })).toThrow(/CONF_WRITE_FAILED/);
    expect(readdirSync(folder).filter((name) => /conformance/.test(name))).toEqual([]);
  });

  it('writes nothing with --dry-run, and shows what it would', () => {
    const folder = copy('express');
    const before = readdirSync(folder).sort();
    const printed: string[] = [];
    expect(init({ folder, dryRun: true, print: (line) => printed.push(line) })).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(before);
    expect(printed.join('\n')).toContain("authFile: 'app.js'");
  });

  it('replaces the config that is there with --force, so that there are never two', () => {
    const folder = copy('express');
    writeFileSync(path.join(folder, 'conformance.config.ts'), 'export default {}');
    init({ folder, force: true, ...quiet });
    expect(readdirSync(folder).filter((name) => /^conformance\.config/.test(name))).toEqual([
      'conformance.config.ts',
    ]);
  });

  it('keeps what .gitignore holds', () => {
    const folder = copy('express');
    writeFileSync(path.join(folder, '.gitignore'), 'node_modules');
    init({ folder, ...quiet });
    expect(readFileSync(path.join(folder, '.gitignore'), 'utf8')).toBe(
      'node_modules\nconformance-results/\n',
    );
  });

  it.for([
    ['no package.json', {}, /CONF_PACKAGE_MISSING[\s\S]*Expected[\s\S]*Do:/],
    ['a broken package.json', { 'package.json': '{' }, /CONF_PACKAGE_UNREADABLE[\s\S]*Do:/],
    ['no Auth.js', { 'package.json': { dependencies: { express: '5' } } }, /CONF_AUTHJS_MISSING[\s\S]*Do:/],
    ['the root of a monorepo', { 'package.json': { workspaces: ['apps/*'] } }, /--cwd apps\/web/],
  ] as const)('says what is wrong with %s', ([, files, message]) => {
    expect(() => init({ folder: tree(files), ...quiet })).toThrow(message);
  });
});

const app = (auth: string, more: Record<string, string | object> = {}, version = '5.0.0-beta.32') =>
  tree({
    'package.json': {
      name: 'shop',
      scripts: { build: 'next build', start: 'next start' },
      dependencies: { 'next-auth': version, next: '15' },
    },
    'auth.ts': auth,
    ...more,
  });

describe('init reads', () => {
  it.for([
    ['process.env.OIDC_ISSUER', { OIDC_ISSUER: '{issuer}' }],
    ['process.env.OIDC_ISSUER!', { OIDC_ISSUER: '{issuer}' }],
    ["process.env.OIDC_ISSUER ?? 'https://a.logto.app/oidc'", { OIDC_ISSUER: '{issuer}' }],
    ['env.LOGTO_ISSUER as string', { LOGTO_ISSUER: '{issuer}' }],
    ["requireEnv('LOGTO_ISSUER')", { LOGTO_ISSUER: '{issuer}' }],
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: source texts of apps
    ['`${process.env.LOGTO_ENDPOINT}/oidc`', { LOGTO_ENDPOINT: '{issuerOrigin}' }],
    ["process.env.LOGTO_ENDPOINT + '/oidc'", { LOGTO_ENDPOINT: '{issuerOrigin}' }],
    ['`${process.env.LOGTO_ENDPOINT}oidc`', { LOGTO_ENDPOINT: '{issuerOrigin}/' }],
    ['`https://${process.env.TENANT}.logto.app/oidc`', { TENANT: 'conformance' }],
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: source texts of apps
  ] as const)('the issuer from %s', ([expression, env]) => {
    const { config } = planFor(
      app(
        `export default NextAuth({ providers: [{ id: 'logto', type: 'oidc', issuer: ${expression}, clientId: process.env.ID, clientSecret: process.env.S }] })`,
      ),
    );
    expect(config.target?.env).toMatchObject({ ...env, ID: '{clientId}', S: '{clientSecret}' });
    if ('TENANT' in env) expect(config.target?.issuer).toBe('https://conformance.logto.app/oidc');
  });

  it('a config that is split over files, in TypeScript with casts', () => {
    const { config, found } = planFor(
      app(
        `import NextAuth from 'next-auth'; import authConfig from './auth.config';
         export const { handlers } = NextAuth({ ...authConfig, basePath: '/members/auth', session: { maxAge: 60 * 60 } });`,
        {
          'auth.config.ts': `import Logto from 'next-auth/providers/logto'; import GitHub from 'next-auth/providers/github';
           export default { pages: { signIn: '/login' }, providers: [GitHub, Logto({ id: 'company' })] } satisfies NextAuthConfig;`,
        },
      ),
    );
    expect(config.target).toMatchObject({
      provider: 'company',
      authFile: 'auth.config.ts',
      basePath: '/members/auth',
      env: {
        AUTH_COMPANY_ISSUER: '{issuer}',
        AUTH_COMPANY_ID: '{clientId}',
        AUTH_COMPANY_SECRET: '{clientSecret}',
      },
    });
    expect(config.pages).toMatchObject({ signIn: '/login' });
    expect(config.session).toEqual({ maxAge: 3600 });
    expect(found.join('\n')).toContain('"github"');
  });

  it.for([
    ['authorized: ({ auth }) => Boolean(auth)', ['/dashboard']],
    ['jwt: ({ token }) => token', undefined],
  ] as const)('the pages that a v5 middleware guards, with the callback %s', ([callback, guarded]) => {
    const { config } = planFor(
      app(
        `export const { handlers, auth } = NextAuth({ providers: [Logto], callbacks: { ${callback} } }); import Logto from 'next-auth/providers/logto';`,
        {
          'middleware.ts':
            "export { auth as middleware } from './auth'; export const config = { matcher: ['/dashboard/:path*'] };",
        },
      ),
    );
    expect(config.pages?.protected).toEqual(guarded);
  });

  it("routes below Hono's base path", () => {
    const { config } = planFor(
      tree({
        'package.json': { scripts: { start: 'node server.js' }, dependencies: { '@hono/auth-js': '1.1.1' } },
        'server.js': `import Logto from '@auth/core/providers/logto'; const app = new Hono().basePath('/v1');
          app.use('*', initAuthConfig(() => ({ basePath: '/v1/login', providers: [Logto] })));
          app.use('/api/*', verifyAuth()); app.get('/api/me', (c) => c.json(1));
          app.get('/members', async (c) => (await getAuthUser(c)) ? c.html('') : c.redirect('/v1/login/signin'));`,
      }),
    );
    expect(config.pages).toMatchObject({ protected: ['/v1/members'], api: ['/v1/api/me'] });
  });

  it('next-auth v4 without ES384, and says where to add it', () => {
    const { missing, config } = planFor(
      app(
        `export const authOptions = { secret: process.env.JWT_KEY, providers: [{ id: 'logto', type: 'oauth', wellKnown: process.env.WELL_KNOWN, clientId: process.env.ID, clientSecret: process.env.S }] }`,
        {},
        '4.24.15',
      ),
    );
    expect(missing.map(({ text }) => text).join('\n')).toContain("id_token_signed_response_alg: 'ES384'");
    expect(config.target?.env).toMatchObject({
      WELL_KNOWN: '{issuer}/.well-known/openid-configuration',
      JWT_KEY: '{secret}',
    });
  });

  // karakeep-app/karakeep issue 2190
  it('next-auth v4 with openid and without ID tokens, which nobody can sign in to', () => {
    const { missing } = planFor(
      app(
        `export const authOptions = { providers: [{ id: 'logto', type: 'oauth', idToken: false, wellKnown: process.env.WELL_KNOWN, clientId: process.env.ID, clientSecret: process.env.S, authorization: { params: { scope: 'openid profile' } } }] }`,
        {},
        '4.24.15',
      ),
    );
    expect(missing.map(({ text }) => text).join('\n')).toMatch(/idToken: false.*set idToken: true/);
  });

  it('a fixed port, and variables that nobody sets', () => {
    const { config, missing } = planFor(
      tree({
        'package.json': {
          scripts: { start: 'next start -p 4010' },
          dependencies: { 'next-auth': '5.0.0-beta.32' },
        },
        'auth.ts':
          "import Logto from 'next-auth/providers/logto'; NextAuth({ providers: [Logto] }); connect(process.env.DATABASE_URL);",
      }),
    );
    expect(config.target?.port).toBe(4010);
    expect(missing.map(({ text }) => text).join('\n')).toContain('DATABASE_URL');
  });

  it('the address that a .env file fixes, so that a run can replace it', () => {
    const { config } = planFor(
      app(
        "import Logto from 'next-auth/providers/logto'; NextAuth({ providers: [Logto] }); f(process.env.DATABASE_URL);",
        {
          '.env': 'DATABASE_URL=postgres://x\n',
          '.env.local': '# mine\nexport AUTH_URL="http://localhost:3000/api/auth"\n',
        },
      ),
    );
    expect(config.target?.env).toMatchObject({ AUTH_URL: '{origin}/api/auth' });
  });

  it('an address of its own that its sources compare with the origin of a request', () => {
    const guard = 'f(new URL(process.env.AUTH_URL).origin);';
    const { config } = planFor(
      app(`import Logto from 'next-auth/providers/logto'; NextAuth({ providers: [Logto] }); ${guard}`),
    );
    expect(config.target?.env).toMatchObject({ AUTH_URL: '{origin}' });
    const without = planFor(
      app("import Logto from 'next-auth/providers/logto'; NextAuth({ providers: [Logto] });"),
    );
    expect(without.config.target?.env).not.toHaveProperty('AUTH_URL');
  });

  it('an app whose Auth.js config it cannot find: it says so, and still writes a config', () => {
    const { missing, config } = planFor(app('export const x = 1;'));
    expect(missing[0]?.text).toContain('no list of Auth.js providers was found');
    expect(config.target?.command).toBe('npm start');
  });

  it('a file that is no JavaScript, without falling over it', () => {
    expect(planFor(app('export const = {{{', { 'b.js': '\u0000\u0001' })).config.target?.name).toBe('shop');
  });
});
