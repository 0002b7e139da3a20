import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { certifyConnector } from './certify.ts';

const templates = ['Register', 'SignIn', 'ForgotPassword', 'Generic'].map((usageType) => ({
  usageType,
  content: '{{code}} is your Acme code. It expires in 10 minutes.',
}));
const from = path.resolve(import.meta.dirname, '../../fixtures/connectors');
const vonage = async (brandName: string) => {
  const { findings, summary } = await certifyConnector({
    connector: '@logto/connector-vonage-sms',
    config: { apiKey: 'a1b2c3d4', apiSecret: 'Zx9Qw8Er7Ty6Ui5O', brandName, templates },
    from,
    dynamic: false,
  });
  return { codes: findings.map(({ code, level }) => `${level} ${code}`), findings, summary };
};

describe('the sender of a config', () => {
  it.each([
    ['Acme', 'warning sender-alphanumeric'],
    ['Acme 24', 'warning sender-alphanumeric'],
    ['Acme Deliver', 'warning sender-alphanumeric-malformed'],
    ['Äcme', 'warning sender-alphanumeric-malformed'],
    ['Acme!', 'warning sender-alphanumeric-malformed'],
    ['+18005550123', 'warning sender-toll-free'],
    ['1 (888) 555-0123', 'warning sender-toll-free'],
  ])('%s is told with its limits', async (sender, told) => {
    expect((await vonage(sender)).codes).toEqual([told]);
  });
  it.each(['+14155550123', '447700900123', '24680', '18775550', '+498001234567'])(
    '%s, a number, has none of them',
    async (sender) => {
      expect((await vonage(sender)).codes).toEqual([]);
    },
  );
  it('names key, line, countries, and what to do', async () => {
    const [finding] = (await vonage('Acme')).findings;
    expect(finding).toMatchObject({ keyPath: 'brandName', line: 4 });
    expect(finding?.what).toMatch(/United States, Canada/);
    expect((await vonage('+18445550123')).findings[0]?.what).toMatch(/30032/);
  });
});

describe("Twilio's connector, which sends through a service", () => {
  const judge = async (fromMessagingServiceSID: string) =>
    (
      await certifyConnector({
        config: {
          accountSID: `AC${'0123456789abcdef'.repeat(2)}`,
          authToken: '89abcdef0123456789abcdef01234567',
          fromMessagingServiceSID,
          templates,
        },
        from,
        dynamic: false,
      })
    ).findings;
  it('is told where a name goes, and that it reaches no phone in the United States', async () => {
    const [finding] = await judge('ACME');
    expect(finding).toMatchObject({ code: 'service-sid-alphanumeric', level: 'error' });
    expect(finding?.fix).toMatch(/United States and Canada/);
  });
  it('is told where a short code goes', async () => {
    const [finding] = await judge('73829');
    expect(finding).toMatchObject({ code: 'service-sid-phone-number' });
    expect(`${finding?.what} ${finding?.fix}`).toMatch(
      /holds a short code.*add the short code to its sender pool/,
    );
  });
  it('is told which character of a SID is none', async () => {
    const [finding] = await judge(`MG0123O${'0123456789abcdef'.repeat(2).slice(5)}`);
    expect(finding?.what).toMatch(/begins with MG, and in which O \(character 7\) is no hex digit/);
  });
  it('is told that a toll-free number has to be verified', async () => {
    const [finding] = await judge('+18005550123');
    expect(finding).toMatchObject({ code: 'service-sid-phone-number' });
    expect(`${finding?.what} ${finding?.fix}`).toMatch(/toll-free.*verified.*30032/);
  });
});
