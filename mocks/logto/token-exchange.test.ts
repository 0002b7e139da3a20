import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API, startTokenLab, type TokenLab } from './lab-tokens.ts';
import { LAB_CLIENT } from './logto-lab.ts';
import { createPersonalToken } from './personal-access-tokens.ts';
import { createSubjectToken } from './subject-tokens.ts';

const GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS = 'urn:ietf:params:oauth:token-type:access_token';
const IMPERSONATION = 'urn:logto:token-type:impersonation_token';
const PERSONAL = 'urn:logto:token-type:personal_access_token';

let lab: TokenLab;
let ann: string;
let tokens: Record<string, string>;
beforeAll(async () => {
  lab = await startTokenLab();
  await lab.mock.putApplication({ id: LAB_CLIENT.id, customClientMetadata: { allowTokenExchange: true } });
  const { code } = await lab.signIn({ scope: 'openid phone' });
  tokens = (await lab.exchange(code)).json;
  ann = String(decodeJwt(tokens.id_token ?? '').sub);
});
afterAll(() => lab.close());

const exchange = (subject_token: string, subject_token_type: string, more: Record<string, string> = {}) =>
  lab.post('/token', { grant_type: GRANT, subject_token, subject_token_type, ...more });
/** What the engine says of every refused grant; the reason stands in its log alone. */
const told = async (answer: ReturnType<typeof exchange>) => {
  const { error, error_description: description } = (await answer).json;
  return error === 'invalid_grant' ? error : description;
};

describe('the exchange of tokens', () => {
  it('takes an impersonation token once, under both of its names', async () => {
    const { tenant } = lab.mock.context;
    for (const type of [IMPERSONATION, ACCESS]) {
      const token = createSubjectToken(tenant, ann, Date.now());
      expect((await exchange(token, type)).json).toMatchObject({ token_type: 'Bearer', scope: '' });
      expect(await told(exchange(token, type))).toBe('invalid_grant');
    }
  });

  it('takes an access token as often as it comes, and no ID token', async () => {
    const access = tokens.access_token ?? '';
    for (const _ of [1, 2])
      expect((await exchange(access, ACCESS, { scope: 'openid' })).json.scope).toBe('openid');
    expect(await told(exchange(tokens.id_token ?? '', ACCESS))).toBe('invalid_grant');
    expect(await told(exchange('garbage', ACCESS))).toBe('invalid_grant');
    expect(await told(exchange(access, 'urn:nothing'))).toBe('invalid_grant');
  });

  it('names who acts in the token of a resource', async () => {
    const token = () => createSubjectToken(lab.mock.context.tenant, ann, Date.now());
    const actor = { actor_token: tokens.access_token ?? '', actor_token_type: ACCESS, resource: API };
    const { json } = await exchange(token(), IMPERSONATION, actor);
    expect(decodeJwt(json.access_token ?? '')).toMatchObject({ aud: API, sub: ann, act: { sub: ann } });
    const wrong = (more: object) => told(exchange(token(), IMPERSONATION, { ...actor, ...more }));
    expect(await wrong({ actor_token: 'x' })).toBe('invalid_grant');
    expect(await wrong({ actor_token_type: 'x' })).toBe('invalid_grant');
  });

  it('gives an organization’s token to its members alone', async () => {
    const { tenant } = lab.mock.context;
    tenant.organizationRoles.set('editor', { scopes: ['edit', 'read'], resources: {} });
    const make = (id: string, isMfaRequired: boolean) =>
      tenant.organizations.set(id, {
        id,
        name: id,
        description: null,
        isMfaRequired,
        members: new Map([[ann, ['editor']]]),
        applications: new Map(),
      });
    make('acme', false);
    make('vault', true);
    const into = (organization_id: string) =>
      exchange(createSubjectToken(tenant, ann, Date.now()), IMPERSONATION, {
        organization_id,
        scope: 'edit',
      });
    const { json } = await into('acme');
    expect(decodeJwt(json.access_token ?? '')).toMatchObject({
      aud: 'urn:logto:organization:acme',
      scope: 'edit',
    });
    expect(await told(into('nowhere'))).toBe('user is not a member of the organization');
    expect(await told(into('vault'))).toBe('organization requires MFA but user has no MFA configured');
  });

  it('takes a personal access token until it expires', async () => {
    const { tenant } = lab.mock.context;
    const now = Date.now();
    const { value } = createPersonalToken(tenant, { userId: ann, name: 'cli', expiresAt: null }, now);
    expect((await exchange(value, PERSONAL)).status).toBe(200);
    const old = createPersonalToken(tenant, { userId: ann, name: 'old', expiresAt: now - 1 }, now);
    expect(await told(exchange(old.value, PERSONAL))).toBe('invalid_grant');
    expect(() => createPersonalToken(tenant, { userId: ann, name: 'cli', expiresAt: null }, now)).toThrow();
  });
});
