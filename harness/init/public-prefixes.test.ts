import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { publicPrefixes } from './public-prefixes.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'authjs-prefixes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('names the paths of files that look at beginnings', () => {
  writeFileSync(
    path.join(folder, 'guard.js'),
    "const OPEN = ['/about', '/api/public/'];\nexport const isOpen = (given) => OPEN.some((each) => given.startsWith(each)) || given === '/';",
  );
  writeFileSync(path.join(folder, 'routes.js'), "app.get('/orders', show);");
  expect(publicPrefixes(folder)).toEqual(['/about', '/api/public']);
});
