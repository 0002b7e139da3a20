import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { create } from 'xmlbuilder2';
import { validateXML } from 'xmllint-wasm';
import { sampleReport } from '../fixtures/reports/sample.ts';
import { emptyReport } from './build.ts';
import { junit } from './junit.ts';
import { dialectOf, JUNIT_DIALECTS, type JUnitDialect } from './junit-dialects.ts';
import type { Report } from './model.ts';

const folder = '/srv/project/conformance-results';
const render = (report: Report, dialect: JUnitDialect) =>
  junit(report, { dialect, outputFolder: folder, environment: { CI_PROJECT_DIR: '/srv/project' } });
const schema = (name: string) => ({
  fileName: `${name}.xsd`,
  contents: readFileSync(path.join(import.meta.dirname, 'xsd', `${name}.xsd`), 'utf8'),
});
const problems = async (xml: string, name: string) =>
  (await validateXML({ xml: [{ fileName: 'junit.xml', contents: xml }], schema: [schema(name)] })).errors.map(
    ({ message }) => message,
  );
const wellFormed = async (xml: string) =>
  (
    await validateXML({
      xml: [{ fileName: 'junit.xml', contents: xml }],
      schema: [schema('jenkins')],
      extension: 'schema',
    })
  ).rawOutput;

interface Case {
  '@name': string;
  '@classname': string;
  '@file'?: string;
  '@line'?: string;
  failure?: { '@message': string; '@type': string; '#': string };
  error?: { '@message': string; '#': string };
  skipped?: { '@message': string };
  'system-out'?: string;
}
const list = <Item>(value: Item | Item[] | undefined): Item[] =>
  value === undefined ? [] : ([value].flat() as Item[]);
const casesOf = (xml: string): Case[] => {
  const root = create(xml).toObject() as { testsuites?: { testsuite: unknown }; testsuite?: unknown };
  return list(root.testsuites?.testsuite ?? root.testsuite).flatMap((suite) =>
    list((suite as { testcase: Case | Case[] }).testcase),
  );
};
const find = (cases: Case[], id: string) => cases.find((each) => each['@name'].startsWith(`${id}: `)) as Case;

const hostile = (): Report => {
  const report = sampleReport();
  const bytes = Array.from({ length: 0x180 }, (_, code) => String.fromCharCode(code)).join('');
  const nasty = `${bytes}\ud800 ]]> <![CDATA[ &lt; \ufffe\uffff 😀 \u001b[31mred`;
  return {
    ...report,
    checks: report.checks.map((check) => ({
      ...check,
      title: `${check.title} ${nasty}`,
      message: check.message && nasty,
      detail: nasty,
      log: [nasty],
    })),
  };
};

describe('JUnit for strict schemas', () => {
  it.each([
    ['common', 'jenkins'],
    ['jenkins', 'jenkins'],
    ['ant', 'ant'],
    ['maven', 'maven'],
  ] as const)('%s is valid for the %s schema', async (dialect, name) => {
    expect(await problems(render(sampleReport(), dialect), name)).toEqual([]);
    expect(await problems(render(hostile(), dialect), name)).toEqual([]);
    expect(
      await problems(
        render(
          emptyReport({ findings: [{ code: 'CONF_X', what: 'a', expected: 'b', remedy: 'c' }] }),
          dialect,
        ),
        name,
      ),
    ).toEqual([]);
  });
  it('the schemas refuse what they must refuse: a line on a testcase', async () => {
    expect(await problems(render(sampleReport(), 'gitlab'), 'jenkins')).not.toEqual([]);
    expect(await problems(render(sampleReport(), 'jenkins'), 'ant')).not.toEqual([]);
    expect(await problems(render(sampleReport(), 'ant'), 'maven')).not.toEqual([]);
  });
});

describe.each(JUNIT_DIALECTS)('JUnit in the dialect %s', (dialect) => {
  const cases = casesOf(render(sampleReport(), dialect));
  it('has one testcase a check, with a unique name and its suite as class', () => {
    expect(cases).toHaveLength(150);
    expect(new Set(cases.map((each) => each['@name'])).size).toBe(150);
    expect(find(cases, 'id-token/aud-other-client')).toMatchObject({
      '@name': 'id-token/aud-other-client: the app refuses an ID token issued to another client',
      '@classname': 'id-token',
    });
  });
  it('says in a failure what the app did, what it must do, clause, fix and how to run it again, and where it is declared', () => {
    const { failure } = find(cases, 'id-token/aud-other-client');
    expect(failure?.['@message']).toBe(
      'Signed the person in: /session shows a session. The app must: End on an error page and hold no session.',
    );
    for (const text of [
      'What it did: Signed',
      'What it must do: End on',
      'Clause: OpenID Connect Core',
      'Fix: Leave',
      'Run again: npx authjs-conformance',
      'suites/id-token.spec.ts:41',
    ])
      expect(failure?.['#']).toContain(text);
  });
  it('gives the reason of what was skipped, blocked or in error', () => {
    expect(find(cases, 'callback/state-wrong').skipped?.['@message']).toBe(
      'not applicable: the app sends no state (the default of Auth.js v5, which relies on PKCE)',
    );
    expect(find(cases, 'session/no-token').skipped?.['@message']).toMatch(/^known: The mobile client/);
    expect(find(cases, 'phone-otp/forgot-password').error?.['@message']).toMatch(/^What must work before/);
    expect(find(cases, 'discovery/rotated-keys').error?.['#']).toContain('journal.waitFor');
  });
  it('shows a warning without failing', () => {
    const warned = find(cases, 'callback/token-hangs');
    expect(warned.failure ?? warned.error ?? warned.skipped).toBeUndefined();
    const xml = render(sampleReport(), dialect);
    expect(xml).toContain('WARNING: GET http://localhost:41733');
    expect(xml).toContain('name="warning.callback/token-hangs"');
  });
  it('is well-formed XML whatever the bytes', async () => {
    const xml = render(hostile(), dialect);
    expect(await wellFormed(xml)).not.toMatch(/parser error/);
    expect(casesOf(xml)).toHaveLength(150);
  });
  it('counts what it holds', () => {
    expect(render(sampleReport(), dialect)).toMatch(
      dialect === 'maven'
        ? /tests="150" failures="2" errors="2" skipped="4"/
        : /<testsuite name="id-token" tests="32" failures="1" errors="0" skipped="0"/,
    );
  });
});

describe('what the four CI systems need', () => {
  const pictured = (): Report => {
    const report = sampleReport();
    return {
      ...report,
      checks: report.checks.map((check) => ({
        ...check,
        attachments: [{ name: 'signed in', contentType: 'image/png', path: 'attachments/a b.png' }],
      })),
    };
  };
  it('GitLab: file and line, and attachments relative to the project, alone on a line', () => {
    const one = casesOf(render(pictured(), 'gitlab')).find((each) => each['@line'] === '8') as Case;
    expect(one).toMatchObject({ '@file': 'suites/id-token.spec.ts', '@line': '8' });
    expect(one['system-out']?.split('\n')).toContain(
      '[[ATTACHMENT|conformance-results/attachments/a b.png]]',
    );
  });
  it('GitLab: a failure is linked to the line of the app to change', () => {
    const report = sampleReport();
    const failed = report.checks.find(({ verdict }) => verdict === 'fail');
    const cause = {
      ...(report.causes?.[0] as NonNullable<typeof report.causes>[number]),
      checks: [failed?.id ?? ''],
      file: 'src/auth.ts',
      line: 12,
    };
    const cases = casesOf(render({ ...report, causes: [cause] }, 'gitlab'));
    const linked = cases.find((each) => each['@name']?.startsWith(`${failed?.id}:`));
    expect(linked).toMatchObject({ '@file': 'src/auth.ts', '@line': '12' });
    expect(linked?.['system-out']).toContain(`declared at ${failed?.file}:${failed?.line}`);
  });
  it('elsewhere: attachments relative to where the person is, not to the process that writes', () => {
    const xml = junit(pictured(), {
      outputFolder: '/srv/project/conformance-results',
      environment: {},
      cwd: '/srv/project',
    });
    expect(xml).toContain('[[ATTACHMENT|conformance-results/attachments/a b.png]]');
  });
  it('GitHub actions: file, line and properties', () => {
    const xml = render(sampleReport(), 'github');
    expect(casesOf(xml)).toContainEqual(
      expect.objectContaining({ '@file': 'suites/id-token.spec.ts', '@line': '8' }),
    );
    expect(xml).toContain('<property name="verdict" value="pass"/>');
  });
  it('Jenkins and Azure: absolute attachment paths', () => {
    for (const dialect of ['jenkins', 'azure'] as const)
      expect(casesOf(render(pictured(), dialect))[0]?.['system-out']).toContain(
        '[[ATTACHMENT|/srv/project/conformance-results/attachments/a b.png]]',
      );
  });
  it('is chosen by the CI system that is running', () => {
    expect(
      [{ GITLAB_CI: '1' }, { GITHUB_ACTIONS: '1' }, { TF_BUILD: 'True' }, { JENKINS_URL: 'x' }, {}].map(
        dialectOf,
      ),
    ).toEqual(['gitlab', 'github', 'azure', 'jenkins', 'common']);
  });
  it('shows a run that never reached its checks as an error, not as an empty success', () => {
    const [only] = casesOf(
      render(
        emptyReport({
          findings: [
            { code: 'CONF_TARGET_EXITED', what: 'the app ended', expected: 'an app', remedy: 'look' },
          ],
        }),
        'common',
      ),
    );
    expect(only).toMatchObject({ '@name': 'CONF_TARGET_EXITED', error: { '@message': 'the app ended' } });
  });
  it('stays under the limits of GitLab with huge messages: 30 MB', () => {
    const report = sampleReport();
    const huge = 'x'.repeat(500_000);
    const xml = render(
      {
        ...report,
        checks: report.checks.map((check) => ({
          ...check,
          verdict: 'error',
          message: huge,
          detail: huge,
          log: Array.from({ length: 20 }, () => huge),
        })),
      },
      'gitlab',
    );
    expect(xml.length).toBeLessThan(30_000_000);
  });
});
