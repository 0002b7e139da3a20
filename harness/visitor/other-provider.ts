/** Sign-ins that begin with another provider of the app, played by a second issuer or by nobody. */
import type { Visitor } from './visitor.ts';

/** What ties an authorization response to the browser that its request came from. */
const CHECKS = ['code_challenge', 'code_challenge_method', 'state', 'nonce'];

/**
 * Sends the sign-in form of a provider.
 *
 * @param provider id, as `/providers` lists it
 * @returns the authorization request that the app made, or undefined when it led to no other origin
 */
export async function beginElsewhere(visitor: Visitor, provider: string): Promise<URL | undefined> {
  const csrfToken = await visitor.csrfToken();
  const url = new URL(visitor.at(`/signin/${provider}`));
  const answer = await visitor.agent.hop(url, {
    method: 'POST',
    form: { ...(csrfToken && { csrfToken }), callbackUrl: `${url.origin}/` },
  });
  const { location } = answer;
  return location && location.origin !== url.origin ? location : undefined;
}

/**
 * An authorization request with the challenge, state and nonce of another one, as somebody makes who saw that one.
 *
 * @returns a copy of `request`
 */
export function withChecksOf(seen: URL, request: URL): URL {
  const forged = new URL(request);
  for (const name of CHECKS) {
    const value = seen.searchParams.get(name);
    forged.searchParams.delete(name);
    if (value !== null) forged.searchParams.set(name, value);
  }
  return forged;
}
