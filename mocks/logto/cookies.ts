/**
 * Logto keeps one interaction per client in one cookie: `_interaction={"<clientId>":"<uid>","_legacy":"<uid>"}`
 * (Logto's patch of oidc-provider; recordings 112, 226, 501). The engine sets a plain uid, so its write is widened.
 */
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { HasHeaders } from './context.ts';

export const INTERACTION_COOKIE = '_interaction';
const LEGACY = '_legacy';

type CookieJar = KoaContextWithOIDC['cookies'];

/** The uids that the cookie's value names, by client id. */
export function parseInteractionCookie(value: string | undefined): Record<string, string> {
  try {
    const parsed: unknown = value ? JSON.parse(value) : {};
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, string>) : {};
  } catch {
    return {};
  }
}

/** Makes the jar write `_interaction` the way Logto does; other cookies are left alone. */
export function widenInteractionCookie(jar: CookieJar, clientId: () => string | undefined): void {
  const set = jar.set.bind(jar);
  jar.set = ((name: string, value?: string | null, options?: object) => {
    if (name !== INTERACTION_COOKIE || !value) return set(name, value, options);
    const client = clientId();
    const known = parseInteractionCookie(jar.get(name, { signed: true }));
    return set(
      name,
      JSON.stringify({ ...known, ...(client && { [client]: value }), [LEGACY]: value }),
      options,
    );
  }) as CookieJar['set'];
}

const first = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);

/** The client that a request of Logto's pages speaks for: a header, or a parameter of the query. */
export function askedAppId(request: HasHeaders & { url?: string }): string | undefined {
  const query = new URLSearchParams(request.url?.split('?')[1] ?? '');
  return first(request.headers['logto-app-id']) ?? query.get('app_id') ?? undefined;
}

/** The uid of the interaction that a request means: by its app id, else by the `_logto` cookie, else the last one. */
export function interactionUid(jar: CookieJar, request: HasHeaders & { url?: string }): string | undefined {
  const uids = parseInteractionCookie(jar.get(INTERACTION_COOKIE, { signed: true }));
  const appId = askedAppId(request);
  return (appId !== undefined && uids[appId]) || uids[LEGACY];
}
