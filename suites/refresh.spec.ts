/** Refreshing access tokens, for apps that claim to (RFC 6749 §6, RFC 9700 §4.14). */

import { setTimeout } from 'node:timers/promises';
import { type CheckFixtures, check, type LabFixtures } from '../harness/check/check.ts';
import { doorsShownTo } from '../harness/check/doors/closed-again.ts';
import { newMember } from '../harness/check/doors/walk-around.ts';
import { demandSession } from '../harness/check/outcomes.ts';
import { demand } from '../harness/errors.ts';
import { demandEnded, onceRefreshed } from './expired-token.ts';

type Body = Pick<CheckFixtures & LabFixtures, 'visitor' | 'control' | 'scope' | 'arm' | 'notApplicable'>;

/**
 * Seconds after which Logto gives a new refresh token at each use: 70 % of 14 days (facts: recordings 455, 601). The clock
 * of the mock is moved, so that nobody waits for it.
 */
const ROTATES_AFTER = 10 * 86_400;
/** Seconds after which Logto takes the old one no more (recordings 467, 602). */
const REUSED_FOR = 10;

/** A person whose access token has expired: it lived one second, and the clock of the app cannot be moved. */
async function withExpiredToken({ visitor, control, scope, arm, notApplicable }: Body) {
  await arm('token/expires-in-short');
  const browser = await visitor();
  const callback = await browser.authorize((await browser.startSignIn()).url);
  await browser.arrive(callback);
  const expiry = expiryOfShort();
  await arm();
  const [exchange] = await control.journal({ scope, endpoint: 'token' });
  if (!memberOf(exchange?.response.body, 'refresh_token'))
    notApplicable('Logto issued no refresh token (offline_access needs prompt=consent)');
  await until(expiry);
  return { browser, refreshes: () => refreshesOf({ control, scope }) };
}

/** When a token is over that lives one second from now, in seconds. */
const expiryOfShort = () => Math.ceil(Date.now() / 1000) + 1;
const until = (seconds: number) => setTimeout(seconds * 1000 - Date.now());

const refreshesOf = async ({ control, scope }: Pick<Body, 'control' | 'scope'>) =>
  (await control.journal({ scope, endpoint: 'token' })).filter(
    ({ facts }) => facts.grantType === 'refresh_token',
  );

/** A member of a token request or answer, as the journal has it: tokens stand there as fingerprints. */
function memberOf(body: unknown, name: string): string | undefined {
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? {});
  const [, json, form] = new RegExp(`"${name}":"([^"]+)"|(?:^|&)${name}=([^&]+)`).exec(text) ?? [];
  return json ?? (form && decodeURIComponent(form.replaceAll('+', ' ')));
}

/** A person whose access token has expired, and whose refresh token Logto replaces when it is used. */
async function aboutToRotate({ visitor, control, scope, arm, notApplicable }: Body) {
  const { browser, refreshes } = await withExpiredToken({ visitor, control, scope, arm, notApplicable });
  await control.advance(scope, ROTATES_AFTER);
  const before = (await refreshes()).length;
  return { browser, refreshes, since: async () => (await refreshesOf({ control, scope })).slice(before) };
}

/** Lets the next access token expire at once; the refresh token that it came without is taken no more. */
async function expireAgain({ control, scope, arm }: Pick<Body, 'control' | 'scope' | 'arm'>) {
  const expiry = expiryOfShort();
  await arm();
  await control.advance(scope, REUSED_FOR);
  await until(expiry);
}

check({
  id: 'session/refreshes-token',
  title: 'refreshes an access token that has expired',
  clauses: ['rfc6749 §6', 'authjs refresh'],
  level: 'must',
  severity: 'serious',
  needs: ['refresh-token'],
  arms: ['token/expires-in-short'],
  appMust: 'Use the refresh token at the next request, and keep the session.',
  otherwise: 'Calls to APIs fail an hour after the sign-in.',
})(async ({ visitor, control, scope, arm, notApplicable }) => {
  const { browser, refreshes } = await withExpiredToken({ visitor, control, scope, arm, notApplicable });
  const session = await browser.session();
  demand(session, 'Lost the session when the access token expired.');
  demand(
    (await refreshes()).some(({ status }) => status === 200),
    'Did not refresh the access token.',
  );
});

check({
  id: 'session/refreshes-once',
  title: 'refreshes once when several requests come at the same time',
  clauses: ['rfc9700 §4.14', 'authjs refresh'],
  level: 'should',
  severity: 'moderate',
  needs: ['refresh-token'],
  arms: ['token/expires-in-short'],
  appMust: 'Let requests that come together share one refresh.',
  otherwise:
    'Logto sees a refresh token used twice, and revokes the whole grant: the person is signed out at random.',
})(async ({ visitor, control, scope, arm, notApplicable }) => {
  const { browser, refreshes } = await withExpiredToken({ visitor, control, scope, arm, notApplicable });
  const before = (await refreshes()).length;
  await Promise.all([browser.session(), browser.session(), browser.session(), browser.session()]);
  const spent = (await refreshes()).length - before;
  demand(spent <= 1, `Spent its refresh token ${spent} times for requests that came together.`);
  demand(await browser.session(), 'Lost the session.');
});

check({
  id: 'session/refreshes-again',
  title: 'refreshes with the refresh token that it was given last',
  clauses: ['rfc6749 §6', 'rfc9700 §4.14', 'authjs refresh'],
  level: 'must',
  severity: 'serious',
  needs: ['refresh-token'],
  arms: ['token/expires-in-short'],
  appMust: 'Keep the new refresh token of each refresh, when there is one, and use it for the next.',
  otherwise:
    'Logto sees a refresh token that was replaced, and revokes the whole grant: the person is signed out after days.',
  fix: 'Keep refresh_token of the answer: refreshToken: tokens.refresh_token ?? token.refreshToken.',
})(async ({ visitor, control, scope, arm, notApplicable, step }) => {
  const { browser, refreshes, since } = await aboutToRotate({ visitor, control, scope, arm, notApplicable });
  await arm('token/expires-in-short');
  await onceRefreshed(() => browser.session(), refreshes);
  const [first] = await since();
  await step('control', async () => demand(first?.status === 200, 'Did not refresh the access token.'));
  const [used, given] = [
    memberOf(first?.request.body, 'refresh_token'),
    memberOf(first?.response.body, 'refresh_token'),
  ];
  if (!given || given === used) notApplicable('Logto did not replace the refresh token');
  await expireAgain({ control, scope, arm });
  const session = await browser.session();
  const second = (await since())[1];
  demand(second, 'Refreshed once, and not again when the next access token had expired.');
  demand(
    memberOf(second.request.body, 'refresh_token') === given,
    'Used the refresh token again that Logto had replaced.',
  );
  demand(second.status === 200, `Was refused the second refresh: ${second.status}.`);
  demand(session && !('error' in session), 'Lost the session at the second refresh.');
});

check({
  id: 'session/refreshes-in-race',
  title: 'holds the refresh token that counts after requests that came together',
  clauses: ['rfc9700 §4.14', 'authjs refresh'],
  level: 'should',
  severity: 'moderate',
  needs: ['refresh-token'],
  arms: ['token/expires-in-short'],
  appMust: 'Refresh once more after several requests came at the same time, and the session goes on.',
  otherwise: 'Whichever answer comes last wins; the person is signed out at random.',
  fix: 'Let requests that come together share one refresh, and all set its result.',
})(async ({ visitor, control, scope, arm, notApplicable, step }) => {
  const { browser, refreshes, since } = await aboutToRotate({ visitor, control, scope, arm, notApplicable });
  await arm('token/expires-in-short');
  const together = await onceRefreshed(
    () => Promise.all([browser.session(), browser.session(), browser.session()]),
    refreshes,
  );
  const first = await since();
  await step('control', async () =>
    demand(
      first.some(({ status }) => status === 200),
      'Did not refresh the access token.',
    ),
  );
  const failed = together.filter((session) => !session || 'error' in session).length;
  demand(failed === 0, `Showed ${failed} of 3 requests that came together no healthy session.`);
  await expireAgain({ control, scope, arm });
  const session = await browser.session();
  demand(session && !('error' in session), 'Lost the session at the refresh after that.');
});

check({
  id: 'session/refreshed-by-page',
  title: 'keeps the refresh token that came while it drew a page',
  clauses: ['rfc9700 §4.14', 'authjs refresh'],
  level: 'should',
  severity: 'moderate',
  needs: ['refresh-token'],
  arms: ['token/expires-in-short'],
  appMust: 'Set the session anew with a page for which it refreshed, or do not refresh there.',
  otherwise:
    'The new refresh token is lost (a server component of Next.js sets no cookie), and the next refresh ends the session.',
  fix: 'Refresh in the middleware (proxy), in a route, or by /session; or keep tokens in a database.',
})(async ({ visitor, control, scope, arm, lab, notApplicable }) => {
  const { browser, since } = await aboutToRotate({ visitor, control, scope, arm, notApplicable });
  await arm('token/expires-in-short');
  const { home, protected: inside } = lab.config.pages;
  for (const path of [...inside, home]) await browser.agent.follow(await browser.get(path));
  if ((await since()).length === 0) notApplicable('its pages refresh nothing');
  await expireAgain({ control, scope, arm });
  const session = await browser.session();
  demand(session && !('error' in session), 'Lost the session after a page for which it had refreshed.');
});

check({
  id: 'session/refresh-unavailable',
  title: 'gets over a refresh that Logto could not answer',
  clauses: ['rfc6749 §5.2', 'asvs 16.5.2', 'authjs refresh'],
  level: 'should',
  severity: 'moderate',
  needs: ['refresh-token'],
  arms: ['token/expires-in-short', 'token/status-500'],
  appMust: 'Answer while Logto fails, and refresh when it answers again, or have the person sign in anew.',
  otherwise: 'A minute without Logto leaves everybody with a session that works no more.',
  fix: 'Try again at the next request; take the error out of the token when a refresh succeeds.',
})(async ({ visitor, control, scope, arm, notApplicable }) => {
  const { browser } = await withExpiredToken({ visitor, control, scope, arm, notApplicable });
  await arm('token/status-500');
  const answer = await browser.sessionAnswer();
  demand(answer.status < 500, `Answered /session with ${answer.status} while Logto failed.`);
  await arm();
  const session = await browser.session();
  demand(
    !session || !('error' in session),
    'Kept the error of the failed refresh though Logto answered again.',
  );
});

check({
  id: 'session/refresh-refused',
  title: 'says so, or signs out, when Logto refuses its refresh token',
  clauses: ['rfc6749 §5.2', 'authjs refresh'],
  level: 'must',
  severity: 'serious',
  needs: ['refresh-token'],
  arms: ['token/expires-in-short', 'token/error-invalid-grant'],
  appMust: 'End the session, or put an error into it, when the refresh is refused.',
  otherwise: 'The app looks signed in, and every call to an API fails.',
})(async ({ visitor, somebody, control, scope, arm, notApplicable, lab }) => {
  const needs = { visitor, somebody, lab };
  const doors = await doorsShownTo(await newMember(needs), needs);
  const { browser, refreshes } = await withExpiredToken({ visitor, control, scope, arm, notApplicable });
  await arm('token/error-invalid-grant');
  await demandEnded(browser, doors, needs, refreshes);
  await arm();
});

check({
  id: 'callback/refreshing-app-signs-in',
  title: 'signs people in again after a refused refresh',
  clauses: ['rfc6749 §6'],
  level: 'must',
  severity: 'serious',
  needs: ['refresh-token'],
  arms: ['token/expires-in-short', 'token/error-invalid-grant'],
  appMust: 'Start over with a new sign-in after a refused refresh.',
  otherwise: 'A revoked grant locks the person out until they clear their cookies.',
})(async ({ visitor, control, scope, arm, notApplicable }) => {
  const { browser } = await withExpiredToken({ visitor, control, scope, arm, notApplicable });
  await arm('token/error-invalid-grant');
  await browser.session();
  await arm();
  const signIn = await browser.signIn();
  demandSession(signIn);
  demand(!('error' in (signIn.session ?? {})), 'Kept the error of the refused refresh after a new sign-in.');
});
