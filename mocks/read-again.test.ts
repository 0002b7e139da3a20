/** Modules that are read again, in a process that has nothing between them and Node. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'authjs-read-again-'));
  writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What three reads of a module say, a file being written in between: forgotten after the first, and after the second. */
function reads(entry: string, file: string, textOf: (word: string) => string): string[] {
  const script = `
    import { writeFileSync } from 'node:fs';
    const { forgetEdited, importEdited } = await import(${JSON.stringify(path.join(import.meta.dirname, 'read-again.ts'))});
    const texts = ${JSON.stringify(['one', 'two', 'three'].map(textOf))};
    for (const [index, text] of texts.entries()) {
      writeFileSync(${JSON.stringify(path.join(folder, file))}, text);
      if (index > 0) forgetEdited();
      const { said, default: value } = await importEdited(${JSON.stringify(path.join(folder, entry))});
      console.log(said ?? value.said ?? value);
    }`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return stdout.trim().split('\n');
}

it.each([
  ['a module', 'a.mjs', 'a.mjs', {}, (word: string) => `export const said = '${word}';`],
  ['TypeScript', 'a.ts', 'a.ts', {}, (word: string) => `export const said: string = '${word}';`],
  ['CommonJS', 'a.cjs', 'a.cjs', {}, (word: string) => `exports.said = '${word}';`],
  [
    'what a module imports',
    'a.mjs',
    'b.mjs',
    { 'a.mjs': "export { said } from './b.mjs';" },
    (word: string) => `export const said = '${word}';`,
  ],
  [
    'what TypeScript imports, two files away',
    'a.ts',
    'c.ts',
    { 'a.ts': "export { said } from './b.ts';", 'b.ts': "export { said } from './c.ts';" },
    (word: string) => `export const said: string = '${word}';`,
  ],
  [
    'what CommonJS requires',
    'a.cjs',
    'b.cjs',
    { 'a.cjs': "exports.said = require('./b.cjs').said;" },
    (word: string) => `exports.said = '${word}';`,
  ],
  [
    'CommonJS that a module imports',
    'a.mjs',
    'b.cjs',
    { 'a.mjs': "import b from './b.cjs'; export const said = b.said;" },
    (word: string) => `exports.said = '${word}';`,
  ],
  [
    'JSON that a module imports',
    'a.mjs',
    'b.json',
    { 'a.mjs': "import b from './b.json' with { type: 'json' }; export const said = b.said;" },
    (word: string) => JSON.stringify({ said: word }),
  ],
] as [string, string, string, Record<string, string>, (word: string) => string][])(
  'reads again %s',
  (_what, entry, file, files, textOf) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
    expect(reads(entry, file, textOf)).toEqual(['one', 'two', 'three']);
  },
);

it('leaves packages as they were loaded', () => {
  mkdirSync(path.join(folder, 'node_modules/other'), { recursive: true });
  writeFileSync(
    path.join(folder, 'node_modules/other/package.json'),
    '{"type":"module","exports":"./index.js"}',
  );
  writeFileSync(path.join(folder, 'a.mjs'), "export { said } from 'other';");
  expect(reads('a.mjs', 'node_modules/other/index.js', (word) => `export const said = '${word}';`)).toEqual([
    'one',
    'one',
    'one',
  ]);
});
