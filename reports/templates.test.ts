import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { isReporterName } from './reporter-names.ts';

const root = path.join(import.meta.dirname, '..');
const read = (...names: string[]) => readFileSync(path.join(root, ...names), 'utf8');
const cli = ['cli.ts', 'run-flags.ts', 'target-flags.ts']
  .map((file) => read('harness', 'cli', file))
  .join('\n');
const action = parse(read('action.yml'));
const [head, jobs] = parseAllDocuments(read('templates', 'gitlab-ci.yml')).map((document) => document.toJS());
const scripts: string = action.runs.steps.map(({ run = '' }: { run?: string }) => run).join('\n');
const gitlabScripts: string = Object.values(jobs as Record<string, { script?: string[] }>)
  .flatMap(({ script = [] }) => script)
  .join('\n');

describe.each([
  ['action.yml', scripts],
  ['templates/gitlab-ci.yml', gitlabScripts],
  [
    'Dockerfile',
    read('Dockerfile')
      .split('\n')
      .filter((line) => line.includes('docker run'))
      .join('\n')
      .replaceAll(/--(?:rm|network)\b/g, ''),
  ],
])('%s', (_, text) => {
  it('passes only flags that the command line has', () => {
    const flags = [...text.matchAll(/(?<=\s|\()--([a-z][a-z-]+)/g)]
      .map(([, flag]) => flag as string)
      .filter((flag) => !['yes', 'omit', 'no-audit', 'no-fund'].includes(flag));
    for (const flag of flags) expect(cli, `--${flag}`).toMatch(new RegExp(`--${flag}\\b`));
  });
});

describe('action.yml', () => {
  it('puts no input into a script: none can add a command', () => expect(scripts).not.toContain('${{'));
  it('declares what it uses and uses what it declares', () => {
    const used = new Set([...read('action.yml').matchAll(/\binputs\.([a-z-]+)/g)].map(([, name]) => name));
    expect([...used].sort()).toEqual(Object.keys(action.inputs).sort());
  });
  it('selects reports that exist', () => {
    for (const name of action.inputs.reporters.default.split(','))
      expect(isReporterName(name), name).toBe(true);
  });
});

describe('templates/gitlab-ci.yml', () => {
  it('declares what it uses and uses what it declares', () => {
    const used = new Set(
      [...read('templates', 'gitlab-ci.yml').matchAll(/\$\[\[ inputs\.([a-z-]+) \]\]/g)].map(
        ([, name]) => name,
      ),
    );
    expect([...used].sort()).toEqual(Object.keys(head.spec.inputs).sort());
  });
  it('keeps the JUnit reports also of a run that fails', () => {
    expect(jobs['.authjs-conformance'].artifacts.when).toBe('always');
    expect(jobs['authjs-conformance'].artifacts.reports.junit).toEqual([
      'conformance-results/part-*/junit.xml',
      'conformance-results/part-*/selection/junit.xml',
    ]);
  });
});
