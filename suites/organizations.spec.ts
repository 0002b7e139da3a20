/** Organizations of Logto: who is in which, in what role, and whose token the app shows its API. */
import { check } from '../harness/check/check.ts';
import { notJudged } from '../harness/check/not-judged.ts';
import { demandSession, told } from '../harness/check/outcomes.ts';
import { callsOf, inWords, newOrganization, open, withOrganizations } from '../harness/check/saas/calls.ts';
import { fieldIn, fieldOf } from '../harness/check/saas/session-claims.ts';
import { demand } from '../harness/errors.ts';
import type { LabDescription } from '../harness/lab/lab-description.ts';

const ORGANIZATIONS = 'urn:logto:scope:organizations';
const ROLES = 'urn:logto:scope:organization_roles';

const shownField = (lab: LabDescription, claim: string) =>
  fieldOf(lab, claim) ??
  notJudged(
    `the config names no field of the session that shows the claim ${claim} (profile)`,
    `name it: profile: { …, organizations: '${claim}' }`,
  );

check({
  id: 'organizations/scopes-requested',
  title: 'asks Logto for the organizations of the person',
  clauses: ['logto organizations', 'logto user claims'],
  level: 'must',
  severity: 'serious',
  needs: ['organizations'],
  judgesClaim: true,
  signIn: 'begun',
  appMust: `Ask for the scope ${ORGANIZATIONS}, and for ${ROLES} where it shows roles.`,
  otherwise: 'Logto says of nobody that they belong to an organization, and gives no organization token.',
  fix: `Add it in the provider: authorization: { params: { scope: 'openid … ${ORGANIZATIONS} ${ROLES}' } }.`,
})(async ({ visitor, lab }) => {
  const { params } = await (await visitor(undefined, { known: true })).startSignIn();
  const asked = (params.get('scope') ?? '').split(/\s+/);
  const wanted = [ORGANIZATIONS, ...(fieldOf(lab, 'organization_roles') ? [ROLES] : [])];
  const missing = wanted.filter((scope) => !asked.includes(scope));
  demand(missing.length === 0, () => `Did not ask for ${missing.join(' and ')}.`);
});

check({
  id: 'organizations/ids-in-session',
  title: 'shows a member every organization that Logto says',
  clauses: ['logto organizations', 'logto user claims'],
  level: 'must',
  severity: 'serious',
  uses: ['tenant'],
  needs: ['organizations'],
  appMust: 'Show the claim organizations, all of it, where the config says.',
  otherwise: 'A member does not find their organization.',
  fix: 'Copy it in callbacks.jwt (token.organizations = profile.organizations) and in callbacks.session.',
})(async ({ visitor, somebody, lab }) => {
  const field = shownField(lab, 'organizations');
  const ids = [newOrganization(), newOrganization()];
  const member = await visitor(
    await somebody({ signedIn: true, organizations: ids.map((id) => ({ id, roles: [] })) }),
  );
  const signIn = await member.signIn();
  demandSession(signIn);
  const shown = fieldIn(signIn.session, field);
  const missing = ids.filter((id) => !shown.includes(id));
  demand(
    missing.length === 0,
    () => `Shows ${ids.length - missing.length} of ${ids.length} organizations in "${field}": ${shown}.`,
  );
});

check({
  id: 'organizations/roles-in-session',
  title: 'shows the roles of a member with the organization that they are in',
  clauses: ['logto organizations', 'logto user claims'],
  level: 'must',
  severity: 'critical',
  uses: ['tenant'],
  needs: ['organizations'],
  appMust: 'Show the claim organization_roles (organization:role) as it is, where the config says.',
  otherwise: 'Whoever owns one organization is taken for an owner everywhere.',
  fix: 'Keep the whole value; compare both parts of it, organization:role.',
})(async ({ visitor, somebody, lab, notApplicable }) => {
  const field = fieldOf(lab, 'organization_roles');
  if (!field) return notApplicable('the config declares no field for roles in organizations (profile)');
  const [first, second] = [newOrganization(), newOrganization()];
  const [role = 'admin'] = Object.keys(lab.config.tenant?.organizationRoles ?? {});
  const member = await visitor(
    await somebody({
      signedIn: true,
      organizations: [
        { id: first, roles: [role] },
        { id: second, roles: [] },
      ],
    }),
  );
  const signIn = await member.signIn();
  demandSession(signIn);
  const shown = fieldIn(signIn.session, field);
  demand(shown.includes(`${first}:${role}`), `Shows no "${first}:${role}" in "${field}": ${shown}.`);
  demand(!shown.includes(second), `Shows a role in ${second}, where the person has none: ${shown}.`);
});

check({
  id: 'organizations/none-is-none',
  title: 'shows nobody an organization that they are not in',
  clauses: ['logto organizations', 'asvs 8.4.1'],
  level: 'must',
  severity: 'critical',
  uses: ['tenant'],
  needs: ['organizations'],
  appMust: 'Show a person without an organization none.',
  otherwise: 'Strangers see the organizations of members.',
  fix: 'Take organizations from the token of each session, not from a variable of the module.',
})(async ({ visitor, somebody, step }) => {
  const id = newOrganization();
  const member = await visitor(await somebody({ signedIn: true, organizations: [{ id, roles: [] }] }));
  await step('control', async () => demandSession(await member.signIn()));
  await member.session();
  const stranger = await visitor(await somebody({ signedIn: true, organizations: [] }));
  const signIn = await stranger.signIn();
  demandSession(signIn);
  demand(
    !JSON.stringify(signIn.session).includes(id),
    `Shows somebody without an organization that of the member before: ${id}.`,
  );
});

check({
  id: 'organizations/role-taken-away',
  title: 'shows no role any more that was taken away at Logto, from the next sign-in on',
  clauses: ['logto organizations'],
  level: 'must',
  severity: 'serious',
  uses: ['tenant'],
  needs: ['organizations'],
  appMust: 'Read organizations and roles anew at each sign-in.',
  otherwise: 'Whoever lost a role has it for good.',
  fix: 'Take the claims of the new ID token in callbacks.jwt, not those of the first; with a database, update them.',
})(async ({ visitor, somebody, control, lab, step, notApplicable }) => {
  const field = fieldOf(lab, 'organization_roles') ?? fieldOf(lab, 'organizations');
  if (!field)
    return notApplicable('the config declares no field for organizations or roles in them (profile)');
  const id = newOrganization();
  const [role = 'admin'] = Object.keys(lab.config.tenant?.organizationRoles ?? {});
  const person = await somebody({ signedIn: true, organizations: [{ id, roles: [role] }] });
  await step('control', async () => {
    const signIn = await (await visitor(person)).signIn();
    demandSession(signIn);
    demand(fieldIn(signIn.session, field).includes(id), `Does not show the organization in "${field}".`);
  });
  await control.changePerson(person.phone, { organizations: [] });
  const signIn = await (await visitor(person)).signIn();
  demandSession(signIn);
  demand(
    !fieldIn(signIn.session, field).includes(id),
    `Still shows what was taken away at Logto: ${fieldIn(signIn.session, field)}.`,
  );
});

check({
  id: 'organizations/token-of-organization',
  title: 'shows its API a token of the organization that the page is about',
  clauses: ['logto organization-resources', 'logto organizations'],
  level: 'must',
  severity: 'critical',
  uses: ['tenant'],
  needs: ['organizations'],
  appMust: 'Refresh with organization_id (and resource, for an API resource), and show that token.',
  otherwise: 'Members of several organizations act in the wrong one, or by a role that does not count there.',
  fix: 'POST <issuer>/token with grant_type=refresh_token, organization_id and resource; keep tokens by both.',
})(async ({ visitor, somebody, lab, control, scope }) => {
  const calls = callsOf(lab, 'organization');
  const ids = [newOrganization(), newOrganization()];
  const member = await visitor(await somebody(withOrganizations(calls, ...ids)));
  demandSession(await member.signIn());
  for (const call of calls)
    for (const id of ids) {
      const { page, shown } = await open(member, call, { lab, control, scope }, id);
      const last = shown.at(-1);
      demand(last, `Called no API with a token of the person for ${call.path}: ${told(page)}.`);
      demand(last.facts.organizationId === id, `Showed its API ${inWords(last)} for a page of ${id}.`);
      const audience = call.resource ?? `urn:logto:organization:${id}`;
      demand(
        String(last.facts.audience).split(' ').includes(audience),
        `Showed its API ${inWords(last)} where a token for ${audience} is due.`,
      );
      demand(
        call.scopes.every((each) => String(last.facts.scope).split(' ').includes(each)),
        `Showed its API ${inWords(last)} of a member whose role gives ${call.scopes.join(' ')}.`,
      );
    }
});

const aStranger = 'Open the page of an organization to its members alone.';

check({
  id: 'organizations/stranger-refused',
  title: 'gets nothing from its API for somebody who is not in the organization',
  clauses: ['logto organization-resources', 'asvs 8.4.1'],
  level: 'must',
  severity: 'critical',
  uses: ['tenant'],
  needs: ['organizations'],
  appMust: aStranger,
  otherwise: 'Members of one organization read what belongs to another.',
  fix: 'Where Logto refuses the organization token (403 access_denied), refuse the page; show no other token.',
})(async ({ visitor, somebody, lab, control, scope, step }) => {
  const calls = callsOf(lab, 'organization');
  const [own, other] = [newOrganization(), newOrganization()];
  await step('control', async () => {
    const member = await visitor(await somebody(withOrganizations(calls, other)));
    demandSession(await member.signIn());
    for (const call of calls) {
      const { shown } = await open(member, call, { lab, control, scope }, other);
      demand(
        shown.some(({ status }) => status === 200),
        `Got nothing from its API for a member at ${call.path}: ${shown.map(inWords).join('; ') || 'no call'}.`,
      );
    }
  });
  const stranger = await visitor(
    await somebody({
      ...withOrganizations(calls, own),
      // What the tenant gives counts in no organization.
      roles: Object.keys(lab.config.tenant?.roles ?? {}),
    }),
  );
  demandSession(await stranger.signIn());
  for (const call of calls) {
    const { shown } = await open(stranger, call, { lab, control, scope }, other);
    const granted = shown.find(({ status }) => status === 200);
    demand(
      !granted,
      () => `Called its API for somebody who is not in ${other} and showed ${inWords(granted as never)}.`,
    );
  }
});

check({
  id: 'organizations/stranger-told',
  title: 'tells somebody who is not in the organization so, and keeps their session',
  clauses: ['logto organization-resources', 'asvs 16.5.1'],
  level: 'should',
  severity: 'moderate',
  uses: ['tenant'],
  needs: ['organizations'],
  appMust: 'Answer with a page below 500 when Logto gives no organization token.',
  otherwise: 'A link to an organization that somebody left is an error page without words.',
  fix: 'Catch the 403 of the token endpoint and show a page: not found, or no access.',
})(async ({ visitor, somebody, lab, control, scope }) => {
  const calls = callsOf(lab, 'organization');
  const stranger = await visitor(await somebody(withOrganizations(calls, newOrganization())));
  demandSession(await stranger.signIn());
  for (const call of calls) {
    const { page } = await open(stranger, call, { lab, control, scope }, newOrganization());
    demand(page.status < 500, `Answered ${call.path} with ${told(page)}.`);
  }
  demand(
    await stranger.session(),
    'Ended the session of somebody who asked for a page of another organization.',
  );
});
