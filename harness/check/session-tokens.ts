/** Tokens in a session JSON, by their names and by their values. */
import type { Exchange } from '../../mocks/journal.ts';
import { fingerprint } from '../../mocks/redact.ts';
import type { Config } from '../config/config.ts';
import { isTokenName } from '../config/loosened.ts';

/** Fingerprints of the tokens that Logto answered with; the journal holds nothing else of them. */
const issuedIn = (exchanges: readonly Exchange[]): Set<string> =>
  new Set(
    exchanges.flatMap(({ response: { body } }) =>
      [...JSON.stringify(body ?? '').matchAll(/‹(?:access|refresh|ID) token #(\w{6})›/g)].map(
        ([, mark]) => mark as string,
      ),
    ),
  );

/**
 * Finds the tokens in a session JSON that the app does not hand out on purpose.
 *
 * A member is a token when it has the name of one, when its value is a JWT, or when it is one that Logto issued. Only the
 * feature `token-in-session` lets access tokens pass, and what `session.fields` names; the fields alone let none pass.
 *
 * @param exchanges token responses of the sign-in, from the journal
 * @returns where each stands and what gives it away, such as `user.auth (a token of Logto)`
 */
export function tokensShown(
  session: unknown,
  exchanges: readonly Exchange[],
  { features, session: { fields } }: Pick<Config, 'features' | 'session'>,
): string[] {
  const issued = issuedIn(exchanges);
  const allowed = new Set(
    features.includes('token-in-session') ? ['accessToken', 'access_token', ...fields] : [],
  );
  const look = (value: unknown, path: string[]): string[] => {
    if (typeof value === 'object' && value !== null)
      return Object.entries(value).flatMap(([name, inner]) => look(inner, [...path, name]));
    if (typeof value !== 'string' || !value || path.some((name) => allowed.has(name))) return [];
    const place = path.join('.');
    const name = path.findLast((each) => !/^\d+$/.test(each)) ?? '';
    if (isTokenName(name)) return [place];
    if (issued.has(fingerprint(value))) return [`${place} (a token of Logto)`];
    return /eyJ[\w-]+\.[\w-]+\.[\w-]+/.test(value) ? [`${place} (a JWT)`] : [];
  };
  return look(session, []);
}
