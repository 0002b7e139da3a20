/** Routes of Logto that this mock knows and does not serve: 501 with a name, never 404 or 500. */
import type { FastifyInstance, HTTPMethods } from 'fastify';
import { notServed } from './errors.ts';

type Route = [method: HTTPMethods, path: string, what: string];

const verification = (path: string, what: string): Route => [
  'POST',
  `/api/experience/verification/${path}`,
  what,
];

/** Steps of a sign-in. */
export const experienceNotServed: readonly Route[] = [
  ...['authorization-uri', 'verify'].flatMap((step) => [
    verification(`social/:connectorId/${step}`, 'social sign-in'),
    verification(`sso/:connectorId/${step}`, 'enterprise single sign-on'),
  ]),
  ['GET', '/api/experience/sso-connectors', 'enterprise single sign-on'],
  verification('totp/secret', 'authenticator apps'),
  verification('totp/verify', 'authenticator apps'),
  verification('backup-code/generate', 'backup codes'),
  verification('backup-code/verify', 'backup codes'),
  ...['registration', 'registration/verify', 'authentication', 'authentication/verify'].map((step) =>
    verification(`web-authn/${step}`, 'passkeys'),
  ),
  ['POST', '/api/experience/user-assets/avatar', 'pictures that people send'],
];

/** What a manager asks for. */
export const managementNotServed: readonly Route[] = [
  ...(['GET', 'PUT', 'DELETE'] as const).map((method): Route => [method, '/api/captcha-provider', 'captcha']),
  ...(['GET', 'POST'] as const).map(
    (method): Route => [method, '/api/sso-connectors', 'enterprise single sign-on'],
  ),
  ...(['GET', 'POST', 'PUT'] as const).map(
    (method): Route => [method, '/api/organizations/:id/jit/sso-connectors', 'enterprise single sign-on'],
  ),
  ['DELETE', '/api/organizations/:id/jit/sso-connectors/:ssoConnectorId', 'enterprise single sign-on'],
  ['POST', '/api/saml-applications', 'SAML applications'],
  ['POST', '/api/users/:userId/mfa-verifications', 'authenticator apps and backup codes'],
  ['PATCH', '/api/users/:userId/password/expiration', 'password expiration'],
  ['GET', '/api/logs', 'audit logs'],
  ['GET', '/api/logs/:id', 'audit logs'],
  ...(['GET', 'PUT', 'PATCH', 'DELETE'] as const).map(
    (method): Route => [method, '/api/configs/jwt-customizer/:tokenTypePath', 'custom claims of JWTs'],
  ),
  ['GET', '/api/configs/jwt-customizer', 'custom claims of JWTs'],
  ['GET', '/api/configs/actions', 'actions of the tenant'],
  ...(['GET', 'PUT', 'DELETE'] as const).map(
    (method): Route => [method, '/api/configs/actions/:actionType', 'actions of the tenant'],
  ),
  ...['total', 'new', 'active'].map(
    (kind): Route => ['GET', `/api/dashboard/users/${kind}`, 'the dashboard'],
  ),
  ...(['GET', 'POST'] as const).flatMap((method): Route[] => [
    [method, '/api/domains', 'domains of the tenant'],
    [method, '/api/custom-profile-fields', 'profile fields of the tenant’s own'],
  ]),
  ...(['GET', 'PUT'] as const).map((method): Route => [method, '/api/email-templates', 'e-mail templates']),
  ['GET', '/api/users/:userId/trusted-devices', 'trusted devices'],
  ['DELETE', '/api/users/:userId/trusted-devices/:trustedDeviceId', 'trusted devices'],
  ...(['GET', 'PUT'] as const).map(
    (method): Route => [
      method,
      '/api/applications/:applicationId/access-control',
      'access control of applications',
    ],
  ),
  ['GET', '/api/custom-phrases', 'phrases of the tenant’s own'],
  ['PUT', '/api/custom-phrases/:languageTag', 'phrases of the tenant’s own'],
];

/** What people ask for of their own account. */
export const accountNotServed: readonly Route[] = [
  ...(['GET', 'POST'] as const).map(
    (method): Route => [method, '/api/my-account/mfa-verifications', 'authenticator apps and backup codes'],
  ),
  ...(['GET', 'PATCH'] as const).flatMap((method): Route[] => [
    [method, '/api/my-account/mfa-settings', 'skipping of second factors'],
    [method, '/api/my-account/logto-configs', 'skipping of second factors'],
  ]),
  ['GET', '/api/my-account/trusted-devices', 'trusted devices'],
  ['DELETE', '/api/my-account/trusted-devices/:trustedDeviceId', 'trusted devices'],
  ['POST', '/api/my-account/user-assets/avatar', 'pictures that people send'],
  ['POST', '/api/my-account/identities', 'social sign-in'],
  ['DELETE', '/api/my-account/identities/:target', 'social sign-in'],
];

export function registerNotServed(scope: FastifyInstance, routes: readonly Route[]): void {
  for (const [method, url, what] of routes)
    scope.route({
      method,
      url,
      handler: async () => {
        throw notServed(what);
      },
    });
}
