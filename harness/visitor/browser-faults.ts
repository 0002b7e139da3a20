/** Faults of the authorization response, made by the browser that carries it: before a real issuer nobody else can. */
import type { ControlClient } from '../../mocks/client.ts';
import { distort, type FaultName } from '../../mocks/faults.ts';
import { joinResponse, splitResponse } from '../../mocks/logto/authorization-response.ts';
import type { LabDescription } from '../lab/lab-description.ts';

/**
 * The callback as the armed faults of a scope make it.
 *
 * @param callback as Logto sent it
 * @param context.request the authorization request that it answers
 */
export async function distortInBrowser(
  callback: URL,
  context: { lab: LabDescription; control: Pick<ControlClient, 'call'>; scope: string; request: URL },
): Promise<URL> {
  const { lab, control, scope, request } = context;
  const names = await control.call<FaultName[]>('GET', `/scopes/${scope}/faults`);
  if (names.length === 0) return callback;
  const redirectUri = request.searchParams.get('redirect_uri') ?? `${callback.origin}${callback.pathname}`;
  const answer = splitResponse(callback.href, redirectUri);
  const distorted = distort(names, answer, {
    issuer: lab.issuer,
    clientId: request.searchParams.get('client_id') ?? '',
    redirectUri,
    now: Math.floor(Date.now() / 1000),
  });
  return new URL(joinResponse(distorted, callback.href, redirectUri));
}
