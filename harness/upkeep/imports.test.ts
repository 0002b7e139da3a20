import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { cruise, type IReporterOutput } from 'dependency-cruiser';
import { afterAll, beforeAll, expect, it } from 'vitest';

const { default: rules } = await import(path.resolve(import.meta.dirname, '../../.dependency-cruiser.mjs'));

let root: string;

beforeAll(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'authjs-imports-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Which rules a tree of files breaks. */
async function broken(files: Record<string, string>): Promise<string[]> {
  const folder = mkdtempSync(path.join(root, 'tree-'));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  const { tsConfig: _, ...options } = rules.options;
  const { output } = (await cruise(['.'], {
    ...options,
    parser: 'swc',
    baseDir: folder,
    ruleSet: { forbidden: rules.forbidden },
    validate: true,
  })) as IReporterOutput & { output: { summary: { violations: { rule: { name: string } }[] } } };
  return [...new Set(output.summary.violations.map(({ rule }) => rule.name))].sort();
}

const target = 'export const it = 1;\n';
const importing = (file: string) => `import { it } from '${file}';\nexport const other = it;\n`;

it.each([
  ['visitor-uses-no-room-before-it', 'harness/visitor/a.ts', 'harness/check/b.ts', '../check/b.ts'],
  ['mocks-know-no-checks', 'mocks/a.ts', 'harness/lab/b.ts', '../harness/lab/b.ts'],
  ['suites-declare', 'suites/a.spec.ts', 'harness/run/b.ts', '../harness/run/b.ts'],
  ['reports-are-pure', 'reports/a.ts', 'mocks/client.ts', '../mocks/client.ts'],
  ['harness-imports-no-suite', 'harness/run/a.ts', 'suites/b.ts', '../../suites/b.ts'],
])('names %s when %s imports %s', async (rule, from, to, specifier) => {
  expect(await broken({ [from]: importing(specifier), [to]: target })).toEqual([rule]);
});

it('names a cycle, of types too', async () => {
  expect(
    await broken({
      'mocks/a.ts': "import type { B } from './b.ts';\nexport interface A { b: B }\n",
      'mocks/b.ts': "import type { A } from './a.ts';\nexport interface B { a?: A }\n",
    }),
  ).toEqual(['no-cycles']);
});

it('lets an outer room use an inner one', async () => {
  expect(
    await broken({ 'harness/check/a.ts': importing('../visitor/b.ts'), 'harness/visitor/b.ts': target }),
  ).toEqual([]);
});
