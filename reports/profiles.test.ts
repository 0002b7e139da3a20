import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sampleChecks, sampleReport } from '../fixtures/reports/sample.ts';
import { buildReport } from './build.ts';
import { catalogueIds } from './catalogue-ids.ts';
import { cweOf } from './cwe.ts';
import { htmlReport } from './html/index.ts';
import type { CheckResult, Level } from './model.ts';
import { defaultProfile, inProfile, isScored, profileNames, profileOf, readProfile } from './profiles.ts';
import { sarif } from './sarif.ts';
import { resultOf } from './verdict.ts';
import { tally } from './words.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'profiles-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const write = (name: string, checks: Record<string, Level>, more = {}) =>
  writeFileSync(
    path.join(folder, `${name}.json`),
    JSON.stringify({ name, title: name, frozen: true, checks, ...more }),
  );
write('2026-05', { 'session/old': 'must' });
write('2026-11', { 'session/old': 'must', 'session/new': 'should' });
write('strictest', { 'session/new': 'must' }, { extends: '2026-11' });

const shipped = ['session/old', 'session/new', 'session/newest'];
const of = (name: string) => profileOf(name, folder);

describe('a profile', () => {
  it('is the newest dated one, unless somebody chooses', () => {
    expect(profileNames(folder)).toEqual(['2026-05', '2026-11', 'strictest']);
    expect(defaultProfile(folder)).toBe('2026-11');
  });
  it('scores what it names, and own checks of apps', () => {
    expect(isScored('session/old', of('2026-05'), shipped)).toBe(true);
    expect(isScored('session/new', of('2026-05'), shipped)).toBe(false);
    expect(isScored('own/check', of('2026-05'), shipped)).toBe(true);
  });
  it('keeps the level that a check had when it was frozen', () => {
    const later = { id: 'session/new', level: 'must' as const };
    expect(inProfile(later, of('2026-11'), shipped)).toEqual({ id: 'session/new', level: 'should' });
    expect(inProfile(later, of('2026-05'), shipped)).toEqual({ ...later, notScored: true });
  });
  it('raises what another one leaves open', () => {
    expect(of('strictest').levels.get('session/new')).toBe('must');
    expect(of('strictest').levels.get('session/old')).toBe('must');
    expect([...of('strictest').raised]).toEqual(['session/new']);
    expect(of('2026-11').raised.size).toBe(0);
  });
});

const check = (id: string, verdict: CheckResult['verdict'], more: Partial<CheckResult> = {}) => ({
  ...(sampleChecks()[0] as CheckResult),
  id,
  verdict,
  ...more,
});
const whole = { kind: 'whole', ran: 2, of: 2 } as const;

describe('a check that is not scored', () => {
  const checks = [check('session/old', 'pass'), check('session/newest', 'fail', { notScored: true })];
  it('fails no app', () => {
    expect(resultOf({ checks, scope: whole, findings: [] })).toEqual({ result: 'conformant', exitCode: 0 });
    const blocked = [checks[0] as CheckResult, check('session/newest', 'blocked', { notScored: true })];
    expect(resultOf({ checks: blocked, scope: whole, findings: [] }).exitCode).toBe(0);
  });
  it('is counted apart, and told', () => {
    expect(tally(checks)).toBe('1 passed, 1 not scored');
    const report = { ...sampleReport(), checks };
    expect(htmlReport(report, { outputFolder: folder })).toContain('not scored');
    expect(sarif(report).runs[0]?.results?.[0]).toMatchObject({ level: 'note' });
  });
});

describe('our profiles', () => {
  it('name checks that there are', () => {
    const ids = new Set(catalogueIds());
    for (const name of profileNames())
      expect([...profileOf(name).levels.keys()].filter((id) => !ids.has(id))).toEqual([]);
  });
  it('asvs-l2 raises levels, and lowers none', () => {
    const rank = { may: 0, should: 1, must: 2 };
    const base = profileOf('2026-11').levels;
    for (const [id, level] of Object.entries(readProfile('asvs-l2').checks))
      expect([id, rank[level] > rank[base.get(id) ?? 'must']]).toEqual([id, true]);
  });
  it('stand on the certificate and in the head of the page', () => {
    const profile = { name: '2026-11', title: 'every check of November 2026', frozen: false, checks: 457 };
    const page = htmlReport({ ...sampleReport(), profile }, { outputFolder: folder });
    expect(page).toContain('2026-11: every check of November 2026 (not frozen yet), 457 checks');
  });
});

describe('weaknesses', () => {
  it('each check of the catalogue has one', () => {
    expect(catalogueIds().filter((id) => !cweOf(id))).toEqual([]);
  });
  it('the special one comes before the general one', () => {
    expect(
      ['session/cookie-secure', 'session/cookie-garbage', 'doors/upper-case', 'own/check'].map(cweOf),
    ).toEqual([614, 565, 647, undefined]);
  });
  it('are tags of SARIF, as code hosts know them', () => {
    const report = buildReport({
      checks: [check('redirect/callback-url-suffix', 'fail'), check('own/x', 'fail', { cwe: 79 })],
    });
    const tags = sarif(report).runs[0]?.tool.driver.rules?.map(({ properties }) => properties?.tags);
    expect(tags?.[0]).toContain('external/cwe/cwe-601');
    expect(tags?.[1]).toContain('external/cwe/cwe-079');
  });
});
