import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signInByPhone } from './lab-sign-in.ts';
import { LAB_CLIENT, type LogtoLab, startLogtoLab } from './logto-lab.ts';

const REDIRECT_URI = LAB_CLIENT.redirectUris[0] as string;
const API = 'https://api.example.test';
const PHONE = '13045550101';
const SCOPE = 'openid offline_access urn:logto:scope:organizations urn:logto:scope:organization_roles';

let lab: LogtoLab;
let refreshToken: string;
let narrowToken: string;
beforeAll(async () => {
  lab = await startLogtoLab();
  const { tenant } = lab.mock.context;
  await lab.mock.putApplication({
    id: 'machine',
    type: 'MachineToMachine',
    secret: 'machine-secret-00000000000000001',
  });
  await tenant.resources.create({ id: 'api', name: 'api', indicator: API, scopes: ['read', 'write'] });
  await tenant.users.create({ id: 'ann', primaryPhone: PHONE, createdAt: 1, updatedAt: 1 });
  tenant.organizationRoles.set('editor', { scopes: ['edit:doc'], resources: { [API]: ['read'] } });
  tenant.organizations.set('acme', {
    id: 'acme',
    name: 'Acme',
    description: null,
    members: new Map([['ann', ['editor']]]),
    applications: new Map([['machine', ['editor']]]),
  });
  const refreshTokenFor = async (scope: string) => {
    const query = new URLSearchParams({
      client_id: LAB_CLIENT.id,
      redirect_uri: REDIRECT_URI,
      response_type: 'code',
      prompt: 'consent',
      resource: API,
      scope,
    });
    const url = await signInByPhone(lab, lab.browser(), `/oidc/auth?${query}`, PHONE);
    const { json } = await token({
      grant_type: 'authorization_code',
      code: url.searchParams.get('code') ?? '',
      redirect_uri: REDIRECT_URI,
    });
    return json.refresh_token ?? '';
  };
  refreshToken = await refreshTokenFor(SCOPE);
  narrowToken = await refreshTokenFor('openid offline_access');
});
afterAll(() => lab.close());

async function token(
  form: Record<string, string>,
  [id, secret]: [string, string] = [LAB_CLIENT.id, LAB_CLIENT.secret],
) {
  const answer = await fetch(`${lab.mock.issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
    body: new URLSearchParams(form),
  });
  return { status: answer.status, json: (await answer.json()) as Record<string, string> };
}
const refresh = (more: Record<string, string>, refresh_token = refreshToken) =>
  token({ grant_type: 'refresh_token', refresh_token, ...more });

describe('an organization token', () => {
  it('is a JWT for the organization, with the scopes of the member’s roles', async () => {
    const { json } = await refresh({ organization_id: 'acme' });
    expect(json.scope).toBe('edit:doc');
    expect(decodeJwt(json.access_token ?? '')).toMatchObject({
      aud: 'urn:logto:organization:acme',
      scope: 'edit:doc',
      sub: 'ann',
    });
    expect(decodeJwt(json.id_token ?? '')).toMatchObject({
      organizations: ['acme'],
      organization_roles: ['acme:editor'],
    });
  });

  it('of an API resource names the organization', async () => {
    const { json } = await refresh({ organization_id: 'acme', resource: API });
    expect(decodeJwt(json.access_token ?? '')).toMatchObject({ aud: API, organization_id: 'acme' });
  });

  it('is refused to strangers and without the scope', async () => {
    expect(await refresh({ organization_id: 'other' })).toMatchObject({
      status: 403,
      json: { error: 'access_denied' },
    });
    expect(await refresh({ organization_id: 'acme' }, narrowToken)).toMatchObject({
      status: 403,
      json: { error: 'insufficient_scope' },
    });
  });

  it('is given to a machine that belongs to the organization', async () => {
    const machine: [string, string] = ['machine', 'machine-secret-00000000000000001'];
    const { json } = await token(
      { grant_type: 'client_credentials', organization_id: 'acme', scope: 'edit:doc' },
      machine,
    );
    expect(decodeJwt(json.access_token ?? '')).toMatchObject({
      aud: 'urn:logto:organization:acme',
      scope: 'edit:doc',
    });
    expect(
      (await token({ grant_type: 'client_credentials', organization_id: 'other' }, machine)).status,
    ).toBe(403);
  });
});
