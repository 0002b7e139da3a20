import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Mocks, startMocks } from '../index.ts';
import { tenantSchema, unknownGrants } from '../logto/furnish.ts';

const RESOURCE = 'https://api.example.test';
const tenant = tenantSchema.parse({
  resources: [{ indicator: RESOURCE, scopes: ['read'] }],
  roles: { reader: { [RESOURCE]: ['read'] } },
  organizationRoles: { owner: { scopes: ['manage'], resources: { [RESOURCE]: ['read'] } } },
  accountCenter: { phone: 'Edit' },
});

let mocks: Mocks;
beforeAll(async () => {
  mocks = await startMocks({ tenant });
});
afterAll(() => mocks.close());

const ask = async (authorization?: string) => {
  const answer = await fetch(`${mocks.api?.origin}/things?page=1`, {
    headers: authorization ? { authorization } : {},
  });
  return {
    answer,
    body: await answer.json(),
    entry: (await mocks.client.journal({ endpoint: 'api' })).at(-1),
  };
};

describe('the API', () => {
  it('listens only where the tenant is furnished', async () => {
    const plain = await startMocks();
    expect(plain.api).toBeUndefined();
    await plain.close();
  });

  it('takes a token of a resource, and keeps what it was shown', async () => {
    const token = await mocks.client.accessToken({ audience: RESOURCE, scope: 'read', organization: 'acme' });
    const { answer, body, entry } = await ask(`Bearer ${token}`);
    expect(answer.status).toBe(200);
    expect(body).toMatchObject({ path: '/things', scope: 'read', organization: 'acme' });
    expect(entry?.facts).toMatchObject({
      token: 'access token',
      opaque: false,
      audience: RESOURCE,
      scope: 'read',
      organizationId: 'acme',
      expired: false,
    });
    expect(JSON.stringify(entry)).not.toContain(token);
  });

  it('takes a token of an organization', async () => {
    const token = await mocks.client.accessToken({
      audience: 'urn:logto:organization:acme',
      scope: 'manage',
    });
    expect((await ask(`Bearer ${token}`)).entry?.facts).toMatchObject({ organizationId: 'acme' });
  });

  it.each([
    ['no token', undefined, 401, 'Bearer realm="api"'],
    ['another scheme', 'Basic YTpi', 401, 'Bearer realm="api"'],
    ['no JWT', 'Bearer abcdefgh', 401, 'Bearer realm="api", error="invalid_token"'],
  ])('refuses %s', async (_what, header, status, challenge) => {
    const { answer } = await ask(header);
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([status, challenge]);
  });

  it.each([
    ['that nobody signed', { signedBy: 'nobody' }, 401],
    ['signed by a stranger', { signedBy: 'rogue' }, 401],
    ['that is over', { expiresIn: -60 }, 401],
    ['of another issuer', { issuer: 'https://other.test/oidc' }, 401],
    ['for another API', { audience: 'https://other.test' }, 401],
    ['without a permission', { scope: '' }, 403],
  ] as const)('refuses a token %s', async (_what, change, status) => {
    const token = await mocks.client.accessToken({ audience: RESOURCE, scope: 'read', ...change });
    expect((await ask(`Bearer ${token}`)).answer.status).toBe(status);
  });
});

describe('a token that is made to order', () => {
  it('has the members of an access token of Logto', async () => {
    const token = await mocks.client.accessToken({ audience: RESOURCE, scope: 'read', subject: 'user1' });
    expect(Object.keys(decodeJwt(token)).sort()).toEqual(
      ['aud', 'client_id', 'exp', 'iat', 'iss', 'jti', 'scope', 'sub'].sort(),
    );
  });
});

describe('a tenant', () => {
  it('tells permissions that roles give and no resource has', () => {
    const odd = tenantSchema.parse({
      resources: [{ indicator: RESOURCE, scopes: ['read'] }],
      roles: { a: { [RESOURCE]: ['write'] }, b: { 'https://x.test': ['read'] } },
    });
    expect(unknownGrants(odd)).toEqual([`a: ${RESOURCE} write`, 'b: https://x.test read']);
    expect(unknownGrants(tenant)).toEqual([]);
  });

  it('has people in organizations, as often as it is told', async () => {
    const { organizations } = mocks.issuer.context.tenant;
    const person = await mocks.client.addPerson({
      registered: true,
      organizations: [{ id: 'org1', name: 'One', roles: ['owner'] }, { id: 'org2' }],
    });
    const userId = person.userId ?? '';
    expect([...organizations.keys()]).toEqual(expect.arrayContaining(['org1', 'org2']));
    expect(organizations.get('org1')?.members.get(userId)).toEqual(['owner']);
    await mocks.client.changePerson(person.phone, { organizations: [{ id: 'org2', roles: ['guest'] }] });
    expect(organizations.get('org1')?.members.has(userId)).toBe(false);
    expect(organizations.get('org2')?.members.get(userId)).toEqual(['guest']);
  });

  it('gives a person another number, who stays who they are; the old one is nobody’s', async () => {
    const person = await mocks.client.addPerson({ registered: true });
    const changed = await mocks.client.changePhone(person.phone);
    expect(changed).toMatchObject({ userId: person.userId });
    expect(await mocks.client.userIdOf(changed.phone)).toBe(person.userId);
    expect(await mocks.client.userIdOf(person.phone)).toBeNull();
    await expect(mocks.client.changePhone(person.phone)).rejects.toThrow(/knows nobody/);
  });
});
