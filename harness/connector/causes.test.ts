import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { certifyConnector } from './certify.ts';
import { junit } from './formats/junit.ts';
import { sarif } from './formats/sarif.ts';
import { table } from './formats/table.ts';

const regional = path.resolve(import.meta.dirname, '../../fixtures/connectors/packages/regional');
const templates = ['SignIn', 'Register', 'ForgotPassword', 'Generic'].map((usageType) => ({
  usageType,
  content: 'Orchard: {{code}} is your code. It ends in 10 minutes.',
}));
const good = {
  accountSID: 'AC0123456789abcdef0123456789abcdef',
  authToken: 'fedcba9876543210fedcba9876543210',
  fromMessagingServiceSID: 'MG0123456789abcdef0123456789abcdef',
  templates,
};
const failures = ({ dynamic }: Awaited<ReturnType<typeof certifyConnector>>) =>
  dynamic.filter(({ verdict }) => verdict === 'fail');

// logto-io/logto issue 9611: an operator may keep the traffic in Ireland or Australia.
describe('a connector that knows hosts of other regions', () => {
  it.each([undefined, 'api.dublin.ie1.twilio.com', 'api.sydney.au1.twilio.com'])(
    'is conformant with the host %s',
    async (host) => {
      const report = await certifyConnector({
        config: { ...good, ...(host && { host }) },
        connector: regional,
      });
      expect(failures(report)).toEqual([]);
      expect(report.verdict).toBe('conformant');
      expect(report.findings.map(({ code }) => code)).not.toContain('unknown-key');
    },
  );

  it('fails, with the hosts by name, when it asks another one than the config says', async () => {
    const connector = path.resolve(
      import.meta.dirname,
      '../../fixtures/connectors/packages/regional/deaf.js',
    );
    const config = { ...good, host: 'api.dublin.ie1.twilio.com' };
    const [failure] = failures(await certifyConnector({ config, connector }));
    expect(failure).toMatchObject({
      id: 'request/path',
      message: expect.stringContaining('to api.twilio.com.'),
      expected: expect.stringContaining('on api.dublin.ie1.twilio.com, the host of the config'),
    });
  });
});

// adarshbalu/twilio_flutter issue 38, twilio/twilio-node issue 232: number and service taken for each other.
it('what follows from a wrong sender names it, and what Twilio answered', async () => {
  const report = await certifyConnector({ config: { ...good, fromMessagingServiceSID: '+12025550143' } });
  expect(report.findings.filter(({ level }) => level === 'error').map(({ code }) => code)).toEqual([
    'service-sid-phone-number',
  ]);
  const sends = failures(report).filter(({ id }) => id.startsWith('send/'));
  expect(sends).toHaveLength(9);
  for (const { message, fix } of sends) {
    expect(message).toContain('Twilio answered 21705, The Messaging Service is invalid');
    expect(fix).toMatch(/^Mend fromMessagingServiceSID first \(service-sid-phone-number, line \d+\)/);
  }
});

it('a token with the digits of the SID is a note, and Twilio naming the SID no leak', async () => {
  const report = await certifyConnector({ config: { ...good, authToken: good.accountSID.slice(2) } });
  expect(report.findings).toMatchObject([{ code: 'auth-token-equals-sid', level: 'note' }]);
  expect(failures(report)).toEqual([]);
  expect(report.verdict).toBe('conformant');
});

// The words of Twilio about a SID that is none were held against the connector, error by error.
it.each([
  ['a SID that is too short', { accountSID: good.accountSID.slice(0, -1) }],
  ['an API key in the place of the account', { accountSID: `SK${good.accountSID.slice(2)}` }],
  ['a blank behind the SID', { accountSID: `${good.accountSID} ` }],
  ['the token in the place of the account', { accountSID: good.authToken }],
  [
    'token and service swapped',
    { authToken: good.fromMessagingServiceSID, fromMessagingServiceSID: good.authToken },
  ],
])('%s is one error, and says nothing of the connector', async (_what, slip) => {
  const report = await certifyConnector({ config: { ...good, ...slip } });
  expect(report.findings.filter(({ level }) => level === 'error')).toHaveLength(1);
  expect(failures(report).filter(({ id }) => !id.startsWith('send/'))).toEqual([]);
  expect(report.dynamic.filter(({ id, verdict }) => id.startsWith('error/') && verdict !== 'pass')).toEqual(
    [],
  );
});

it('a connector that tells the token is found out all the same', async () => {
  const connector = path.resolve(
    import.meta.dirname,
    '../../fixtures/connectors/packages/regional/telling.js',
  );
  const config = { ...good, authToken: good.accountSID.slice(2) };
  const told = failures(await certifyConnector({ config, connector }));
  expect(told.some(({ because }) => because === 'holds a secret')).toBe(true);
});

it('a text that is none is not covered', async () => {
  const content = { en: 'Orchard: {{code}}', de: 'Orchard: {{code}}' };
  const texts = templates.map((each) => (each.usageType === 'SignIn' ? { ...each, content } : each));
  const report = await certifyConnector({ config: { ...good, templates: texts }, dynamic: false });
  const rows = new Map(report.templates.map(({ usageType, status }) => [usageType, status]));
  expect([rows.get('SignIn'), rows.get('Register')]).toEqual(['not judged', 'covered']);
});

// Logto invites by e-mail alone, with a link (connector-kit: `link` of SendMessagePayload).
it('an invitation with a link and no code is conformant', async () => {
  const invitation = { usageType: 'OrganizationInvitation', content: 'Orchard: join us at {{link}}' };
  const report = await certifyConnector({ config: { ...good, templates: [...templates, invitation] } });
  expect(report.findings).toEqual([]);
  expect(failures(report)).toEqual([]);
});

// DavidAnson/markdownlint-cli2 issue 512, gitlab-org/gitlab issue 237920: one of two equal names is shown.
it('no two cases of JUnit have the same name', async () => {
  const config = {
    ...good,
    templates: templates.slice(0, 2).concat({ usageType: 'Test', content: '{{code}}' }),
  };
  const xml = junit(await certifyConnector({ config, dynamic: false }));
  const names = [...xml.matchAll(/<testcase name="([^"]*)" classname="([^"]*)"/g)].map(([whole]) => whole);
  expect(names.length).toBeGreaterThan(2);
  expect(new Set(names).size).toBe(names.length);
});

it('SARIF names files by URI references', async () => {
  const report = await certifyConnector({ config: { ...good, from: '+12025550143' }, dynamic: false });
  const [run] = sarif({ ...report, file: 'my configs/a#b?c:d%20[é].json' }).runs;
  const uri = run?.results?.[0]?.locations?.[0]?.physicalLocation?.artifactLocation?.uri ?? '';
  expect(uri).toBe('my%20configs/a%23b%3Fc%3Ad%2520%5B%C3%A9%5D.json');
  expect(decodeURIComponent(uri)).toBe('my configs/a#b?c:d%20[é].json');
});

describe('the line of the verdict tells what people receive otherwise', () => {
  const long = 'Orchard: {{code}} is your code. '.padEnd(170, 'Keep it to yourself. ');
  const cases: [string, { usageType: string; content: string }[], string][] = [
    [
      'the placeholder twice',
      [{ usageType: 'SignIn', content: 'Orchard: {{code}}, yes, {{code}} is your code.' }],
      '1 warning (people receive the code twice in one text)',
    ],
    ['a long text', [{ usageType: 'SignIn', content: long }], '1 warning (people receive a text in 2 parts)'],
    [
      'a text that one character makes longer',
      [{ usageType: 'SignIn', content: `${long.slice(0, 140)}😀` }],
      '1 warning (people receive a text in 3 parts)',
    ],
    [
      'two texts for one type',
      [
        { usageType: 'SignIn', content: 'Orchard: {{code}} is your code.' },
        { usageType: 'SignIn', content: 'Orchard says {{code}}.' },
      ],
      '1 warning (people receive one of two texts for a usage type)',
    ],
  ];
  it.each(cases)('%s', async (_, texts, line) => {
    const others = templates.filter(({ usageType }) => usageType !== 'SignIn');
    const report = await certifyConnector({
      config: { ...good, templates: [...texts, ...others] },
      dynamic: false,
    });
    expect(table(report).trimEnd().split('\n').at(-1)).toBe(`conformant: ${line}`);
  });
});
