import { describe, expect, it } from 'vitest';
import {
  fingerprint,
  maskPhone,
  redact,
  redactHeaders,
  redactText,
  registerSecret,
  registerSecretsIn,
} from './redact.ts';

const JWT = 'eyJhbGciOiJFUzM4NCJ9.eyJzdWIiOiJhYmMifQ.c2lnbmF0dXJl';

describe('redactText', () => {
  it.each([
    ['an authorization code in a URL', 'http://localhost/cb?code=Xk3-9fTz_q&iss=x', 'Xk3-9fTz_q'],
    [
      'a code in a URL inside a URL',
      'http://localhost/?next=http%3A%2F%2Fa%2Fcb%3Fcode%3DXk39fTzq%26iss%3Dx',
      'Xk39fTzq',
    ],
    [
      'a form body',
      'grant_type=authorization_code&code=abc123XYZ&code_verifier=vErIfIeR1234',
      'vErIfIeR1234',
    ],
    ['a JSON body', '{"access_token":"opaque1234567","expires_in":3600}', 'opaque1234567'],
    ['escaped JSON', '"{\\"refresh_token\\":\\"opaque1234567\\"}"', 'opaque1234567'],
    ['an inspected object', "tokens: { id_token: 'opaque1234567', scope: 'openid' }", 'opaque1234567'],
    ['camel case', "{ clientSecret: 'hunter2hunter2' }", 'hunter2hunter2'],
    ['an environment variable', 'AUTH_LOGTO_SECRET=hunter2hunter2 node app.js', 'hunter2hunter2'],
    [
      'another environment variable',
      'TWILIO_AUTH_TOKEN=0123456789abcdef0123456789abcdef',
      '0123456789abcdef0123456789abcdef',
    ],
    ['basic credentials', 'authorization: Basic YXBwOnNlY3JldA==', 'YXBwOnNlY3JldA'],
    ['a bearer token', 'Authorization: Bearer opaque-1234567', 'opaque-1234567'],
    ['a JWT anywhere', `received ${JWT} from issuer`, JWT],
    ['a session cookie in a log', 'cookie authjs.session-token=abcdefghij; Path=/', 'abcdefghij'],
    ['a chunked session cookie', '__Secure-next-auth.session-token.0=abcdefghij;', 'abcdefghij'],
    ['a Cookie header in a log', 'Cookie: a=bcdefgh; other=ijklmnop', 'ijklmnop'],
    [
      'a cookie of a debug log',
      "{ name: 'authjs.session-token', value: 'abcdefghij', options: {} }",
      'abcdefghij',
    ],
    ['a hidden field', '<input type="hidden" name="csrfToken" value="abc123def456"/>', 'abc123def456'],
    ['a hidden field, the other way round', '<input value="abc123def456" name="csrfToken">', 'abc123def456'],
    ['a password of Logto', '{"type":"password","value":"correct horse"}', 'correct horse'],
    ['a one-time code in a message', 'Your Acme code is 493021. It ends in 10 minutes.', '493021'],
    ['a one-time code in a form', 'To=%2B12025550142&Body=Your+verification+code+is+493021', '493021'],
    ['a one-time code before its name', '493021 is your verification code', '493021'],
    ['a one-time code in JSON', '{"verificationId":"x","code":"493021"}', '493021'],
    ['a box of a split code field', 'passcode_0=4938&passcode_1=9021', '9021'],
    ['a phone number', 'sent to +12025550142', '1202555014'],
    ['an encoded phone number', 'To=%2B12025550142', '1202555014'],
    ['a phone number without plus, as Logto writes it', '{"phone_number":"4915123456789"}', '49151234567'],
    [
      'a private key',
      '-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\n-----END PRIVATE KEY-----',
      'MIGHAgEAMBMGByqGSM49',
    ],
  ])('hides %s', (_, text, secret) => {
    const clean = redactText(text);
    expect(clean).not.toContain(secret);
    expect(clean).toMatch(/[‹•]/);
  });

  it.each([
    'id-token/aud-other-client: refuses an ID token issued to another client',
    'callback/code-missing and callback/token-500',
    '2026-11-23T09:30:00.000Z',
    'next-auth 5.0.0-beta.32, @auth/core 0.41.3',
    'http://localhost:41733/api/auth/callback/logto?error=Configuration',
    'http://127.0.0.1:41734/oidc/auth?client_id=app&response_type=code&code_challenge_method=S256&scope=openid',
    'SM00000000000000000000000000000001 MG0123456789abcdef0123456789abcdef',
    '{"code":"session.verification_session_not_found","message":"…"}',
    '{"code":21211,"status":400} Twilio error code 21211',
    'code: CONF_NO_LAB, code: ECONNREFUSED',
    'WWW-Authenticate: Bearer realm="api", error="invalid_token"',
    'npx authjs-conformance run laws/tokens-kept doors/id-token-as-bearer session/no-token',
    'token_type: Bearer, token endpoint: http://127.0.0.1/oidc/token',
    '{"grant_types_supported":["authorization_code"],"response_types_supported":["code"]}',
    'process 123456 exited with code 1 after 1234567 ms',
    'GET /api/auth/session 200 in 48ms',
    'the commit 1f0c9be, the digest 381684d1aa3fba330beff786b094c2ceb081034d',
    'suites/redirect.spec.ts:123456',
    'seq 1 of 1000000, offset 10000000',
    "code: 'ERR_HTTP_HEADERS_SENT'",
  ])('leaves alone: %s', (text) => expect(redactText(text)).toBe(text));

  it('shows the same fingerprint for the same value, wherever it stands', () => {
    const mark = `#${fingerprint('abc123XYZ')}›`;
    expect(redactText('?code=abc123XYZ')).toContain(mark);
    expect(redactText('{"code":"abc123XYZ"}')).toContain(mark);
    expect(redact({ code: 'abc123XYZ' }).code).toContain(mark);
  });
  it('changes nothing that was redacted before', () => {
    const once = redactText(
      `code=abc123XYZ&id_token=${JWT} to +12025550142 code is 493021, authjs.session-token=x1y2z3`,
    );
    expect(redactText(once)).toBe(once);
    expect(redact(JSON.parse(JSON.stringify({ once })))).toEqual({ once });
  });
  it('hides a registered secret in any place, also encoded and inside a word', () => {
    registerSecret('client secret', 'pa$$ w/ör?d-long-enough');
    expect(redactText(encodeURIComponent('pa$$ w/ör?d-long-enough'))).toMatch(
      /^‹client secret #[0-9a-f]{6}›$/,
    );
    registerSecret('client secret', 'conformance-client-secret-0000001');
    expect(redactText('xconformance-client-secret-0000001x')).not.toContain('secret-0000001');
  });
  it('hides a registered one-time code only where it stands alone', () => {
    registerSecret('one-time code', '777123');
    expect(redactText('enter 777123.')).not.toContain('777123');
    expect(redactText('digest a777123b')).toBe('digest a777123b');
  });
  it('takes no longer for what is registered by the thousands', () => {
    const text = 'GET /api/auth/session 200 {"user":{"name":"Ada"}} '.repeat(80);
    const middle = () => {
      const times = Array.from({ length: 51 }, () => {
        const startedAt = performance.now();
        redactText(text);
        return performance.now() - startedAt;
      });
      return times.sort((one, next) => one - next)[25] as number;
    };
    middle();
    const before = middle();
    for (let code = 100_000; code < 110_000; code += 1) registerSecret('one-time code', String(code));
    // Looking for each of them would take a thousand times as long.
    expect(middle() / before).toBeLessThan(20);
  });
  it('is not slowed down by hostile text', () => {
    const startedAt = performance.now();
    for (const text of [
      'code'.repeat(20_000),
      '"'.repeat(50_000),
      'a=b;'.repeat(20_000),
      `name="${'x'.repeat(50_000)}`,
      '%3D'.repeat(20_000),
      'code '.repeat(16_000),
      '-'.repeat(60_000),
      'token_'.repeat(10_000),
    ])
      redactText(text);
    expect(performance.now() - startedAt).toBeLessThan(1_500);
  });
});

describe('redact', () => {
  it('hides strings under secret names and leaves the names of errors', () => {
    expect(redact({ code: 'CONF_NO_LAB', nested: [{ password: 'hunter2' }] })).toEqual({
      code: 'CONF_NO_LAB',
      nested: [{ password: expect.stringMatching(/^‹password/) }],
    });
  });
  it('keeps what is no text', () =>
    expect(redact({ a: 1, b: null, c: true, d: undefined })).toEqual({
      a: 1,
      b: null,
      c: true,
      d: undefined,
    }));
  it('hides every cookie of a header', () => {
    expect(
      redactHeaders({
        cookie: 'a=secretone; b=secrettwo',
        'set-cookie': ['c=secretthree; Path=/; HttpOnly'],
      }),
    ).toEqual({
      cookie: expect.stringMatching(/^a=‹cookie #\w+›; b=‹cookie #\w+›$/),
      'set-cookie': [expect.stringMatching(/^c=‹cookie #\w+›; Path=\/; HttpOnly$/)],
    });
  });
  it('registers what a config holds under secret names', () => {
    registerSecretsIn({
      target: { clientSecret: 'from-the-config-1' },
      list: [{ authToken: 'from-the-config-2' }],
    });
    expect(redactText('from-the-config-1 from-the-config-2')).not.toMatch(/config-[12]/);
  });
});

describe('names that every object has', () => {
  it('are names like any other', () => {
    const tree = JSON.parse('{"constructor":"1","toString":"2","__proto__":"3","valueOf":["4"]}');
    expect(redact(tree)).toEqual(tree);
    expect(redactHeaders({ constructor: 'x', hasownproperty: 'y' })).toEqual({
      constructor: 'x',
      hasownproperty: 'y',
    });
  });
});

describe('maskPhone', () => {
  it('keeps the last two digits', () => expect(maskPhone('+12025550142')).toBe('+•••••••••42'));
});

describe('a text that was looked through before', () => {
  let count = 0;
  const fresh = () => `Zq7late${(count++).toString(36).padStart(4, '0')}secretvalue`;
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const percent = (text: string) =>
    [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

  it.each<[string, (secret: string) => string]>([
    ['as it is', (secret) => `x-trace: ${secret}; more`],
    ['at the end of a word', (secret) => `x-trace: ${secret}...`],
    ['in base64', (secret) => `x-trace: ${base64(`key=${secret}`)}`],
    ['in base64 of base64', (secret) => `x-trace: ${base64(`key=${base64(`a=${secret}`)}`)}`],
    ['in hexadecimal digits', (secret) => `x-trace: ${Buffer.from(secret).toString('hex')}`],
    ['in percent signs', (secret) => `x-trace: ${percent(secret)}`],
    ['in entities', (secret) => [...secret].map((sign) => `&#${sign.charCodeAt(0)};`).join('')],
    ['cut', (secret) => `x-trace: ${secret.slice(0, 12)}…`],
    ['in base64 between slashes', (secret) => `/a1b2C3d4/${base64(`key: ${secret}`).replace(/=+$/, '')}/e5`],
  ])('hides a secret that is registered later and stands there %s', (_, write) => {
    const secret = fresh();
    const text = write(secret);
    expect(redactText(text)).toBe(text);
    registerSecret('token', fresh());
    expect(redactText(text)).toBe(text);
    registerSecret('token', secret);
    expect(redactText(text)).toContain('‹');
    expect(redactText(text)).not.toBe(text);
  });

  it('hides what a config holds, when an address holds it in percent signs', () => {
    const secret = `ü/${fresh()}`;
    const text = `to ${encodeURIComponent(secret)}`;
    expect(redactText(text)).toBe(text);
    registerSecret('client secret', secret);
    expect(redactText(text)).toContain('‹client secret #');
  });

  it('hides it when thousands of others came in between', () => {
    const secret = fresh();
    const text = `x-trace: ${secret}`;
    expect(redactText(text)).toBe(text);
    registerSecret('token', secret);
    for (let index = 0; index < 3_000; index += 1) registerSecret('state', `state${index}of-many`);
    expect(redactText(text)).toContain('‹token #');
  });
});
