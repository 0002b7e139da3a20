import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ManagerLab, startManagerLab } from './lab-manager.ts';
import type { TestBrowser } from './logto-lab.ts';

const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
let lab: ManagerLab;
let device: string;
beforeAll(async () => {
  lab = await startManagerLab();
  const { json } = await lab.manage('POST', '/applications', {
    name: 'television',
    type: 'Native',
    customClientMetadata: { isDeviceFlow: true },
  });
  device = String(json.id);
});
afterAll(() => lab.close());

const post = async (path: string, form: Record<string, string>) => {
  const answer = await fetch(`${lab.mock.issuer}${path}`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  return { status: answer.status, json: (await answer.json()) as Record<string, string> };
};
const follow = async (browser: TestBrowser, url: string) => {
  let answer = await browser.call('GET', url, undefined, { accept: 'text/html' });
  for (let hops = 0; answer.location && hops < 10; hops += 1)
    answer = await browser.call('GET', answer.location, undefined, { accept: 'text/html' });
  return answer;
};

describe('the device flow', () => {
  it('connects a device once its code is typed and somebody signed in', async () => {
    const asked = (await post('/device/auth', { client_id: device, scope: 'openid phone' })).json;
    expect(asked.verification_uri).toBe(`${lab.mock.origin}/device`);
    const token = () =>
      post('/token', { grant_type: GRANT, client_id: device, device_code: asked.device_code ?? '' });
    expect((await token()).json.error).toBe('authorization_pending');

    const browser = lab.browser();
    const page = await follow(browser, '/device');
    expect(page.text).toContain('Device activation');
    const xsrfIn = ({ text }: { text: string }) => /name="xsrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
    const wrong = await browser.post('/oidc/device', { xsrf: xsrfIn(page), user_code: 'XXXX-XXXX' });
    expect(wrong.location).toMatch(/^\/device\?input_code=.*error=NotFoundError/);
    const xsrf = xsrfIn(await follow(browser, wrong.location as string));
    const sent = await browser.post('/oidc/device', {
      xsrf,
      user_code: asked.user_code ?? '',
      confirm: 'yes',
    });
    expect(sent.location).toBe(`/sign-in?app_id=${device}`);

    const phone = '13035550199';
    const identifier = { type: 'phone', value: phone };
    const at = '/api/experience';
    await browser.call('PUT', at, { interactionEvent: 'Register' });
    const code = `${at}/verification/verification-code`;
    const { verificationId } = (
      await browser.call('POST', code, { identifier, interactionEvent: 'Register' })
    ).json;
    await browser.call('POST', `${code}/verify`, { identifier, verificationId, code: lab.codeFor(phone) });
    await browser.call('POST', `${at}/identification`, { verificationId });
    const { redirectTo } = (await browser.call('POST', `${at}/submit`)).json;
    expect((await follow(browser, String(redirectTo))).text).toContain('Your device is now connected!');
    const { json } = await token();
    expect(json).toMatchObject({ token_type: 'Bearer', scope: 'openid phone' });
    expect((await token()).json.error).toBe('invalid_grant');
  });

  it('is for applications of that kind, and they for nothing else', async () => {
    expect(
      (await post('/device/auth', { client_id: 'lab0client0000000000a' })).status,
    ).toBeGreaterThanOrEqual(400);
    const browser = lab.browser();
    const answer = await browser.authorize({ client_id: device });
    expect(answer.status).toBe(400);
  });
});
