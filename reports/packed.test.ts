import { brotliCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { sampleReport } from '../fixtures/reports/sample.ts';
import { reportText } from './json.ts';
import { historyOf } from './laws.ts';
import { isPacked, pack, setAside, unpack } from './packed.ts';
import { parseReport } from './parse-report.ts';

const report = sampleReport();
const text = reportText(report);
const written = JSON.parse(text) as typeof report & { evidence: { checks: number; packed: string } };

describe('evidence of a report', () => {
  it('of checks that passed is packed, and of all others stands as it is', () => {
    for (const { id, exchanges, log } of written.checks) {
      const whole = report.checks.find((check) => check.id === id);
      if (!whole) throw new Error(id);
      expect({ id, exchanges, log }).toEqual(
        isPacked(whole) ? { id, exchanges: [], log: [] } : { id, exchanges: whole.exchanges, log: whole.log },
      );
    }
    expect(written.evidence.checks).toBe(
      report.checks.filter((each) => isPacked(each) && each.exchanges.length).length,
    );
  });
  it('loses nothing that laws are judged by', () =>
    expect(historyOf(parseReport(text).checks, report.target)).toEqual(
      historyOf(report.checks, report.target),
    ));
  it('takes less than a twentieth of the room', () => {
    const { aside } = setAside(report.checks);
    expect(written.evidence.packed.length * 20).toBeLessThan(JSON.stringify(aside).length);
  });
  it('of a report without any stays away', () =>
    expect(JSON.parse(reportText({ ...report, checks: [] }))).not.toHaveProperty('evidence'));
  it('is the same text whenever it is written again', () => {
    const again = reportText(parseReport(text));
    expect(reportText(parseReport(again))).toBe(again);
  });

  it.each([
    ['that is no packed text', 'AAAA', 'cannot be unpacked'],
    ['of another shape', pack([{ id: 'callback/session', exchanges: [{}], log: [] }]), 'cannot be unpacked'],
    ['that is no list', pack({ id: 1 }), 'cannot be unpacked'],
    [
      'that unfolds to more than a machine holds',
      brotliCompressSync(Buffer.alloc(256_000_001, 32)).toString('base64'),
      'cannot be unpacked',
    ],
  ])('%s is refused in three lines', (_, packed, words) => {
    const hurt = JSON.stringify({ ...written, evidence: { ...written.evidence, packed } });
    expect(() => parseReport(hurt)).toThrow(words);
    expect(() => parseReport(hurt)).toThrow(/^CONF_REPORT_UNREADABLE: .*(\n.*)*\n {2}Expected: .*\n {2}Do: /);
  });
  it('of a check that is named like a member of every object is put back where it belongs', () => {
    const [first] = report.checks;
    if (!first) throw new Error('the sample is empty');
    const odd = { ...report, checks: [{ ...first, id: '__proto__', verdict: 'pass' as const }] };
    expect(parseReport(reportText(odd)).checks[0]?.exchanges).toEqual(first.exchanges);
  });
  it('is packed and unpacked', () => expect(unpack(pack({ a: ['ü', null] }))).toEqual({ a: ['ü', null] }));
});
