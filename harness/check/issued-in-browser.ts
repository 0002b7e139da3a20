/** What browsers themselves were given before a real issuer, as nobody else tells: codes and states of sign-ins. */
import type { Issued, IssuedKind } from '../../mocks/issued.ts';
import type { RawExchange } from '../user-agents/raw-exchange.ts';

const KINDS: Record<string, IssuedKind> = { code: 'authorization code', state: 'state' };

const locationOf = ({ url, response }: RawExchange): URL | undefined => {
  const [location] = [response.headers.location ?? []].flat();
  return location && URL.canParse(location, url) ? new URL(location, url) : undefined;
};

/**
 * Codes and states that stand in redirects between issuer and app.
 *
 * @param issuerOrigin origin of the issuer
 */
export function issuedInBrowser(
  raws: readonly { raw: RawExchange; person: string | null }[],
  issuerOrigin: string,
): Issued[] {
  return raws.flatMap(({ raw, person }) => {
    const location = locationOf(raw);
    if (!location) return [];
    const fromIssuer = new URL(raw.url).origin === issuerOrigin && location.origin !== issuerOrigin;
    const toIssuer = new URL(raw.url).origin !== issuerOrigin && location.origin === issuerOrigin;
    if (!fromIssuer && !toIssuer) return [];
    return Object.entries(KINDS).flatMap(([name, kind]): Issued[] => {
      const value = location.searchParams.get(name);
      return value ? [{ kind, value, owner: person || null, scope: raw.exchange.scope }] : [];
    });
  });
}
