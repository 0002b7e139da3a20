import { afterEach, describe, expect, it } from 'vitest';
import { LAB_CLIENT, type LogtoLab, startLogtoLab, type TestBrowser } from '../logto-lab.ts';

let lab: LogtoLab;
afterEach(() => lab.close());

const PHONE = '14155550101';

/** Signs a person in through the API and trades the code for an access token of their own. */
async function userToken(): Promise<{ browser: TestBrowser; headers: Record<string, string> }> {
  const browser = lab.browser();
  await browser.authorize();
  const post = (path: string, body?: unknown) => browser.call('POST', `/api/experience${path}`, body);
  await browser.call('PUT', '/api/experience', { interactionEvent: 'Register' });
  const identifier = { type: 'phone', value: PHONE };
  const { verificationId } = (
    await post('/verification/verification-code', { identifier, interactionEvent: 'Register' })
  ).json;
  await post('/verification/verification-code/verify', {
    identifier,
    verificationId,
    code: lab.codeFor(PHONE),
  });
  await post('/identification', { verificationId });
  let next = (await post('/submit')).json.redirectTo as string;
  while (!next.startsWith(LAB_CLIENT.redirectUris[0] as string))
    next = (await browser.call('GET', next)).location as string;
  const answer = await fetch(`${lab.mock.origin}/oidc/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${LAB_CLIENT.id}:${LAB_CLIENT.secret}`)}` },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: new URL(next).searchParams.get('code') as string,
      redirect_uri: LAB_CLIENT.redirectUris[0] as string,
    }),
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  return { browser, headers: { authorization: `Bearer ${token}` } };
}

describe('changing the own phone number', () => {
  it('wants the old number proven, then the new one (recordings 641 to 645)', async () => {
    lab = await startLogtoLab();
    const { browser, headers } = await userToken();
    const call = (path: string, body: unknown, more = {}) =>
      browser.call('POST', `/api${path}`, body, { ...headers, ...more });
    const bind = (more: object) =>
      call(
        '/my-account/primary-phone',
        { phone: '14155550140', newIdentifierVerificationRecordId: String(ids['14155550140']) },
        more,
      );
    const ids: Record<string, unknown> = {};
    const prove = async (value: string) => {
      const identifier = { type: 'phone', value };
      const sent = await call('/verifications/verification-code', { identifier });
      expect([sent.status, sent.headers.get('access-control-allow-origin')]).toEqual([201, '*']);
      ids[value] = sent.json.verificationRecordId;
      const answer = await call('/verifications/verification-code/verify', {
        identifier,
        verificationId: ids[value],
        code: lab.codeFor(value),
      });
      expect([answer.status, answer.json]).toEqual([200, { verificationRecordId: ids[value] }]);
    };

    expect((await bind({})).json.code).toBe('account_center.not_enabled');
    await allow({ enabled: true, fields: { phone: 'Edit' } });
    await prove(PHONE);
    await prove('14155550140');
    expect((await bind({})).json).toEqual({
      code: 'verification_record.permission_denied',
      message: 'Permission denied, please re-authenticate.',
    });
    expect((await bind({ 'logto-verification-id': String(ids['14155550140']) })).status).toBe(401);
    expect((await bind({ 'logto-verification-id': String(ids[PHONE]) })).status).toBe(204);
    const me = (await browser.call('GET', '/api/my-account', undefined, headers)).json;
    expect([me.primaryPhone, me.hasSecurityVerificationMethod, 'name' in me]).toEqual([
      '14155550140',
      true,
      false,
    ]);
  });
});

/** Switches the account center on through the Management API. */
async function allow(change: object): Promise<void> {
  const manager = { id: 'lab0manager000000000a', secret: 'lab-manager-secret-0000000000001' };
  await lab.mock.putApplication({
    ...manager,
    type: 'MachineToMachine',
    roles: ['Logto Management API access'],
  });
  const answer = await fetch(`${lab.mock.origin}/oidc/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${manager.id}:${manager.secret}`)}` },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      resource: 'https://default.logto.app/api',
      scope: 'all',
    }),
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  const changed = await lab
    .browser()
    .call('PATCH', '/api/account-center', change, { authorization: `Bearer ${token}` });
  expect(changed.status).toBe(200);
}
