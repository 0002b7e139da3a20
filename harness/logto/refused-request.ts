/** An authorization request that Logto refuses: what it says, and what the app had asked for. */
import type { Locator, Page, Request } from '@playwright/test';
import { redactText } from '../../mocks/redact.ts';
import { ConformanceFailure } from '../errors.ts';

/** What Logto was asked for, and its answer. */
export interface RefusedRequest {
  asked: URLSearchParams;
  error: string;
  description?: string | null;
}

/** What is known of the app at Logto. */
export interface RegisteredApp {
  callbackUrl: string;
  clientId: string;
}

/** Said of the person, or of Logto itself; the request was right. */
const NOT_OF_THE_REQUEST =
  /^(?:login_required|interaction_required|consent_required|account_selection_required|access_denied|server_error|temporarily_unavailable)$/;

/** An error of the request. */
const isTold = (error: unknown): error is string =>
  typeof error === 'string' && error !== '' && !NOT_OF_THE_REQUEST.test(error);

/** What the request said, by the words of the answer. */
function named({ asked, error, description }: RefusedRequest): string {
  const about = `${error.replace(/_/g, ' ')} ${description ?? ''}`;
  const names = [...new Set([...about.matchAll(/[a-z]+(?:_[a-z]+)*/g)].map(([word]) => word))].filter(
    (word) => asked.has(word) && !['state', 'nonce', 'code_challenge'].includes(word),
  );
  const said = names.map((name) => `${name}=${asked.get(name)}`).join(', ');
  return said && ` It asked with ${said}.`;
}

/** The refusal, as what the app did. */
export function refusedWords(refused: RefusedRequest, registered?: RegisteredApp): string {
  const { asked, error, description } = refused;
  const words = `Logto answered ${error}${description ? `: ${description}` : ''}`;
  const uri = asked.get('redirect_uri');
  if (registered && uri && /redirect_uri/.test(`${error} ${description}`) && uri !== registered.callbackUrl)
    return `Sends people to Logto with the redirect URI ${uri}; registered is ${registered.callbackUrl}. ${words}.`;
  const id = asked.get('client_id');
  if (registered && error === 'invalid_client' && id !== registered.clientId)
    return `Sends people to Logto with the client id ${JSON.stringify(id)}; its own is ${JSON.stringify(registered.clientId)}. ${words}.`;
  return `Sends people to Logto with a request that is refused there. ${words}.${named(refused)}`;
}

/** The parameters of an authorization request, in the address or posted. */
const askedBy = (request: Request): URLSearchParams =>
  request.method() === 'POST'
    ? new URLSearchParams(request.postData() ?? '')
    : new URL(request.url()).searchParams;

/** What an error page of Logto says, which is JSON. */
function errorIn(text: string): Pick<RefusedRequest, 'error' | 'description'> | undefined {
  try {
    const { error, error_description: description } = JSON.parse(text);
    return isTold(error) ? { error, description } : undefined;
  } catch {
    return undefined;
  }
}

/** What the way back to the app says, in its query or behind its `#`. */
function errorBehind(
  location: string | undefined,
): Pick<RefusedRequest, 'error' | 'description'> | undefined {
  const { search, hash } = (location && URL.parse(location)) || { search: '', hash: '' };
  const said = new URLSearchParams(search.length > 1 ? search : hash.slice(1));
  const [error, description] = [said.get('error'), said.get('error_description')];
  return isTold(error) ? { error, description } : undefined;
}

/**
 * Watches a page from now on for authorization requests of the app.
 *
 * @param isIssuer whether an origin is the issuer's
 * @returns why the last one was refused, on a page of Logto or at the app's callback; undefined where it was not
 */
export function watchRefusals(
  page: Page,
  isIssuer: (origin: string) => boolean,
): () => Promise<RefusedRequest | undefined> {
  let last: Request | undefined;
  page.on('request', (request) => {
    if (!request.isNavigationRequest() || request.frame() !== page.mainFrame()) return;
    const { origin, pathname } = new URL(request.url());
    if (isIssuer(origin) && pathname.endsWith('/auth')) last = request;
  });
  return async () => {
    const answer = await last?.response().catch(() => null);
    if (!last || !answer) return undefined;
    const told =
      answer.status() < 400
        ? errorBehind(answer.headers().location)
        : answer.status() < 500 && errorIn(await answer.text().catch(() => ''));
    return told ? { asked: askedBy(last), ...told } : undefined;
  };
}

/** What Chromium shows where an answer is JSON that tells of an error. */
export const errorOn = (page: Page): Locator => page.locator('body > pre').filter({ hasText: /"error":/ });

/** Why the page that a browser stands at is an error page of Logto; undefined where it is none. */
export async function refusedAt(page: Page): Promise<RefusedRequest | undefined> {
  const { pathname, searchParams: asked } = new URL(page.url());
  if (!pathname.endsWith('/auth')) return undefined;
  const told = errorIn(await page.evaluate(() => document.body?.textContent ?? '').catch(() => ''));
  return told && { asked, ...told };
}

/** @throws ConformanceFailure where Logto refuses what the app asks for */
export function demandTaken(refused: RefusedRequest | undefined, registered?: RegisteredApp): void {
  if (refused) throw new ConformanceFailure(redactText(refusedWords(refused, registered)));
}
