/** Calls of an API by the app: who makes them be made, and which token was shown. */
import type { ControlClient } from '../../../mocks/client.ts';
import type { Exchange } from '../../../mocks/journal.ts';
import type { Membership } from '../../../mocks/logto/furnish.ts';
import type { PersonInput } from '../../../mocks/people.ts';
import type { Config } from '../../config/config.ts';
import { type Call, isOfOrganization, pathIn } from '../../config/saas-pages.ts';
import type { LabDescription } from '../../lab/lab-description.ts';
import type { Answer } from '../../user-agents/http.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { notJudged } from '../not-judged.ts';

/** A new id for an organization of a check's own: 12 of [0-9a-z], as Logto's. */
export const newOrganization = (): string =>
  Array.from({ length: 12 }, () => Math.floor(Math.random() * 36).toString(36)).join('');

const gives = (granted: readonly string[] | undefined, wanted: readonly string[]) =>
  wanted.every((scope) => granted?.includes(scope));

/** The role, of the tenant or in an organization, that gives the permissions of a call. */
export function roleFor(call: Call, tenant: Config['tenant']): string | undefined {
  const { resource, scopes } = call;
  if (!isOfOrganization(call))
    return Object.entries(tenant?.roles ?? {}).find(
      ([, grants]) => resource !== undefined && gives(grants[resource], scopes),
    )?.[0];
  return Object.entries(tenant?.organizationRoles ?? {}).find(([, role]) =>
    gives(resource === undefined ? role.scopes : role.resources[resource], scopes),
  )?.[0];
}

/** The calls of an API that the config declares for no organization; none where it says nothing. */
export const tenantCalls = ({ config }: Pick<LabDescription, 'config'>): Call[] =>
  config.pages.calls.filter((call) => !isOfOrganization(call));

/** A call that was declared, and the role that it takes. */
export interface DeclaredCall extends Call {
  role: string;
}

/**
 * The calls that the config declares, with the role that each takes; without any the check is not judged.
 *
 * @param kind of the tenant, or of an organization
 */
export function callsOf(
  { config }: Pick<LabDescription, 'config'>,
  kind: 'tenant' | 'organization',
): DeclaredCall[] {
  const wanted = config.pages.calls.filter((call) => isOfOrganization(call) === (kind === 'organization'));
  if (wanted.length === 0)
    return notJudged(
      `the config does not say where the app calls an API ${kind === 'tenant' ? 'for a person' : 'for an organization'} (pages.calls)`,
      kind === 'tenant'
        ? 'name the page in pages.calls'
        : 'name the page in pages.calls, with {organization} in its path',
    );
  return wanted.map((call) => {
    const role = roleFor(call, config.tenant);
    if (role !== undefined) return { ...call, role };
    return notJudged(
      `no role in the config gives ${call.scopes.join(' ')}, which ${call.path} takes (tenant)`,
      `name one in tenant.${kind === 'tenant' ? 'roles' : 'organizationRoles'}`,
    );
  });
}

/** Somebody whom Logto knows, with these roles of the tenant. */
export const withRoles = (calls: readonly DeclaredCall[]): PersonInput => ({
  signedIn: true,
  roles: [...new Set(calls.map(({ role }) => role))],
});

/** Somebody who is in these organizations, with the roles that the calls take. */
export const withOrganizations = (calls: readonly DeclaredCall[], ...ids: string[]): PersonInput => ({
  signedIn: true,
  organizations: ids.map((id): Membership => ({ id, roles: [...new Set(calls.map(({ role }) => role))] })),
});

export interface Opened {
  page: Answer;
  /** What the API was shown meanwhile, by a token of this check. */
  shown: Exchange[];
}

/** Opens the page of a call, and tells what the API was shown. */
export async function open(
  visitor: Visitor,
  call: Call,
  { lab, control, scope }: { lab: LabDescription; control: ControlClient; scope: string },
  organization = '',
): Promise<Opened> {
  const { journal: since } = await control.state();
  const page = await visitor.agent.follow(
    await visitor.get(pathIn(call.path, organization)),
    ({ origin }) => origin !== lab.app.origin,
  );
  return { page, shown: await control.journal({ scope, endpoint: 'api', since }) };
}

/** What the API was shown, in words. */
export function inWords({ facts, status }: Exchange): string {
  if (facts.token === 'none') return `no token (${status})`;
  const audience = facts.audience ? ` for ${facts.audience}` : '';
  const organization = facts.organizationId ? `, organization ${facts.organizationId}` : ', no organization';
  const scope = facts.scope ? `, ${facts.scope}` : ', no permission';
  const kind = facts.token === 'unknown' ? 'a token that Logto did not give' : `an ${facts.token}`;
  return facts.opaque
    ? `${kind} that is no JWT (${status})`
    : `${kind}${audience}${organization}${scope} (${status})`;
}
