import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ACCOUNT,
  assertDescribed,
  type CarrierLab,
  NUMBER,
  SERVICE,
  startCarrierLab,
  until,
} from './carrier-lab.ts';
import { deliveryErrors, errorCatalogue } from './errors.ts';

describe('what the carrier refuses', () => {
  let lab: CarrierLab;
  beforeAll(async () => {
    lab = await startCarrierLab();
  });
  afterAll(() => lab.close());
  const good = { To: '+14155550100', MessagingServiceSid: SERVICE, Body: 'x' };
  const send = async (form: Record<string, string>) => {
    const answer = await lab.call('/Messages.json', form);
    return { ...((await answer.json()) as { sid: string; message: string }), status: answer.status };
  };
  const without = (name: keyof typeof good) =>
    Object.fromEntries(Object.entries(good).filter(([key]) => key !== name));

  it.each([
    [21604, without('To')],
    [21211, { ...good, To: '123' }],
    [21211, { ...good, To: '4915123456789' }],
    [21603, without('MessagingServiceSid')],
    [21705, { ...good, MessagingServiceSid: 'MG1' }],
    [21701, { ...good, MessagingServiceSid: `MG${'9'.repeat(32)}` }],
    [21619, without('Body')],
    [21602, { To: good.To, From: NUMBER }],
    [21212, { To: good.To, Body: 'x', From: '!!' }],
    [21606, { To: good.To, Body: 'x', From: '+12025550199' }],
    [21617, { ...good, Body: 'x'.repeat(1601) }],
    [21617, { ...good, Body: '😀'.repeat(801) }],
    [21620, { ...good, MediaUrl: 'ftp://example.com/a' }],
    [21609, { ...good, StatusCallback: 'http://under_score.example/' }],
    [21624, { ...good, ValidityPeriod: '36001' }],
    [35118, { To: good.To, From: NUMBER, Body: 'x', ScheduleType: 'fixed', SendAt: '2099-01-01T00:00:00Z' }],
    [21627, { ...good, MaxPrice: 'cheap' }],
    // Error dictionary: "You must indicate SendAt timestamp if ScheduleType is 'fixed'."
    [35111, { ...good, ScheduleType: 'fixed' }],
    [35114, { ...good, ScheduleType: 'fixed', SendAt: '2000-01-01T00:00:00Z' }],
    [21654, { ...good, ContentVariables: '{}' }],
    [21655, { ...good, ContentSid: 'HX1' }],
    [21211, { To: '1', From: '2', Body: '' }],
  ])('%i', async (code, form) => {
    expect(await send(form as Record<string, string>)).toMatchObject({
      code,
      status: errorCatalogue[code as keyof typeof errorCatalogue].status,
      more_info: `https://www.twilio.com/docs/errors/${code}`,
    });
  });

  it.each([
    ['+15005550001', 21211],
    ['+15005550002', 21612],
    ['+15005550003', 21408],
    ['+15005550004', 21610],
    ['+15005550009', 21614],
  ])('the magic number %s gives %i, with a Messaging Service too', async (To, code) => {
    expect(await send({ ...good, To })).toMatchObject({ code });
    expect(await send({ To, From: NUMBER, Body: 'x' })).toMatchObject({ code });
  });
  it.each([
    ['+15005550001', 21212],
    ['+15005550007', 21606],
    ['+15005550008', 21611],
  ])('the magic sender %s gives %i', async (From, code) => {
    expect(await send({ To: good.To, From, Body: 'x' })).toMatchObject({ code });
  });

  it.each(Object.entries(errorCatalogue))(
    '+1500%s00 gives the error in its name',
    async (code, { status }) => {
      const answer = await send({ ...good, To: `+1500${code}00` });
      expect(answer).toMatchObject({ code: Number(code), status });
      expect(answer.message).not.toMatch(/[{}]/);
    },
  );
  it.each(Object.entries(deliveryErrors))(
    '+1500%s00 is taken and never delivered',
    async (code, { status }) => {
      const { sid } = await send({ ...good, To: `+1500${code}00` });
      const ended = await until(async () => {
        const message = await (await lab.call(`/Messages/${sid}.json`)).json();
        return message.status === status && message;
      });
      expect(ended).toMatchObject({
        error_code: Number(code),
        error_message: deliveryErrors[Number(code)]?.message,
      });
      expect(
        assertDescribed('GET', `/2010-04-01/Accounts/${ACCOUNT.sid}/Messages/${sid}.json`, 200, ended),
      ).toBe(true);
      expect(lab.mock.inbox.list({ to: `+1500${code}00` })).toHaveLength(0);
    },
  );

  it('knows every code of the Messages API and of delivery that Twilio publishes and that was looked up', () => {
    // Those of Verify (60xxx) are in a catalogue of their own.
    const published = `20001 20010 20413 20423 20426 21621 21622 21627 21653 21657 21658 21708 21709 21711 21910 35111
      30012 30013 30014 30015 30016 30017 30018 30019 30020 30021 30024 30027 30028 30029 30030 30031 30033 30035 30410
      20003 20004 20005 20006 20007 20008 20009 20403 20404 20409 20422 20429 20500 20503 21211 21212
      21408 21481 21601 21602 21603 21604 21605 21606 21607 21608 21609 21610 21611 21612 21614 21616 21617 21618 21619
      21620 21623 21624 21635 21654 21655 21656 21659 21660 21661 21701 21702 21703 21704 21705 30409 35114 35118 35125
      35126 30001 30002 30003 30004 30005 30006 30007 30008 30009 30010 30011 30022 30023 30032 30034 30450 63001 63003
      63005 63007 63013 63015 63016 63018 63024 63031 63032 63038`;
    const known = { ...errorCatalogue, ...deliveryErrors };
    expect(published.split(/\s+/).filter((code) => !Object.hasOwn(known, code))).toEqual([]);
  });
  it('reads no JSON body, so that its To is missing', async () => {
    const answer = await fetch(`${lab.mock.origin}/2010-04-01/Accounts/${ACCOUNT.sid}/Messages.json`, {
      method: 'POST',
      headers: { authorization: basic(ACCOUNT.sid, ACCOUNT.authToken), 'content-type': 'application/json' },
      body: JSON.stringify(good),
    });
    expect(await answer.json()).toMatchObject({ code: 21604 });
  });

  const basic = (user: string, password: string) =>
    `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  it.each([
    ['no credentials', ACCOUNT.sid, undefined, 401, 'Authentication Error - No credentials provided'],
    ['a wrong token', ACCOUNT.sid, basic(ACCOUNT.sid, 'wrong'), 401, 'Authenticate'],
    [
      'an account nobody has',
      `AC${'1'.repeat(32)}`,
      basic(`AC${'1'.repeat(32)}`, 'x'),
      401,
      'Authentication Error - invalid username',
    ],
    [
      'a malformed account',
      'invalid_sid',
      basic('invalid_sid', 'x'),
      404,
      'The requested resource /2010-04-01/Accounts/invalid_sid/Messages.json was not found',
    ],
  ])('%s', async (_what, sid, authorization, status, message) => {
    const answer = await fetch(`${lab.mock.origin}/2010-04-01/Accounts/${sid}/Messages.json`, {
      headers: authorization ? { authorization } : {},
    });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ message, status });
    expect(answer.headers.get('www-authenticate')).toBe(status === 401 ? 'Basic realm="Twilio API"' : null);
    expect(answer.headers.get('twilio-request-id')).toMatch(/^RQ[0-9a-f]{32}$/);
  });
  it('takes an API key instead of the token', async () => {
    const [key] = ACCOUNT.apiKeys;
    const answer = await fetch(`${lab.mock.origin}/2010-04-01/Accounts/${ACCOUNT.sid}/Messages.json`, {
      headers: { authorization: basic(key?.sid ?? '', key?.secret ?? '') },
    });
    expect(answer.status).toBe(200);
  });

  it('answers 405 to another method, 404 to another spelling, 400 to a forged page token', async () => {
    expect(await (await lab.call('/Messages.json', {}, 'PUT')).json()).toMatchObject({
      code: 20004,
      status: 405,
    });
    expect((await lab.call('/messages.json')).status).toBe(404);
    expect(await (await lab.call('/Messages.json?PageToken=PASM1')).json()).toMatchObject({ code: 21481 });
    expect(await (await lab.call('/Messages.json?PageSize=1001')).json()).toMatchObject({ code: 20007 });
  });

  it('answers in XML where the path has no suffix, errors too', async () => {
    const created = await lab.call('/Messages', { ...good, Body: '1 < 2 & \u0001"3"' });
    expect(created.headers.get('content-type')).toBe('application/xml');
    expect(await created.text()).toContain('<Body>1 &lt; 2 &amp; "3"</Body>');
    expect(await (await lab.call('/Messages/SM1')).text()).toContain(
      '<TwilioResponse><RestException><Code>20404</Code>',
    );
    expect(await (await lab.call('/Messages?PageSize=1')).text()).toMatch(
      /<Messages [^>]*pagesize="1"[^>]*><Message>/,
    );
  });
});
