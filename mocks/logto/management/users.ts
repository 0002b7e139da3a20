/** /api/users: recordings 338, 631 to 636, 652, 737 to 774. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod/v3';
import type { LogtoContext } from '../context.ts';
import { assertThat } from '../errors.ts';
import { guardBody } from '../guard.ts';
import { keptDigest, type PasswordAlgorithm, parseLegacy, passwordAlgorithms } from '../password-digests.ts';
import { fitsPassword, hashPassword } from '../passwords.ts';
import { EMAIL, PHONE, USERNAME } from '../phones.ts';
import { profileGuard } from '../profile-guard.ts';
import { rowsOf } from '../rows.ts';
import type { User } from '../tenant.ts';
import { createUser, findById, guardUnique, updateUser } from '../users.ts';
import { noteUserCall } from '../webhooks/notes.ts';
import { page } from './paging.ts';
import { queryOf, searchFilter } from './user-search.ts';
import { isYes, passwordView, userView } from './user-views.ts';

const json = z.record(z.string(), z.unknown());
const empty = z.literal('');
const avatar = z.string().url().or(empty).nullable();

/** As an enumeration, whose complaint names the values that were expected. */
const algorithms = Object.fromEntries(passwordAlgorithms.map((name) => [name, name])) as {
  [Name in PasswordAlgorithm]: Name;
};

const bodies = {
  create: z
    .object({
      primaryPhone: z.string().regex(PHONE),
      primaryEmail: z.string().regex(EMAIL),
      username: z.string().regex(USERNAME),
      password: z.string().min(1),
      passwordDigest: z.string().max(256),
      passwordAlgorithm: z.nativeEnum(algorithms),
      name: z.string(),
      avatar,
      customData: json,
      profile: profileGuard,
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
      profile: profileGuard,
    })
    .partial(),
  password: z.object({ password: z.string().min(1) }),
  suspended: z.object({ isSuspended: z.boolean() }),
  customData: z.object({ customData: json }),
  profile: z.object({ profile: profileGuard }),
};

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
    const query = queryOf(request.url);
    const [role, organization] = [query.get('excludeRoleId'), query.get('excludeOrganizationId')];
    assertThat(!role || !organization, 'request.invalid_input', {
      values: {
        details: 'Parameter `excludeRoleId` and `excludeOrganizationId` cannot be used at the same time.',
      },
    });
    const excludedRole = rowsOf(context.tenant).roles.find(({ id }) => id === role)?.name;
    const members = context.tenant.organizations.get(organization ?? '')?.members;
    const fits = searchFilter(query);
    const users = context.tenant.users
      .findMany()
      .filter((user) => fits(user) && !user.roles.includes(excludedRole ?? '') && !members?.has(user.id))
      .sort((a, b) => b.createdAt - a.createdAt);
    const show = isYes(query.get('includePasswordHash'))
      ? (user: User) => ({ ...userView(user), ...passwordView(user) })
      : userView;
    return page(request, reply, users.map(show), false);
  });
  scope.get<ById>('/api/users/:userId', async ({ params, query }) => {
    const asked = query as Record<string, string | undefined>;
    const user = find(params.userId);
    return {
      ...userView(user),
      ...(isYes(asked.includeSsoIdentities) && { ssoIdentities: [] }),
      ...(isYes(asked.includePasswordHash) && passwordView(user)),
    };
  });

  scope.post('/api/users', async (request) => {
    const { password, passwordDigest, passwordAlgorithm, ...columns } = guardBody(bodies.create, request);
    assertThat(!(password && passwordDigest), 'user.password_and_digest');
    assertThat(!passwordDigest || passwordAlgorithm, 'user.password_algorithm_required');
    guardUnique(context.tenant, columns);
    if (passwordAlgorithm === 'Legacy') parseLegacy(passwordDigest);
    const taken = passwordDigest && passwordAlgorithm && keptDigest(passwordAlgorithm, passwordDigest);
    const passwordHash = password ? await hashPassword(password) : taken || null;
    return userView(await createUser(context.tenant, { ...columns, passwordHash }, now(request)));
  });

  scope.patch<ById>('/api/users/:userId', async (request) => {
    const body = guardBody(bodies.change, request);
    find(request.params.userId);
    assertThat(Object.keys(body).length > 0, 'entity.invalid_input', { status: 422 });
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

  // Codes to the own number or address are factors without being bound; nothing else can be one here.
  scope.get<ById>('/api/users/:userId/mfa-verifications', async ({ params }) => {
    find(params.userId);
    return [];
  });

  scope.delete<ById>('/api/users/:userId', async (request, reply) => {
    const { params } = request;
    const user = find(params.userId);
    const { id } = user;
    await context.revokeUser(id);
    context.tenant.users.delete((q) => q.where({ id }));
    noteUserCall(request, 'User.Deleted', user);
    return reply.code(204).send();
  });
}
