import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CarrierLab, startCarrierLab, VERIFY_SERVICE } from '../carrier-lab.ts';

describe("Twilio's SDK 6 and Verify", () => {
  let lab: CarrierLab;
  let next = 100;
  beforeAll(async () => {
    lab = await startCarrierLab();
  });
  afterAll(() => lab.close());
  const service = () => lab.sdk.verify.v2.services(VERIFY_SERVICE);
  const number = () => `+14155550${next++}`;
  const start = (to: string, more = {}) => service().verifications.create({ to, channel: 'sms', ...more });
  const check = (to: string, code: string) => service().verificationChecks.create({ to, code });
  const codeFor = (to: string) => lab.mock.inbox.list({ to }).at(-1)?.code ?? '';
  const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

  it('sends a code, and approves it once', async () => {
    const to = number();
    const started = await start(to);
    expect(started).toMatchObject({
      to,
      channel: 'sms',
      status: 'pending',
      valid: false,
      serviceSid: VERIFY_SERVICE,
    });
    expect(started.sid).toMatch(/^VE[0-9a-f]{32}$/);
    expect(started.sendCodeAttempts).toMatchObject([
      { channel: 'SMS', attempt_sid: expect.stringMatching(/^VL/) },
    ]);
    const [message] = lab.mock.inbox.list({ to });
    expect(message?.body).toBe(`Your Conformance verification code is: ${message?.code}`);
    expect(message?.code).toMatch(/^\d{6}$/);
    expect(message?.template).toBe('Verify');
    expect(await service().verifications(started.sid).fetch()).toMatchObject({ status: 'pending' });
    expect(await check(to, codeFor(to))).toMatchObject({ status: 'approved', valid: true, sid: started.sid });
    // "Twilio deletes the verification SID once it's approved" (twilio.com/blog/test-verify-no-rate-limits).
    await expect(check(to, codeFor(to))).rejects.toMatchObject({ status: 404, code: 20404 });
    await expect(service().verifications(started.sid).fetch()).rejects.toMatchObject({
      status: 404,
      code: 20404,
    });
  });

  it('is asked by the SID of a verification, too', async () => {
    const to = number();
    const { sid } = await start(to);
    const checked = await service().verificationChecks.create({ verificationSid: sid, code: codeFor(to) });
    expect(checked).toMatchObject({ status: 'approved', to });
  });

  it('keeps SID and code as long as it is pending, for five sends', async () => {
    const to = number();
    const first = await start(to);
    const code = codeFor(to);
    for (let sends = 2; sends <= 5; sends += 1) {
      const again = await start(to);
      expect(again.sid).toBe(first.sid);
      expect(again.sendCodeAttempts).toHaveLength(sends);
      expect(codeFor(to)).toBe(code);
    }
    await expect(start(to)).rejects.toMatchObject({ status: 429, code: 60203 });
    expect(lab.mock.inbox.list({ to })).toHaveLength(5);
    expect(lab.mock.inbox.attempts({ to })).toMatchObject([{ kind: 'refused', code: 60203 }]);
    expect(await check(to, code)).toMatchObject({ status: 'approved' });
    expect((await start(to)).sid).not.toBe(first.sid);
  });

  it('takes five wrong codes without an error, then none until it expires', async () => {
    const to = number();
    const { sid } = await start(to);
    const code = codeFor(to);
    for (let tries = 1; tries <= 5; tries += 1)
      expect(await check(to, wrong(code))).toMatchObject({ status: 'pending', valid: false });
    await expect(check(to, code)).rejects.toMatchObject({ status: 429, code: 60202 });
    expect((await service().verifications(sid).fetch()).status).toBe('max_attempts_reached');
    await expect(start(to)).rejects.toMatchObject({ status: 429, code: 60202 });
    lab.clock.advance(600);
    expect((await start(to)).sid).not.toBe(sid);
    expect(await check(to, codeFor(to))).toMatchObject({ status: 'approved' });
  });

  it('lets a code live for ten minutes of the clock of the mock', async () => {
    const [early, late] = [number(), number()];
    await start(early);
    await start(late);
    lab.clock.advance(590);
    expect(await check(early, codeFor(early))).toMatchObject({ status: 'approved' });
    lab.clock.advance(11);
    await expect(check(late, codeFor(late))).rejects.toMatchObject({ status: 404, code: 20404 });
  });

  it('is canceled and approved by hand', async () => {
    const [one, two] = [number(), number()];
    const canceled = await service()
      .verifications((await start(one)).sid)
      .update({ status: 'canceled' });
    expect(canceled).toMatchObject({ status: 'canceled', valid: false });
    expect((await service().verifications(canceled.sid).fetch()).status).toBe('canceled');
    await expect(check(one, codeFor(one))).rejects.toMatchObject({ code: 20404 });
    const approved = await service()
      .verifications((await start(two)).sid)
      .update({ status: 'approved' });
    expect(approved).toMatchObject({ status: 'approved', valid: true });
    await expect(service().verifications(approved.sid).fetch()).rejects.toMatchObject({ code: 20404 });
    await expect(service().verifications(approved.sid).update({ status: 'canceled' })).rejects.toMatchObject({
      code: 20404,
    });
  });

  it('sends the code of a service with the length that it asks for, or the caller’s own', async () => {
    const made = await lab.sdk.verify.v2.services.create({ friendlyName: 'Orchard', codeLength: 8 });
    const own = lab.sdk.verify.v2.services(made.sid);
    const [one, two] = [number(), number()];
    await own.verifications.create({ to: one, channel: 'sms', customCode: '271828' });
    expect(lab.mock.inbox.list({ to: one })[0]?.body).toMatch(/^Your Orchard verification code is: \d{8}$/);
    await own.update({ customCodeEnabled: true, doNotShareWarningEnabled: true });
    await own.verifications.create({ to: two, channel: 'sms', customCode: '271828' });
    expect(lab.mock.inbox.list({ to: two })[0]).toMatchObject({
      code: '271828',
      body: 'Your Orchard verification code is: 271828. Don’t share this code with anyone; our employees will never ask for the code',
    });
    expect(await own.verificationChecks.create({ to: two, code: '271828' })).toMatchObject({
      status: 'approved',
    });
    await expect(
      own.verifications.create({ to: two, channel: 'sms', customCode: '123' }),
    ).rejects.toMatchObject({
      code: 60200,
      message: 'Invalid parameter: CustomCode',
    });
    expect((await lab.sdk.verify.v2.services.list()).map(({ sid }) => sid)).toEqual([
      VERIFY_SERVICE,
      made.sid,
    ]);
    expect((await own.fetch()).codeLength).toBe(8);
    expect(await own.remove()).toBe(true);
    await expect(own.fetch()).rejects.toMatchObject({ code: 20404 });
  });

  it.each([
    ['a name without letters', { friendlyName: '12345' }],
    ['a code of three digits', { friendlyName: 'Orchard', codeLength: 3 }],
    ['a code of eleven digits', { friendlyName: 'Orchard', codeLength: 11 }],
  ])('refuses a service with %s', async (_what, input) => {
    await expect(lab.sdk.verify.v2.services.create(input)).rejects.toMatchObject({
      status: 400,
      code: 60200,
    });
  });

  it.each([
    ['no number', { to: '', channel: 'sms' }, 60200],
    ['a national number', { to: '0612345678', channel: 'sms' }, 60200],
    ['a number of no country', { to: '+10612345678', channel: 'sms' }, 60200],
    ['a channel that there is not', { to: '+14155550100', channel: 'pigeon' }, 60200],
    ['calls', { to: '+14155550100', channel: 'call' }, 60223],
    ['e-mail', { to: 'ada@example.com', channel: 'email' }, 60217],
    ['an invalid magic number', { to: '+15005550001', channel: 'sms' }, 60200],
    ['a country without permission', { to: '+15005550003', channel: 'sms' }, 60605],
    ['somebody who opted out', { to: '+15005550004', channel: 'sms' }, 21610],
    ['a landline', { to: '+15005550009', channel: 'sms' }, 60205],
    ['a number of our own scheme', { to: '+15006021200', channel: 'sms' }, 60212],
    ['a number that fraud guard blocks', { to: '+15006041000', channel: 'sms' }, 60410],
  ])('refuses %s', async (_what, input, code) => {
    await expect(service().verifications.create(input)).rejects.toMatchObject({ code });
  });

  it('tells who checks nothing, and who checks what was never sent', async () => {
    await expect(service().verificationChecks.create({ code: '123456' })).rejects.toMatchObject({
      code: 60221,
    });
    await expect(service().verificationChecks.create({ to: number() })).rejects.toMatchObject({
      code: 60200,
    });
    await expect(check(number(), '123456')).rejects.toMatchObject({ status: 404, code: 20404 });
    await expect(
      lab.sdk.verify.v2
        .services(`VA${'f'.repeat(32)}`)
        .verifications.create({ to: number(), channel: 'sms' }),
    ).rejects.toMatchObject({ status: 404, code: 20404 });
  });

  it('holds programmable rate limits', async () => {
    const limit = await service().rateLimits.create({ uniqueName: 'end_user_ip', description: 'by address' });
    const bucket = await service().rateLimits(limit.sid).buckets.create({ max: 2, interval: 60 });
    const from = (ip: string) => start(number(), { rateLimits: { end_user_ip: ip } });
    await from('192.0.2.1');
    await from('192.0.2.1');
    await expect(from('192.0.2.1')).rejects.toMatchObject({
      status: 429,
      code: 20429,
      message: 'Too many requests',
    });
    await from('192.0.2.2');
    lab.clock.advance(61);
    await from('192.0.2.1');
    await expect(service().rateLimits.create({ uniqueName: 'end_user_ip' })).rejects.toMatchObject({
      code: 60208,
    });
    await expect(service().rateLimits.create({ uniqueName: 'a b' })).rejects.toMatchObject({ code: 60209 });
    await expect(
      service().rateLimits(limit.sid).buckets.create({ max: 3, interval: 60 }),
    ).rejects.toMatchObject({ code: 60211 });
    const limits = service().rateLimits(limit.sid);
    expect((await limits.buckets(bucket.sid).update({ max: 5 })).max).toBe(5);
    expect((await limits.buckets(bucket.sid).fetch()).interval).toBe(60);
    expect(await limits.buckets.list()).toHaveLength(1);
    expect((await limits.update({ description: 'x' })).description).toBe('x');
    expect((await limits.fetch()).uniqueName).toBe('end_user_ip');
    expect(await service().rateLimits.list()).toHaveLength(1);
    expect(await limits.buckets(bucket.sid).remove()).toBe(true);
    expect(await limits.remove()).toBe(true);
  });

  it('lets nobody poll a status for ever', async () => {
    const { sid } = await start(number());
    for (let asked = 0; asked < 60; asked += 1) await service().verifications(sid).fetch();
    await expect(service().verifications(sid).fetch()).rejects.toMatchObject({ status: 429, code: 20429 });
  });

  it('lists what it sent', async () => {
    const to = number();
    const { sid } = await start(to);
    await start(to);
    await check(to, codeFor(to));
    const attempts = await lab.sdk.verify.v2.verificationAttempts.list({ verificationSid: sid });
    expect(attempts.map(({ conversionStatus }) => conversionStatus).sort()).toEqual([
      'converted',
      'unconverted',
    ]);
    const one = await lab.sdk.verify.v2.verificationAttempts(attempts[0]?.sid ?? '').fetch();
    expect(one.channelData).toMatchObject({ to, code_length: 6, country: 'US' });
    expect(await lab.sdk.messages.list({ to })).toEqual([]);
  });

  it('sends nothing while a fault says so', async () => {
    const scope = await lab.scopes.open();
    const to = number();
    lab.scopes.bind('phone', to, scope.id);
    lab.scopes.arm(scope.id, ['error/21614']);
    await expect(start(to)).rejects.toMatchObject({ status: 403, code: 60205 });
    lab.scopes.arm(scope.id, ['delivery/twice']);
    await start(to);
    expect(lab.mock.inbox.list({ to })).toHaveLength(2);
    lab.scopes.arm(scope.id, []);
    lab.clock.advance(601, scope.id);
    await expect(check(to, codeFor(to))).rejects.toMatchObject({ code: 20404 });
    lab.scopes.close(scope.id);
  });

  it('keeps codes out of the journal', async () => {
    const made = await lab.sdk.verify.v2.services.create({ friendlyName: 'Orchard', codeLength: 4 });
    const own = lab.sdk.verify.v2.services(made.sid);
    const to = number();
    await own.verifications.create({ to, channel: 'sms' });
    const code = codeFor(to);
    await own.verificationChecks.create({ to, code });
    const last = lab.journal.query({ endpoint: 'verify' }).at(-1);
    expect(last).toMatchObject({
      url: expect.stringMatching(/^https:\/\/verify\.twilio\.com\/v2\/Services\/VA/),
    });
    expect(JSON.stringify(last?.request)).not.toContain(code);
  });

  it('got no answer that differs from the API description', () => {
    const kinds = new Set(lab.validated.map((line) => line.replace(/[A-Z]{2}[0-9a-f]{32}/g, '…')));
    expect([...kinds].sort()).toEqual([
      'GET 200 /2010-04-01/Accounts/…/Messages.json',
      'GET 200 /v2/Attempts',
      'GET 200 /v2/Attempts/…',
      'GET 200 /v2/Services',
      'GET 200 /v2/Services/…',
      'GET 200 /v2/Services/…/RateLimits',
      'GET 200 /v2/Services/…/RateLimits/…',
      'GET 200 /v2/Services/…/RateLimits/…/Buckets',
      'GET 200 /v2/Services/…/RateLimits/…/Buckets/…',
      'GET 200 /v2/Services/…/Verifications/…',
      'POST 200 /v2/Services/…',
      'POST 200 /v2/Services/…/RateLimits/…',
      'POST 200 /v2/Services/…/RateLimits/…/Buckets/…',
      'POST 200 /v2/Services/…/VerificationCheck',
      'POST 200 /v2/Services/…/Verifications/…',
      'POST 201 /v2/Services',
      'POST 201 /v2/Services/…/RateLimits',
      'POST 201 /v2/Services/…/RateLimits/…/Buckets',
      'POST 201 /v2/Services/…/Verifications',
      'POST 429 /v2/Services/…/Verifications',
    ]);
  });
});
