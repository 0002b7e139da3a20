import { createServer, type Server } from 'node:http';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { copyTarget, type Variant } from '../../fixtures/copy-target.ts';
import { type ConfigInput, configSchema } from '../config/config.ts';
import { type Diagnosis, diagnose, doctor } from './command.ts';

const variants: Variant[] = [];
const servers: Server[] = [];
afterAll(() => {
  for (const { remove } of variants) remove();
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

interface Mistake {
  /** What is wrong, as the title of the test. */
  title: string;
  target: string;
  edits?: Record<string, [string, string][]>;
  config?: ConfigInput['target'] & { scopes?: string[]; session?: ConfigInput['session'] };
  code: string;
  key?: string;
  /** Texts that what, expected or remedy must hold. */
  says: (string | RegExp)[];
  exitCode?: 1 | 2;
}

const loadedFor = (folder: string, { scopes, session, ...target }: NonNullable<Mistake['config']> = {}) => ({
  config: configSchema.parse({
    target: { ...(target.url ? {} : { command: 'node server.js' }), framework: 'x', ...target },
    scopes,
    session,
    browser: 'none',
  }),
  origins: {},
  folder,
});

function diagnoseMistake({ target, edits, config }: Mistake): Promise<Diagnosis> {
  const variant = copyTarget(target, edits);
  variants.push(variant);
  return diagnose(loadedFor(variant.folder, config));
}

const REGISTERED = "authorization: { params: { redirect_uri: process.env.CALLBACK, scope: 'openid' } }";

const MISTAKES: Mistake[] = [
  {
    title: 'lets in people with an address of the company only',
    target: 'express',
    edits: {
      'app.js': [
        [
          '({ providers: [Logto] });',
          "({ providers: [Logto], callbacks: { signIn: ({ profile }) => String(profile?.email).endsWith('@corp.example') } });",
        ],
      ],
    },
    code: 'CONF_SIGN_IN_REFUSED',
    key: 'callbacks.signIn',
    says: ['error=AccessDenied', 'app.js', 'people.example'],
  },
  {
    title: 'a base path in the config that the app does not have',
    target: 'express',
    config: { basePath: '/api/auht' },
    code: 'CONF_BASE_PATH_UNKNOWN',
    key: 'target.basePath',
    says: ['/api/auht/providers answered 404', "target.basePath: '/auth'"],
  },
  {
    title: 'a session cookie of another name than the config tells',
    target: 'express',
    edits: {
      'app.js': [
        ['providers: [Logto] }', "providers: [Logto], cookies: { sessionToken: { name: 'shop.session' } } }"],
      ],
    },
    config: { session: { cookie: 'store.session' } },
    code: 'CONF_SESSION_COOKIE',
    key: 'session.cookie',
    says: ["session: { cookie: 'shop.session' }"],
  },
  {
    title: 'routes at a path that nobody would guess',
    target: 'express',
    edits: { 'app.js': [["app.use('/auth'", "app.use('/members/login'"]] },
    code: 'CONF_BASE_PATH_UNKNOWN',
    key: 'target.basePath',
    says: ["target.basePath: '/members/login'"],
  },
  {
    title: 'AUTH_URL missing for @hono/auth-js',
    target: 'hono',
    code: 'CONF_AUTH_URL',
    key: 'target.env.AUTH_URL',
    says: ["AUTH_URL: '{origin}/api/auth'"],
  },
  {
    title: 'AUTH_URL with the path of another app',
    target: 'hono',
    config: { env: { AUTH_URL: '{origin}/wrong' } },
    code: 'CONF_AUTH_URL',
    key: 'target.env.AUTH_URL',
    says: ["AUTH_URL: '{origin}/api/auth'", '{origin}/wrong'],
  },
  {
    title: 'a router that leaves the path to nobody, where AUTH_URL names none',
    target: 'express',
    edits: { 'app.js': [["app.use('/auth'", "app.use('/auth/*splat'"]] },
    config: { env: { AUTH_URL: '{origin}' } },
    code: 'CONF_BASE_PATH_OPTION',
    key: 'basePath',
    says: ['UnknownAction'],
  },
  {
    title: 'AUTH_URL with another port',
    target: 'hono',
    config: { env: { AUTH_URL: 'http://localhost:1/api/auth' } },
    code: 'CONF_ORIGIN_MISMATCH',
    key: 'target.env.AUTH_URL',
    says: ['http://localhost:1/api/auth/callback/logto', /\n\s+\^+/, "AUTH_URL: '{origin}/api/auth'"],
  },
  {
    title: 'AUTH_URL that is right, of an app whose middleware writes another Host',
    target: 'express',
    edits: {
      'app.js': [
        [
          "app.set('trust proxy', true);",
          "app.set('trust proxy', true); app.use((req, _res, next) => { req.headers.host = 'shop.example'; next(); });",
        ],
      ],
    },
    config: { env: { AUTH_URL: '{origin}/auth' } },
    code: 'CONF_ORIGIN_MISMATCH',
    key: 'target.env.AUTH_URL',
    says: ['the app does not take its address from AUTH_URL', 'Express takes it from the Host header'],
  },
  {
    title: 'AUTH_URL with https for an app on http',
    target: 'hono',
    config: { env: { AUTH_URL: 'https://localhost:{port}/api/auth' } },
    code: 'CONF_SCHEME',
    key: 'target.env.AUTH_URL',
    says: ['http and https differ'],
  },
  {
    title: 'AUTH_URL of development in .env.local, which Next.js reads',
    target: 'nextjs-pages',
    edits: { '.env.local': [['', 'AUTH_URL=http://localhost:3000']] },
    config: { command: 'npx next dev --port $PORT', env: { NEXT_TELEMETRY_DISABLED: '1' } },
    code: 'CONF_ORIGIN_MISMATCH',
    key: 'target.env.AUTH_URL',
    says: ['.env.local sets AUTH_URL', "AUTH_URL: '{origin}/api/auth' }, which wins over .env.local"],
  },
  {
    title: 'AUTH_TRUST_HOST missing in production',
    target: 'express',
    config: { env: { AUTH_TRUST_HOST: '', NODE_ENV: 'production' } },
    code: 'CONF_UNTRUSTED_HOST',
    key: 'target.env.AUTH_TRUST_HOST',
    says: ['UntrustedHost', 'take AUTH_TRUST_HOST out of target.env'],
  },
  {
    title: 'trustHost missing in SvelteKit, which does not read AUTH_TRUST_HOST',
    target: 'sveltekit',
    edits: { 'src/auth.js': [['trustHost: true, ', '']] },
    config: { prepare: 'npx vite build', command: 'node build', env: { ORIGIN: '{origin}' } },
    code: 'CONF_UNTRUSTED_HOST',
    key: 'trustHost',
    says: ['trustHost: true in src/auth.js:4', '@auth/sveltekit does not read AUTH_TRUST_HOST'],
  },
  {
    title: 'no secret',
    target: 'express',
    config: { env: { AUTH_SECRET: '', NEXTAUTH_SECRET: '' } },
    code: 'CONF_SECRET_MISSING',
    key: 'target.env.AUTH_SECRET',
    says: ['MissingSecret', 'take AUTH_SECRET out of target.env'],
  },
  {
    title: 'a secret in a variable of its own',
    target: 'express',
    edits: { 'app.js': [['providers: [Logto]', "secret: process.env.JWT_KEY ?? '', providers: [Logto]"]] },
    config: { env: { AUTH_SECRET: '', NEXTAUTH_SECRET: '' } },
    code: 'CONF_SECRET_MISSING',
    key: 'target.env.JWT_KEY',
    says: ["JWT_KEY: '{secret}'"],
  },
  {
    title: 'a provider id other than logto',
    target: 'express',
    edits: { 'app.js': [['providers: [Logto]', "providers: [Logto({ id: 'company-login' })]"]] },
    code: 'CONF_PROVIDER_MISSING',
    key: 'target.provider',
    says: ['lists "company-login"', '--provider company-login', 'target.provider'],
  },
  {
    title: 'a redirect URI that differs by one character',
    target: 'express',
    edits: { 'app.js': [['providers: [Logto]', `providers: [Logto({ ${REGISTERED} })]`]] },
    config: { env: { CALLBACK: '{origin}/auth/callback/logt0' } },
    code: 'CONF_REDIRECT_URI',
    key: 'redirect_uri',
    says: [/registered {2}(\S+)\/logto\n {4}it sends {4}\1\/logt0\n +\^(\n|$)/, 'app.js:12'],
  },
  {
    title: 'ES384 not set on next-auth v4',
    target: 'next-auth-v4-pages',
    edits: {
      'pages/api/auth/[...nextauth].js': [["      client: { id_token_signed_response_alg: 'ES384' },\n", '']],
    },
    config: { command: 'npx next dev --port $PORT', env: { NEXT_TELEMETRY_DISABLED: '1' } },
    code: 'CONF_ID_TOKEN_ALG',
    key: 'client.id_token_signed_response_alg',
    says: ["id_token_signed_response_alg: 'ES384'", 'expects RS256', 'pages/api/auth/[...nextauth].js:6'],
  },
  {
    title: 'an issuer that is hard-coded, so that the app goes to the real tenant',
    target: 'express',
    edits: {
      'app.js': [['providers: [Logto]', "providers: [Logto({ issuer: 'https://acme.logto.invalid/oidc' })]"]],
    },
    code: 'CONF_ISSUER_OTHER',
    key: 'target.issuer',
    says: ["target.issuer: 'https://acme.logto.invalid/oidc'"],
  },
  {
    title: 'an issuer in a variable of its own',
    target: 'express',
    edits: { 'app.js': [['providers: [Logto]', 'providers: [Logto({ issuer: process.env.OIDC_ISSUER })]']] },
    config: { env: { AUTH_LOGTO_ISSUER: '' } },
    code: 'CONF_ISSUER_MISSING',
    key: 'target.env.OIDC_ISSUER',
    says: ["OIDC_ISSUER: '{issuer}'"],
  },
  {
    title: 'a client id in a variable of its own',
    target: 'express',
    edits: {
      'app.js': [
        ['providers: [Logto]', "providers: [Logto({ clientId: process.env.OIDC_ID ?? 'left-over' })]"],
      ],
    },
    code: 'CONF_CLIENT_ID',
    key: 'target.env.OIDC_ID',
    says: ['left-over', "OIDC_ID: '{clientId}'"],
  },
  {
    title: 'a client id that is hard-coded',
    target: 'express',
    edits: { 'app.js': [['providers: [Logto]', "providers: [Logto({ clientId: 'abc123' })]"]] },
    code: 'CONF_CLIENT_ID',
    key: 'target.clientId',
    says: ["target.clientId: 'abc123'", 'app.js:12'],
  },
  {
    title: 'a client secret that is not the registered one',
    target: 'express',
    edits: { 'app.js': [['providers: [Logto]', "providers: [Logto({ clientSecret: 'old-secret' })]"]] },
    code: 'CONF_CLIENT_SECRET',
    key: 'target.clientSecret',
    says: ['invalid_client', 'app.js:12'],
  },
  {
    title: 'an app that needs a build first',
    target: 'next-auth-v4-app',
    config: { command: 'npx next start', env: { NEXT_TELEMETRY_DISABLED: '1' } },
    code: 'CONF_BUILD_MISSING',
    key: 'target.prepare',
    says: ["prepare: 'npm run build'"],
  },
  {
    title: 'an app that crashes at its start, with its last lines',
    target: 'express',
    edits: { 'server.js': [['createApp()', "throw new Error('no database at this address');\ncreateApp()"]] },
    code: 'CONF_TARGET_EXITED',
    key: 'target.command',
    says: ['no database at this address'],
    exitCode: 2,
  },
  {
    title: 'a package of the app that is not installed',
    target: 'express',
    edits: { 'server.js': [['createApp()', "await import('a-package-nobody-has');\ncreateApp()"]] },
    code: 'CONF_DEPENDENCIES',
    key: 'package.json',
    says: ['could not load "a-package-nobody-has"'],
  },
  {
    title: 'an app that listens on another port than it was given',
    target: 'express',
    edits: {
      'server.js': [
        [
          'createApp().listen(Number(process.env.PORT ?? 3000), process.env.HOST',
          'createApp().listen(0, process.env.HOST',
        ],
        ["'localhost')", "'localhost', function () { console.log('listening on http://localhost:3456') })"],
      ],
    },
    config: { readyTimeout: 2 },
    code: 'CONF_PORT_OTHER',
    key: 'target.port',
    says: ['target.port: 3456'],
  },
  {
    title: 'an app that is not ready in time',
    target: 'express',
    edits: {
      'server.js': [['createApp()', 'await new Promise((go) => setTimeout(go, 20_000));\ncreateApp()']],
    },
    config: { readyTimeout: 0.7 },
    code: 'CONF_START_TIMEOUT',
    key: 'target.readyTimeout',
    says: ['did not answer within 0.7 s', 'raise target.readyTimeout'],
  },
  {
    title: 'scopes that the app does not ask for',
    target: 'express',
    config: { scopes: ['profile', 'email', 'phone'] },
    code: 'CONF_SCOPES',
    key: 'scopes',
    says: ['does not ask for phone', "scope: 'openid offline_access email profile phone'", 'app.js:12'],
  },
  {
    title: 'a CSRF cookie that browsers do not send to the sign-in form',
    target: 'express',
    edits: {
      'app.js': [
        [
          'providers: [Logto] }',
          "providers: [Logto({ issuer: process.env.AUTH_LOGTO_ISSUER })], cookies: { csrfToken: { name: 'shop.csrf', options: { httpOnly: true, sameSite: 'lax', path: '/auth/csrf' } } } }",
        ],
      ],
    },
    code: 'CONF_CSRF_COOKIE',
    key: 'cookies.csrfToken',
    says: ['does not keep, or not send, shop.csrf', 'Path=/auth/csrf', 'cookies.csrfToken.options'],
  },
  {
    title: 'a CSRF cookie that something in front of Auth.js takes away',
    target: 'express',
    edits: {
      'app.js': [
        ['providers: [Logto]', 'providers: [Logto({ issuer: process.env.AUTH_LOGTO_ISSUER })]'],
        [
          '  before(app, config);',
          `  app.use('/auth/csrf', (_req, res, next) => {
    const { append, setHeader } = res;
    res.append = (name, ...rest) => (/set-cookie/i.test(name) ? res : append.call(res, name, ...rest));
    res.setHeader = (name, ...rest) => (/set-cookie/i.test(name) ? res : setHeader.call(res, name, ...rest));
    next();
  });
  before(app, config);`,
        ],
      ],
    },
    code: 'CONF_CSRF_COOKIE',
    key: 'cookies.csrfToken',
    says: ['/auth/csrf gives a token and sets no cookie'],
  },
  {
    title: 'another provider of the app that has no issuer',
    target: 'express',
    edits: {
      'app.js': [
        [
          "import Logto from '@auth/express/providers/logto';",
          "import Keycloak from '@auth/express/providers/keycloak';\nimport Logto from '@auth/express/providers/logto';",
        ],
        ['providers: [Logto]', 'providers: [Keycloak({ issuer: process.env.STAFF_ISSUER }), Logto]'],
      ],
    },
    code: 'CONF_PROVIDER_INCOMPLETE',
    key: 'target.env.STAFF_ISSUER',
    says: ['Provider "keycloak" is missing both', 'STAFF_ISSUER'],
  },
  {
    title: 'Auth options without the path that their handler is mounted at',
    target: 'express',
    edits: {
      'app.js': [
        ['import { ExpressAuth, getSession }', "import { Auth } from '@auth/core';\nimport { getSession }"],
        [
          "app.use('/auth', ExpressAuth(config));",
          `app.use('/api/auth', async (req, res) => {
    const answer = await Auth(new Request(\`http://\${req.headers.host}\${req.originalUrl}\`, { headers: req.headers }), {
      ...config, trustHost: true, secret: process.env.AUTH_SECRET,
    });
    res.status(answer.status).send(await answer.text());
  });`,
        ],
      ],
    },
    code: 'CONF_BASE_PATH_OPTION',
    key: 'basePath',
    says: ['UnknownAction', "basePath: '/api/auth'", "app.use('/api/auth', ExpressAuth(config))"],
  },
  {
    title: 'a database that keeps nobody without an e-mail address',
    target: 'express-database',
    edits: { 'database.js': [['email text UNIQUE', 'email text NOT NULL UNIQUE']] },
    code: 'CONF_ADAPTER_REFUSES',
    key: 'adapter',
    says: ['without email', 'NOT NULL constraint failed', 'optional'],
  },
  {
    title: 'a provider of next-auth v4 that asks for openid and wants no ID token',
    target: 'next-auth-v4-pages',
    edits: {
      'pages/api/auth/[...nextauth].js': [["type: 'oauth',", "type: 'oauth',\n      idToken: false,"]],
    },
    config: { command: 'npx next dev --port $PORT', env: { NEXT_TELEMETRY_DISABLED: '1' } },
    code: 'CONF_ID_TOKEN_OFF',
    key: 'idToken',
    says: ['id_token detected', 'idToken: true', "'ES384'"],
  },
];

describe('doctor names', () => {
  it.for(MISTAKES)('$title', { timeout: 120_000 }, async (mistake) => {
    const { findings, exitCode } = await diagnoseMistake(mistake);
    const [finding] = findings;
    expect(finding).toMatchObject({ code: mistake.code, key: mistake.key });
    const text = `${finding?.what}\n${finding?.expected}\n${finding?.remedy}`;
    for (const words of mistake.says)
      expect(text).toMatch(typeof words === 'string' ? new RegExp(quote(words)) : words);
    expect(text).not.toMatch(/^\s+at .*\.ts:\d+/m);
    expect(exitCode).toBe(mistake.exitCode ?? 1);
  });

  it('a port that is taken', async () => {
    const port = await listen();
    const { findings } = await diagnoseMistake({
      title: '',
      target: 'express',
      config: { port },
      code: '',
      says: [],
    });
    expect(findings[0]).toMatchObject({ code: 'CONF_PORT_TAKEN', key: 'target.port' });
  });

  it('a port of the app itself that is taken', async () => {
    const port = await listen();
    const { findings, exitCode } = await diagnoseMistake({
      title: '',
      target: 'express',
      edits: { 'server.js': [['Number(process.env.PORT ?? 3000)', String(port)]] },
      code: '',
      says: [],
    });
    expect(findings[0]).toMatchObject({ code: 'CONF_PORT_TAKEN', key: 'target.port' });
    expect(findings[0]?.what).toContain(String(port));
    expect(exitCode).toBe(1);
  });

  it('https in target.url for an app on http', async () => {
    const url = `https://localhost:${await listen()}`;
    const { findings } = await diagnose(loadedFor('.', { url, readyTimeout: 1 }));
    expect(findings[0]).toMatchObject({ code: 'CONF_SCHEME', key: 'target.url' });
    expect(findings[0]?.remedy).toContain(url.replace('https', 'http'));
  });
});

describe('doctor', () => {
  it('finds nothing in a good app and says where each setting came from', { timeout: 60_000 }, async () => {
    const variant = copyTarget('express');
    variants.push(variant);
    const printed: string[] = [];
    const loaded = {
      ...loadedFor(variant.folder),
      origins: { 'target.command': 'file' as const },
      file: 'x.ts',
    };
    expect(await doctor(loaded, { json: true, print: (line) => printed.push(line) })).toBe(0);
    const diagnosis: Diagnosis = JSON.parse(printed.join('\n'));
    expect(diagnosis).toMatchObject({ result: 'fine', findings: [] });
    expect(diagnosis.settings).toContainEqual({
      key: 'target.command',
      value: 'node server.js',
      origin: 'file',
      from: 'x.ts',
    });
    expect(JSON.stringify(diagnosis)).not.toContain('conformance-client-secret');
    expect(diagnosis.steps.every(({ ok }) => ok)).toBe(true);
  });

  it('tells what was seen, claimed and would be judged', { timeout: 60_000 }, async () => {
    const variant = copyTarget('express', {
      'app.js': [['providers: [Logto] }', "providers: [Logto({ checks: ['state'] })] }"]],
    });
    variants.push(variant);
    const loaded = loadedFor(variant.folder);
    loaded.config.features = ['nonce'];
    const printed: string[] = [];
    expect(await doctor(loaded, { print: (line) => printed.push(line) })).toBe(0);
    const text = printed.join('\n');
    expect(text).toMatch(/state +seen: yes +claimed: no +judged/);
    expect(text).toMatch(/nonce +seen: no +claimed: yes +not judged/);
    expect(text).toMatch(/pkce +seen: no/);
    expect(text).toContain('CONF_CLAIM_UNSEEN');
    expect(text).toMatch(/Loosened by your config[\s\S]*browser: checks that only a browser can make/);
  });
});

async function listen(): Promise<number> {
  const server = createServer((_, response) => response.end('somebody else'));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

const quote = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
