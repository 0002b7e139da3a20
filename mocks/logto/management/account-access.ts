/** How somebody gets into the account API, and proves to be at the keyboard. */
import type { FastifyRequest } from 'fastify';
import type { LogtoContext } from '../context.ts';
import { assertThat } from '../errors.ts';
import { requireUser, type UserAccess } from './access.ts';
import { type AccountRecord, accountStateOf } from './account-center.ts';

/** Header that carries the id of a record which proves that the user is at the keyboard. */
const PROOF_HEADER = 'logto-verification-id';

/** A user of an account center that is switched on. @throws LogtoError account_center.not_enabled, or as `requireUser` */
export async function enterAccount(context: LogtoContext, request: FastifyRequest): Promise<UserAccess> {
  const access = await requireUser(context, request);
  assertThat(accountStateOf(context.tenant).center.enabled, 'account_center.not_enabled');
  return access;
}

/** A verification record that is not over, by its id. */
export function recordOf(
  context: LogtoContext,
  id: unknown,
  request: FastifyRequest,
): AccountRecord | undefined {
  const record = accountStateOf(context.tenant).records.get(String(id));
  return record && record.expiresAt > context.clock.now(context.scopeOf(request)) ? record : undefined;
}

/** @throws LogtoError verification_record.permission_denied (401) unless the user just proved to be at the keyboard */
export function requireProof(context: LogtoContext, request: FastifyRequest, { userId }: UserAccess): void {
  const record = recordOf(context, request.headers[PROOF_HEADER], request);
  const proven =
    record?.verified &&
    record.userId === userId &&
    (record.type === 'Password' || record.templateType === 'UserPermissionValidation');
  assertThat(proven, 'verification_record.permission_denied', { status: 401 });
}
