import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { filesOf, foldersIn } from './own-files.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'own-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('files for the server alone are known by their names, and by what they begin with', () => {
  mkdirSync(path.join(folder, 'keys.pem'));
  for (const name of ['.env', '.env.local', '.env.example', 'app.js', 'shop.sqlite'])
    writeFileSync(path.join(folder, name), `# ${name} of the shop`);
  expect(filesOf(folder)).toEqual([
    { name: '.git/HEAD' },
    { name: '.git/config' },
    { name: '.env', text: '# .env of the shop' },
    { name: '.env.local', text: '# .env.local of the shop' },
    { name: 'keys.pem' },
    { name: 'shop.sqlite', text: '# shop.sqlite of the shop' },
  ]);
});

it('an app that runs elsewhere is asked for what most have', () => {
  expect(filesOf(path.join(folder, 'nowhere')).map(({ name }) => name)).toEqual([
    '.git/HEAD',
    '.git/config',
    '.env',
  ]);
});

it('folders of files are those that pages load from', () => {
  const page = '<script src="/assets/app.js"></script><link href="/static/a.css"><a href="/shop/tea">Tea</a>';
  expect(foldersIn(page)).toEqual(['static', 'public', 'assets']);
});
