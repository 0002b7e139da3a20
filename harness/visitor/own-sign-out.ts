/** The app's own sign-out, as its config or its page tells it, without a browser. */
import type { LabDescription } from '../lab/lab-description.ts';
import type { Answer } from '../user-agents/http.ts';
import { encodeForm, signOutFormIn } from './forms.ts';
import type { Visitor } from './visitor.ts';

/**
 * Begins the sign-out of somebody who is signed in: by the path of `pages.endSession`, else by the form of the app that stands
 * on its page for it (`pages.signOut`, or the home page).
 *
 * @returns the first answer; undefined where the app names no path and sends no form of its own, as one that signs out by a script
 */
export async function ownSignOut(
  visitor: Visitor,
  { config, app }: Pick<LabDescription, 'config' | 'app'>,
): Promise<Answer | undefined> {
  const { endSession, signOut, home } = config.pages;
  if (endSession) return visitor.signOut({ callbackUrl: new URL(endSession, app.origin).href });
  const page = await visitor.get(signOut?.startsWith('/') ? signOut : home);
  const form = signOutFormIn(page.text, page.url, app.basePath);
  if (!form) return undefined;
  const { type, body } = encodeForm(form);
  return visitor.agent.hop(new URL(form.action, app.origin), {
    method: 'POST',
    headers: { 'content-type': type, origin: app.origin },
    body,
  });
}
