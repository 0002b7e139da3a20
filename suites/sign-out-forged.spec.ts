/** Where a sign-out leads when a header of the request names another host. */
import { check } from '../harness/check/check.ts';
import { demandSession } from '../harness/check/outcomes.ts';
import { NAMED } from '../harness/check/pages/named-host.ts';
import { demand } from '../harness/errors.ts';
import type { Answer } from '../harness/user-agents/http.ts';
import { encodeForm } from '../harness/visitor/encode-form.ts';
import { ownSignOutForm } from '../harness/visitor/own-sign-out.ts';
import type { Visitor } from '../harness/visitor/visitor.ts';

const HEADERS = [
  ['X-Forwarded-Host', NAMED],
  ['Forwarded', `host=${NAMED};proto=https`],
] as const;

const HOPS_MAX = 5;

/** Where an address, or one that it names for later, leads to the named host; undefined where none does. */
const ledBy = (url: URL): string | undefined =>
  url.hostname === NAMED
    ? `to ${url.origin}`
    : [...url.searchParams].flatMap(([name, value]) =>
        URL.parse(value)?.hostname === NAMED ? [`to ${url.origin}${url.pathname} with ${name}=${value}`] : [],
      )[0];

/** The redirects of a sign-out within the app, each under the same header, until one leads elsewhere. */
async function leads(first: Answer, browser: Visitor, origin: string, headers: Record<string, string>) {
  let answer = first;
  for (let hop = 0; answer.location && hop < HOPS_MAX; hop += 1) {
    const led = ledBy(answer.location);
    if (led || answer.location.origin !== origin) return led;
    answer = await browser.agent.hop(answer.location, { headers });
  }
  return undefined;
}

check({
  id: 'sign-out/host-forged',
  title: 'leads to addresses of its own after a sign-out, whatever host a header names',
  clauses: ['oidc-rpinitiated §2', 'asvs 4.1.3'],
  level: 'should',
  severity: 'moderate',
  appMust:
    'Take its own address, and the post_logout_redirect_uri made of it, from its config, not from X-Forwarded-Host or Forwarded.',
  otherwise:
    'Behind a proxy that passes the header on, or a cache, people who sign out end at somebody else’s site, or on an error page of Logto with their session alive there.',
  fix: 'Set AUTH_URL and build post_logout_redirect_uri from it, never from the host of the request; or let the proxy in front overwrite the header.',
})(async ({ visitor, lab, step }) => {
  const { app, config } = lab;
  await step(
    'fault',
    async () => {
      for (const [header, value] of HEADERS) {
        const headers = { [header]: value };
        const browser = await visitor(undefined, { known: true });
        demandSession(await browser.signIn());
        const told = (path: string, led: string | undefined) =>
          demand(!led, `Led whoever signs out by ${path} ${led} under ${header}: ${value}.`);
        // The path that goes to Logto is asked first, while there is a session.
        const { endSession } = config.pages;
        if (endSession) {
          const form = { callbackUrl: `${app.origin}/` };
          const got = await browser.get(endSession, { headers });
          const answer =
            got.status === 404 || got.status === 405
              ? await browser.get(endSession, {
                  headers: { ...headers, origin: app.origin },
                  method: 'POST',
                  form,
                })
              : got;
          told(endSession, await leads(answer, browser, app.origin, headers));
          if (!(await browser.session())) demandSession(await browser.signIn());
        }
        // Where nothing names that path, the form of the app leads to it.
        const form = endSession ? undefined : await ownSignOutForm(browser, lab);
        if (form) {
          const { type, body } = encodeForm(form);
          const answer = await browser.agent.hop(new URL(form.action, app.origin), {
            method: 'POST',
            headers: { ...headers, origin: app.origin, 'content-type': type },
            body,
          });
          told(form.action, await leads(answer, browser, app.origin, headers));
          if (!(await browser.session())) demandSession(await browser.signIn());
        }
        const csrfToken = await browser.csrfToken();
        const answer = await browser.agent.hop(browser.at('/signout'), {
          method: 'POST',
          headers,
          form: { ...(csrfToken && { csrfToken }) },
        });
        told(`${app.basePath}/signout`, await leads(answer, browser, app.origin, headers));
      }
    },
    () => 'Led to its own addresses, and told Logto of these.',
  );
});
