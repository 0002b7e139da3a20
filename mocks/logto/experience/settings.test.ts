import { afterEach, describe, expect, it } from 'vitest';
import { type LogtoLab, startLogtoLab, type TestBrowser } from '../logto-lab.ts';
import { hashPassword } from '../passwords.ts';

let lab: LogtoLab;
afterEach(() => lab.close());

const PHONE = '14155550101';
const phone = { type: 'phone', value: PHONE };
const PASSWORD = 'Kj7#violetHarbor';

async function start(event: string): Promise<TestBrowser> {
  const browser = lab.browser();
  await browser.authorize();
  await browser.call('PUT', '/api/experience', { interactionEvent: event });
  return browser;
}
const post = (browser: TestBrowser, path: string, body?: unknown) =>
  browser.call('POST', `/api/experience${path}`, body);
const send = async (browser: TestBrowser, interactionEvent: string, identifier = phone) =>
  (await post(browser, '/verification/verification-code', { identifier, interactionEvent })).json
    .verificationId as string;
const verify = (browser: TestBrowser, verificationId: string, code: string, identifier = phone) =>
  post(browser, '/verification/verification-code/verify', { identifier, verificationId, code });
async function prove(browser: TestBrowser, event: string, identifier = phone): Promise<string> {
  const id = await send(browser, event, identifier);
  expect((await verify(browser, id, lab.codeFor(identifier.value), identifier)).status).toBe(200);
  return id;
}
const bob = async (columns: object = {}) => ({
  id: 'bob000000001',
  primaryPhone: PHONE,
  passwordHash: await hashPassword(PASSWORD),
  ...columns,
});

describe('sign-in only', () => {
  it('keeps a code for an unknown number and sends nothing (recordings 326, 327)', async () => {
    lab = await startLogtoLab({ signInExperience: { signInMode: 'SignIn' } });
    const browser = await start('SignIn');
    const id = await send(browser, 'SignIn');
    expect(lab.sent).toEqual([]);
    expect((await verify(browser, id, '123456')).json.code).toBe('verification_code.code_mismatch');
  });

  it('counts messages that were not sent, or the cap would tell who exists', async () => {
    lab = await startLogtoLab({ signInExperience: { signInMode: 'SignIn' } });
    const browser = await start('SignIn');
    for (let index = 0; index < 10; index += 1) await send(browser, 'SignIn');
    expect(
      (
        await post(browser, '/verification/verification-code', {
          identifier: phone,
          interactionEvent: 'SignIn',
        })
      ).status,
    ).toBe(429);
  });

  it('refuses to register at identification (recordings 325, 330)', async () => {
    lab = await startLogtoLab({ signInExperience: { signInMode: 'SignIn' } });
    const browser = await start('Register');
    const answer = await post(browser, '/identification', {
      verificationId: await prove(browser, 'Register'),
    });
    expect([answer.status, answer.json.code]).toEqual([403, 'auth.forbidden']);
  });
});

describe('a password asked for at sign-up', () => {
  it('is missed, judged, and then completes the registration (recordings 331 to 335)', async () => {
    lab = await startLogtoLab({
      signInExperience: {
        signUp: { identifiers: ['phone'], password: true, verify: true },
        passwordPolicy: { rejects: { pwned: false } },
      },
    });
    const browser = await start('Register');
    const missing = await post(browser, '/identification', {
      verificationId: await prove(browser, 'Register'),
    });
    expect([missing.status, missing.json.data]).toEqual([422, { missingProfile: ['password'] }]);
    const weak = await post(browser, '/profile', { type: 'password', value: 'short' });
    expect([weak.status, weak.json.data]).toEqual([
      422,
      [{ code: 'password_rejected.too_short', interpolation: { min: 8 } }],
    ]);
    expect((await post(browser, '/profile', { type: 'password', value: PASSWORD })).status).toBe(204);
    expect((await post(browser, '/identification', {})).status).toBe(201);
    expect((await post(browser, '/submit')).status).toBe(200);
  });
});

describe('methods that are switched off', () => {
  it('send codes but do not identify (recordings 336, 337)', async () => {
    lab = await startLogtoLab({
      users: [await bob()],
      signInExperience: {
        signIn: {
          methods: [
            { identifier: 'phone', password: true, verificationCode: false, isPasswordPrimary: true },
          ],
        },
      },
    });
    const browser = await start('SignIn');
    const answer = await post(browser, '/identification', { verificationId: await prove(browser, 'SignIn') });
    expect([answer.status, answer.json.code]).toEqual([422, 'user.sign_in_method_not_enabled']);
  });

  it('let nobody change a forgotten password (recording 386)', async () => {
    lab = await startLogtoLab({ users: [await bob()], signInExperience: { forgotPasswordMethods: [] } });
    const browser = await start('ForgotPassword');
    const answer = await post(browser, '/identification', {
      verificationId: await prove(browser, 'ForgotPassword'),
    });
    expect([answer.status, answer.json.code]).toEqual([422, 'session.not_supported_for_forgot_password']);
  });
});

describe('a forgotten password', () => {
  it('is replaced and signs in afterwards (recordings 381 to 399)', async () => {
    lab = await startLogtoLab({ users: [await bob()] });
    const browser = await start('ForgotPassword');
    expect(
      (await post(browser, '/identification', { verificationId: await prove(browser, 'ForgotPassword') }))
        .status,
    ).toBe(204);
    expect((await post(browser, '/submit')).json.code).toBe('user.new_password_required_in_profile');
    const put = (password: string) => browser.call('PUT', '/api/experience/profile/password', { password });
    expect((await put(PASSWORD)).json.code).toBe('user.same_password');
    expect((await put('Zx9!plumQuartz')).status).toBe(204);
    const done = await post(browser, '/submit');
    expect([done.status, done.text]).toEqual([204, '']);
    expect((await browser.call('GET', '/api/experience/interaction')).status).toBe(404);
    await browser.call('PUT', '/api/experience', { interactionEvent: 'SignIn' });
    const wrong = await post(browser, '/verification/password', { identifier: phone, password: PASSWORD });
    expect([wrong.status, wrong.json.code]).toEqual([422, 'session.invalid_credentials']);
    const right = await post(browser, '/verification/password', {
      identifier: phone,
      password: 'Zx9!plumQuartz',
    });
    expect(
      (await post(browser, '/identification', { verificationId: right.json.verificationId })).status,
    ).toBe(204);
    expect((await post(browser, '/submit')).status).toBe(200);
  });

  it('of an unknown number sends nothing and stays apart from signing in (recording 382)', async () => {
    lab = await startLogtoLab();
    const browser = await start('ForgotPassword');
    await send(browser, 'ForgotPassword');
    expect(lab.sent).toEqual([]);
    const answer = await browser.call('PUT', '/api/experience/interaction-event', {
      interactionEvent: 'SignIn',
    });
    expect([answer.status, answer.json.code]).toEqual([400, 'session.not_supported_for_forgot_password']);
  });
});

describe('too many attempts', () => {
  it('lock the identifier, right code or not, until the time is over (recordings 318 to 322)', async () => {
    lab = await startLogtoLab({
      signInExperience: { sentinelPolicy: { maxAttempts: 3, lockoutDuration: 10 } },
    });
    const browser = await start('SignIn');
    const id = await send(browser, 'SignIn');
    const wrong = lab.codeFor(PHONE) === '111111' ? '222222' : '111111';
    await verify(browser, id, wrong);
    await verify(browser, id, wrong);
    const locked = await verify(browser, id, wrong);
    expect([locked.status, locked.json]).toEqual([
      400,
      {
        code: 'session.verification_blocked_too_many_attempts',
        message: 'Too many attempts in a short time. Please try again in 10 minutes.',
      },
    ]);
    expect((await verify(browser, id, lab.codeFor(PHONE))).json.code).toBe(
      'session.verification_blocked_too_many_attempts',
    );
    lab.clock.advance(3601);
    const again = await start('SignIn');
    expect((await verify(again, await send(again, 'SignIn'), lab.codeFor(PHONE))).status).toBe(200);
  });
});

describe('a suspended person', () => {
  it('is refused at identification (recording 339)', async () => {
    lab = await startLogtoLab({ users: [await bob({ isSuspended: true })] });
    const browser = await start('SignIn');
    const answer = await post(browser, '/identification', { verificationId: await prove(browser, 'SignIn') });
    expect([answer.status, answer.json]).toEqual([
      401,
      { code: 'user.suspended', message: 'This account is suspended.' },
    ]);
  });
});

describe('a second factor by phone', () => {
  const settings = {
    signUp: { identifiers: ['username' as const], password: true, verify: false },
    signIn: {
      methods: [
        { identifier: 'username' as const, password: true, verificationCode: false, isPasswordPrimary: true },
      ],
    },
    mfa: { factors: ['PhoneVerificationCode'], policy: 'Mandatory' },
  };
  const byPassword = async (browser: TestBrowser) => {
    const proof = await post(browser, '/verification/password', {
      identifier: { type: 'username', value: 'bob' },
      password: PASSWORD,
    });
    await post(browser, '/identification', { verificationId: proof.json.verificationId });
  };

  it('is asked for with the number masked, sent with its own template, and then signs in', async () => {
    lab = await startLogtoLab({ users: [await bob({ username: 'bob' })], signInExperience: settings });
    const browser = await start('SignIn');
    await byPassword(browser);
    const asked = await post(browser, '/submit');
    expect([asked.status, asked.json.code, asked.json.data]).toEqual([
      403,
      'session.mfa.require_mfa_verification',
      {
        availableFactors: ['PhoneVerificationCode'],
        maskedIdentifiers: { PhoneVerificationCode: '****0101' },
      },
    ]);
    const { verificationId } = (
      await post(browser, '/verification/mfa-verification-code', { identifierType: 'phone' })
    ).json;
    expect(lab.sent.at(-1)?.body).toMatch(/^\[MfaVerification\]/);
    const code = lab.codeFor(PHONE);
    expect(
      (
        await post(browser, '/verification/mfa-verification-code/verify', {
          verificationId,
          code,
          identifierType: 'phone',
        })
      ).status,
    ).toBe(200);
    expect((await post(browser, '/submit')).status).toBe(200);
  });

  it('is bound with the BindMfa template by whoever has none yet', async () => {
    lab = await startLogtoLab({
      users: [await bob({ username: 'bob', primaryPhone: null })],
      signInExperience: settings,
    });
    const browser = await start('SignIn');
    await byPassword(browser);
    const missing = await post(browser, '/submit');
    expect([missing.status, missing.json.code, missing.json.data]).toEqual([
      422,
      'user.missing_mfa',
      { availableFactors: ['PhoneVerificationCode'] },
    ]);
    const verificationId = await prove(browser, 'SignIn');
    expect(lab.sent.at(-1)?.body).toMatch(/^\[BindMfa\]/);
    expect(
      (await post(browser, '/profile/mfa', { type: 'PhoneVerificationCode', verificationId })).status,
    ).toBe(204);
    expect((await post(browser, '/submit')).status).toBe(200);
  });
});

describe('usernames', () => {
  it('register with a password of their own and are told apart by case', async () => {
    lab = await startLogtoLab({
      signInExperience: {
        signUp: { identifiers: ['username'], password: true, verify: false },
        signIn: {
          methods: [
            { identifier: 'username', password: true, verificationCode: false, isPasswordPrimary: true },
          ],
        },
      },
    });
    const register = async (value: string) => {
      const browser = await start('Register');
      const made = await post(browser, '/verification/new-password-identity', {
        identifier: { type: 'username', value },
        password: PASSWORD,
      });
      return made.status === 200
        ? post(browser, '/identification', { verificationId: made.json.verificationId })
        : made;
    };
    expect((await register('Alice')).status).toBe(201);
    expect((await register('alice')).status).toBe(201);
    expect((await register('alice')).json.code).toBe('user.username_already_in_use');
  });
});
