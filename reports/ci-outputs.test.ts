import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sampleChecks, sampleReport } from '../fixtures/reports/sample.ts';
import { buildReport } from './build.ts';
import { codeQuality } from './code-quality.ts';
import { MARK, pullRequestComment } from './comment.ts';
import { githubAnnotations } from './github.ts';
import { canDeploy, recordDeployment, recordResult } from './store.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'conformance-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const failing = sampleReport();
const well = sampleReport(({ verdict }) => verdict === 'pass');
const placed = buildReport({
  facts: {
    ...failing,
    target: {
      ...failing.target,
      options: { '': { file: 'src/auth.ts', line: 7 }, providers: { file: 'src/auth.ts', line: 9 } },
    },
  },
  checks: failing.checks,
});

describe('GitLab Code Quality', () => {
  it('has one issue for each broken check, with a fingerprint of its own, at the line of the app', () => {
    const issues = codeQuality(placed);
    const broken = placed.checks.filter(({ verdict, known }) => ['fail', 'warn'].includes(verdict) && !known);
    expect(issues).toHaveLength(broken.length);
    expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length);
    expect(codeQuality(placed)).toEqual(issues);
    for (const { location, severity } of issues) {
      expect(location.lines.begin).toBeGreaterThan(0);
      expect(['info', 'minor', 'major', 'critical', 'blocker']).toContain(severity);
    }
    expect(codeQuality(well)).toEqual([]);
  });
});

it('annotations of GitHub stand at the line of the option', () => {
  expect(githubAnnotations(placed)).toMatch(/::error file=src\/auth\.ts,line=[79],/);
});

describe('the comment of a pull request', () => {
  const open = failing.checks.filter(
    ({ verdict, known }) => ['fail', 'error', 'blocked'].includes(verdict) && !known,
  );
  it('tells what is new', () => {
    const base = buildReport({
      checks: sampleChecks().map((check) => ({ ...check, verdict: 'pass' as const, message: undefined })),
    });
    const text = pullRequestComment(base, failing);
    expect(text.startsWith(MARK)).toBe(true);
    expect(text).toContain(`### New (${open.length})`);
    expect(text).not.toContain('Still failing');
  });
  it('tells the fix of a cause once, above its checks, with its place', () => {
    const [one, two, ...others] = open;
    const ids = [one?.id ?? '', two?.id ?? ''];
    const cause = {
      ...(failing.causes?.[0] as NonNullable<typeof failing.causes>[number]),
      title: 'one option',
      fix: 'Mend it.',
      file: 'auth.ts',
      line: 7,
      checks: ids,
    };
    const text = pullRequestComment(undefined, { ...failing, causes: [cause] });
    expect(text).toContain('- **one option** (2 checks). **Fix:** Mend it. (`auth.ts:7`)\n');
    for (const id of ids) expect(text).toContain(`\n  - \`${id}\` `);
    for (const { id } of others) expect(text).toContain(`\n- \`${id}\` `);
    expect(text.match(/Mend it\./g)).toHaveLength(1);
  });
  it('tells what is fixed, and what still fails', () => {
    const [first, ...rest] = open;
    const better = buildReport({
      facts: failing,
      checks: failing.checks.map((check) =>
        check.id === first?.id ? { ...check, verdict: 'pass' as const, message: undefined } : check,
      ),
    });
    const text = pullRequestComment(failing, better);
    expect(text).toContain(`### Fixed (1)\n\n- \`${first?.id}\``);
    expect(text).toContain(`### Still failing (${rest.length})`);
    expect(text).not.toContain('### New');
  });
});

describe('the store', () => {
  const app = failing.target.name.replace(/[^\w.+@-]+/g, '-');
  const whole = { kind: 'whole' as const, ran: failing.checks.length, of: failing.checks.length };
  it('says yes, no, and that nothing is known', () => {
    expect(canDeploy(folder, app, '1.0.0', 'production').exitCode).toBe(2);
    recordResult(
      folder,
      { ...failing, result: 'conformant', exitCode: 0, scope: whole, findings: [] },
      '1.0.0',
    );
    expect(canDeploy(folder, app, '1.0.0', 'production')).toMatchObject({ exitCode: 0 });
    recordDeployment(folder, app, '1.0.0', 'production');
    recordResult(
      folder,
      { ...failing, result: 'not conformant', exitCode: 1, scope: whole, findings: [] },
      '1.1.0',
    );
    expect(canDeploy(folder, app, '1.1.0', 'production')).toMatchObject({
      exitCode: 1,
      text: expect.stringContaining('production has 1.0.0'),
    });
  });
  it('takes no part of a run for a result', () => {
    const part = { kind: 'selection' as const, ran: 1, of: 150 };
    recordResult(folder, { ...failing, result: 'passed in part', scope: part, findings: [] }, '1.2.0');
    expect(canDeploy(folder, app, '1.2.0', 'production').exitCode).toBe(2);
  });
  it('writes outside its folder for nobody', () => {
    expect(() => recordResult(folder, failing, '../../etc/passwd')).toThrow(/CONF_STORE_NAME/);
    expect(() => canDeploy(folder, '..', '1', 'production')).toThrow(/CONF_STORE_NAME/);
  });
});
