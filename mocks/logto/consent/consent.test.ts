import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ManagerLab, startManagerLab } from '../lab-manager.ts';
import { basic, REDIRECT_URI } from '../lab-tokens.ts';
import type { TestBrowser } from '../logto-lab.ts';

const SECRET = 'third-party-secret-00000000000001';
const API = 'https://api.example.test';
const PASSWORD = 'Corr3ct-Horse-9';
const SCOPE = 'openid profile urn:logto:scope:organizations read write';

let lab: ManagerLab;
let user: string;
let acme: string;
beforeAll(async () => {
  lab = await startManagerLab({
    applications: [
      {
        id: 'third',
        secret: SECRET,
        name: 'Third',
        redirectUris: [REDIRECT_URI],
        isThirdParty: true,
        userConsentScopes: [],
      },
    ],
    signInExperience: {
      signIn: {
        methods: [
          { identifier: 'username', password: true, verificationCode: false, isPasswordPrimary: true },
        ],
      },
      signUp: { identifiers: ['username'], password: true, verify: false },
    },
  });
  const { manage } = lab;
  const make = async (path: string, body: object) => String((await manage('POST', path, body)).json.id);
  user = await make('/users', { username: 'ann', password: PASSWORD, name: 'Ann' });
  const resource = await make('/resources', { name: 'API', indicator: API });
  const read = await make(`/resources/${resource}/scopes`, { name: 'read' });
  await make(`/resources/${resource}/scopes`, { name: 'write' });
  acme = await make('/organizations', { name: 'Acme' });
  const role = await make('/organization-roles', { name: 'reader', resourceScopeIds: [read] });
  await manage('POST', `/organizations/${acme}/users`, { userIds: [user] });
  await manage('POST', `/organizations/${acme}/users/${user}/roles`, { organizationRoleIds: [role] });
  await manage('POST', '/applications/third/user-consent-scopes', {
    userScopes: ['profile', 'urn:logto:scope:organizations'],
    organizationResourceScopes: [read],
  });
});
afterAll(() => lab.close());

/** Signs in up to the consent page. */
async function arrive(more: Record<string, string> = {}): Promise<TestBrowser> {
  const browser = lab.browser();
  await browser.authorize({ client_id: 'third', scope: SCOPE, resource: API, ...more });
  await browser.call('PUT', '/api/experience', { interactionEvent: 'SignIn' });
  const { json } = await browser.call('POST', '/api/experience/verification/password', {
    identifier: { type: 'username', value: 'ann' },
    password: PASSWORD,
  });
  await browser.call('POST', '/api/experience/identification', { verificationId: json.verificationId });
  const { redirectTo } = (await browser.call('POST', '/api/experience/submit')).json;
  expect((await browser.call('GET', String(redirectTo))).location).toMatch(/^\/consent\?app_id=third/);
  return browser;
}
const token = async (form: Record<string, string>) =>
  (
    await fetch(`${lab.mock.issuer}/token`, {
      method: 'POST',
      headers: basic('third', SECRET),
      body: new URLSearchParams(form),
    })
  ).json() as Promise<Record<string, string>>;

describe('a third-party application', () => {
  it('is shown with what it asks for, the organization’s part apart', async () => {
    const browser = await arrive();
    const { json } = await browser.call('GET', '/api/interaction/consent');
    expect(json).toMatchObject({
      application: { id: 'third', name: 'Third' },
      user: { id: user, name: 'Ann' },
      missingOIDCScope: ['profile', 'urn:logto:scope:organizations'],
      missingResourceScopes: [],
      organizations: [
        {
          id: acme,
          name: 'Acme',
          missingResourceScopes: [{ resource: { indicator: API }, scopes: [{ name: 'read' }] }],
        },
      ],
      redirectUri: REDIRECT_URI,
    });
  });

  it('may not ask for scopes that it was not given', async () => {
    const browser = lab.browser();
    const answer = await browser.authorize({ client_id: 'third', scope: 'openid email' });
    expect(answer.location).toMatch(/error=invalid_scope/);
  });

  it('gets in by the button of the page, into the organization that is chosen there', async () => {
    const browser = await arrive({ scope: `${SCOPE} offline_access`, prompt: 'consent' });
    const page = await browser.call('GET', '/consent?app_id=third', undefined, { accept: 'text/html' });
    expect(page.status).toBe(200);
    expect(page.text).toContain('Authorize Third');
    expect(page.text).toContain('Your organizations info');
    const sent = await browser.post('/consent?app_id=third', { organizationId: acme });
    const back = await browser.call('GET', sent.location as string);
    const code = new URL(back.location as string).searchParams.get('code') ?? '';
    const first = await token({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI });
    const refresh = (more: Record<string, string>) =>
      token({ grant_type: 'refresh_token', refresh_token: first.refresh_token ?? '', ...more });
    expect(await refresh({ resource: API, organization_id: acme })).toMatchObject({ scope: 'read' });
    await lab.manage('DELETE', `/applications/third/users/${user}/consent-organizations/${acme}`);
    expect(await refresh({ organization_id: acme })).toMatchObject({
      error: 'access_denied',
      error_description: 'organization access is not granted to the application',
    });
  });

  it('cannot be let into an organization of others', async () => {
    const browser = await arrive();
    const { id } = (await lab.manage('POST', '/organizations', { name: 'Others' })).json;
    const answer = await browser.call('POST', '/api/interaction/consent', { organizationIds: [id] });
    expect([answer.status, answer.json.code]).toEqual([422, 'organization.require_membership']);
  });

  it('stands among the grants of the user until the grant is revoked', async () => {
    const browser = await arrive({ prompt: 'consent' });
    const { redirectTo } = (await browser.call('POST', '/api/interaction/consent', {})).json;
    await browser.call('GET', String(redirectTo));
    const grants = async (type = 'thirdParty') =>
      (await lab.manage('GET', `/users/${user}/grants?appType=${type}`)).json.grants as {
        id: string;
        application: { id: string };
      }[];
    const mine = await grants();
    expect(mine.length).toBeGreaterThan(0);
    expect(await grants('firstParty')).toEqual([]);
    for (const { id } of mine)
      expect((await lab.manage('DELETE', `/users/${user}/grants/${id}`)).status).toBe(204);
    expect(await grants()).toEqual([]);
    const { sessions } = (await lab.manage('GET', `/users/${user}/sessions`)).json as {
      sessions: { payload: { uid: string; authorizations: object }; lastSubmission: object | null }[];
    };
    const [session] = sessions;
    expect(sessions.every(({ payload }) => Object.keys(payload.authorizations ?? {}).length === 0)).toBe(
      true,
    );
    expect((await lab.manage('DELETE', `/users/other/sessions/${session?.payload.uid}`)).json.code).toBe(
      'oidc.invalid_session_account_id',
    );
    expect((await lab.manage('DELETE', `/users/${user}/sessions/${session?.payload.uid}`)).status).toBe(204);
    expect((await lab.manage('GET', `/users/${user}/sessions/${session?.payload.uid}`)).json.code).toBe(
      'oidc.session_not_found',
    );
  });
});
