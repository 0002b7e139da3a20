/** Logto's own pages by their addresses, and the consent page of third-party applications (facts: logto.md §2). */
import { Blocked } from '../errors.ts';
import type { Answer, HttpAgent } from '../user-agents/http.ts';

/** First screens of the sign-in experience (packages/core/src/oidc/utils.ts, recordings 163 to 174). */
const FIRST_SCREENS = /^\/(sign-in|register|identifier-sign-in|identifier-register|reset-password)$/;

export const isSignInPage = ({ pathname }: Pick<URL, 'pathname'>): boolean => FIRST_SCREENS.test(pathname);

/**
 * Gives the consent that a third-party application asks for; first-party ones are given it by Logto itself.
 *
 * @param page an answer that is no redirect
 * @returns where Logto leads on; undefined when the answer is no consent page
 */
export async function passConsent(agent: Pick<HttpAgent, 'hop'>, page: Answer): Promise<URL | undefined> {
  if (page.url.pathname !== '/consent' || page.status !== 200) return undefined;
  const answer = await agent.hop(`${page.url.origin}/api/interaction/consent`, {
    method: 'POST',
    json: {},
    headers: { accept: 'application/json' },
  });
  const { redirectTo } = (answer.json() ?? {}) as { redirectTo?: string };
  if (!redirectTo)
    throw new Blocked(
      `The consent page of the tenant could not be passed: ${answer.status} ${answer.text.slice(0, 160)}`,
    );
  return new URL(redirectTo);
}
