import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectorCommand } from './command.ts';

const fixtures = path.resolve(import.meta.dirname, '../../fixtures/connectors');
const good = path.join(fixtures, 'good/four-templates.json');
const base = JSON.parse(readFileSync(good, 'utf8'));
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'connector-command-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const put = (name: string, content: unknown) => {
  const file = path.join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  return file;
};
const judge = (file: string, flags = {}) => connectorCommand(file, { dynamic: false, ...flags });
const bad = (name: string) => path.join(fixtures, 'bad', `${name}.json`);

describe('the exit code', () => {
  it.each([
    ['0 for a good config', good, 0],
    ['0 for one with warnings only', bad('text-link'), 0],
    ['1 for a bad one', bad('placeholder-otp'), 1],
    ['1 for a file that is no JSON', bad('json-single-quotes'), 1],
    ['1 for an empty file', bad('json-empty'), 1],
  ])('is %s', async (_what, file, code) => expect((await judge(file)).exitCode).toBe(code));

  it('is 2, in three lines and without a stack, when there is nothing to judge', () => {
    const bin = path.resolve(import.meta.dirname, '../bin.js');
    const { status, stdout, stderr } = spawnSync(process.execPath, [bin, 'connector', 'no-such-file.json'], {
      encoding: 'utf8',
      cwd: folder,
    });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringContaining('CONF_CONNECTOR_UNREADABLE: no-such-file.json could not be read'),
      expect.stringMatching(/^ {2}Expected: /),
      expect.stringMatching(/^ {2}Do: /),
    ]);
  });

  it.each([
    ['an unknown format', { format: 'sarrif' }, /did you mean sarif/],
    ['no patience', { patience: '0' }, /--patience/],
    ['patience that is no number', { patience: 'long' }, /--patience/],
    ['an answer of the carrier that is not there', { carrierAnswer: 'nope.json' }, /--carrier-answer/],
  ])('is 2 for %s', async (_what, flags, words) => {
    await expect(judge(good, flags)).rejects.toThrow(words);
  });
});

it('what a connector prints, when it is loaded and when it sends, does not stand in the report', () => {
  const bin = path.resolve(import.meta.dirname, '../bin.js');
  const connector = path.join(fixtures, 'packages/mutants/writes-key.ts');
  const args = ['connector', path.join(fixtures, 'other/acme-sms.json'), '--connector', connector];
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [bin, ...args, '--format', 'json', '--patience', '0.5'],
    { encoding: 'utf8', cwd: folder },
  );
  expect(JSON.parse(stdout)).toMatchObject({ verdict: 'conformant' });
  expect(stderr + stdout).not.toContain('acme-live-key');
});

describe('--fix', () => {
  it.each(readdirSync(path.join(fixtures, 'bad')))(
    'corrects %s once: the second time nothing is left',
    async (name) => {
      const file = put(name, readFileSync(path.join(fixtures, 'bad', name), 'utf8'));
      const first = await judge(file, { fix: true });
      const text = readFileSync(file, 'utf8');
      const second = await judge(file, { fix: true });
      expect(readFileSync(file, 'utf8')).toBe(text);
      expect(second.report.findings).toEqual(first.report.findings);
      expect(first.report.findings.filter(({ safeFix }) => safeFix)).toEqual([]);
    },
  );

  it.each(readdirSync(path.join(fixtures, 'good')))('leaves the good config %s as it is', async (name) => {
    const content = readFileSync(path.join(fixtures, 'good', name), 'utf8');
    const file = put(name, content);
    const { mtimeMs } = statSync(file);
    await judge(file, { fix: true });
    expect(readFileSync(file, 'utf8')).toBe(content);
    expect(statSync(file).mtimeMs).toBe(mtimeMs);
  });

  it('keeps the rights of the file, and leaves nothing beside it', async () => {
    const file = put('rights.json', readFileSync(bad('sids-swapped'), 'utf8'));
    chmodSync(file, 0o600);
    const { text, exitCode } = await judge(file, { fix: true });
    expect(exitCode).toBe(0);
    expect(text).toContain('corrected: ');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.startsWith('rights.json'))).toEqual(['rights.json']);
  });
});

describe('the formats', () => {
  const file = bad('placeholder-otp');

  it('json is the report', async () => {
    const { text, report } = await judge(file, { format: 'json' });
    expect(JSON.parse(text)).toEqual(report);
    expect(report).toMatchObject({
      schema: 'urn:authjs-conformance:connector-report:1',
      verdict: 'not conformant',
    });
  });

  it('junit has a failure with the place', async () => {
    const { text } = await judge(file, { format: 'junit' });
    expect(text).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites>/);
    expect(text).toMatch(/<failure [^>]*type="placeholder-other-name"/);
    expect(text).toContain('placeholder-otp.json:7:');
  });

  it('sarif names rule, file and line', async () => {
    const { text } = await judge(file, { format: 'sarif' });
    const [run] = JSON.parse(text).runs;
    expect(run.results).toHaveLength(1);
    expect(run.results[0]).toMatchObject({
      ruleId: 'placeholder-other-name',
      level: 'error',
      locations: [{ physicalLocation: { region: { startLine: 7 } } }],
    });
    expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(['placeholder-other-name']);
  });

  it('github is one annotation a line, and the verdict', async () => {
    const { text } = await judge(file, { format: 'github' });
    expect(text.trim().split('\n')).toEqual([
      expect.stringMatching(/^::error file=.*placeholder-otp\.json,line=7,col=\d+,title=/),
      expect.stringContaining('not conformant'),
    ]);
  });

  it('table ends with the verdict', async () => {
    const { text } = await judge(file);
    expect(text.trimEnd().split('\n').at(-1)).toBe('not conformant: 1 error, 0 warnings');
  });
});

describe('no secret is ever printed', () => {
  const SECRET = 'a9b8c7d6e5f40312a9b8c7d6e5f40312';
  const configs: Record<string, unknown> = {
    'in its place': { ...base, authToken: SECRET },
    'under a wrong key': { ...base, auth_token: SECRET, authToken: undefined },
    'in the place of a SID': { ...base, accountSID: SECRET, authToken: base.accountSID },
    'in a text': { ...base, templates: [{ usageType: 'SignIn', content: `{{${SECRET}}} ${SECRET}` }] },
    'as a usage type': {
      ...base,
      templates: [...base.templates, { usageType: SECRET, content: '{{code}}' }],
    },
    'as a key': { ...base, [SECRET]: 'x' },
    'with space around it': { ...base, authToken: ` ${SECRET}\n` },
    'cut off': { ...base, authToken: SECRET.slice(0, 20) },
    'in a file that is no JSON': `{ "authToken": "${SECRET}", "templates": [ }`,
    'behind a comment': `{ // ${SECRET}\n "authToken": "${SECRET}" }`,
  };
  it.each(Object.keys(configs))('%s', async (what) => {
    const file = put('secret.json', configs[what]);
    for (const format of ['table', 'json', 'junit', 'sarif', 'github']) {
      for (const fix of [false, true]) {
        const { text } = await judge(file, { format, fix });
        expect(text).not.toContain(SECRET.slice(0, 20));
      }
    }
  });

  it('when it is sent, refused and redirected', async () => {
    const file = put('secret.json', { ...base, authToken: SECRET });
    const { text } = await connectorCommand(file, { format: 'json', patience: 0.3 });
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain(Buffer.from(`${base.accountSID}:${SECRET}`).toString('base64').slice(8, 60));
  });
});

describe('a hostile file', () => {
  const long = (content: string) => ({
    ...base,
    templates: [{ usageType: 'SignIn', content }, ...base.templates.slice(2)],
  });
  const files: Record<string, unknown> = {
    'lists in lists': '['.repeat(40_000) + ']'.repeat(40_000),
    'objects in objects': `${'{"a":'.repeat(15_000)}1${'}'.repeat(15_000)}`,
    'brackets without an end': '['.repeat(90_000),
    'a text of braces': long('{{'.repeat(45_000)),
    'a text of spaces in braces': long(`{{${' '.repeat(90_000)}`),
    'a text of dots': long('a.'.repeat(45_000)),
    'a text of links': long('https://'.repeat(11_000)),
    'a text of 90,000 letters': long(`{{code}}${'x'.repeat(90_000)}`),
    'many texts that are just short enough': {
      ...base,
      templates: Array(20).fill({ usageType: 'SignIn', content: '{'.repeat(3_900) }),
    },
    'many templates': { ...base, templates: Array(600).fill(base.templates[0]) },
    bytes: String.fromCharCode(...Array.from({ length: 256 }, (_, index) => index)),
    'a prototype': '{"__proto__":{"accountSID":1},"constructor":null,"toString":[]}',
    null: 'null',
    'a number': '7',
    'nested nothing': { ...base, templates: [null, [], {}, 'x', 7, { usageType: null, content: { a: 1 } }] },
  };
  it.each(Object.keys(files))(
    'comes to an end: %s',
    async (what) => {
      const { report } = await judge(put('hostile.json', files[what]), { fix: true });
      expect(report.findings.length).toBeGreaterThan(0);
    },
    90_000,
  );

  it('of a megabyte is not read', async () => {
    const file = put('huge.json', `{"a":"${'x'.repeat(1_000_000)}"}`);
    await expect(judge(file)).rejects.toThrow(/1000008 bytes, and no such file has more than 100000/);
  });

  it('that is a folder is told', async () => {
    await expect(judge(folder)).rejects.toThrow(/it is a folder/);
  });
});
