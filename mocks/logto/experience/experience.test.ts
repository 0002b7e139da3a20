import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LogtoLab, startLogtoLab, type TestBrowser } from '../logto-lab.ts';

let lab: LogtoLab;
beforeAll(async () => {
  lab = await startLogtoLab();
});
afterAll(() => lab.close());

let number = 100;
const newPhone = () => {
  number += 1;
  return `1415555${number.toString().padStart(4, '0')}`;
};
const phoneOf = (value: string) => ({ type: 'phone', value });

async function start(event: string, params?: Record<string, string>): Promise<TestBrowser> {
  const browser = lab.browser();
  await browser.authorize(params);
  expect((await browser.call('PUT', '/api/experience', { interactionEvent: event })).status).toBe(204);
  return browser;
}
const send = async (browser: TestBrowser, phone: string, interactionEvent: string) =>
  (
    await browser.call('POST', '/api/experience/verification/verification-code', {
      identifier: phoneOf(phone),
      interactionEvent,
    })
  ).json.verificationId as string;
const verify = (browser: TestBrowser, phone: string, verificationId: string, code: string) =>
  browser.call('POST', '/api/experience/verification/verification-code/verify', {
    identifier: phoneOf(phone),
    verificationId,
    code,
  });
const identify = (browser: TestBrowser, verificationId?: string) =>
  browser.call('POST', '/api/experience/identification', { ...(verificationId && { verificationId }) });

async function register(phone: string): Promise<TestBrowser> {
  const browser = await start('Register');
  const id = await send(browser, phone, 'Register');
  await verify(browser, phone, id, lab.codeFor(phone));
  expect((await identify(browser, id)).status).toBe(201);
  return browser;
}

describe('signing in by phone code', () => {
  it('registers a new number and ends at the app with a code (recordings 206 to 228)', async () => {
    const browser = await register(newPhone());
    const { redirectTo } = (await browser.call('POST', '/api/experience/submit')).json as {
      redirectTo: string;
    };
    expect(redirectTo).toMatch(/\/oidc\/auth\/[\w-]+$/);
    const consent = await browser.call('GET', redirectTo);
    expect(consent.location).toMatch(/^\/consent\?app_id=/);
    const resume = await browser.call('GET', consent.location as string);
    const callback = await browser.call('GET', resume.location as string);
    expect(callback.location).toMatch(/^http:\/\/localhost:3999\/callback\?code=.+&state=lab-state&iss=/);
  });

  it('offers registration to an unknown number with the same verification (recordings 266 to 268)', async () => {
    const phone = newPhone();
    const browser = await start('SignIn');
    const id = await send(browser, phone, 'SignIn');
    await verify(browser, phone, id, lab.codeFor(phone));
    const unknown = await identify(browser, id);
    expect([unknown.status, unknown.json]).toEqual([
      404,
      {
        code: 'user.user_not_exist',
        data: { identifier: phone },
        message: 'User with {{ identifier }} does not exist.',
      },
    ]);
    await browser.call('PUT', '/api/experience/interaction-event', { interactionEvent: 'Register' });
    expect((await identify(browser, id)).status).toBe(201);
    expect(lab.sent.filter(({ to }) => to === `+${phone}`)).toHaveLength(1);
  });

  it('tells only at identification that a number is taken, and then signs in with it (recordings 272 to 275)', async () => {
    const phone = newPhone();
    await register(phone);
    const browser = await start('Register');
    const id = await send(browser, phone, 'Register');
    await verify(browser, phone, id, lab.codeFor(phone));
    expect((await identify(browser, id)).json.code).toBe('user.phone_already_in_use');
    await browser.call('PUT', '/api/experience/interaction-event', { interactionEvent: 'SignIn' });
    expect((await identify(browser, id)).status).toBe(204);
    expect((await identify(browser, id)).status).toBe(204);
  });

  it('lets a number be taken once, however many register it at the same time', async () => {
    const phone = newPhone();
    const ready = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const browser = await start('Register');
        const id = await send(browser, phone, 'Register');
        await verify(browser, phone, id, lab.codeFor(phone));
        return { browser, id };
      }),
    );
    const answers = await Promise.all(ready.map(({ browser, id }) => identify(browser, id)));
    expect(answers.map(({ status }) => status).filter((status) => status === 201)).toHaveLength(1);
  });

  it('treats a number with the 0 after its country code as the same number', async () => {
    await register('61412345678');
    const browser = await start('Register');
    const id = await send(browser, '610412345678', 'Register');
    await verify(browser, '610412345678', id, lab.codeFor('610412345678'));
    expect((await identify(browser, id)).json.code).toBe('user.phone_already_in_use');
  });
});

describe('codes', () => {
  it('are replaced by the next one, and the older verification id is gone (recordings 302 to 305)', async () => {
    const phone = newPhone();
    const browser = await start('SignIn');
    const first = await send(browser, phone, 'SignIn');
    const oldCode = lab.codeFor(phone);
    const second = await send(browser, phone, 'SignIn');
    expect((await verify(browser, phone, first, oldCode)).status).toBe(404);
    if (oldCode !== lab.codeFor(phone))
      expect((await verify(browser, phone, second, oldCode)).json.code).toBe(
        'verification_code.code_mismatch',
      );
    expect((await verify(browser, phone, second, lab.codeFor(phone))).status).toBe(200);
    expect((await verify(browser, phone, second, lab.codeFor(phone))).json.code).toBe(
      'verification_code.not_found',
    );
  });

  it('allow ten tries, also when the tries come at once (recordings 308 to 311)', async () => {
    const phone = newPhone();
    const browser = await start('SignIn');
    const id = await send(browser, phone, 'SignIn');
    const wrong = lab.codeFor(phone) === '111111' ? '222222' : '111111';
    const answers = await Promise.all(Array.from({ length: 14 }, () => verify(browser, phone, id, wrong)));
    const codes = answers.map(({ json }) => json.code);
    expect(codes.filter((code) => code === 'verification_code.code_mismatch')).toHaveLength(10);
    expect((await verify(browser, phone, id, lab.codeFor(phone))).json.code).toBe(
      'verification_code.exceed_max_try',
    );
  });

  it('expire after 600 seconds on the clock of their scope (recording 306)', async () => {
    const phone = newPhone();
    const scope = await lab.scopes.open();
    const browser = lab.browser();
    browser.cookies.set('conformance_scope', scope.id);
    await browser.authorize();
    await browser.call('PUT', '/api/experience', { interactionEvent: 'SignIn' });
    const id = await send(browser, phone, 'SignIn');
    lab.clock.advance(601, scope.id);
    expect((await verify(browser, phone, id, lab.codeFor(phone))).json.code).toBe(
      'verification_code.expired',
    );
    expect(lab.scopes.of('phone', `+${phone}`)).toBe(scope.id);
  });

  it('are six digits and never the same twice in a row of many', async () => {
    const codes = new Set<string>();
    for (let index = 0; index < 10; index += 1) {
      const phone = newPhone();
      await send(await start('SignIn'), phone, 'SignIn');
      codes.add(lab.codeFor(phone));
    }
    expect([...codes].every((code) => /^\d{6}$/.test(code))).toBe(true);
    expect(codes.size).toBeGreaterThan(8);
  });

  it('go to one number at most ten times in ten minutes', async () => {
    const phone = newPhone();
    const browser = await start('SignIn');
    for (let index = 0; index < 10; index += 1) await send(browser, phone, 'SignIn');
    const answer = await browser.call('POST', '/api/experience/verification/verification-code', {
      identifier: phoneOf(phone),
      interactionEvent: 'SignIn',
    });
    expect([answer.status, answer.json.code]).toEqual([429, 'request.message_rate_limited']);
  });
});

describe('what the carrier refuses', () => {
  it('comes back as connector.general with the raw body, and does not count as sent (recording 313)', async () => {
    const browser = await start('SignIn');
    lab.carrierAnswers({ status: 400, body: '{"code":21211}' });
    const answer = await browser.call('POST', '/api/experience/verification/verification-code', {
      identifier: phoneOf(newPhone()),
      interactionEvent: 'SignIn',
    });
    lab.carrierAnswers(undefined);
    expect([answer.status, answer.json]).toEqual([
      400,
      {
        code: 'connector.general',
        data: { message: '{"code":21211}' },
        message: 'Error occurred in connector: {"message":"{\\"code\\":21211}"}',
      },
    ]);
  });

  it('is a plain 500 when the connection breaks (recording 317)', async () => {
    const browser = await start('SignIn');
    lab.carrierAnswers('reset');
    const answer = await browser.call('POST', '/api/experience/verification/verification-code', {
      identifier: phoneOf(newPhone()),
      interactionEvent: 'SignIn',
    });
    lab.carrierAnswers(undefined);
    expect([answer.status, answer.json]).toEqual([500, { message: 'Internal server error.' }]);
  });
});

describe('requests that cannot be served', () => {
  it('need an interaction (recording 620)', async () => {
    const answer = await lab.browser().call('PUT', '/api/experience', { interactionEvent: 'SignIn' });
    expect([answer.status, answer.json]).toEqual([
      400,
      {
        code: 'session.not_found',
        message: 'Session not found. Please go back and sign in again.',
        error: 'invalid_request',
        error_description: 'interaction session not found',
      },
    ]);
  });

  it('are guarded in the words of zod 3, in the language of the reader (recordings 208, 626)', async () => {
    const browser = await start('SignIn');
    const answer = await browser.call(
      'POST',
      '/api/experience/verification/verification-code',
      { identifier: phoneOf('+14155550101'), interactionEvent: 'SignIn' },
      { 'accept-language': 'fr-FR,fr;q=0.9' },
    );
    expect(answer.json).toEqual({
      code: 'guard.invalid_input',
      data: {
        issues: [
          { validation: 'regex', code: 'invalid_string', message: 'Invalid', path: ['identifier', 'value'] },
        ],
        name: 'ZodError',
      },
      details: 'Error in key path "identifier.value": (invalid_string) Invalid',
      message: "La requête body n'est pas valide.",
    });
  });

  it('hear what is wrong with malformed JSON (recording 624)', async () => {
    const browser = await start('SignIn');
    const answer = await browser.call('PUT', '/api/experience', '{bad');
    expect(answer.status).toBe(400);
    expect(Object.keys(answer.json)).toEqual(['message']);
  });

  it('hear which methods a path knows (recording 623)', async () => {
    const answer = await lab.browser().call('OPTIONS', '/api/experience');
    expect([answer.status, answer.headers.get('allow'), answer.text]).toEqual([200, 'PUT', '']);
  });
});
