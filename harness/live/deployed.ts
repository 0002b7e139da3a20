/** What an app tells of itself when a sign-in is begun: the client that it is at Logto, and what it asks for. */
import type { Config } from '../config/config.ts';
import { ConformanceError } from '../errors.ts';
import type { AuthEndpoints } from '../targets/discover.ts';
import { createHttpAgent } from '../user-agents/http.ts';

export interface AskedFor {
  /** The config, with the client id that the app sends where none was given. */
  config: Config;
  /** Scope and resources of the app: a session that was opened with less is asked for consent once more. */
  params: Record<string, string>;
}

/**
 * Begins a sign-in and reads the authorization request.
 *
 * @throws ConformanceError CONF_ISSUER_OTHER when the app sends people to another issuer
 */
export async function requestOf(
  app: AuthEndpoints,
  config: Config,
  options: { issuerOrigin: string; clientIdKnown: boolean; ca?: string },
): Promise<AskedFor> {
  const agent = createHttpAgent({ laneOf: () => 'app', ca: options.ca });
  const base = `${app.origin}${app.basePath}`;
  const csrf = app.csrf
    ? (((await agent.hop(`${base}/csrf`)).json() ?? {}) as { csrfToken?: string }).csrfToken
    : undefined;
  const { location } = await agent.hop(`${base}/signin/${app.provider}`, {
    method: 'POST',
    form: { ...(csrf && { csrfToken: csrf }), callbackUrl: `${app.origin}/` },
  });
  // An app that begins no sign-in is the matter of the smoke sign-in, which names the cause.
  const sent = location?.searchParams.get('client_id');
  if (!location || !sent) return { config, params: {} };
  if (location.origin !== options.issuerOrigin)
    throw new ConformanceError({
      code: 'CONF_ISSUER_OTHER',
      what: `the app sends people to ${location.origin}, and is to be judged against ${options.issuerOrigin}`,
      expected: 'the issuer that the app has (--issuer, live.issuer)',
      remedy: 'name the issuer of the app, or the URL of the app that belongs to this tenant.',
      key: 'live.issuer',
    });
  const params = Object.fromEntries(
    ['scope', 'resource'].flatMap((name) => {
      const value = location.searchParams.get(name);
      return value ? [[name, value]] : [];
    }),
  );
  if (options.clientIdKnown) return { config, params };
  return { config: { ...config, target: { ...config.target, clientId: sent } }, params };
}
