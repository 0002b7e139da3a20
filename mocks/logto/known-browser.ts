/** The browser of somebody who signed in at Logto before: what the engine keeps of it, and the cookies that go with it. */
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Provider } from 'oidc-provider';
import { supportedScopes } from './claims.ts';
import { SESSION_COOKIE, SESSION_TTL } from './configuration.ts';

/**
 * Signs a user in without a browser. Logto asks neither for a code nor, as in every later sign-in, for the consent that
 * it gives first-party applications by itself (recordings 112, 226, 227).
 *
 * @param clientIds applications that the user has signed in to
 * @returns the Set-Cookie lines, for Logto's origin
 */
export async function openSession(
  provider: Provider,
  accountId: string,
  clientIds: readonly string[],
): Promise<string[]> {
  const session = new provider.Session();
  session.loginAccount({ accountId });
  for (const clientId of clientIds) {
    const grant = new provider.Grant({ accountId, clientId });
    grant.addOIDCScope(supportedScopes.join(' '));
    session.ensureClientContainer(clientId);
    session.grantIdFor(clientId, await grant.save());
  }
  await session.save(SESSION_TTL);
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  const { cookies } = provider.createContext(request, response);
  cookies.set(provider.cookieName('session'), session.jti, SESSION_COOKIE);
  return [response.getHeader('set-cookie') ?? []].flat().map(String);
}
