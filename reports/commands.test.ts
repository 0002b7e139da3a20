import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sampleReport } from '../fixtures/reports/sample.ts';
import { diff, merge, renderAgain, sign, verify } from './commands.ts';
import { writeReports } from './writers.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'conformance-commands-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const write = (name: string, report = sampleReport()) => {
  const place = path.join(folder, name);
  writeReports(report, { outputFolder: place, reporters: [], environment: {} });
  return place;
};
const bad = write('bad');
const good = write(
  'good',
  sampleReport(({ verdict }) => verdict === 'pass'),
);

describe('commands on reports', () => {
  it('renders any report again, the same as the run would have written it', () => {
    const { exitCode, text } = renderAgain(bad, { reporters: ['html', 'sarif'] });
    expect(exitCode).toBe(1);
    expect(text).toContain(path.join(bad, 'report.html'));
    expect(readFileSync(path.join(bad, 'report.sarif'), 'utf8')).toContain('"2.1.0"');
  });
  it('refuses a report of another name and lists those there are', () => {
    expect(() => renderAgain(bad, { reporters: ['pdf'] })).toThrow(
      /^CONF_REPORTER_UNKNOWN: there is no report "pdf"\n {2}Expected: one of json, html, junit/,
    );
  });
  it('merges and takes the exit code of the whole', () =>
    expect(merge([good, bad], { out: path.join(folder, 'all') }).exitCode).toBe(1));
  it('compares: 0 when nothing got worse, 1 on a regression', () => {
    expect(diff(bad, bad).exitCode).toBe(0);
    expect(diff(good, bad)).toMatchObject({ exitCode: 1 });
    expect(JSON.parse(diff(good, bad, { json: true }).text)).toMatchObject({ regression: true });
  });
  it('signs and verifies; a changed report is refused with exit code 1', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const [secret, open] = [path.join(folder, 'key.pem'), path.join(folder, 'public.pem')];
    writeFileSync(secret, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    writeFileSync(open, publicKey.export({ type: 'spki', format: 'pem' }));
    await sign(good, secret);
    expect(await verify(good, { key: open })).toMatchObject({
      exitCode: 0,
      text: expect.stringContaining('acme-portal is conformant'),
    });
    const untold = verify(good);
    await expect(untold).rejects.toThrow(/^CONF_KEY_MISSING[\s\S]*--key FILE[\s\S]*--thumbprint/);
    const thumbprint = /--thumbprint (\S{43})/.exec(await untold.catch(({ message }) => message))?.[1];
    expect(await verify(good, { thumbprint })).toMatchObject({ exitCode: 0 });
    expect(await verify(good, { thumbprint: 'x'.repeat(43) })).toMatchObject({
      exitCode: 1,
      text: expect.stringMatching(/^CONF_SIGNATURE_INVALID: the report was signed with another key/),
    });
    const file = path.join(good, 'report.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('acme-portal', 'other-portal'));
    expect((await verify(good, { key: open })).exitCode).toBe(1);
    expect((await verify(good)).exitCode).toBe(1);
    await expect(verify(bad)).rejects.toThrow(/^CONF_FILE_MISSING/);
  });
});
