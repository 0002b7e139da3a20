/** The list of providers, in whatever way an app loads and makes it. */
import { describe, expect, it } from 'vitest';
import { findAuthSetup } from './auth-setup.ts';
import { wiringOf } from './environment.ts';
import type { Project } from './project.ts';
import type { Provider } from './provider.ts';
import { readSource, type SourceFile } from './syntax.ts';
import { environmentNames } from './texts.ts';

const read = (files: Record<string, string>): SourceFile[] =>
  Object.entries(files).map(([file, text]) => readSource(file, text) as SourceFile);
const setupOf = (files: Record<string, string>) => findAuthSetup(read(files));

describe('a provider is known by its module', () => {
  const OPTIONS = "{ issuer: process.env.OIDC_ISSUER, clientId: process.env.OIDC_ID, clientSecret: 'x' }";
  it.each([
    [
      'a default that is taken out of what require answers',
      "const { default: Logto } = require('next-auth/providers/logto');",
      'Logto',
    ],
    [
      'the default of what require answers',
      "const Logto = require('next-auth/providers/logto').default;",
      'Logto',
    ],
    [
      'all that require answers, with its default where it is used',
      "const Logto = require('next-auth/providers/logto');",
      'Logto.default',
    ],
    ['require where it is used', '', "require('next-auth/providers/logto').default"],
    ['an import of all', "import * as Logto from '@auth/core/providers/logto';", 'Logto.default'],
    ['a named default', "import { default as Logto } from '@auth/express/providers/logto';", 'Logto'],
    [
      'an import that is waited for',
      "const { default: Logto } = await import('@auth/express/providers/logto');",
      'Logto',
    ],
    [
      'the default of an import that is waited for',
      "const Logto = (await import('@auth/core/providers/logto')).default;",
      'Logto',
    ],
    [
      'a require that the file made',
      "import { createRequire } from 'node:module';\nconst load = createRequire(import.meta.url);\nconst { default: Logto } = load('next-auth/providers/logto');",
      'Logto',
    ],
    [
      'what tools make of an import for CommonJS, behind a cast',
      "import Logto from 'next-auth/providers/logto';",
      '(Logto as any).default',
    ],
  ])('%s', (_, load, name) => {
    const setup = setupOf({
      'auth.ts': `${load}\nexport default NextAuth({ providers: [${name}(${OPTIONS})] });`,
    });
    expect(setup?.providers).toMatchObject([
      { id: 'logto', builtIn: 'logto', issuer: [{ env: 'OIDC_ISSUER' }], clientId: [{ env: 'OIDC_ID' }] },
    ]);
  });
});

it('variables that are taken out of the environment, or read by a function for it', () => {
  const files = {
    'auth.ts':
      "import Logto from 'next-auth/providers/logto'; const { OIDC_ISSUER: issuer, OIDC_ID = '' } = process.env; const clientSecret = requireEnv('OIDC_SECRET'); NextAuth({ providers: [Logto({ issuer, clientId: OIDC_ID, clientSecret })] });",
  };
  expect(setupOf(files)?.providers).toMatchObject([
    {
      issuer: [{ env: 'OIDC_ISSUER' }],
      clientId: [{ env: 'OIDC_ID' }],
      clientSecret: [{ env: 'OIDC_SECRET' }],
    },
  ]);
  expect(read(files).flatMap(environmentNames)).toEqual(['OIDC_ISSUER', 'OIDC_ID', 'OIDC_SECRET']);
});

it('a variable whose name is computed is no variable of that name', () => {
  const [source] = read({
    'env.ts':
      "const KEY = 'OIDC_ISSUER'; export const issuer = process.env[KEY]; export const of = (NAME) => process.env[NAME] ?? import.meta.env[`APP_${NAME}`]; export const id = process.env['OIDC_ID'];",
  });
  expect(source && environmentNames(source)).toEqual(['OIDC_ISSUER', 'OIDC_ID']);
});

describe('a list of providers', () => {
  const IMPORTS =
    "import Logto from 'next-auth/providers/logto'; import GitHub from 'next-auth/providers/github'; import Credentials from 'next-auth/providers/credentials'; const dev = process.env.NODE_ENV !== 'production';";
  const LOGTO = 'Logto({ issuer: process.env.OIDC_ISSUER })';
  const idsOf = (files: Record<string, string>) => setupOf(files)?.providers.map(({ id }) => id);
  it.each([
    ['a choice of two lists', `providers: dev ? [${LOGTO}, Credentials({})] : [${LOGTO}]`],
    ['lists that are spread by a condition', `providers: [${LOGTO}, ...(dev ? [Credentials({})] : [])]`],
    ['what stands behind a condition', `providers: [dev && Credentials({}), ${LOGTO}].filter(Boolean)`],
    [
      'a choice in one place',
      `providers: [dev ? Credentials({}) : null, ${LOGTO}].filter((x): x is Provider => x !== null)`,
    ],
    [
      'lists that are put together',
      `providers: ([Credentials({})] as Provider[]).concat(dev ? ${LOGTO} : [${LOGTO}])`,
    ],
    ['an object of them', `providers: Object.values({ logto: ${LOGTO}, dev: Credentials({}) })`],
    [
      'a function that answers it',
      `providers: providersFor(dev) }); function providersFor(dev) { if (dev) return [Credentials({})]; return [${LOGTO}]; } ({`,
    ],
  ])('%s', (_, option) => {
    const setup = setupOf({ 'auth.ts': `${IMPORTS} export const { auth } = NextAuth({ ${option} });` });
    expect(setup?.providers.map(({ id }) => id).sort()).toEqual(['credentials', 'logto']);
    expect(setup?.providers.find(({ id }) => id === 'logto')?.issuer).toEqual([{ env: 'OIDC_ISSUER' }]);
  });
  it('that grows by a condition, before or after it is handed over', () => {
    const grown = (more: string) => idsOf({ 'auth.ts': `${IMPORTS} ${more}` });
    expect(
      grown(
        `const providers: Provider[] = []; providers.push(${LOGTO}); if (dev) { providers.push(GitHub, Credentials({})); } NextAuth({ providers });`,
      ),
    ).toEqual(['logto', 'github', 'credentials']);
    expect(
      grown(`let list = [${LOGTO}]; if (dev) list = [...list, GitHub]; NextAuth({ providers: list });`),
    ).toEqual(['logto', 'github']);
    expect(
      grown(
        `export const authOptions = { providers: [GitHub] }; if (process.env.OIDC_ISSUER) authOptions.providers.push(${LOGTO});`,
      ),
    ).toEqual(['github', 'logto']);
  });
  it('of other files: a barrel, an alias, a default, a function for the environment, CommonJS', () => {
    expect(
      idsOf({
        'src/auth.ts':
          "import { logto } from '@/providers'; import dev, { enabled } from './providers/dev'; NextAuth(async (req) => { const config = { providers: [logto, ...(enabled ? dev() : [])] }; return config; });",
        'src/providers/index.ts': "export * from './oidc'; export { default as github } from './github';",
        'src/providers/oidc.ts': `${IMPORTS} export const logto = ${LOGTO};`,
        'src/providers/dev.ts': `${IMPORTS} export const enabled = dev; export default function () { return [Credentials({})]; }`,
      }),
    ).toEqual(['logto', 'credentials']);
    const setup = setupOf({
      'auth.js':
        "const { providers } = require('./lib/providers'); const { pages } = require('./lib/pages'); module.exports = NextAuth({ providers, pages });",
      'lib/providers.js': `const Logto = require('next-auth/providers/logto').default; const settings = require('./settings'); exports.providers = [Logto({ ...settings.oidc, checks: ['pkce', 'state'] })];`,
      'lib/settings.js':
        'const env = process.env; module.exports = { oidc: { issuer: env.OIDC_ISSUER, clientId: env.OIDC_ID } };',
      'lib/pages.js': "module.exports = { pages: { signIn: '/hello' } };",
    });
    expect(setup).toMatchObject({
      file: 'auth.js',
      pages: { signIn: '/hello' },
      providers: [
        {
          file: 'lib/providers.js',
          issuer: [{ env: 'OIDC_ISSUER' }],
          clientId: [{ env: 'OIDC_ID' }],
          checks: ['pkce', 'state'],
        },
      ],
    });
  });
  it('with a provider that a file of the app makes, though it is called as one of Auth.js is', () => {
    expect(
      setupOf({
        'auth.ts':
          "import Logto from './providers/logto'; NextAuth({ providers: [Logto({ scope: 'openid' })] });",
        'providers/logto.ts':
          "export default function Logto(options) { return { id: 'acme', name: 'Acme', type: 'oidc', issuer: process.env.ACME_ISSUER, ...options }; }",
      })?.providers,
    ).toMatchObject([{ id: 'acme', file: 'providers/logto.ts', issuer: [{ env: 'ACME_ISSUER' }] }]);
  });
  it('with callbacks and options of other files', () => {
    expect(
      setupOf({
        'auth.ts':
          "import NextAuth from 'next-auth'; import Logto from 'next-auth/providers/logto'; import { base } from './auth.base'; import { session } from './callbacks'; NextAuth({ ...base, providers: [Logto], callbacks: { ...base.callbacks, session } });",
        'auth.base.ts':
          "export const base = { session: { strategy: 'jwt', maxAge: 60 * 60 }, trustHost: true, callbacks: { authorized: () => true } };",
        'callbacks.ts':
          'export async function session({ session, token }) { session.user.role = token.role; return session; }',
      }),
    ).toMatchObject({ strategy: 'jwt', maxAge: 3600, trustHost: true, sessionFields: ['role'] });
  });
});

it.each([
  ["session.user = { id: token.sub, name: token.name, role: 'x' }; return session;", ['id', 'name', 'role']],
  ['return { expires: session.expires, user: { id: token.sub, name: token.name } };', ['id', 'name']],
  ['return { ...session, user: { id: token.sub } };', ['id']],
  [
    "if (token.guest) { session.user = { id: token.sub, name: 'Guest' }; return session; } session.user = { id: token.sub, role: token.role }; return session;",
    ['id', 'name', 'role'],
  ],
  [
    'if (token.guest) { session.user.name = token.name; return session; } session.user = { ...session.user, role: token.role }; return session;',
    undefined,
  ],
  ['return { ...session, user: { ...session.user, id: token.sub } };', undefined],
  ['session.user.id = token.sub; return session;', undefined],
])('all that a session callback leaves of the user: %s', (body, fields) => {
  expect(
    setupOf({
      'auth.ts': `import Logto from 'next-auth/providers/logto'; NextAuth({ providers: [Logto], callbacks: { session({ session, token }) { ${body} } } });`,
    })?.userFields,
  ).toEqual(fields);
});

describe('settings of a provider', () => {
  const wired = (options: string, more: Record<string, string> = {}) =>
    setupOf({ 'auth.ts': `NextAuth({ providers: [{ id: 'logto', type: 'oidc', ${options} }] });`, ...more })
      ?.providers[0];
  it.each([
    ["new URL('/oidc', process.env.BASE).href", [{ env: 'BASE' }, '/oidc']],
    ["`${process.env.BASE.replace(/x$/, '')}/oidc`", [{ env: 'BASE' }, '/oidc']],
    ["process.env.BASE ? process.env.BASE : 'https://id.example'", [{ env: 'BASE' }]],
    ['settings.BASE', [{ env: 'BASE' }]],
    ["read('BASE').trim()", [{ env: 'BASE' }]],
    ['place()', [{ env: 'BASE' }, '/oidc']],
    ['useRuntimeConfig().logto.issuerUrl', [{ env: 'NUXT_LOGTO_ISSUER_URL' }]],
  ])('issuer: %s', (issuer, pieces) => {
    expect(
      wired(
        `issuer: ${issuer} }] }); const settings = schema.parse(process.env); const base = () => process.env.BASE; function place() { return \`\${base()}/oidc\`; } NextAuth({ x: [{ y: 1`,
      )?.issuer,
    ).toEqual(pieces);
  });
  it('that cannot be read are told as such, and not as what Auth.js reads by itself', () => {
    const provider = wired('issuer: issuerOf(tenant, region), clientId: tenant.id');
    expect(provider?.unread).toEqual(['issuer', 'clientId']);
    const project = { library: { family: 'v5' } } as Project;
    const wiring = wiringOf(provider as Provider, project);
    expect(wiring.unknown.map(({ key }) => key)).toEqual(['target.issuer', 'target.clientId']);
    expect(wiring.env).toEqual({});
  });
  it('runtimeConfig of Nuxt is set by its own variables, whatever nuxt.config reads', () => {
    const files = {
      'nuxt.config.ts':
        'export default defineNuxtConfig({ runtimeConfig: { authSecret: process.env.SECRET } });',
      'server/api/auth/[...].ts':
        "const { logto, authSecret } = useRuntimeConfig(); export default NuxtAuthHandler({ secret: authSecret, providers: [{ id: 'logto', type: 'oauth', wellKnown: `${logto.issuer}/.well-known/openid-configuration`, clientId: logto.clientId }] });",
    };
    expect(setupOf(files)).toMatchObject({
      secret: [{ env: 'NUXT_AUTH_SECRET' }],
      providers: [{ issuer: [{ env: 'NUXT_LOGTO_ISSUER' }], clientId: [{ env: 'NUXT_LOGTO_CLIENT_ID' }] }],
    });
    expect(read(files).flatMap(environmentNames)).toEqual([]);
  });
  it('options that are spread by a condition may not be there', () => {
    const setup = setupOf({
      'auth.ts':
        "import Logto from 'next-auth/providers/logto'; const mine = { trustHost: true }; NextAuth({ ...mine, providers: [Logto], session: { strategy: 'jwt', ...(isTest && { maxAge: 60 }) }, ...(isProduction ? { cookies: { sessionToken: { name: 'x' } } } : {}) });",
    });
    expect(setup).toMatchObject({ strategy: 'jwt', trustHost: true });
    expect([setup?.maxAge, setup?.sessionCookie]).toEqual([undefined, undefined]);
  });
  it('a cookie, or a page, that a variable may rename is called as it is without', () => {
    expect(
      setupOf({
        'auth.ts':
          "import Logto from 'next-auth/providers/logto'; NextAuth({ providers: [Logto], pages: { signIn: process.env.ENTRY || '/hello' }, cookies: { sessionToken: { name: process.env.COOKIE ?? 'shop.session' } } });",
      }),
    ).toMatchObject({ pages: { signIn: '/hello' }, sessionCookie: 'shop.session' });
  });
});

it('variables that a function of another file reads', () => {
  const files = {
    'config.ts':
      "import { must } from './must'; export const url = must('PUBLIC_URL'); export const t = text('NOT_ONE');",
    'must.ts':
      'export const must = (key, fallback) => { const value = process.env[key] ?? fallback; return value; };',
  };
  const sources = read(files);
  findAuthSetup(sources);
  expect(sources.flatMap(environmentNames)).toEqual(['PUBLIC_URL']);
});

it('ends with names that lead to themselves', () => {
  const circles =
    "import Logto from 'next-auth/providers/logto'; const issuer = clean(issuer); const id = `${id}x`; const secret = secret ?? secret; const age = age * 2; const key = process.env[key]; const url = new URL(url); const list = [...list]; const profile = (p) => { const name = name ?? name; return { id: p.sub, name }; }; NextAuth({ providers: [...list, Logto({ issuer, clientId: id, clientSecret: secret, profile })], session: { maxAge: age }, basePath: url, pages: { signIn: a } }); const a = a || a; for (const b of list) list.push(...list);";
  expect(setupOf({ 'auth.ts': circles })?.providers).toMatchObject([
    { id: 'logto', unread: ['issuer', 'clientId', 'clientSecret'] },
  ]);
  expect(read({ 'auth.ts': circles }).flatMap(environmentNames)).toEqual([]);
});
