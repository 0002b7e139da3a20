import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sampleReport } from '../fixtures/reports/sample.ts';
import { buildReport, emptyReport, type Facts } from './build.ts';
import { comparedWith, diffReports, diffText } from './diff.ts';
import { mergeFiles, readReport } from './files.ts';
import { reportText } from './json.ts';
import { mergeReports } from './merge.ts';
import type { CheckResult, Report, Verdict } from './model.ts';
import { notEnded } from './scope.ts';
import { signReport, verifyReport } from './sign.ts';
import { writeReports } from './writers.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'conformance-runs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const report = sampleReport();
const some = (verdicts: Record<string, Verdict>, more: Partial<CheckResult> = {}): Report =>
  buildReport({
    checks: Object.entries(verdicts).map(([id, verdict]) => ({
      ...(report.checks[0] as CheckResult),
      id,
      verdict,
      ...more,
    })),
  });

describe('diffReports', () => {
  it('finds nothing between a run and itself', () =>
    expect(diffReports(report, report)).toMatchObject({
      better: [],
      worse: [],
      added: [],
      gone: [],
      applies: [],
      unchanged: 150,
      regression: false,
    }));
  it('tells better from worse', () => {
    const diff = diffReports(
      some({ 'a/a': 'pass', 'a/b': 'fail', 'a/c': 'warn', 'a/d': 'pass', 'a/gone': 'pass' }),
      some({ 'a/a': 'fail', 'a/b': 'pass', 'a/c': 'warn', 'a/d': 'not applicable', 'a/new': 'pass' }),
    );
    expect(diff).toMatchObject({
      worse: [{ id: 'a/a', before: 'pass', after: 'fail' }],
      better: [{ id: 'a/b' }],
      applies: [{ id: 'a/d' }],
      added: [{ id: 'a/new' }],
      gone: [{ id: 'a/gone' }],
      unchanged: 1,
      regression: true,
    });
    expect(diffText(diff)).toMatch(/Worse \(1\)\n {2}a\/a: pass → fail[\s\S]*This is a regression\./);
  });
  it('calls a run that became worse as a whole a regression, also by a new check', () => {
    expect(diffReports(some({ 'a/a': 'pass' }), some({ 'a/a': 'pass', 'a/b': 'fail' })).regression).toBe(
      true,
    );
    expect(diffReports(some({ 'a/a': 'pass' }), some({ 'a/a': 'pass', 'a/b': 'warn' })).regression).toBe(
      false,
    );
  });
  it('follows a check to its new id', () => {
    const diff = diffReports(some({ 'a/old': 'pass' }), some({ 'a/new': 'fail' }, { formerly: ['a/old'] }));
    expect(diff).toMatchObject({ worse: [{ id: 'a/new' }], added: [], gone: [] });
  });
  it('is kept in the report as ids', () =>
    expect(comparedWith(some({ 'a/a': 'pass' }), some({ 'a/a': 'fail' }))).toMatchObject({
      worse: ['a/a'],
      better: [],
    }));
});

describe('mergeReports', () => {
  const shard = (current: number, total = 2) =>
    sampleReport((check) => report.checks.findIndex(({ id }) => id === check.id) % total === current - 1, {
      scope: { kind: 'shard', shard: { current, total }, ran: 0, of: 150 },
    });
  it('joins shards to the run they were parts of', () => {
    const merged = mergeReports([shard(1), shard(2)]);
    expect(merged.counts).toEqual(report.counts);
    expect(merged).toMatchObject({ result: report.result, exitCode: 1, durationMs: report.durationMs });
    expect(merged.scope).toEqual({ kind: 'whole', ran: 150, of: 150 });
  });
  it('keeps the worst verdict of a check that ran twice', () => {
    expect(mergeReports([some({ 'a/a': 'pass' }), some({ 'a/a': 'fail' })])).toMatchObject({
      counts: { fail: 1, pass: 0 },
    });
  });
  it('holds to what one shard saw of a law, where another had nothing to look at', () => {
    const verdictOf = (id: string, one: Verdict, other: Verdict) =>
      mergeReports([some({ [id]: one }), some({ [id]: other })]).checks.find((check) => check.id === id)
        ?.verdict;
    expect(verdictOf('laws/a', 'not applicable', 'pass')).toBe('pass');
    expect(verdictOf('laws/a', 'pass', 'not applicable')).toBe('pass');
    expect(verdictOf('laws/a', 'not applicable', 'fail')).toBe('fail');
    expect(verdictOf('a/a', 'pass', 'not applicable')).toBe('not applicable');
  });
  it('has one app where each shard had its own, so that laws look at all that was sent', () => {
    const side = { headers: {}, body: null };
    const empty = { faults: [], facts: {}, request: side, response: side };
    const at = (port: number, id: string): Report => {
      const origin = `http://localhost:${port}`;
      const url = `${origin}/auth?to=${encodeURIComponent(`${origin}/`)}`;
      const made = some({ [id]: 'pass' }, { exchanges: [{ url, ...empty } as never] });
      return { ...made, target: { ...made.target, origin } };
    };
    const urls = mergeReports([at(4000, 'a/a'), at(40001, 'a/b')]).checks.flatMap(({ exchanges }) =>
      exchanges.map(({ url }) => url),
    );
    expect(urls).toEqual(Array(2).fill('http://localhost:4000/auth?to=http%3A%2F%2Flocalhost%3A4000%2F'));
  });
  it('never certifies a run of which a shard is missing', () => {
    const passing = (current: number) =>
      sampleReport(({ verdict }) => verdict === 'pass', {
        scope: { kind: 'shard', shard: { current, total: 3 }, ran: 0, of: 134 },
      });
    expect(passing(1)).toMatchObject({ result: 'passed in part', exitCode: 0 });
    expect(mergeReports([passing(1), passing(2), passing(3)]).result).toBe('conformant');
    expect(mergeReports([passing(1), passing(1), passing(2), passing(3)])).toMatchObject({
      result: 'not judged',
      exitCode: 2,
      findings: [{ code: 'CONF_SHARD_TWICE', what: 'of 3 shards, 1 is there more than once' }],
    });
    expect(mergeReports([passing(1), passing(3)])).toMatchObject({
      result: 'not judged',
      exitCode: 2,
      findings: [{ code: 'CONF_SHARD_MISSING', what: 'of 3 shards, 2 is missing' }],
    });
  });
  it('never certifies shards of different divisions, checks that ran nowhere, a shard that has not ended, or selections', () => {
    const part = (
      kind: 'shard' | 'selection',
      current: number,
      total: number,
      of: number,
      more: Facts = {},
    ) =>
      sampleReport(({ verdict }) => verdict === 'pass', {
        scope: { kind, ...(kind === 'shard' && { shard: { current, total } }), ran: 0, of },
        ...more,
      });
    expect(mergeReports([part('shard', 1, 2, 134), part('shard', 2, 3, 134)])).toMatchObject({
      exitCode: 2,
      findings: [{ code: 'CONF_SHARD_MIXED', what: expect.stringContaining('1/2, 2/3') }],
    });
    expect(mergeReports([part('shard', 1, 2, 386), part('shard', 2, 2, 386)])).toMatchObject({
      result: 'not judged',
      findings: [
        { code: 'CONF_CHECKS_MISSING', what: expect.stringMatching(/^the reports hold \d+ of 386 checks/) },
      ],
    });
    expect(
      mergeReports([part('shard', 1, 2, 134), part('shard', 2, 2, 134, { findings: [notEnded] })]),
    ).toMatchObject({ result: 'not judged', exitCode: 2 });
    expect(mergeReports([part('selection', 0, 0, 386), part('selection', 0, 0, 386)])).toMatchObject({
      result: 'passed in part',
      scope: { kind: 'selection', of: 386 },
    });
  });
  it('refuses reports of two targets, and none', () => {
    expect(() => mergeReports([report, { ...report, target: { ...report.target, name: 'other' } }])).toThrow(
      /^CONF_MERGE_TARGETS/,
    );
    expect(() => mergeReports([])).toThrow(/^CONF_MERGE_EMPTY/);
  });
  it('takes attachments along, and nothing from outside the folder of a report', () => {
    const places = [1, 2].map((part) => {
      const place = path.join(folder, `part${part}`);
      mkdirSync(path.join(place, 'attachments'), { recursive: true });
      writeFileSync(path.join(place, 'attachments', 'x.png'), String(part));
      const base = shard(part);
      writeReports(
        {
          ...base,
          checks: base.checks.map((check, index) => ({
            ...check,
            attachments: [
              {
                name: 'x',
                contentType: 'image/png',
                path: index ? '../../../../../etc/hostname' : 'attachments/x.png',
              },
            ],
          })),
        },
        { outputFolder: place, reporters: [], environment: {} },
      );
      return place;
    });
    const out = path.join(folder, 'merged');
    const merged = mergeFiles(places, out);
    const paths = merged.checks.flatMap(({ attachments }) =>
      attachments.flatMap(({ path: place }) => (place ? [place] : [])),
    );
    expect(paths.sort()).toEqual(['attachments/part-1/x.png', 'attachments/part-2/x.png']);
    for (const place of paths) expect(existsSync(path.join(out, place))).toBe(true);
  });
  it('names a file that is not there', () =>
    expect(() => readReport(path.join(folder, 'nowhere.json'))).toThrow(
      /^CONF_REPORT_MISSING: there is no file .*nowhere\.json\n {2}Expected: .*\n {2}Do: /,
    ));
});

describe('signed results', () => {
  const text = reportText(sampleReport(({ verdict }) => verdict === 'pass'));
  const pem = { type: 'pkcs8', format: 'pem' } as const;
  const keys = {
    Ed25519: generateKeyPairSync('ed25519'),
    'EC P-256': generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    'EC P-384': generateKeyPairSync('ec', { namedCurve: 'P-384' }),
    RSA: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  };
  it.each(Object.entries(keys))(
    'is verified with %s, as PEM and as JWK',
    async (_, { privateKey, publicKey }) => {
      for (const key of [
        privateKey.export(pem) as string,
        JSON.stringify(privateKey.export({ format: 'jwk' })),
      ]) {
        const jws = await signReport(text, key);
        const trusted = await verifyReport(
          text,
          jws,
          publicKey.export({ type: 'spki', format: 'pem' }) as string,
        );
        expect(trusted).toMatchObject({
          result: 'conformant',
          target: 'acme-portal',
          trusted: true,
          thumbprint: expect.stringMatching(/^[\w-]{43}$/),
        });
        expect(await verifyReport(text, jws)).toMatchObject({
          trusted: false,
          thumbprint: trusted.thumbprint,
        });
      }
    },
  );
  const mine = keys['EC P-256'].privateKey.export(pem) as string;
  const other = keys.Ed25519.privateKey.export(pem) as string;
  it('of a part names its scope and never says conformant; a run that goes on is not signed', async () => {
    const part = sampleReport(({ verdict }) => verdict === 'pass', {
      scope: { kind: 'selection', select: ['session'], ran: 0, of: 386 },
    });
    expect(
      await verifyReport(reportText(part), await signReport(reportText(part), mine), mine),
    ).toMatchObject({
      result: 'passed in part',
      scope: { kind: 'selection', select: ['session'], of: 386 },
      covers: expect.stringMatching(/^\d+ of 386 checks: not a certification \(selection: session\)$/),
    });
    const pending = reportText(emptyReport({ findings: [notEnded] }));
    await expect(signReport(pending, mine)).rejects.toThrow(/^CONF_REPORT_UNFINISHED/);
  });
  it('is refused when one byte of the report was changed', async () => {
    const jws = await signReport(text, mine);
    await expect(verifyReport(text.replace('"conformant"', '"conformant" '), jws, mine)).rejects.toThrow(
      /^CONF_SIGNATURE_INVALID: the report was changed/,
    );
  });
  it('is refused when another key signed, when it was changed, and when it is something else', async () => {
    const jws = await signReport(text, mine);
    await expect(verifyReport(text, jws, other)).rejects.toThrow(/not made with this key/);
    await expect(verifyReport(text, `${jws.slice(0, -6)}AAAAAA`)).rejects.toThrow(/was changed/);
    await expect(verifyReport(text, 'x.y.z')).rejects.toThrow(/no JWS/);
    const [, payload, signature] = jws.split('.');
    const none = Buffer.from(
      JSON.stringify({ alg: 'none', typ: 'authjs-conformance-result+jws', jwk: { kty: 'oct', k: 'AA' } }),
    ).toString('base64url');
    await expect(verifyReport(text, `${none}.${payload}.${signature}`)).rejects.toThrow(/^CONF_/);
  });
  it('refuses a key that is none with a way to make one', async () => {
    await expect(signReport(text, 'no key')).rejects.toThrow(/^CONF_KEY_UNUSABLE[\s\S]*openssl genpkey/);
  });
});
