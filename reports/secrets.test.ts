import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { sampleChecks } from '../fixtures/reports/sample.ts';
import type { Exchange } from '../mocks/journal.ts';
import { buildReport } from './build.ts';
import { diffReports, diffText } from './diff.ts';
import { mergeReports } from './merge.ts';
import type { CheckResult } from './model.ts';
import { REPORTER_NAMES } from './reporter-names.ts';
import { writeReports } from './writers.ts';

/** One secret of each kind, none of them registered: only their places give them away. */
const secrets = {
  clientSecret: 'S3cretOfTheClient-9fX2',
  code: 'kZ8vQ1-AuthCode_77',
  accessToken: 'opaqueAccessToken4711abc',
  refreshToken: 'opaqueRefreshToken0815xyz',
  idToken: 'eyJhbGciOiJFUzM4NCIsImtpZCI6IngifQ.eyJzdWIiOiJwcml2YXRlLXN1YmplY3QifQ.AAECAwQFBgcICQoL',
  verifier: 'vErIfIeR-0123456789-abcdefghijklmnopqrstuvw',
  sessionCookie: 'sessionCookieValue31337',
  logtoCookie: 'logtoCookieValue31337',
  otp: '904613',
  authToken: '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
  phone: '+12025550187',
  password: 'correct-Horse-9-battery',
  csrf: 'c5rfT0kenValueWithHash',
};
const {
  clientSecret,
  code,
  accessToken,
  refreshToken,
  idToken,
  verifier,
  sessionCookie,
  logtoCookie,
  otp,
  authToken,
  phone,
  password,
  csrf,
} = secrets;
const basic = Buffer.from(`conformance-app:${clientSecret}`).toString('base64');
/** What must not be found, in any spelling. */
const forbidden = [
  ...Object.values(secrets),
  ...Object.values(secrets).map((each) => encodeURIComponent(each)),
  phone.slice(1),
  phone.slice(0, -2),
  basic,
  ...Object.values(secrets).map((each) => Buffer.from(each).toString('base64').replace(/=+$/, '')),
];

/** All secrets as an app, a user agent or a mock would write them. */
const leaks = [
  `GET /api/auth/callback/logto?code=${code}&state=x 302`,
  `redirect=http%3A%2F%2Flocalhost%2Fcb%3Fcode%3D${code}%26iss%3Dx`,
  `Authorization: Basic ${basic}`,
  `authorization: 'Bearer ${accessToken}'`,
  `{"access_token":"${accessToken}","refresh_token":"${refreshToken}","id_token":"${idToken}"}`,
  `[auth][debug]: authorization result { tokens: { accessToken: '${accessToken}', refreshToken: '${refreshToken}' } }`,
  `client_secret=${clientSecret}&code_verifier=${verifier}`,
  `AUTH_LOGTO_SECRET=${clientSecret} TWILIO_AUTH_TOKEN=${authToken}`,
  `{"accountSID":"AC0123456789abcdef0123456789abcdef","authToken":"${authToken}"}`,
  `Cookie: authjs.session-token=${sessionCookie}; _session=${logtoCookie}`,
  `set-cookie: __Secure-authjs.session-token=${sessionCookie}; Path=/; HttpOnly`,
  `Your Acme verification code is ${otp}. It ends in 10 minutes.`,
  `Body=Your+code+is+${otp}&To=${encodeURIComponent(phone)}`,
  `{"verificationId":"vf","code":"${otp}","identifier":{"type":"phone","value":"${phone.slice(1)}"}}`,
  `sending a code to ${phone}`,
  `{"type":"password","value":"${password}"}`,
  `<input type="hidden" name="csrfToken" value="${csrf}">`,
  `csrfToken=${csrf}&callbackUrl=%2F`,
  `logout with id_token_hint=${idToken}`,
];
const everything = leaks.join('\n');

function leaky(check: CheckResult): CheckResult {
  const exchange = (leak: string, index: number): Exchange => ({
    seq: index + 1,
    at: check.startedAt,
    durationMs: 1,
    scope: null,
    from: 'browser',
    to: 'app',
    method: 'POST',
    url: `http://localhost:3000/api/auth/callback/logto?code=${code}&id_token_hint=${idToken}`,
    status: 200,
    request: {
      headers: {
        cookie: `authjs.session-token=${sessionCookie}; _session.sig=${logtoCookie}`,
        authorization: `Basic ${basic}`,
        referer: `http://localhost/?code=${code}`,
      },
      body: leak,
    },
    response: {
      headers: {
        'set-cookie': [`authjs.session-token=${sessionCookie}; Path=/`, `_interaction=${logtoCookie}`],
        location: `/cb?code=${code}`,
      },
      body: { nested: [{ access_token: accessToken, password, clientSecret, note: leak }] },
    },
    faults: [],
    facts: {},
  });
  return {
    ...check,
    message: everything.replaceAll('\n', ' '),
    detail: everything,
    log: leaks,
    known: check.known && everything,
    fix: everything,
    steps: [{ name: 'control', outcome: everything, ok: true, from: 1, to: 1 }],
    exchanges: leaks.map(exchange),
    attachments: [{ name: `page of code=${code}`, contentType: 'image/png', path: 'attachments/x.png' }],
  };
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'conformance-secrets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const verdicts = ['fail', 'warn', 'note', 'blocked', 'error', 'not applicable', 'pass'] as const;
const checks = sampleChecks()
  .slice(0, 14)
  .map((check, index) =>
    leaky({
      ...check,
      verdict: verdicts[index % 7] as CheckResult['verdict'],
      ...(index === 7 && { known: 'later' }),
    }),
  );
const report = buildReport({
  facts: {
    target: { name: 'app', origin: `http://localhost:3000/?code=${code}`, versions: {}, features: [] },
    findings: [{ code: 'CONF_SMOKE_SIGN_IN', what: everything, expected: everything, remedy: everything }],
    targetLog: leaks,
  },
  checks,
});
const found = (text: string) => forbidden.filter((secret) => text.includes(secret));

/** The HTML report packs its time lines; a secret in there would be as public. */
const unpack = (file: string, text: string) => {
  const packed = /id="exchanges">([^<]*)</.exec(text)?.[1];
  return file.endsWith('.html') && packed
    ? `${text}\n${gunzipSync(Buffer.from(packed, 'base64')).toString('utf8')}`
    : text;
};

describe('no secret reaches a report', () => {
  it('finds the planted secrets where they were planted', () =>
    expect(found(everything).length).toBeGreaterThan(12));

  const printed: string[] = [];
  const summary = path.join(folder, 'step-summary.md');
  writeReports(report, {
    outputFolder: folder,
    reporters: REPORTER_NAMES,
    environment: { GITHUB_ACTIONS: '1', GITHUB_STEP_SUMMARY: summary },
    print: (text) => printed.push(text),
  });
  it.each(readdirSync(folder))('%s', (file) =>
    expect(found(unpack(file, readFileSync(path.join(folder, file), 'utf8')))).toEqual([]),
  );
  it('what is printed', () => expect(found(printed.join('\n'))).toEqual([]));
  it('what is merged and compared', () => {
    expect(found(JSON.stringify(mergeReports([report, report])))).toEqual([]);
    expect(
      found(
        diffText(
          diffReports(
            { ...report, checks: report.checks.map((check) => ({ ...check, verdict: 'pass' as const })) },
            report,
          ),
        ),
      ),
    ).toEqual([]);
  });
  it('keeps what names things: ids, titles, files, clauses and the codes of errors', () => {
    expect(report.checks.map(({ id, title, file, line }) => ({ id, title, file, line }))).toEqual(
      checks.map(({ id, title, file, line }) => ({ id, title, file, line })),
    );
    expect(report.findings[0]?.code).toBe('CONF_SMOKE_SIGN_IN');
  });
  it('what the reporter writes of a run whose app prints secrets, attachments with text too', () => {
    const out = path.join(folder, 'run');
    const lab = path.join(folder, 'lab.json');
    writeFileSync(
      lab,
      JSON.stringify({
        config: { target: { clientSecret: 'registered client secret !' } },
        connector: { config: { authToken } },
      }),
    );
    const cli = path.join(
      path.dirname(createRequire(import.meta.url).resolve('@playwright/test/package.json')),
      'cli.js',
    );
    const stdout = execFileSync(
      process.execPath,
      [cli, 'test', '--config', path.join(import.meta.dirname, 'probe', 'playwright.config.ts'), 'leak'],
      {
        cwd: path.join(import.meta.dirname, 'probe'),
        env: {
          ...process.env,
          PROBE_OUT: out,
          PROBE_LEAK: `${everything}\nregistered client secret !`,
          CONFORMANCE_LAB: lab,
        },
        encoding: 'utf8',
      },
    );
    expect(stdout).toContain('not a certification');
    const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(files.length).toBeGreaterThan(2);
    for (const { name, parentPath } of files) {
      const text = unpack(name, readFileSync(path.join(parentPath, name), 'utf8'));
      expect({ name, found: found(text), registered: text.includes('registered client secret !') }).toEqual({
        name,
        found: [],
        registered: false,
      });
    }
    expect(found(stdout)).toEqual([]);
  });
});
