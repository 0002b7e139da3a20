/** /api/users: recordings 338, 631 to 636, 652. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod/v3';
import type { LogtoContext } from '../context.ts';
import { assertThat, LogtoError } from '../errors.ts';
import { guardBody } from '../guard.ts';
import { fitsPassword, hashPassword } from '../passwords.ts';
import { EMAIL, PHONE, USERNAME } from '../phones.ts';
import type { User } from '../tenant.ts';
import { createUser, findById, guardUnique, updateUser } from '../users.ts';
import { page } from './paging.ts';

const json = z.record(z.string(), z.unknown());
const empty = z.literal('');
const avatar = z.string().url().or(empty).nullable();

const bodies = {
  create: z
    .object({
      primaryPhone: z.string().regex(PHONE),
      primaryEmail: z.string().regex(EMAIL),
      username: z.string().regex(USERNAME),
      password: z.string().min(1),
      name: z.string(),
      avatar,
      customData: json,
      profile: json,
    })
    .partial(),
  change: z
    .object({
      username: z.string().regex(USERNAME).or(empty).nullable(),
      primaryEmail: z.string().regex(EMAIL).or(empty).nullable(),
      primaryPhone: z.string().regex(PHONE).or(empty).nullable(),
      name: z.string().or(empty).nullable(),
      avatar,
      customData: json,
      profile: json,
    })
    .partial(),
  password: z.object({ password: z.string().min(1) }),
  suspended: z.object({ isSuspended: z.boolean() }),
  customData: z.object({ customData: json }),
  profile: z.object({ profile: json }),
};

/** A user as the API shows it (recording 632); secrets never leave. */
export const userView = (user: User) => ({
  id: user.id,
  username: user.username,
  primaryEmail: user.primaryEmail,
  primaryPhone: user.primaryPhone,
  name: user.name,
  avatar: user.avatar,
  customData: user.customData,
  identities: user.identities,
  lastSignInAt: user.lastSignInAt,
  createdAt: user.createdAt,
  updatedAt: user.updatedAt,
  profile: user.profile,
  applicationId: user.applicationId,
  cimdClientId: null,
  isSuspended: user.isSuspended,
  hasPassword: Boolean(user.passwordHash),
});

const SEARCHED = ['id', 'primaryPhone', 'primaryEmail', 'username', 'name'] as const;

/** SQL's LIKE: `%` stands for anything, `_` for one character; case does not count. */
function like(pattern: string): (value: unknown) => boolean {
  const source = pattern
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('%', '[\\s\\S]*')
    .replaceAll('_', '[\\s\\S]');
  const expression = new RegExp(`^${source}$`, 'i');
  return (value) => typeof value === 'string' && expression.test(value);
}

/** `search=%text%` looks at every identifier, `search.primaryPhone=…` at one; several are alternatives. */
function searched(users: User[], query: Record<string, string | undefined>): User[] {
  const wanted = Object.entries(query).flatMap(([key, value]) => {
    if (!value || (key !== 'search' && !key.startsWith('search.'))) return [];
    const fields = key === 'search' ? SEARCHED : SEARCHED.filter((name) => key === `search.${name}`);
    if (fields.length === 0)
      throw new LogtoError('request.invalid_input', {
        values: { details: `Search field ${key.slice('search.'.length)} is not supported.` },
      });
    return [{ fields, fits: like(value) }];
  });
  if (wanted.length === 0) return users;
  return users.filter((user) => wanted.some(({ fields, fits }) => fields.some((name) => fits(user[name]))));
}

export function registerUsers(scope: FastifyInstance, context: LogtoContext): void {
  type ById = { Params: { userId: string } };
  const find = (id: string): User => {
    const user = findById(context.tenant, id);
    assertThat(user, 'entity.not_found', { status: 404 });
    return user;
  };
  const now = (request: Parameters<LogtoContext['scopeOf']>[0]) =>
    context.clock.now(context.scopeOf(request));

  scope.get('/api/users', async (request, reply) => {
    const users = context.tenant.users.findMany().sort((a, b) => b.createdAt - a.createdAt);
    return page(
      request,
      reply,
      searched(users, request.query as Record<string, string>).map(userView),
      false,
    );
  });
  scope.get<ById>('/api/users/:userId', async ({ params }) => userView(find(params.userId)));

  scope.post('/api/users', async (request) => {
    const { password, ...columns } = guardBody(bodies.create, request);
    guardUnique(context.tenant, columns);
    const passwordHash = password ? await hashPassword(password) : null;
    return userView(await createUser(context.tenant, { ...columns, passwordHash }, now(request)));
  });

  scope.patch<ById>('/api/users/:userId', async (request) => {
    const body = guardBody(bodies.change, request);
    find(request.params.userId);
    const columns = Object.fromEntries(
      Object.entries(body).map(([key, value]) => [key, value === '' ? null : value]),
    );
    return userView(await updateUser(context.tenant, request.params.userId, columns, now(request)));
  });
  scope.patch<ById>('/api/users/:userId/password', async (request) => {
    const { password } = guardBody(bodies.password, request);
    find(request.params.userId);
    return userView(
      await updateUser(
        context.tenant,
        request.params.userId,
        { passwordHash: await hashPassword(password) },
        now(request),
      ),
    );
  });
  scope.post<ById>('/api/users/:userId/password/verify', async (request, reply) => {
    const { password } = guardBody(bodies.password, request);
    const fits = await fitsPassword(password, find(request.params.userId).passwordHash);
    assertThat(fits, 'session.invalid_credentials', { status: 422 });
    return reply.code(204).send();
  });
  scope.get<ById>('/api/users/:userId/has-password', async ({ params }) => ({
    hasPassword: Boolean(find(params.userId).passwordHash),
  }));

  scope.patch<ById>('/api/users/:userId/is-suspended', async (request) => {
    const { isSuspended } = guardBody(bodies.suspended, request);
    find(request.params.userId);
    const user = await updateUser(context.tenant, request.params.userId, { isSuspended }, now(request));
    if (isSuspended) await context.revokeUser(user.id);
    return userView(user);
  });

  scope.get<ById>('/api/users/:userId/custom-data', async ({ params }) => find(params.userId).customData);
  scope.patch<ById>('/api/users/:userId/custom-data', async (request) => {
    const { customData } = guardBody(bodies.customData, request);
    const known = find(request.params.userId).customData;
    return (
      await updateUser(
        context.tenant,
        request.params.userId,
        { customData: { ...known, ...customData } },
        now(request),
      )
    ).customData;
  });
  scope.patch<ById>('/api/users/:userId/profile', async (request) => {
    const { profile } = guardBody(bodies.profile, request);
    const known = find(request.params.userId).profile;
    return (
      await updateUser(
        context.tenant,
        request.params.userId,
        { profile: { ...known, ...profile } },
        now(request),
      )
    ).profile;
  });

  scope.delete<ById>('/api/users/:userId', async ({ params }, reply) => {
    const { id } = find(params.userId);
    await context.revokeUser(id);
    context.tenant.users.delete((q) => q.where({ id }));
    return reply.code(204).send();
  });
}
