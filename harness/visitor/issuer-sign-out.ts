/** Ends the session at Logto in the browser: its page with the auto-submitting form (facts: logto.md §1, end_session). */
import { demand } from '../errors.ts';
import type { Answer } from '../user-agents/http.ts';
import type { Visitor } from './visitor.ts';

/** Submits the form of Logto's end-session page; returns Logto's answer. */
export async function confirmEndSession(visitor: Visitor, page: Answer): Promise<Answer> {
  const action = /<form[^>]*action="([^"]+)"/i.exec(page.text)?.[1];
  const xsrf = /name="xsrf"[^>]*value="([^"]*)"/i.exec(page.text)?.[1];
  demand(
    action && xsrf,
    `Led to a page of Logto that ends no session: ${page.status} at ${page.url.pathname}.`,
  );
  return visitor.agent.hop(new URL(action, page.url), { method: 'POST', form: { xsrf, logout: 'yes' } });
}

/** Ends the person's session at Logto without the app having part in it. */
export async function endIssuerSession(visitor: Visitor, issuer: string, clientId: string): Promise<void> {
  const page = await visitor.agent.hop(
    `${issuer}/session/end?${new URLSearchParams({ client_id: clientId })}`,
  );
  await confirmEndSession(visitor, page);
}
