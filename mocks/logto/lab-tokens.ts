/** A Logto mock with an API, a second client and requests for tokens; for unit tests. */
import { signInByPhone } from './lab-sign-in.ts';
import { LAB_CLIENT, startLogtoLab } from './logto-lab.ts';

export const REDIRECT_URI = LAB_CLIENT.redirectUris[0] as string;
export const API = 'https://api.example.test';

/** The Authorization header of a confidential client. */
export const basic = (id = LAB_CLIENT.id, secret = LAB_CLIENT.secret) => ({
  authorization: `Basic ${btoa(`${id}:${secret}`)}`,
});

export type TokenLab = Awaited<ReturnType<typeof startTokenLab>>;

export async function startTokenLab() {
  const lab = await startLogtoLab();
  const { mock } = lab;
  await mock.putApplication({
    id: 'other',
    secret: 'other-secret-0000000000000000001',
    redirectUris: [REDIRECT_URI],
  });
  await mock.context.tenant.resources.create({
    id: 'api',
    name: 'api',
    indicator: API,
    scopes: ['read', 'write'],
  });
  mock.context.tenant.roles.set('reader', { [API]: ['read'] });

  /** Posts a form to an endpoint of the issuer. */
  async function post(path: string, form: Record<string, string>, headers: Record<string, string> = basic()) {
    const answer = await fetch(`${mock.issuer}${path}`, {
      method: 'POST',
      headers,
      body: new URLSearchParams(form),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      json: (text.startsWith('{') ? JSON.parse(text) : {}) as Record<string, string>,
    };
  }

  let people = 0;
  /** The number (digits only) of the person who signs in next. */
  const nextPhone = () => `1303555${String(people + 1).padStart(4, '0')}`;

  /** Signs a new person in; the code is not exchanged yet. */
  async function signIn(params: Record<string, string> = {}, browser = lab.browser()) {
    const phone = nextPhone();
    people += 1;
    const query = new URLSearchParams({
      client_id: LAB_CLIENT.id,
      redirect_uri: REDIRECT_URI,
      response_type: 'code',
      scope: 'openid phone',
      ...params,
    });
    const url = await signInByPhone(lab, browser, `/oidc/auth?${query}`, phone);
    return { browser, phone, code: url.searchParams.get('code') ?? '' };
  }

  const exchange = (code: string, more: Record<string, string> = {}, headers?: Record<string, string>) =>
    post('/token', { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, ...more }, headers);

  return { ...lab, post, nextPhone, signIn, exchange };
}
