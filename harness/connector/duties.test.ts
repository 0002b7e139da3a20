import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConnector } from '../../mocks/logto/connector.ts';
import { certifyConnector } from './certify.ts';
import { complaintsIn, duties, judgeDuty, REFUSED_BEFORE, tellsOf } from './duties.ts';
import type { ConnectorReport } from './report.ts';

const root = path.resolve(import.meta.dirname, '../..');
const folder = path.join(root, 'fixtures/connectors');
const { checks } = JSON.parse(readFileSync(path.join(root, 'reports/catalogue.json'), 'utf8')) as {
  checks: { id: string; level: 'must' | 'should' | 'may' }[];
};
const tellers = (name: string, level: 'error' | 'warning' | 'note') =>
  checks.filter((check) => tellsOf(check, { name, level, sentence: '' })).map(({ id }) => id);

const reportOf = async (options: Partial<ConnectorReport>): Promise<ConnectorReport> => ({
  ...(await certifyConnector({ config: path.join(folder, 'good/nine-templates.json'), dynamic: false })),
  ...options,
});
const result = (id: string, verdict: 'pass' | 'fail' | 'warn' | 'not judged') => ({
  id,
  title: '',
  verdict,
  message: 'It did.',
  durationMs: 0,
});

describe('the findings of the bad configs', () => {
  it.each(readdirSync(path.join(folder, 'bad')))('%s: each is told by one check', async (file) => {
    const config = path.join(folder, 'bad', file);
    for (const { name, level } of complaintsIn(await certifyConnector({ config, dynamic: false }))) {
      if (!REFUSED_BEFORE.includes(name)) expect(tellers(name, level), `${name} ${level}`).toHaveLength(1);
    }
  });

  it('that no check tells of belong to configs that no run starts with', async () => {
    const connector = await loadConnector('@logto/connector-twilio-sms', () => undefined);
    for (const file of readdirSync(path.join(folder, 'bad'))) {
      const config = path.join(folder, 'bad', file);
      const { findings } = await certifyConnector({ config, dynamic: false });
      if (!findings.some(({ code }) => REFUSED_BEFORE.includes(code))) continue;
      const accepted = () =>
        connector.configGuard.safeParse(JSON.parse(readFileSync(config, 'utf8'))).success;
      let runs: boolean;
      try {
        runs = accepted();
      } catch {
        runs = false;
      }
      expect(runs, file).toBe(false);
    }
  });
});

describe('a check of the suite', () => {
  const must = (id: string) => ({ id: `connector/${id}`, level: 'must' as const });
  const should = (id: string) => ({ id: `connector/${id}`, level: 'should' as const });

  it('about Twilio does not apply to others', async () => {
    const report = await reportOf({ connector: { name: 'acme', version: '1', id: 'acme-sms' } });
    expect(judgeDuty(report, must('account-sid'))).toMatchObject({ verdict: 'not applicable' });
  });

  it('about sending does not apply when nothing was sent, or nothing could be judged', async () => {
    expect(judgeDuty(await reportOf({}), must('sends-sign-in')).verdict).toBe('not applicable');
    const open = await reportOf({ dynamic: [result('send/SignIn', 'not judged')] });
    expect(judgeDuty(open, must('sends-sign-in')).verdict).toBe('not applicable');
  });

  it('about texts does not apply to a config without texts', async () => {
    const report = await certifyConnector({
      connector: '@logto/connector-aliyun-sms',
      config: path.join(folder, 'other/aliyun-sms.json'),
      dynamic: false,
    });
    expect(judgeDuty(report, must('placeholder')).verdict).toBe('not applicable');
  });

  it('notes what a published connector does by itself, and holds it against an own one', async () => {
    const dynamic = [result('wire/hang', 'warn')];
    const named = (name: string) => reportOf({ dynamic, connector: { name, version: '1', id: 'x' } });
    expect(judgeDuty(await named('@logto/connector-x-sms'), should('wire-hang')).verdict).toBe('limit');
    expect(judgeDuty(await named('./acme-sms'), should('wire-hang')).verdict).toBe('broken');
  });

  it('holds a failure against a published connector, too', async () => {
    const report = await reportOf({ dynamic: [result('send/SignIn', 'fail')] });
    expect(judgeDuty(report, must('sends-sign-in')).verdict).toBe('broken');
  });

  it('says where, what and what to do', async () => {
    const report = await certifyConnector({
      config: path.join(folder, 'bad/placeholder-missing.json'),
      dynamic: false,
    });
    expect(judgeDuty(report, must('placeholder')).message).toMatch(
      /^templates\[1\]\.content \(line 7, column \d+\): The message has no place for the code\. /,
    );
  });

  it('that stands for nothing is a mistake of ours', async () => {
    const report = await reportOf({});
    expect(() => judgeDuty(report, must('no-such-check'))).toThrow(/stands for no part/);
    expect(Object.keys(duties)).not.toContain('connector/no-such-check');
  });
});
