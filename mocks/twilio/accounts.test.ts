import twilio from 'twilio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, type CarrierLab, SERVICE, startCarrierLab } from './carrier-lab.ts';

const SUB = {
  sid: `AC${'5b'.repeat(16)}`,
  authToken: 'lab-auth-token-of-a-subaccount-0001',
  messagingServices: [`MG${'5c'.repeat(16)}`],
  friendlyName: 'Shop',
  ownerSid: ACCOUNT.sid,
};
const OTHER = {
  sid: `AC${'6b'.repeat(16)}`,
  authToken: 'lab-auth-token-of-another-000001',
  messagingServices: [],
};

describe('accounts', () => {
  let lab: CarrierLab;
  beforeAll(async () => {
    lab = await startCarrierLab({ accounts: [ACCOUNT, SUB, OTHER] });
  });
  afterAll(() => lab.close());
  const ask = (path: string, user: string, password: string, form?: Record<string, string>) =>
    fetch(`${lab.mock.origin}/2010-04-01${path}`, {
      headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });

  it('the SDK lists its own and its subaccounts, by name and status too', async () => {
    const sids = async (filter?: object) =>
      (await lab.sdk.api.v2010.accounts.list(filter as never)).map(({ sid }) => sid);
    expect(await sids()).toEqual([ACCOUNT.sid, SUB.sid]);
    expect(await sids({ friendlyName: 'Shop' })).toEqual([SUB.sid]);
    expect(await sids({ status: 'active', pageSize: 1 })).toEqual([ACCOUNT.sid, SUB.sid]);
    expect(await sids({ status: 'closed' })).toEqual([]);
    expect(lab.validated).toContain('GET 200 /2010-04-01/Accounts.json');
  });
  it('of others nothing is seen, and without credentials nothing at all', async () => {
    const own = await (await ask('/Accounts.json', OTHER.sid, OTHER.authToken)).json();
    expect(own.accounts.map(({ sid }: { sid: string }) => sid)).toEqual([OTHER.sid]);
    expect(await (await ask('/Accounts.json', 'nobody', 'x')).json()).toMatchObject({
      code: 20003,
      status: 401,
    });
    expect(
      await (await ask('/Accounts.json', OTHER.sid, OTHER.authToken, { FriendlyName: 'x' })).json(),
    ).toMatchObject({
      code: 20004,
      status: 405,
    });
    expect(await (await ask('/Accounts', ACCOUNT.sid, ACCOUNT.authToken)).text()).toMatch(
      /<TwilioResponse><Accounts [^>]*><Account><AuthToken>/,
    );
  });
  it("a parent's credentials work on the path of its subaccount, and nobody else's", async () => {
    const path = `/Accounts/${SUB.sid}/Messages.json`;
    const form = { To: '+14155550100', MessagingServiceSid: SUB.messagingServices[0] as string, Body: 'x' };
    expect((await ask(path, ACCOUNT.sid, ACCOUNT.authToken, form)).status).toBe(201);
    expect((await ask(path, SUB.sid, SUB.authToken, form)).status).toBe(201);
    expect((await ask(path, OTHER.sid, OTHER.authToken, form)).status).toBe(401);
    expect((await ask(`/Accounts/${ACCOUNT.sid}/Messages.json`, SUB.sid, SUB.authToken, form)).status).toBe(
      401,
    );
    const asParent = twilio(ACCOUNT.sid, ACCOUNT.authToken, {
      accountSid: SUB.sid,
      httpClient: lab.sdk.httpClient,
    });
    expect(await asParent.messages.list()).toHaveLength(2);
    expect(await lab.sdk.messages.list()).toHaveLength(0);
  });
  it('the SDK lists the senders of a service by kind', async () => {
    lab.mock.setAccounts([{ ...ACCOUNT, numbers: ['+12025550142', '24365', 'ACME'] }, SUB, OTHER]);
    const service = lab.sdk.messaging.v1.services(SERVICE);
    expect((await service.phoneNumbers.list()).map(({ phoneNumber }) => phoneNumber)).toEqual([
      '+12025550142',
      '+15005550006',
    ]);
    expect((await service.shortCodes.list()).map(({ shortCode }) => shortCode)).toEqual(['24365']);
    expect((await service.alphaSenders.list()).map(({ alphaSender }) => alphaSender)).toEqual(['ACME']);
  });
  it('each has its own services', async () => {
    const form = { To: '+14155550100', MessagingServiceSid: SERVICE, Body: 'x' };
    const answer = await ask(`/Accounts/${SUB.sid}/Messages.json`, SUB.sid, SUB.authToken, form);
    expect(await answer.json()).toMatchObject({ code: 21701 });
  });
});
