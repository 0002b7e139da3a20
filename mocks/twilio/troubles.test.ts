import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goodTwilioConfig, type Mocks, startMocks } from '../index.ts';

const template = (usageType: string) => ({
  usageType,
  content: `Hallo ${usageType}, {{code}} bitte eingeben`,
});

describe('trouble with messages', () => {
  let mocks: Mocks;
  beforeAll(async () => {
    const templates = ['Register', 'SignIn', 'ForgotPassword', 'Generic'].map(template);
    mocks = await startMocks({ connector: { config: { ...goodTwilioConfig, templates } } });
  });
  afterAll(() => mocks.close());

  const send = (scope: string, to: string, code: string) =>
    mocks.issuer.context.sms.send({ to: to.replace(/\D/g, ''), type: 'SignIn', payload: { code }, scope });

  for (const fault of ['delivery/late', 'delivery/lost', 'error/20429', 'error/reset'] as const) {
    it(`a code never reaches the journal, with ${fault} neither`, async () => {
      const scope = await mocks.client.openScope({ willArm: [fault] });
      await mocks.client.arm(scope.id, [fault]);
      const { phone } = await mocks.client.addPerson();
      const code = String(Math.floor(100_000 + Math.random() * 899_999));
      await send(scope.id, phone, code).catch(() => undefined);
      const entries = await mocks.client.journal({ scope: scope.id });
      expect(entries.length).toBeGreaterThan(0);
      expect(JSON.stringify(entries)).not.toContain(code);
      await mocks.client.closeScope(scope.id);
    });
  }

  it.each(['482 913', '482-913', '4829', '77'])('neither does the code %s', async (code) => {
    const scope = await mocks.client.openScope();
    const { phone } = await mocks.client.addPerson();
    await send(scope.id, phone, code);
    const [message] = await mocks.client.messages(phone);
    expect(message).toMatchObject({ code: code.replace(/\D/g, ''), template: 'SignIn' });
    const bodies = (await mocks.client.journal({ scope: scope.id, endpoint: 'messages' })).map(
      ({ request, response }) => [
        (request.body as { Body: string }).Body,
        (response.body as { body: string }).body,
      ],
    );
    expect(bodies).toEqual([
      Array(2).fill(expect.stringMatching(/^Hallo SignIn, ‹one-time code #\w{6}› bitte eingeben$/)),
    ]);
    await mocks.client.closeScope(scope.id);
  });

  it('with out-of-order for a whole scope the second message comes first, and none is lost', async () => {
    const scope = await mocks.client.openScope();
    await mocks.client.arm(scope.id, ['delivery/out-of-order']);
    const { phone } = await mocks.client.addPerson();
    await send(scope.id, phone, '111111');
    await send(scope.id, phone, '222222');
    expect((await mocks.client.messages(phone)).map(({ code }) => code)).toEqual(['222222', '111111']);
    await mocks.client.closeScope(scope.id);
  });

  it('a time without milliseconds, or in another offset, finds the messages of that time', async () => {
    const scope = await mocks.client.openScope();
    const { phone } = await mocks.client.addPerson();
    await send(scope.id, phone, '333333');
    const [message] = await mocks.client.messages(phone);
    const second = `${message?.at.slice(0, 19)}Z`;
    expect((await mocks.client.waitForMessage(phone, { since: second, waitMs: 100 })).code).toBe('333333');
    await expect(mocks.client.waitForMessage(phone, { since: 'yesterday', waitMs: 100 })).rejects.toThrow(
      /no ISO 8601 time/,
    );
    await mocks.client.closeScope(scope.id);
  });
});

describe('the usage type of a message', () => {
  let mocks: Mocks;
  beforeAll(async () => {
    const templates = ['Register', 'SignIn', 'ForgotPassword', 'Generic'].map((usageType) => ({
      usageType,
      content: 'Code: {{code}}',
    }));
    mocks = await startMocks({ connector: { config: { ...goodTwilioConfig, templates } } });
  });
  afterAll(() => mocks.close());

  it('is the one that Logto asked for, though all templates have the same text', async () => {
    const scope = await mocks.client.openScope();
    const { phone } = await mocks.client.addPerson();
    for (const type of ['SignIn', 'Register', 'ForgotPassword', 'Generic', 'MfaVerification'])
      await mocks.issuer.context.sms.send({
        to: phone.replace(/\D/g, ''),
        type,
        payload: { code: '123456' },
        scope: scope.id,
      });
    expect(
      (await mocks.client.messages(phone)).map(({ template, usageType }) => [template, usageType]),
    ).toEqual([
      ['SignIn', 'SignIn'],
      ['Register', 'Register'],
      ['ForgotPassword', 'ForgotPassword'],
      ['Generic', 'Generic'],
      ['Generic', 'MfaVerification'],
    ]);
    const entries = await mocks.client.journal({ scope: scope.id, endpoint: 'messages' });
    expect(entries.map(({ facts }) => facts.template)).toEqual([
      'SignIn',
      'Register',
      'ForgotPassword',
      'Generic',
      'Generic',
    ]);
    expect(JSON.stringify(entries)).not.toContain('x-conformance-usage-type');
    await mocks.client.closeScope(scope.id);
  });
});
