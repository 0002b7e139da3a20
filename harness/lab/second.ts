/** The second issuer of a lab: which provider of the app it plays, and how the app and visitors reach it. */
import type { MocksOptions } from '../../mocks/index.ts';
import type { LogtoMock } from '../../mocks/logto/server.ts';
import { registerSecret } from '../../mocks/redact.ts';
import type { Config } from '../config/config.ts';
import { ConformanceError } from '../errors.ts';
import type { AuthEndpoints } from '../targets/discover.ts';

/** The provider that the second issuer plays; plain data. */
export interface SecondProvider {
  id: string;
  /** What the app calls it. */
  name: string;
  callbackUrl: string;
  /** Issuer identifier, as the app knows it. */
  issuer: string;
  /** Where the second issuer listens. */
  issuerOrigin: string;
  /** Origin of the issuer as the app knows it. */
  publicIssuerOrigin: string;
  clientId: string;
}

/** Issuers that the providers of Auth.js have in their sources (packages/core/src/providers), by id. */
const ISSUERS_OF_AUTHJS: Record<string, string> = { google: 'https://accounts.google.com' };

/**
 * What the mocks are told of it; undefined when the config names no second provider.
 *
 * @throws ConformanceError CONF_SECOND_ISSUER when its origin would have to be re-routed in a process that is not ours
 */
export function secondOptions({ providers, target }: Config): MocksOptions['second'] {
  const { second } = providers;
  if (!second) return undefined;
  const publicIssuer = second.issuer ?? ISSUERS_OF_AUTHJS[second.id];
  if (publicIssuer && !target.command) {
    throw new ConformanceError({
      code: 'CONF_SECOND_ISSUER',
      key: 'providers.second.issuer',
      what: `the second provider "${second.id}" has the issuer ${publicIssuer}, but an origin can only be re-routed inside a process that we start`,
      expected:
        'target.command, or a provider that reads its issuer from its environment (providers.second.id)',
      remedy: 'name target.command, or take providers.second out of the config.',
    });
  }
  registerSecret('client secret', second.clientSecret);
  return {
    publicIssuer,
    applications: [{ id: second.clientId, secret: second.clientSecret, redirectUris: [] }],
  };
}

/** The app goes elsewhere with the second provider: it has another issuer than the config says, or speaks no OpenID Connect. */
export const secondElsewhere = (id: string, { origin, pathname }: URL): ConformanceError =>
  new ConformanceError({
    code: 'CONF_SECOND_ISSUER',
    key: 'providers.second',
    what: `the second provider "${id}" leads to ${origin}${pathname}, and not to the second issuer`,
    expected:
      'a provider of OpenID Connect that reads its issuer from its environment, or a hard-coded one in providers.second.issuer',
    remedy:
      'name its issuer, or take providers.second out of the config: a provider that speaks OAuth alone, such as GitHub, cannot be played.',
  });

/**
 * The second provider as the app lists it.
 *
 * @throws ConformanceError CONF_SECOND_MISSING when the app has no such provider
 */
export function secondProvider(
  { second }: Config['providers'],
  mock: LogtoMock | undefined,
  app: AuthEndpoints,
): SecondProvider | undefined {
  if (!second || !mock) return undefined;
  const entry = app.others?.find(({ id }) => id === second.id);
  if (!entry) {
    throw new ConformanceError({
      code: 'CONF_SECOND_MISSING',
      key: 'providers.second.id',
      what: `the app has no provider "${second.id}"; ${app.basePath}/providers lists ${app.providers.map((id) => `"${id}"`).join(', ')}`,
      expected: `a provider next to "${app.provider}" that the second issuer can play (providers.second.id)`,
      remedy: 'name one that the app has, or take providers.second out of the config.',
    });
  }
  return {
    id: second.id,
    name: entry.name,
    callbackUrl: entry.callbackUrl,
    issuer: mock.issuer,
    issuerOrigin: mock.origin,
    publicIssuerOrigin: new URL(mock.issuer).origin,
    clientId: second.clientId,
  };
}
