/** Logto's applications as clients of oidc-provider (facts: core/src/oidc/adapter.ts and utils.ts). */
import type { AdapterPayload } from 'oidc-provider';
import type { Application } from './tenant.ts';

/** Settings of an application that the provider's callbacks read from the client. */
export const extraClientMetadata = [
  'corsAllowedOrigins',
  'idTokenTtl',
  'refreshTokenTtlInDays',
  'alwaysIssueRefreshToken',
  'rotateRefreshToken',
  'isThirdParty',
  'allowTokenExchange',
  'isDeviceFlow',
  'maxAllowedGrants',
];

/** RFC 8693; allowed per application. */
export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';

/** RFC 8628; the only way in for an application of this kind. */
const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code';

const isPublic = (type: Application['type']) => type === 'SPA' || type === 'Native';

/**
 * Client metadata of an application, as the adapter of Logto hands it to the engine.
 *
 * @param userScopes that a third-party application may ask for
 */
export function clientMetadata(
  application: Application,
  signingAlg: string,
  userScopes: readonly string[],
): AdapterPayload {
  const {
    id,
    name,
    type,
    oidcClientMetadata: uris,
    customClientMetadata: metadata,
    isThirdParty,
    secrets,
  } = application;
  const machine = type === 'MachineToMachine';
  const device = type === 'Native' && metadata.isDeviceFlow === true;
  return {
    client_id: id,
    client_name: name,
    ...(!isPublic(type) && { client_secret: secrets[0]?.value ?? `#internal:${id}` }),
    application_type: type === 'Native' ? 'native' : 'web',
    token_endpoint_auth_method: isPublic(type) ? 'none' : 'client_secret_basic',
    grant_types: machine
      ? ['client_credentials', ...(metadata.allowTokenExchange ? [TOKEN_EXCHANGE] : [])]
      : [
          device ? DEVICE_CODE : 'authorization_code',
          'refresh_token',
          ...(metadata.allowTokenExchange ? [TOKEN_EXCHANGE] : []),
        ],
    response_types: machine || device ? [] : ['code'],
    id_token_signed_response_alg: signingAlg,
    redirect_uris: uris.redirectUris,
    post_logout_redirect_uris: uris.postLogoutRedirectUris,
    ...(uris.backchannelLogoutUri && {
      backchannel_logout_uri: uris.backchannelLogoutUri,
      backchannel_logout_session_required: uris.backchannelLogoutSessionRequired ?? false,
    }),
    // A third-party application may ask only for scopes that were enabled for it (recording 175).
    ...(isThirdParty && { scope: ['openid', 'offline_access', ...userScopes].join(' ') }),
    ...metadata,
    isThirdParty,
  } as AdapterPayload;
}

const literally = (text: string) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');

/** A registered URI with `*` in host or path as a pattern for normalised URIs. */
function wildcardPattern(registered: string): RegExp {
  const [, scheme = '', rest = ''] = /^([^:]+:\/\/)(.*)$/.exec(registered) ?? [];
  const [host = '', ...path] = rest.split('/');
  const part = (text: string, any: string) => text.split('*').map(literally).join(any);
  return new RegExp(`^${literally(scheme)}${part(host, '[^./:]+')}/${part(path.join('/'), '[^?#]*')}$`);
}

/** Whether a URI matches a registered one that holds wildcards; URIs without `*` are left to the engine. */
export const matchesWildcard = (uri: string, registered: readonly string[]): boolean => {
  const parsed = URL.parse(uri);
  return !!parsed && registered.some((one) => one.includes('*') && wildcardPattern(one).test(parsed.href));
};
