import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sampleReport } from '../fixtures/reports/sample.ts';
import { badge } from './badge.ts';
import { emptyReport } from './build.ts';
import { catalogueIds } from './catalogue-ids.ts';
import { ctrf } from './ctrf.ts';
import { githubAnnotations } from './github.ts';
import { htmlReport } from './html/index.ts';
import { junit } from './junit.ts';
import { JUNIT_DIALECTS } from './junit-dialects.ts';
import { markdown } from './markdown.ts';
import type { Report } from './model.ts';
import { REPORTER_NAMES, type ReporterName } from './reporter-names.ts';
import { sarif } from './sarif.ts';
import { notEnded } from './scope.ts';
import { terminalSummary } from './terminal.ts';
import { writers } from './writers.ts';

const twelve = new Set(
  sampleReport(({ verdict }) => verdict === 'pass')
    .checks.slice(0, 12)
    .map(({ id }) => id),
);
const part = (kind: 'selection' | 'shard' = 'selection') =>
  sampleReport(({ id }) => twelve.has(id), {
    scope: {
      kind,
      ...(kind === 'shard' ? { shard: { current: 2, total: 4 } } : { select: ['session'] }),
      ran: 0,
      of: 386,
    },
    comparedWith: undefined,
  });
const context = { outputFolder: '/srv/results', environment: {} };
const render = (name: ReporterName, report: Report) => writers[name](report, context).text;

describe('a part that passed', () => {
  it.each(
    // These two list what is broken, and say nothing of the whole.
    REPORTER_NAMES.filter((name) => !['github', 'code-quality'].includes(name)),
  )('is told as 12 of 386 checks, not a certification, and never as conformant: %s', (name) => {
    for (const report of [part(), part('shard')]) {
      // The page's style sheet names the verdicts, too.
      const text = render(name, report).replace(/<style>[\s\S]*?<\/style>/, '');
      if (name === 'json') expect(report).toMatchObject({ scope: { ran: 12, of: 386 } });
      else {
        expect(text).toContain('12 of 386 checks');
        expect(text).toContain('not a certification');
      }
      expect(text).not.toMatch(/\bis conformant|"conformant"/);
      expect(text).not.toMatch(/Certificate of conformance/);
    }
  });
  it('names its shard or its selection', () => {
    expect(markdown(part('shard'))).toContain('shard 2 of 4');
    expect(markdown(part())).toContain('selection: session');
    expect(terminalSummary(part(), { width: 200 })).toContain('12 of 386 checks passed: not a certification');
    expect(badge(part())).toContain('12 of 386 checks: not a certification');
    expect(JSON.stringify(ctrf(part()))).toContain('12 of 386');
    expect(JSON.stringify(sarif(part()))).toContain('12 of 386');
  });
  it('says "no must broken" when not all of its checks passed', () => {
    const warned = sampleReport(({ verdict }) => verdict === 'warn' || verdict === 'pass', {
      scope: { kind: 'selection', ran: 0, of: 386 },
    });
    expect(terminalSummary(warned, { width: 200 })).toMatch(
      /no must broken in \d+ of 386 checks: not a certification/,
    );
  });
  it('with a known failure does not say that no must was broken', () => {
    const known = sampleReport(({ verdict, known }) => verdict === 'pass' || known !== undefined, {
      scope: { kind: 'selection', ran: 0, of: 386 },
    });
    expect(known).toMatchObject({ result: 'passed in part', counts: { fail: 1 } });
    expect(terminalSummary(known, { width: 200 })).toContain('no must broken but known ones in');
  });
  it('that failed says how much was judged, too', () => {
    const failed = sampleReport(undefined, { scope: { kind: 'selection', ran: 0, of: 386 } });
    expect(markdown(failed)).toContain('is not conformant (150 of 386 checks: not a certification)');
    expect(badge(failed)).toContain('not conformant, 150 of 386 checks');
    expect(failed.exitCode).toBe(1);
  });
});

describe('a whole run', () => {
  const whole = sampleReport(({ verdict }) => verdict === 'pass');
  it('has a certificate', () => {
    expect(htmlReport(whole, context)).toContain('Certificate of conformance test');
    expect(junit(whole, context)).toMatch(/name="scope" value="whole: \d+ of \d+ checks"/);
  });
  it('that came to no verdict has none', () =>
    expect(
      htmlReport(
        sampleReport(({ verdict }) => verdict === 'blocked'),
        context,
      ),
    ).not.toContain('Certificate of conformance'));
});

describe('a run that has not ended', () => {
  const pending = emptyReport({ scope: { kind: 'whole', ran: 0, of: 386 }, findings: [notEnded] });
  it('is not judged, exit code 2', () =>
    expect(pending).toMatchObject({ result: 'not judged', exitCode: 2 }));
  it('says so in every report that people read', () => {
    for (const name of ['html', 'markdown', 'badge', 'terminal'] as const)
      expect(render(name, pending), name).toContain('this run has not ended');
    expect(githubAnnotations(pending)).toContain('::error title=CONF_RUN_NOT_ENDED');
    expect(htmlReport(pending, context)).not.toContain('Certificate of conformance');
  });
  it.each(JUNIT_DIALECTS)('is an error in JUnit of the dialect %s', (dialect) => {
    const xml = junit(pending, { ...context, dialect });
    expect(xml).toContain('CONF_RUN_NOT_ENDED');
    expect(xml).toMatch(/<error [^>]*type="CONF_RUN_NOT_ENDED"/);
    expect(xml).toMatch(/<testsuite [^>]*errors="1"/);
  });
});

describe('a quick run', () => {
  const quick = emptyReport({ scope: { kind: 'quick', ran: 0, of: 386 } });
  it('is one testcase that passed, and no certification', () => {
    const xml = junit(quick, context);
    expect(xml).toMatch(/<testcase name="app: the wiring is right, 0 of 386 checks: not a certification"/);
    expect(xml).not.toContain('<error');
  });
});

it('a report that lacks results shows that as an error in JUnit, though its checks passed', () => {
  const lacking = sampleReport(({ verdict }) => verdict === 'pass', {
    scope: { kind: 'whole', ran: 0, of: 386 },
  });
  expect(lacking).toMatchObject({ result: 'not judged', exitCode: 2 });
  for (const dialect of JUNIT_DIALECTS)
    expect(junit(lacking, { ...context, dialect })).toMatch(/type="CONF_CHECKS_MISSING"/);
});

it('knows the ids of the catalogue', () => {
  const text = readFileSync(path.join(import.meta.dirname, 'catalogue.json'), 'utf8');
  expect(catalogueIds()).toHaveLength(JSON.parse(text).checks.length);
});
