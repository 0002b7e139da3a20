/** Calls of the Management API that work, in an order in which each finds what it needs: for the test of all routes. */

type Ask = (method: string, path: string, body?: unknown) => Promise<Record<string, string>>;

/** A scope of a resource; both are left. */
async function resources(ask: Ask): Promise<{ resource: string; scope: string }> {
  const { id: resource = '' } = await ask('POST', '/resources', {
    name: 'walk',
    indicator: 'https://walk.test',
  });
  const { id: scope = '' } = await ask('POST', `/resources/${resource}/scopes`, { name: 'read:walk' });
  await ask('GET', '/resources');
  await ask('GET', `/resources/${resource}`);
  await ask('PATCH', `/resources/${resource}`, { name: 'walked' });
  await ask('PATCH', `/resources/${resource}/is-default`, { isDefault: true });
  await ask('PATCH', `/resources/${resource}/is-default`, { isDefault: false });
  await ask('GET', `/resources/${resource}/scopes`);
  await ask('PATCH', `/resources/${resource}/scopes/${scope}`, { description: 'reads' });
  return { resource, scope };
}

async function connectors(ask: Ask): Promise<void> {
  const factories = (await ask('GET', '/connector-factories')) as unknown as { id: string }[];
  await ask('GET', `/connector-factories/${factories[0]?.id}`);
  const stored = (await ask('GET', '/connectors')) as unknown as { id: string; config: unknown }[];
  await ask('GET', `/connectors/${stored[0]?.id}`);
  await ask('PATCH', `/connectors/${stored[0]?.id}`, { config: stored[0]?.config });
}

async function people(ask: Ask): Promise<string> {
  const { id: user = '' } = await ask('POST', '/users', { username: 'walker', password: 'Corr3ct-Horse-9' });
  await ask('PATCH', `/users/${user}/password`, { password: 'Corr3ct-Horse-10' });
  await ask('GET', `/users/${user}/has-password`);
  await ask('PATCH', `/users/${user}/custom-data`, { customData: { walks: true } });
  await ask('GET', `/users/${user}/custom-data`);
  await ask('PATCH', `/users/${user}/profile`, { profile: { nickname: 'w' } });
  await ask('GET', `/users/${user}/mfa-verifications`);
  await ask('POST', '/subject-tokens', { userId: user });
  const tokens = `/users/${user}/personal-access-tokens`;
  for (const name of ['one', 'two']) await ask('POST', tokens, { name });
  await ask('GET', tokens);
  await ask('PATCH', tokens, { currentName: 'one', name: 'first' });
  await ask('PATCH', `${tokens}/two`, { name: 'second' });
  await ask('POST', `${tokens}/delete`, { name: 'first' });
  await ask('DELETE', `${tokens}/second`);
  return user;
}

async function roles(ask: Ask, user: string, machine: string, scope: string): Promise<void> {
  const make = (name: string, type: string) => ask('POST', '/roles', { name, type, description: name });
  const { id: role = '' } = await make('walkers', 'User');
  const { id: second = '' } = await make('runners', 'MachineToMachine');
  await ask('GET', '/roles');
  await ask('GET', `/roles/${role}`);
  await ask('PATCH', `/roles/${role}`, { description: 'who walks' });
  await ask('POST', `/roles/${role}/scopes`, { scopeIds: [scope] });
  await ask('GET', `/roles/${role}/scopes`);
  await ask('DELETE', `/roles/${role}/scopes/${scope}`);
  for (const [kind, id, one, member] of [
    ['users', user, role, 'userIds'],
    ['applications', machine, second, 'applicationIds'],
  ] as const) {
    await ask('POST', `/roles/${one}/${kind}`, { [member]: [id] });
    await ask('GET', `/roles/${one}/${kind}`);
    await ask('DELETE', `/roles/${one}/${kind}/${id}`);
    await ask('POST', `/${kind}/${id}/roles`, { roleIds: [one] });
    await ask('GET', `/${kind}/${id}/roles`);
    await ask('DELETE', `/${kind}/${id}/roles/${one}`);
    await ask('PUT', `/${kind}/${id}/roles`, { roleIds: [one] });
  }
  await ask('DELETE', `/roles/${role}`);
}

/** Roles and scopes that organizations have; both roles are left. */
async function template(ask: Ask, resourceScope: string): Promise<{ people: string; machines: string }> {
  const { id: scope = '' } = await ask('POST', '/organization-scopes', { name: 'walk:far' });
  await ask('GET', '/organization-scopes');
  await ask('GET', `/organization-scopes/${scope}`);
  await ask('PATCH', `/organization-scopes/${scope}`, { description: 'far' });
  const { id: role = '' } = await ask('POST', '/organization-roles', { name: 'guide' });
  const { id: machines = '' } = await ask('POST', '/organization-roles', {
    name: 'beacon',
    type: 'MachineToMachine',
  });
  await ask('GET', '/organization-roles');
  await ask('GET', `/organization-roles/${role}`);
  await ask('PATCH', `/organization-roles/${role}`, { description: 'guides' });
  for (const [path, member, one] of [
    ['scopes', 'organizationScopeIds', scope],
    ['resource-scopes', 'scopeIds', resourceScope],
  ] as const) {
    const at = `/organization-roles/${role}/${path}`;
    await ask('POST', at, { [member]: [one] });
    await ask('GET', at);
    await ask('PUT', at, { [member]: [one] });
    await ask('DELETE', `${at}/${one}`);
  }
  await ask('DELETE', `/organization-scopes/${scope}`);
  return { people: role, machines };
}

async function organizations(
  ask: Ask,
  user: string,
  machine: string,
  role: { people: string; machines: string },
): Promise<void> {
  const { id: organization = '' } = await ask('POST', '/organizations', { name: 'Walking Club' });
  const at = `/organizations/${organization}`;
  await ask('GET', '/organizations');
  await ask('GET', at);
  await ask('PATCH', at, { description: 'walks' });
  for (const [kind, id, member, one] of [
    ['users', user, 'userIds', role.people],
    ['applications', machine, 'applicationIds', role.machines],
  ] as const) {
    await ask('POST', `${at}/${kind}`, { [member]: [id] });
    await ask('GET', `${at}/${kind}`);
    await ask('PUT', `${at}/${kind}`, { [member]: [id] });
    await ask('POST', `${at}/${kind}/roles`, { [member]: [id], organizationRoleIds: [one] });
    const roles = `${at}/${kind}/${id}/roles`;
    await ask('GET', roles);
    await ask('DELETE', `${roles}/${one}`);
    await ask('POST', roles, { organizationRoleIds: [one] });
    await ask('PUT', roles, { organizationRoleIds: [one] });
    await ask('GET', `/${kind}/${id}/organizations`);
  }
  await ask('GET', `${at}/users/${user}/scopes`);
  await ask('POST', `${at}/jit/email-domains`, { emailDomain: 'walk.test' });
  await ask('GET', `${at}/jit/email-domains`);
  await ask('DELETE', `${at}/jit/email-domains/walk.test`);
  await ask('PUT', `${at}/jit/email-domains`, { emailDomains: ['walk.test'] });
  await ask('POST', `${at}/jit/roles`, { organizationRoleIds: [role.people] });
  await ask('GET', `${at}/jit/roles`);
  await ask('DELETE', `${at}/jit/roles/${role.people}`);
  await ask('PUT', `${at}/jit/roles`, { organizationRoleIds: [role.people] });
  await invitations(ask, organization, user);
  await ask('DELETE', `${at}/users/${user}`);
  await ask('DELETE', `${at}/applications/${machine}`);
  await ask('DELETE', at);
}

async function invitations(ask: Ask, organizationId: string, inviterId: string): Promise<void> {
  const { id = '' } = await ask('POST', '/organization-invitations', {
    invitee: 'guest@example.test',
    organizationId,
    inviterId,
    expiresAt: Date.now() + 86_400_000,
  });
  await ask('GET', '/organization-invitations');
  await ask('GET', `/organization-invitations/${id}`);
  await ask('POST', `/organization-invitations/${id}/message`, { link: 'https://walk.test/join' });
  await ask('PUT', `/organization-invitations/${id}/status`, { status: 'Revoked' });
  await ask('DELETE', `/organization-invitations/${id}`);
}

async function oneTimeTokens(ask: Ask): Promise<void> {
  const make = () => ask('POST', '/one-time-tokens', { email: 'guest@example.test' });
  const used = await make();
  await ask('GET', '/one-time-tokens');
  await ask('GET', `/one-time-tokens/${used.id}`);
  await ask('POST', '/one-time-tokens/verify', { token: used.token, email: 'guest@example.test' });
  await ask('DELETE', `/one-time-tokens/${used.id}`);
  await ask('PUT', `/one-time-tokens/${(await make()).id}/status`, { status: 'revoked' });
}

/** The endpoint is of another machine: a try of it fails, and so does each delivery, without anything being sent. */
async function hooks(ask: Ask): Promise<void> {
  const config = { url: 'https://hooks.example.test/walk' };
  const { id = '' } = await ask('POST', '/hooks', { events: ['User.Created'], config });
  await ask('GET', '/hooks');
  await ask('GET', `/hooks/${id}`);
  await ask('PATCH', `/hooks/${id}`, { name: 'walker' });
  await ask('PATCH', `/hooks/${id}/signing-key`);
  await ask('GET', `/hooks/${id}/recent-logs`);
  await ask('DELETE', `/hooks/${id}`);
}

/** What third-party applications may ask for, and whom they were let in by. */
async function thirdParty(ask: Ask, user: string, scope: string): Promise<void> {
  const { id = '' } = await ask('POST', '/applications', {
    name: 'walk away',
    type: 'Traditional',
    isThirdParty: true,
  });
  const at = `/applications/${id}`;
  await ask('PUT', `${at}/sign-in-experience`, { displayName: 'Walk Away' });
  await ask('GET', `${at}/sign-in-experience`);
  await ask('PATCH', `${at}/custom-data`, { walks: true });
  await ask('POST', `${at}/user-consent-scopes`, { userScopes: ['profile'], resourceScopes: [scope] });
  await ask('GET', `${at}/user-consent-scopes`);
  await ask('DELETE', `${at}/user-consent-scopes/user-scopes/profile`);
  const { id: organization = '' } = await ask('POST', '/organizations', { name: 'Walkers Away' });
  await ask('POST', `/organizations/${organization}/users`, { userIds: [user] });
  const consents = `${at}/users/${user}/consent-organizations`;
  await ask('POST', consents, { organizationIds: [organization] });
  await ask('GET', consents);
  await ask('PUT', consents, { organizationIds: [organization] });
  await ask('DELETE', `${consents}/${organization}`);
  await ask('GET', `/users/${user}/sessions`);
  await ask('GET', `/users/${user}/grants`);
}

/** @param machine id of a machine-to-machine application */
export async function walkManagement(ask: Ask, machine: string): Promise<void> {
  await connectors(ask);
  await hooks(ask);
  await ask('GET', '/applications');
  await ask('GET', '/sign-in-exp');
  await ask('PATCH', '/account-center', { enabled: true, fields: { name: 'Edit' } });
  await ask('GET', '/account-center');
  const { resource, scope } = await resources(ask);
  const user = await people(ask);
  await roles(ask, user, machine, scope);
  await thirdParty(ask, user, scope);
  const orgRoles = await template(ask, scope);
  await organizations(ask, user, machine, orgRoles);
  await ask('DELETE', `/organization-roles/${orgRoles.people}`);
  await oneTimeTokens(ask);
  await ask('DELETE', `/resources/${resource}/scopes/${scope}`);
  await ask('DELETE', `/resources/${resource}`);
}
