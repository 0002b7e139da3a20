import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { certifyConnector } from './certify.ts';
import type { ConnectorReport } from './report.ts';
import { LATER_TYPES, USAGE_TYPES } from './usage-types.ts';

const folder = path.resolve(import.meta.dirname, '../../fixtures/connectors');
const certify = (connector: string, config: string) =>
  certifyConnector({ connector, config: path.join(folder, config), patience: 2.5 });
const warned = ({ dynamic }: ConnectorReport) =>
  dynamic.filter(({ verdict }) => verdict === 'warn').map(({ id }) => id);
const statusOf = ({ templates }: ConnectorReport) =>
  Object.fromEntries(templates.map(({ usageType, status }) => [usageType, status]));

/** What `got` does with a carrier that breaks off, stays silent or redirects, and what no connector of Logto catches. */
const GOT = ['wire/reset', 'wire/hang', 'wire/redirect', 'wire/redirect-loop'];
const NO_LATER_TYPES = LATER_TYPES.map((type) => `send/${type}`);

/**
 * Connectors as published (versions in package.json), each with a config that an operator would write. All of them
 * send; the warnings are what their own code does, seen on the wire of the generic carrier.
 */
const connectors: {
  name: string;
  config?: string;
  address: RegExp;
  number: string;
  code: string;
  later: 'falls back to Generic' | 'not sent' | 'covered';
  warnings: string[];
  /** What is found without sending. */
  findings?: string[];
}[] = [
  {
    name: 'aliyun-sms',
    address: /POST https:\/\/dysmsapi\.aliyuncs\.com\//,
    number: 'form.PhoneNumbers',
    code: 'form.TemplateParam',
    later: 'falls back to Generic',
    warnings: GOT,
  },
  {
    name: 'gatewayapi-sms',
    address: /POST https:\/\/gatewayapi\.com\/rest\/mtsms/,
    number: 'json.recipients[0].msisdn',
    code: 'json.message',
    later: 'falls back to Generic',
    warnings: [...GOT, 'secrets/error-object'],
    findings: ['sender-alphanumeric'],
  },
  {
    name: 'http-sms',
    address: /POST https:\/\/sms\.acme\.example\/send/,
    number: 'json.to',
    code: 'json.payload.code',
    later: 'covered',
    warnings: ['wire/hang', 'wire/redirect'],
  },
  {
    name: 'smsaero',
    address: /POST https:\/\/gate\.smsaero\.ru\/v2\/sms\/send/,
    number: 'json.number',
    code: 'json.text',
    later: 'not sent',
    warnings: [...NO_LATER_TYPES, ...GOT, 'secrets/error-object'],
    findings: ['sender-alphanumeric'],
  },
  {
    name: 'tencent-sms',
    address: /POST https:\/\/sms\.tencentcloudapi\.com\//,
    number: 'json.PhoneNumberSet[0]',
    code: 'json.TemplateParamSet[0]',
    later: 'not sent',
    warnings: [...NO_LATER_TYPES, 'send/ui-locales', ...GOT],
  },
  {
    name: 'vonage-sms',
    address: /POST https:\/\/rest\.nexmo\.com\/sms\/json/,
    number: 'json.to',
    code: 'json.text',
    later: 'falls back to Generic',
    warnings: ['error/own-200', 'wire/hang', 'wire/redirect'],
    findings: ['sender-alphanumeric'],
  },
  {
    name: 'yunpian-sms',
    address: /POST https:\/\/sms\.yunpian\.com\/v2\/sms\/single_send\.json/,
    number: 'form.mobile',
    code: 'form.text',
    later: 'falls back to Generic',
    warnings: ['error/400', 'wire/hang', 'wire/redirect', 'secrets/console'],
  },
  {
    name: 'yunpian-sms',
    config: 'yunpian-sms-china-only',
    address: /POST https:\/\/sms\.yunpian\.com\/v2\/sms\/single_send\.json/,
    number: 'form.mobile',
    code: 'form.text',
    later: 'falls back to Generic',
    warnings: ['send/abroad', 'error/400', 'wire/hang', 'wire/redirect', 'secrets/console'],
  },
];

describe.concurrent("Logto's other connectors send through the generic carrier", () => {
  it.each(connectors)(
    '$name',
    async ({ name, config = name, address, number, code, later, warnings, findings = [] }) => {
      const report = await certify(`@logto/connector-${name}`, `other/${config}.json`);
      expect(report.connector).toMatchObject({ name: `@logto/connector-${name}`, version: /^\d/ });
      expect(report.findings.map(({ code }) => code)).toEqual(findings);
      expect(warned(report)).toEqual(warnings);
      const failed = report.dynamic.filter(({ verdict }) => verdict === 'fail' || verdict === 'not judged');
      expect(failed).toEqual([]);
      expect(report.verdict).toBe('conformant');
      const sent = report.dynamic.find(({ id }) => id === 'send/SignIn')?.message;
      expect(sent).toMatch(address);
      expect(sent).toContain(`number in ${number} `);
      expect(sent).toContain(`code in ${code}`);
      expect(statusOf(report)).toMatchObject({ SignIn: 'covered', BindMfa: later });
    },
  );
});

describe("Twilio's own rules", () => {
  it('are not applied to others: nothing is said of SIDs, tokens, forms or error codes', async () => {
    const { findings, dynamic } = await certifyConnector({
      connector: '@logto/connector-http-sms',
      config: { endpoint: 'https://sms.acme.example', authorization: 'MG0123456789abcdef0123456789abcdef' },
      patience: 0.2,
    });
    expect(findings).toEqual([]);
    const twilios = /^(?:request\/(?:path|form|service|risk-check|number|method|credentials)|error\/\d{5})$/;
    expect(dynamic.map(({ id }) => id).filter((id) => twilios.test(id))).toEqual([]);
  });

  it('are applied to the connector of Twilio, error by error', async () => {
    const { dynamic } = await certifyConnector({
      config: path.join(folder, 'good/four-templates.json'),
      patience: 1,
    });
    const passed = dynamic.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id);
    expect(passed).toEqual(
      expect.arrayContaining([
        ...USAGE_TYPES.map((type) => `send/${type}`),
        'send/arrived',
        ...['method', 'path', 'credentials', 'form', 'number', 'service', 'risk-check'].map(
          (id) => `request/${id}`,
        ),
        ...[20003, 20429, 21211, 21608, 21610, 21611, 21612, 21614, 21408, 21701].map(
          (code) => `error/${code}`,
        ),
      ]),
    );
    expect(dynamic.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
  });
});

describe("one's own connector", () => {
  it.each(['packages/acme-sms', 'packages/acme-sms/src/index.ts'])(
    'in TypeScript is loaded by its path, enum and all: %s',
    async (place) => {
      const report = await certify(path.join(folder, place), 'other/acme-sms.json');
      expect(report.findings).toEqual([]);
      expect(report.dynamic.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
      expect(report).toMatchObject({ verdict: 'conformant', connector: { id: 'acme-sms' } });
    },
  );

  it('that asks Twilio hears what Twilio says, and may have a text for each language', async () => {
    const templates = ['Register', 'SignIn', 'ForgotPassword', 'Generic'].flatMap((usageType) => [
      { usageType, content: `{{code}} ist dein Code (${usageType}).`, language: 'de' },
      { usageType, content: `{{code}} is your code (${usageType}).`, language: 'en' },
    ]);
    const report = await certifyConnector({
      connector: path.join(folder, 'packages/by-language'),
      config: {
        accountSID: 'AC0123456789abcdef0123456789abcdef',
        authToken: 'fedcba9876543210fedcba9876543210',
        senderName: '+12025550143',
        templates,
      },
      patience: 2.5,
    });
    expect(report.findings).toEqual([]);
    expect(report.dynamic.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
  });

  it('is named with its version when it is a package', async () => {
    const report = await certifyConnector({
      connector: './packages/acme-sms',
      config: 'other/acme-sms.json',
      from: folder,
      dynamic: false,
    });
    expect(report.connector).toEqual({ name: 'acme-sms', version: '3.1.4', id: 'acme-sms' });
  });
});
