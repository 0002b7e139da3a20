import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { publishedWords } from './published-words.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'published-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (file: string, text: string) => {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeFileSync(path.join(folder, file), text);
};
const read = () => publishedWords(folder);
const placeOf = (value: string) => read().find((word) => word.value === value)?.where;

it.each([
  ['.env.example', 'AUTH_SECRET=replace-me-please'],
  ['.env.sample', 'AUTH_SECRET="replace-me-please" # npx auth secret'],
  ['env.template', "export AUTH_SECRET='replace-me-please'"],
  ['compose.yaml', 'services:\n  app:\n    environment:\n      - NEXTAUTH_SECRET=replace-me-please\n'],
  ['docker-compose.yml', 'environment:\n  NEXTAUTH_SECRET: ${NEXTAUTH_SECRET:-replace-me-please}\n'],
  ['Dockerfile', 'ENV AUTH_SECRET=replace-me-please PORT=3000\n'],
  ['README.md', 'Run `AUTH_SECRET=replace-me-please npm start`.\n'],
  ['package.json', '{ "scripts": { "start": "AUTH_SECRET=replace-me-please next start" } }'],
  ['src/auth.ts', "export const secret = process.env.SHOP_SECRET ?? 'replace-me-please';"],
  ['auth.js', 'NextAuth({ secret: "replace-me-please" })'],
])('reads %s', (file, text) => {
  write(file, text);
  expect(placeOf('replace-me-please')).toBe(file);
});

it.each([
  ['.env', 'AUTH_SECRET=a-real-secret-of-somebody'],
  ['.env.local', 'AUTH_SECRET=a-real-secret-of-somebody'],
  ['conformance.config.ts', "env: { SHOP_SECRET: 'a-real-secret-of-somebody' }"],
  ['auth.test.ts', "const secret = 'a-real-secret-of-somebody';"],
  ['node_modules/x/index.js', "const secret = 'a-real-secret-of-somebody';"],
  ['.next/server.js', "const secret = 'a-real-secret-of-somebody';"],
])('reads no %s', (file, text) => {
  write(file, text);
  expect(read()).toEqual([]);
});

it('reads .env where it is kept under version control', () => {
  write('.env', 'AUTH_SECRET=committed-by-mistake');
  execFileSync('git', ['init', '-q'], { cwd: folder });
  execFileSync('git', ['add', '.env'], { cwd: folder });
  expect(placeOf('committed-by-mistake')).toBe('.env');
});

it('puts first what is an example and named as a secret', () => {
  write('app.js', "const title = 'The shop of kettles';");
  write('.env.example', 'AUTH_SECRET=replace-me-please');
  expect(read()[0]).toMatchObject({ value: 'replace-me-please', isExample: true, isNamed: true });
});

it('has no words for a folder that is not there', () => {
  expect(publishedWords(path.join(folder, 'nowhere'))).toEqual([]);
});
