import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { isValid, validate } from 'ctrf';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleChecks, sampleReport } from '../fixtures/reports/sample.ts';
import { badge } from './badge.ts';
import { buildReport, emptyReport } from './build.ts';
import { catalogueJson, catalogueMarkdown } from './catalogue.ts';
import { ctrf } from './ctrf.ts';
import { githubAnnotations } from './github.ts';
import { reportText } from './json.ts';
import { markdown } from './markdown.ts';
import { escapeMarkdown } from './markdown-text.ts';
import { parseReport } from './parse-report.ts';
import { sarif } from './sarif.ts';
import { jsonSchema } from './schema.ts';
import { terminalSummary } from './terminal.ts';
import { writeReports, writers } from './writers.ts';

const report = sampleReport();
const failing = emptyReport({
  findings: [
    {
      code: 'CONF_TARGET_EXITED',
      what: 'the app ended\n  with 1',
      expected: 'an app that lives',
      remedy: 'read its log.',
    },
  ],
  targetLog: ['\u001b[31mboom\u001b[39m'],
});
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'conformance-writers-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('report.json', () => {
  const check = new Ajv2020({ strict: false }).compile(jsonSchema());
  it('fits the published schema', () => {
    for (const each of [report, failing])
      expect(check(JSON.parse(reportText(each))), JSON.stringify(check.errors)).toBe(true);
    expect(check({ ...report, version: 2 })).toBe(false);
  });
  it('the published schema is the one of the code (npx tsx reports/write-schema.ts)', () => {
    expect(JSON.parse(readFileSync(path.join(import.meta.dirname, 'report.schema.json'), 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(jsonSchema())),
    );
  });
  it('is read back as it was written', () =>
    expect(parseReport(reportText(report))).toEqual(JSON.parse(JSON.stringify(report))));
  it.each([
    ['{', 'CONF_REPORT_UNREADABLE', 'is no JSON'],
    ['{"version":7}', 'CONF_REPORT_VERSION', 'version 7'],
    ['{"version":1,"checks":[{}]}', 'CONF_REPORT_UNREADABLE', '→ at startedAt'],
    ['null', 'CONF_REPORT_UNREADABLE', 'is no report'],
  ])('refuses %s with three lines', (text, code, words) => {
    expect(() => parseReport(text, 'x.json')).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(new RegExp(`^${code}: x\\.json[\\s\\S]*\\n  Expected: .*\\n  Do: `)),
      }),
    );
    expect(() => parseReport(text)).toThrow(words);
  });
  it('keeps a check of a loop small: bodies, messages and lines are cut', () => {
    const [first] = sampleChecks().filter(({ exchanges }) => exchanges.length > 0);
    if (!first?.exchanges[0]) throw new Error('the sample has no traffic');
    const exchanges = Array.from({ length: 5_000 }, (_, index) => ({
      ...(first.exchanges[0] as (typeof first.exchanges)[0]),
      seq: index + 1,
      response: { headers: {}, body: 'x'.repeat(100_000) },
    }));
    const text = reportText(
      buildReport({
        checks: [{ ...first, exchanges, log: Array.from({ length: 9_000 }, () => 'y'.repeat(9_000)) }],
      }),
    );
    expect(text.length).toBeLessThan(3_000_000);
    expect(parseReport(text).checks[0]?.log.at(-1)).toContain('4600 more messages were left out');
  });
});

describe('CTRF', () => {
  it('is valid for its schema', () => {
    for (const each of [report, failing]) expect(validate(ctrf(each))).toMatchObject({ valid: true });
    expect(isValid({ ...ctrf(report), results: {} })).toBe(false);
  });
  it('keeps our verdict as the raw status', () => {
    const { results } = ctrf(report) as {
      results: {
        summary: Record<string, number>;
        tests: { testId: string; status: string; rawStatus: string }[];
      };
    };
    expect(results.summary).toMatchObject({ tests: 150, failed: 3, skipped: 3, other: 2 });
    expect(results.tests.find(({ testId }) => testId === 'callback/token-hangs')).toMatchObject({
      status: 'passed',
      rawStatus: 'warn',
    });
  });
});

describe('SARIF', () => {
  const [run] = sarif(report).runs;
  it('points failures and warnings at the file that configures Auth.js, with the clause as help', () => {
    const result = run?.results?.find(({ ruleId }) => ruleId === 'id-token/aud-other-client');
    expect(result).toMatchObject({
      level: 'error',
      locations: [{ physicalLocation: { artifactLocation: { uri: 'src/auth.ts' } } }],
    });
    expect(run?.tool.driver.rules?.[result?.ruleIndex ?? -1]).toMatchObject({
      id: 'id-token/aud-other-client',
      helpUri: expect.stringMatching(/^https:/),
    });
  });
  it('blames nobody for what could not be judged, and suppresses what is known', () => {
    expect(run?.results?.some(({ ruleId }) => ruleId === 'discovery/rotated-keys')).toBe(false);
    expect(run?.invocations?.[0]?.toolExecutionNotifications).toHaveLength(3);
    expect(run?.results?.find(({ ruleId }) => ruleId === 'session/no-token')?.suppressions).toHaveLength(1);
  });
  it('has the same fingerprint in every run', () => {
    expect(
      sarif(sampleReport(undefined, { startedAt: '2027-01-01T00:00:00.000Z' })).runs[0]?.results?.map(
        ({ partialFingerprints }) => partialFingerprints,
      ),
    ).toEqual(run?.results?.map(({ partialFingerprints }) => partialFingerprints));
  });
});

describe('Markdown', () => {
  it('says what failed, why, and how to run it again', () => {
    for (const text of [
      'acme-portal is not conformant',
      '| id-token | 30 | 1 | 1 |',
      '**It did:** Signed the person in',
      '`npx authjs-conformance run --config',
    ])
      expect(markdown(report)).toContain(text);
  });
  it('stays under its limit and says what was left out', () => {
    const text = markdown(
      {
        ...report,
        checks: report.checks.map((check) => ({ ...check, verdict: 'fail', message: 'é'.repeat(3_000) })),
      },
      100_000,
    );
    expect(Buffer.byteLength(text)).toBeLessThan(100_000);
    expect(text).toMatch(/_\d+ more are in report\.html/);
  });
  it('lets no text of an app become markup or a mention', () => {
    expect(escapeMarkdown('<img src=x> **b** @team [a](b) | c')).toBe(
      '&lt;img src=x\\> \\*\\*b\\*\\* &#64;team \\[a\\](b) \\| c',
    );
  });
});

describe('GitHub', () => {
  it('annotates at most ten errors and ten warnings, without line breaks that end a command', () => {
    const bad = {
      ...report,
      checks: report.checks.map((check) => ({
        ...check,
        verdict: 'fail' as const,
        known: undefined,
        message: 'a\r\nb: 100%, c',
      })),
    };
    const lines = githubAnnotations(bad).trim().split('\n');
    expect(lines.filter((line) => line.startsWith('::error'))).toHaveLength(10);
    expect(lines.slice(10).map((line) => line.slice(0, 9))).toEqual(['::warning']);
    expect(lines[0]).toMatch(/^::error file=src\/auth\.ts,line=1,title=[^:\n]+::a%0D%0Ab: 100%25, c%0A/);
    expect(lines[9]).toContain('141 more');
  });
  it('writes the step summary after what is there, never over the limit', () => {
    const summary = path.join(folder, 'summary.md');
    writeFileSync(summary, 'x'.repeat(1_000_000));
    const printed: string[] = [];
    writeReports(
      { ...report, checks: report.checks.map((check) => ({ ...check, verdict: 'fail' })) },
      {
        outputFolder: folder,
        reporters: [],
        environment: { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary },
        print: (text) => printed.push(text),
      },
    );
    const text = readFileSync(summary, 'utf8');
    expect(text.length).toBeGreaterThan(1_000_000);
    expect(Buffer.byteLength(text)).toBeLessThan(1_024 * 1_024);
    expect(printed.join('')).toContain('::error ');
  });
});

describe('seen, claimed, judged', () => {
  it('is a table in Markdown, beside what the config loosens', () => {
    const text = markdown(report);
    expect(text).toContain('| state | yes | no | yes |  |');
    expect(text).toContain('| pkce | yes | – | yes |  |');
    expect(text).toContain('### Loosened by your config\n\n- `knownFailures`: 2 entries');
    expect(text).toContain('**CONF_CLAIM_UNSEEN**');
  });
  it('warns in annotations and SARIF where claim and wire differ', () => {
    expect(githubAnnotations(report)).toMatch(/::warning [^\n]*CONF_CLAIM_UNSEEN/);
    expect(JSON.stringify(sarif(report))).toContain('CONF_CLAIM_UNSEEN');
  });
  it('fails nothing by itself', () =>
    expect(sampleReport(({ verdict }) => verdict === 'pass')).toMatchObject({
      result: 'conformant',
      exitCode: 0,
    }));
});

describe('the badge', () => {
  it('says the verdict, and how many of the checks that apply were passed', () => {
    expect(badge(report)).toContain('aria-label="Auth.js + Logto: not conformant"');
    expect(
      badge(sampleReport(({ verdict }) => verdict === 'pass' || verdict === 'not applicable')),
    ).toContain('conformant 137/137');
  });
});

describe('the terminal summary', () => {
  const fine = sampleReport(({ verdict }) => verdict === 'pass', { usage: [], loosened: [] });
  it.each([40, 60, 100])('keeps to %i columns but for links and commands', (width) => {
    const long = terminalSummary(report, { width })
      .split('\n')
      .filter((line) => [...line].length > width && !/https?:|npx /.test(line));
    expect(long).toEqual([]);
  });
  it('has no colour unless asked', () => {
    expect(terminalSummary(report)).not.toContain('\u001b');
    expect(terminalSummary(report, { colour: true })).toContain('\u001b[31m');
  });
  it('quotes the cause that comes first, unless that is an option', () => {
    const [cause] = report.causes ?? [];
    const nextOf = (option?: string) =>
      terminalSummary(
        {
          ...report,
          causes: [
            { ...(cause as NonNullable<typeof cause>), title: 'pages are open', option, file: undefined },
          ],
        },
        { width: 200 },
      );
    expect(nextOf()).toMatch(/Next: mend the cause "pages are open", then npx/);
    expect(nextOf('callbacks.redirect')).toMatch(/Next: mend callbacks\.redirect, then npx/);
  });
  it('is short when all is well', () =>
    expect(terminalSummary(fine).trim().split('\n').length).toBeLessThan(19));
  it('tells what blocked hundreds of checks once, and what the config loosens', () => {
    const blocked = sampleReport(({ verdict }) => verdict === 'pass');
    const checks = blocked.checks.map((check) => ({
      ...check,
      verdict: 'blocked' as const,
      message: 'Nobody can sign in to the app: csrf=true',
    }));
    const text = terminalSummary({ ...blocked, checks });
    expect(text.match(/csrf=true/g)).toHaveLength(1);
    expect(text).toContain(`${checks.length} checks (blocked)`);
    expect(text).toContain('Loosened by your config\n  knownFailures: 2 entries');
    expect(text).toContain('CONF_CLAIM_UNSEEN');
    expect(markdown({ ...blocked, checks }).match(/csrf=true/g)).toHaveLength(1);
  });
  it('keeps each command on one line, so that it can be copied', () => {
    expect(terminalSummary(report, { width: 50 })).toContain(
      'npx authjs-conformance run --config conformance.config.ts sign-out/csrf\n',
    );
  });
  it('shows what stopped a run, without the colours of the app', () => {
    expect(terminalSummary(failing)).toMatch(/CONF_TARGET_EXITED\n {2}the app ended/);
    expect(failing.targetLog).toEqual(['boom']);
    expect(failing).toMatchObject({ result: 'not judged', exitCode: 2 });
  });
});

describe('every writer', () => {
  it.each(Object.keys(writers) as (keyof typeof writers)[])(
    '%s writes full, empty and failed runs, and changes no report',
    (name) => {
      const frozen = structuredClone(report);
      for (const each of [frozen, failing, emptyReport({})])
        expect(typeof writers[name](each, { outputFolder: folder, environment: {} }).text).toBe('string');
      expect(frozen).toEqual(report);
    },
  );
  it('writes report.json first and always', () => {
    expect(
      writeReports(report, { outputFolder: folder, reporters: ['badge', 'nonsense'], environment: {} }).map(
        (file) => path.basename(file),
      ),
    ).toEqual(['report.json', 'badge.svg']);
  });
});

describe('the catalogue', () => {
  const input = {
    checks: report.checks,
    clauses: report.clauses,
    ledger: [
      {
        source: 'asvs',
        title: 'ASVS',
        url: 'https://asvs.test',
        duties: [{ number: '7.4.1', duty: 'End it.', checks: [report.checks[0]?.id ?? ''] }],
      },
    ],
  };
  it('lists each check once, with links to its clauses, and the rows of ASVS', () => {
    const text = catalogueMarkdown(input);
    for (const { id } of report.checks) expect(text.split(`\n| \`${id}\` |`)).toHaveLength(2);
    expect(text).toMatch(/ \| 7\.4\.1 \| \d* ?\| /);
  });
  it('does not change when a check moves to another line', () => {
    expect(
      catalogueJson({ ...input, checks: report.checks.map((check) => ({ ...check, line: check.line + 1 })) }),
    ).toBe(catalogueJson(input));
  });
});

it('files that cannot be written all leave the older ones, so that none tells another verdict than its neighbour', () => {
  const options = { outputFolder: folder, reporters: ['junit', 'html'], environment: {} };
  writeReports(failing, options);
  const before = readFileSync(path.join(folder, 'report.json'), 'utf8');
  // The last of the three meets what a full disk would be.
  mkdirSync(path.join(folder, 'report.html.half', 'x'), { recursive: true });
  expect(() => writeReports(report, options)).toThrow();
  expect(readFileSync(path.join(folder, 'report.json'), 'utf8')).toBe(before);
});
