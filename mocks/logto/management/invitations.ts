/** /api/organization-invitations (packages/core routes/organization-invitation, libraries/organization-invitation.ts). */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod/v3';
import { connectorError } from '../api-routes.ts';
import type { LogtoContext } from '../context.ts';
import { assertThat, LogtoError } from '../errors.ts';
import { guard, guardBody } from '../guard.ts';
import { byId, rowsOf } from '../rows.ts';
import { servicesOf } from '../services.ts';
import { newId, type Tenant } from '../tenant.ts';
import { findByEmail, findById } from '../users.ts';
import { membershipDelta, noteCall } from '../webhooks/notes.ts';
import { type ById, drop } from './crud.ts';

interface Invitation {
  id: string;
  inviterId: string | null;
  invitee: string;
  acceptedUserId: string | null;
  organizationId: string;
  status: 'Pending' | 'Accepted' | 'Expired' | 'Revoked';
  createdAt: number;
  updatedAt: number;
  expiresAt: number;
  roleIds: string[];
}

const kept = new WeakMap<Tenant, Invitation[]>();
const invitationsOf = (tenant: Tenant): Invitation[] => {
  const all = kept.get(tenant) ?? [];
  kept.set(tenant, all);
  return all;
};

const payload = z.object({ code: z.string(), link: z.string() }).partial().catchall(z.unknown());
const bodies = {
  create: z.object({
    inviterId: z.string().nullish(),
    invitee: z.string().email(),
    organizationId: z.string().min(1),
    expiresAt: z.number(),
    organizationRoleIds: z.string().array().optional(),
    messagePayload: payload.or(z.literal(false)).default(false),
  }),
  status: z.object({ status: z.enum(['Accepted', 'Revoked']), acceptedUserId: z.string().nullish() }),
};
const invalid = (details: string, status = 422) =>
  new LogtoError('request.invalid_input', { status, values: { details } });

export function registerInvitations(scope: FastifyInstance, context: LogtoContext): void {
  const all = () => invitationsOf(context.tenant);
  const view = ({ roleIds, ...row }: Invitation) => ({
    tenantId: 'default',
    ...row,
    status: row.status === 'Pending' && row.expiresAt < Date.now() ? 'Expired' : row.status,
    organizationRoles: rowsOf(context.tenant)
      .organizationRoles.filter(({ id }) => roleIds.includes(id))
      .map(({ id, name }) => ({ id, name })),
  });
  const find = (id: string) => byId(all(), id, 'organization_invitations');

  /** @throws LogtoError connector.not_found (501), request.message_rate_limited (429), connector.* */
  async function mail(row: Invitation, given: object, request: Parameters<typeof guardBody>[1]) {
    const scopeId = context.scopeOf(request);
    const { sentinel } = servicesOf(context);
    const connector = context.connectors.of('Email');
    if (!connector) throw new LogtoError('connector.not_found', { status: 501, values: { type: 'Email' } });
    sentinel.guardSend(row.invitee, scopeId);
    const organization = context.tenant.organizations.get(row.organizationId);
    const inviter = findById(context.tenant, row.inviterId ?? undefined);
    const message = {
      to: row.invitee,
      type: 'OrganizationInvitation',
      payload: {
        ...(organization && { organization: { id: organization.id, name: organization.name } }),
        ...(inviter && { inviter: { id: inviter.id, name: inviter.name } }),
        ...given,
      },
      scope: scopeId,
      ip: request.ip,
    };
    await context.email.send(message, connector).catch((error: unknown) => {
      throw connectorError(error);
    });
    sentinel.recordSend(row.invitee, scopeId);
  }

  scope.get('/api/organization-invitations', async (request) => {
    const text = z.string().optional();
    const query = guard(
      'query',
      z.object({ organizationId: text, inviterId: text, invitee: text }),
      request.query,
    );
    return all()
      .filter((row) =>
        Object.entries(query).every(
          ([key, value]) =>
            value === undefined || row[key as 'invitee']?.toLowerCase() === value.toLowerCase(),
        ),
      )
      .map(view);
  });
  scope.get<ById>('/api/organization-invitations/:id', async ({ params }) => view(find(params.id)));
  scope.delete<ById>('/api/organization-invitations/:id', async ({ params }, reply) => {
    drop(all(), find(params.id));
    return reply.code(204).send();
  });

  scope.post('/api/organization-invitations', async (request, reply) => {
    const { messagePayload, organizationRoleIds: roleIds = [], ...body } = guardBody(bodies.create, request);
    if (body.expiresAt <= Date.now()) throw invalid('The value of `expiresAt` must be in the future.', 400);
    const organization = context.tenant.organizations.get(body.organizationId);
    const roles = rowsOf(context.tenant).organizationRoles;
    const known = organization && roleIds.every((id) => roles.some((row) => row.id === id));
    assertThat(known, 'entity.relation_foreign_key_not_found', { status: 422 });
    const member = findByEmail(context.tenant, body.invitee);
    if (member && organization.members.has(member.id))
      throw invalid('The invitee is already a member of the organization.');
    const waits = all().some(
      (row) =>
        row.invitee === body.invitee &&
        row.organizationId === body.organizationId &&
        view(row).status === 'Pending',
    );
    assertThat(!waits, 'entity.unique_integrity_violation', { status: 422 });
    const now = Date.now();
    const row: Invitation = {
      id: newId.entity(),
      inviterId: body.inviterId ?? null,
      invitee: body.invitee,
      acceptedUserId: null,
      organizationId: body.organizationId,
      status: 'Pending',
      createdAt: now,
      updatedAt: now,
      expiresAt: body.expiresAt,
      roleIds,
    };
    if (messagePayload) await mail(row, messagePayload, request);
    all().push(row);
    return reply.code(201).send(view(row));
  });
  scope.post<ById>('/api/organization-invitations/:id/message', async (request, reply) => {
    const given = guardBody(payload, request);
    await mail(find(request.params.id), given, request);
    return reply.code(204).send();
  });
  scope.put<ById>('/api/organization-invitations/:id/status', async (request) => {
    const { status, acceptedUserId } = guardBody(bodies.status, request);
    const row = find(request.params.id);
    if (status === 'Accepted' && !acceptedUserId)
      throw invalid('The `acceptedUserId` is required when accepting an invitation.');
    if (view(row).status !== 'Pending')
      throw invalid('The status of the invitation cannot be changed anymore.');
    if (status === 'Accepted') {
      const user = findById(context.tenant, acceptedUserId as string);
      assertThat(user, 'entity.not_found', { status: 404 });
      if (user.primaryEmail?.toLowerCase() !== row.invitee.toLowerCase())
        throw invalid('The accepted user must have the same email as the invitee.');
      const names = view(row).organizationRoles.map(({ name }) => name);
      const members = context.tenant.organizations.get(row.organizationId)?.members;
      const addedUserIds = members?.has(user.id) ? [] : [user.id];
      noteCall(request, 'Organization.Membership.Updated', {
        organizationId: row.organizationId,
        ...membershipDelta({ addedUserIds }),
      });
      members?.set(user.id, [...new Set([...(members.get(user.id) ?? []), ...names])]);
      row.acceptedUserId = user.id;
    }
    return view(Object.assign(row, { status, updatedAt: Date.now() }));
  });
}
