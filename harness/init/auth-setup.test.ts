/** The list of providers, in whatever way an app loads and makes it. */
import { describe, expect, it } from 'vitest';
import { findAuthSetup } from './auth-setup.ts';
import { environmentNames, readSource, type SourceFile } from './syntax.ts';

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
