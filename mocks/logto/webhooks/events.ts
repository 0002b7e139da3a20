/**
 * What Logto tells webhooks of (packages/schemas foundations/jsonb-types/hooks.ts): ends of sign-ins, changed data,
 * and limits that somebody ran into.
 */
export const interactionEvents = [
  'PostRegister',
  'PostSignIn',
  'PostSignInAdaptiveMfaTriggered',
  'PostResetPassword',
] as const;

/** Every event that a webhook may ask for, in Logto's order; trusted devices are a feature under development there. */
export const hookEvents = [
  ...interactionEvents,
  'User.Created',
  'User.Deleted',
  'User.Data.Updated',
  'User.SuspensionStatus.Updated',
  'Role.Created',
  'Role.Deleted',
  'Role.Data.Updated',
  'Role.Scopes.Updated',
  'Scope.Created',
  'Scope.Deleted',
  'Scope.Data.Updated',
  'Organization.Created',
  'Organization.Deleted',
  'Organization.Data.Updated',
  'Organization.Membership.Updated',
  'OrganizationRole.Created',
  'OrganizationRole.Deleted',
  'OrganizationRole.Data.Updated',
  'OrganizationRole.Scopes.Updated',
  'OrganizationScope.Created',
  'OrganizationScope.Deleted',
  'OrganizationScope.Data.Updated',
  'Identifier.Lockout',
  'Message.RateLimited',
  'Grant.LimitExceeded',
] as const;
export type HookEvent = (typeof hookEvents)[number];

/** Events that stand for a limit: told although the request that ran into it was refused. */
export const exceptionEvents: readonly HookEvent[] = [
  'Identifier.Lockout',
  'Message.RateLimited',
  'Grant.LimitExceeded',
];

/** How each interaction ends. */
export const endOf = {
  Register: 'PostRegister',
  SignIn: 'PostSignIn',
  ForgotPassword: 'PostResetPassword',
} as const;

/** Calls of the Management API that are events by themselves; their answer is the event's data. */
export const eventsByCall: Readonly<Record<string, HookEvent>> = {
  'POST /users': 'User.Created',
  'PATCH /users/:userId': 'User.Data.Updated',
  'PATCH /users/:userId/custom-data': 'User.Data.Updated',
  'PATCH /users/:userId/profile': 'User.Data.Updated',
  'PATCH /users/:userId/password': 'User.Data.Updated',
  'PATCH /users/:userId/is-suspended': 'User.SuspensionStatus.Updated',
  'POST /roles': 'Role.Created',
  'DELETE /roles/:id': 'Role.Deleted',
  'PATCH /roles/:id': 'Role.Data.Updated',
  'POST /roles/:id/scopes': 'Role.Scopes.Updated',
  'DELETE /roles/:id/scopes/:scopeId': 'Role.Scopes.Updated',
  'POST /resources/:resourceId/scopes': 'Scope.Created',
  'DELETE /resources/:resourceId/scopes/:scopeId': 'Scope.Deleted',
  'PATCH /resources/:resourceId/scopes/:scopeId': 'Scope.Data.Updated',
  'POST /organizations': 'Organization.Created',
  'DELETE /organizations/:id': 'Organization.Deleted',
  'PATCH /organizations/:id': 'Organization.Data.Updated',
  'POST /organization-roles': 'OrganizationRole.Created',
  'DELETE /organization-roles/:id': 'OrganizationRole.Deleted',
  'PATCH /organization-roles/:id': 'OrganizationRole.Data.Updated',
  'POST /organization-scopes': 'OrganizationScope.Created',
  'DELETE /organization-scopes/:id': 'OrganizationScope.Deleted',
  'PATCH /organization-scopes/:id': 'OrganizationScope.Data.Updated',
  'PUT /organization-roles/:id/scopes': 'OrganizationRole.Scopes.Updated',
  'POST /organization-roles/:id/scopes': 'OrganizationRole.Scopes.Updated',
  'DELETE /organization-roles/:id/scopes/:organizationScopeId': 'OrganizationRole.Scopes.Updated',
};
