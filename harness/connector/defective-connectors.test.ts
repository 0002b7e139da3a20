import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { certifyConnector } from './certify.ts';
import { exitCodeOf } from './report.ts';
import { LATER_TYPES, USAGE_TYPES } from './usage-types.ts';

const folder = path.resolve(import.meta.dirname, '../../fixtures/connectors');
const config = path.join(folder, 'other/acme-sms.json');
const certify = (name: string, more = {}) =>
  certifyConnector({ connector: path.join(folder, `packages/mutants/${name}.ts`), config, ...more });

const SENDS = USAGE_TYPES.map((type) => `send/${type}`);
const LATER_SENDS = LATER_TYPES.map((type) => `send/${type}`);
const STATUSES = ['error/400', 'error/401', 'error/403', 'error/429', 'error/500', 'error/503'];
/** What `post` of the defective connectors lacks: it wraps no error of fetch, and follows redirects. */
const CARELESS = ['wire/reset', 'wire/hang', 'wire/redirect', 'wire/redirect-loop'];

interface Expected {
  fail?: string[];
  warn?: string[];
  /** Seconds of patience, when waiting is what the test would do most of the time. */
  patience?: number;
}

/** Each defective connector, and everything that must be held against it: nothing less, nothing more. */
const defects: Record<string, Expected> = {
  'forgets-code': { fail: SENDS },
  'forgets-number': { fail: [...SENDS, ...STATUSES, 'wire/page-502'], warn: CARELESS },
  'forgets-credentials': { fail: ['request/authentication'], warn: CARELESS },
  'sends-nothing': { fail: SENDS },
  'sends-twice': { fail: SENDS },
  'copies-elsewhere': { fail: SENDS },
  'ignores-type': { fail: ['send/Register', 'send/SignIn', 'send/ForgotPassword'] },
  'american-numbers': { fail: ['send/SignIn'] },
  'number-code': { fail: SENDS },
  hangs: { fail: SENDS, warn: ['wire/hang', 'wire/slow'], patience: 1 },
  'swallows-errors': {
    fail: [...STATUSES, 'wire/page-502', 'wire/reset', 'wire/hang', 'wire/redirect-loop'],
  },
  'plain-error': { fail: [...STATUSES, 'wire/page-502'], warn: CARELESS },
  'keeps-reason': { warn: STATUSES },
  'leaks-key': {
    fail: [...STATUSES, 'wire/page-502', 'wire/reset', 'wire/hang', 'wire/redirect-loop'],
    warn: ['secrets/error-object'],
  },
  'leaks-key-in-base64': {
    fail: [...STATUSES, 'wire/page-502', 'wire/reset', 'wire/hang', 'wire/redirect-loop'],
    warn: ['secrets/error-object'],
  },
  'prints-key': { warn: ['secrets/console'] },
  'prints-code': { warn: ['secrets/console'] },
  'writes-key': { warn: ['secrets/console'] },
  'key-in-address': { warn: ['send/secret-in-address', ...CARELESS] },
  positions: { warn: ['send/ui-locales', ...CARELESS] },
  'no-fallback': { warn: LATER_SENDS },
};

describe.concurrent('a defective connector of one’s own is told exactly what it does wrong', () => {
  it.each(Object.entries(defects))('%s', async (name, { fail = [], warn = [], patience }) => {
    const report = await certify(name, { patience });
    const having = (verdict: string) =>
      report.dynamic.filter((result) => result.verdict === verdict).map(({ id }) => id);
    expect({ fail: having('fail').sort(), warn: having('warn').sort() }).toEqual({
      fail: [...fail].sort(),
      warn: [...warn].sort(),
    });
    expect(report.findings).toEqual([]);
    expect(exitCodeOf(report)).toBe(fail.length > 0 ? 1 : 0);
    expect(JSON.stringify(report)).not.toContain('acme-live-key');
  });
});

it.each([
  ['ignores-type', 'It sent the text of Generic in the place of the one of SignIn.'],
  ['american-numbers', 'does not name the number of a person in Germany, +4915112345678.'],
  ['number-code', 'it took the code for a number.'],
  ['copies-elsewhere', 'https://analytics.example/track'],
])('%s is told what was seen', async (name, words) => {
  const { dynamic } = await certify(name, { patience: 0.5 });
  expect(dynamic.find(({ id }) => id === 'send/SignIn')?.message).toContain(words);
});

describe('a connector that looks into the answer of its carrier', () => {
  it('is not judged while the answer is made up', async () => {
    const report = await certify('reads-answer', { patience: 0.5 });
    const open = report.dynamic.filter(({ verdict }) => verdict === 'not judged').map(({ id }) => id);
    expect(open).toEqual(expect.arrayContaining(SENDS));
    expect(report.dynamic.find(({ id }) => id === 'send/SignIn')?.fix).toContain('--carrier-answer');
  });

  it('sends, once its answer is given', async () => {
    const report = await certify('reads-answer', {
      answer: { status: 200, body: { id: '1' } },
      patience: 0.5,
    });
    const sends = report.dynamic.filter(({ id }) => id.startsWith('send/'));
    expect(sends.map(({ verdict }) => verdict)).toEqual(SENDS.map(() => 'pass'));
  });
});

describe('what is no SMS connector is refused in clear words', () => {
  const refused: [what: string, connector: string, code: string, words: RegExp][] = [
    [
      'an email connector by path',
      './packages/mutants/email.ts',
      'CONF_CONNECTOR_TYPE',
      /is an email connector\n.*email connectors are out/,
    ],
    [
      'an email connector of Logto',
      '@logto/connector-mailgun',
      'CONF_CONNECTOR_TYPE',
      /connector-mailgun is an email connector\n.*email connectors are out/,
    ],
    [
      'a module that makes no connector',
      './packages/mutants/no-function.ts',
      'CONF_CONNECTOR_BROKEN',
      /no default export that makes a connector/,
    ],
    [
      'a connector without a guard',
      './packages/mutants/no-guard.ts',
      'CONF_CONNECTOR_BROKEN',
      /lacks configGuard/,
    ],
    [
      'a connector that cannot be loaded',
      './packages/mutants/throws-on-load.ts',
      'CONF_CONNECTOR_BROKEN',
      /no licence of Acme found/,
    ],
    [
      'a package that is not installed',
      '@logto/connector-twillio-sms',
      'CONF_CONNECTOR_MISSING',
      /did you mean @logto\/connector-twilio-sms/,
    ],
    [
      'a path that leads nowhere',
      './no-such-connector',
      'CONF_CONNECTOR_MISSING',
      /there is no connector at/,
    ],
    ['a folder without an entry', './good', 'CONF_CONNECTOR_BROKEN', /names no entry/],
  ];
  it.each(refused)('%s', async (_what, connector, code, words) => {
    const error = await certifyConnector({ connector, config, from: folder }).catch((thrown) => thrown);
    expect(error).toMatchObject({ name: 'ConformanceError', parts: { code } });
    expect(error.message).toMatch(words);
  });
});
