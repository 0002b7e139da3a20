/** What the account API keeps: the account center's settings, and records of what users proved. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod/v3';
import type { LogtoContext } from '../context.ts';
import { guardBody } from '../guard.ts';
import type { Tenant } from '../tenant.ts';

export interface AccountRecord {
  id: string;
  type: 'Password' | 'phone' | 'email';
  value: string;
  templateType?: string;
  verified: boolean;
  /** Nobody's while it proves a number that no user has yet. */
  userId: string | undefined;
  expiresAt: number;
}

interface AccountCenter {
  enabled: boolean;
  fields: Record<string, string>;
  webauthnRelatedOrigins: string[];
  deleteAccountUrl: string | null;
  customCss: string | null;
  profileFields: unknown;
}

interface AccountState {
  records: Map<string, AccountRecord>;
  center: AccountCenter;
}

const states = new WeakMap<Tenant, AccountState>();
/** One state for each tenant. */
export function accountStateOf(tenant: Tenant): AccountState {
  const known = states.get(tenant);
  if (known) return known;
  const center = {
    enabled: false,
    fields: {},
    webauthnRelatedOrigins: [],
    deleteAccountUrl: null,
    customCss: null,
    profileFields: null,
  };
  const state: AccountState = { records: new Map(), center };
  states.set(tenant, state);
  return state;
}

const control = z.enum(['Off', 'ReadOnly', 'Edit']);
const fieldNames = [
  'name',
  'avatar',
  'profile',
  'email',
  'phone',
  'password',
  'username',
  'social',
  'customData',
  'mfa',
  'session',
] as const;

const centerView = (center: AccountCenter) => ({ tenantId: 'default', id: 'default', ...center });

export function registerAccountCenter(scope: FastifyInstance, context: LogtoContext): void {
  const change = z.object({
    enabled: z.boolean().optional(),
    fields: z.object(Object.fromEntries(fieldNames.map((name) => [name, control.optional()]))).optional(),
    webauthnRelatedOrigins: z.string().array().optional(),
    deleteAccountUrl: z.string().nullable().optional(),
    customCss: z.string().nullish(),
  });
  scope.get('/api/account-center', async () => centerView(accountStateOf(context.tenant).center));
  scope.patch('/api/account-center', async (request) => {
    const { center } = accountStateOf(context.tenant);
    const body = guardBody(change, request);
    if (body.deleteAccountUrl === '') body.deleteAccountUrl = null;
    return centerView(Object.assign(center, body));
  });
}

/** What anybody may know of the account center. */
export const registerPublicAccountCenter = (scope: FastifyInstance, context: LogtoContext): void =>
  void scope.get('/api/.well-known/account-center', async () =>
    centerView(accountStateOf(context.tenant).center),
  );
