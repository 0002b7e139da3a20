import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { joinByEmail, joinByIds } from './jit.ts';
import { type ManagerLab, startManagerLab } from './lab-manager.ts';

let lab: ManagerLab;
beforeAll(async () => {
  lab = await startManagerLab();
});
afterAll(() => lab.close());

describe('organizations that take people in by themselves', () => {
  it('give their roles to new users of their domains, and to nobody twice', async () => {
    const { manage, mock } = lab;
    const id = async (path: string, body: object) => String((await manage('POST', path, body)).json.id);
    const acme = await id('/organizations', { name: 'Acme' });
    const role = await id('/organization-roles', { name: 'editor' });
    await manage('POST', `/organizations/${acme}/jit/email-domains`, { emailDomain: 'acme.test' });
    const again = await manage('POST', `/organizations/${acme}/jit/email-domains`, {
      emailDomain: 'acme.test',
    });
    expect(again.status).toBe(422);
    await manage('POST', `/organizations/${acme}/jit/roles`, { organizationRoleIds: [role] });
    expect(
      (await manage('POST', `/organizations/${acme}/jit/roles`, { organizationRoleIds: ['x'] })).status,
    ).toBe(422);
    const { tenant } = mock.context;
    expect(joinByEmail(tenant, 'ann', 'ann@other.test')).toEqual([]);
    expect(joinByEmail(tenant, 'ann', 'ann@acme.test')).toEqual([acme]);
    expect(joinByIds(tenant, 'ann', [acme, 'nowhere'])).toEqual([]);
    expect(tenant.organizations.get(acme)?.members.get('ann')).toEqual(['editor']);
    await manage('DELETE', `/organizations/${acme}/jit/email-domains/acme.test`);
    expect(joinByEmail(tenant, 'bob', 'bob@acme.test')).toEqual([]);
  });
});
