import { readFileSync } from 'node:fs';
import path from 'node:path';
import { validRange } from 'semver';
import { describe, expect, it } from 'vitest';
import { ADVISORY_SEVERITIES, advisories } from './advisories.ts';
import { affectedBy, updateFor } from './affected.ts';
import { tellAdvisories } from './tell.ts';

const idsOf = (versions: Record<string, string>) =>
  affectedBy(new Map(Object.entries(versions).map(([name, version]) => [name, new Set([version])]))).map(
    ({ id }) => id,
  );

describe('the data', () => {
  it.each(advisories().map((advisory) => [advisory.id, advisory] as const))('%s is whole', (id, advisory) => {
    expect(id).toMatch(/^GHSA(-[23456789cfghjmpqrvwx]{4}){3}$/);
    if (advisory.cve) expect(advisory.cve).toMatch(/^CVE-\d{4}-\d{4,}$/);
    expect(ADVISORY_SEVERITIES).toContain(advisory.severity);
    expect(advisory.published).toMatch(/^202[2-6]-\d\d-\d\d$/);
    expect(advisory.source).toBe(`https://github.com/advisories/${id}`);
    // One or the other: what shows it, or why nothing can.
    expect(Boolean(advisory.shows?.length)).not.toBe(Boolean(advisory.notJudged));
    if (!advisory.verified) expect(advisory.from).toBeTruthy();
    expect(advisory.packages.length).toBeGreaterThan(0);
    for (const { name, affected, fixed } of advisory.packages) {
      expect(validRange(affected)).not.toBeNull();
      for (const version of fixed) {
        const still = affectedBy(new Map([[name, new Set([version])]]), [advisory]);
        expect(still, `${name} ${version} must be without it`).toEqual([]);
      }
    }
  });

  it('names checks of the catalogue only', () => {
    const file = path.join(import.meta.dirname, '../../reports/catalogue.json');
    const known = new Set(
      (JSON.parse(readFileSync(file, 'utf8')) as { checks: { id: string }[] }).checks.map(({ id }) => id),
    );
    expect(advisories().flatMap(({ shows = [] }) => shows.filter((check) => !known.has(check)))).toEqual([]);
  });

  it('names each advisory once, newest first', () => {
    const all = advisories();
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect([...all].sort((a, b) => b.published.localeCompare(a.published))).toEqual(all);
  });
});

describe('installed versions', () => {
  it.each([
    ['@auth/core', '0.41.2', '0.41.3', 'GHSA-x445-f3h2-j279'],
    ['next-auth', '4.24.14', '4.24.15', 'GHSA-xmf8-cvqr-rfgj'],
    ['next-auth', '5.0.0-beta.31', '5.0.0-beta.32', 'GHSA-8fpg-xm3f-6cx3'],
    ['next-auth', '4.24.4', '4.24.5', 'GHSA-v64w-49xw-qq89'],
    ['next-auth', '3.29.9', '3.29.10', 'GHSA-xv97-c62v-4587'],
    ['next', '14.2.24', '14.2.25', 'GHSA-f82v-jwr5-mffw'],
    ['next', '15.2.2', '15.2.3', 'GHSA-f82v-jwr5-mffw'],
    ['next', '15.2.3-canary.5', '15.2.3', 'GHSA-f82v-jwr5-mffw'],
    ['next', '15.5.17', '15.5.18', 'GHSA-26hh-7cqf-hhc6'],
    ['next', '16.2.10', '16.2.11', 'GHSA-6gpp-xcg3-4w24'],
  ])('%s %s is affected, %s is not', (name, vulnerable, fixed, id) => {
    expect(idsOf({ [name]: vulnerable })).toContain(id);
    expect(idsOf({ [name]: fixed })).not.toContain(id);
  });

  it('of other lines, and other packages, are left alone', () => {
    expect(idsOf({ 'next-auth': '4.24.15' })).toEqual([]);
    expect(idsOf({ next: '11.1.4' })).not.toContain('GHSA-f82v-jwr5-mffw');
    expect(idsOf({ 'next-themes': '0.1.0' })).toEqual([]);
  });

  it('are told worst first, each advisory once, with what to update to', () => {
    const notes = affectedBy(new Map([['next', new Set(['15.2.2'])]]));
    const rank = notes.map(({ severity }) => ADVISORY_SEVERITIES.indexOf(severity));
    expect(rank).toEqual([...rank].sort());
    expect(new Set(notes.map(({ id }) => id)).size).toBe(notes.length);
    const update = updateFor(notes);
    expect(idsOf({ next: update as string })).toEqual([]);
    const told = tellAdvisories(notes).join('\n');
    expect(told).toContain(`update next 15.2.2 to ${update} or later`);
    expect(told).toMatch(/Warning.*: \d+ of them are critical/);
    expect(tellAdvisories([])).toEqual([]);
  });
});
