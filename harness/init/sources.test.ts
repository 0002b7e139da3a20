/** Which files of an app are read. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readSources } from './sources.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'authjs-init-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('routes, barrels and what sends away are read, though they name no session; what runs in the browser is not', () => {
  const files = {
    'package.json': '{}',
    'lib/index.ts': "export * from './need';",
    'lib/need.ts': "export const need = async () => (await whoIsIt()) ?? redirect('/hello');",
    'lib/sum.ts': 'export const sum = (a, b) => a + b;',
    'lib/index.js': "module.exports = require('./sum');",
    'components/menu.tsx':
      "// the menu\n'use client';\nexport const Menu = ({ user }) => <b>{user.name}</b>;",
    'pages/api/profile.ts':
      "import { wrapped } from '@/lib/api'; export default wrapped({ GET: (req, res, me) => res.json(me) });",
    'components/sign-out.tsx': "'use client';\nimport { signOut } from 'next-auth/react';",
  };
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  expect(readSources(folder).map(({ file }) => file)).toEqual([
    'components/sign-out.tsx',
    'lib/index.js',
    'lib/index.ts',
    'lib/need.ts',
    'pages/api/profile.ts',
  ]);
});
