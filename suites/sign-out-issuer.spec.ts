/** Signing out at Logto as well: RP-initiated and back-channel logout, for apps that claim them. */
import { type CheckFixtures, check, type LabFixtures } from '../harness/check/check.ts';
import { notJudged } from '../harness/check/not-judged.ts';
import { demandSession, demandSignedOut, told } from '../harness/check/outcomes.ts';
import { demand } from '../harness/errors.ts';
import { confirmEndSession } from '../harness/visitor/issuer-sign-out.ts';
import { signOutByPath } from '../harness/visitor/own-sign-out.ts';
import { signOutByButton } from '../harness/visitor/sign-out-by-button.ts';
import type { Visitor } from '../harness/visitor/visitor.ts';
import { endedByLogto, refusedLogout } from './logout.ts';

check({
  id: 'sign-out/issuer-session-ends',
  title: "ends Logto's own session when the person signs out",
  clauses: ['oidc-rpinitiated §2', 'logto sign-out'],
  level: 'may',
  severity: 'moderate',
  appMust: "End Logto's session, too, so that the next sign-in asks for the phone again.",
  otherwise:
    'On a shared computer the next click on "Sign in" lets the next person in without any code: Logto’s own session lives on.',
  fix: 'After signOut, redirect to <issuer>/session/end?client_id=…&post_logout_redirect_uri=…, and claim the feature rp-logout.',
})(async ({ visitor, lab, control, scope }) => {
  const browser = await visitor();
  demandSession(await browser.signIn());
  const way = await signOutEverywhere(browser, lab, scope);
  const before = (await control.messages(browser.person.phone)).length;
  demandSession(await browser.signIn());
  const after = (await control.messages(browser.person.phone)).length;
  demand(
    after > before,
    `Left Logto's own session alive: the next sign-in needed no code${way.pressed ? '' : " (signed out by Auth.js' own form; without a browser, nobody pressed the button of the app)"}.`,
  );
});

/** Where a sign-out led: the end-session request when it came to Logto, and where the browser was in the end. */
interface Way {
  endSession?: URL;
  landed?: URL;
  told: string;
  /** The app's own button was pressed, in Chromium. */
  pressed: boolean;
  signedOut?: boolean;
}

/**
 * Signs out as people do: by the path that the config names for it, and by the app's own button where that leads to no
 * end-session request. Auth.js' own form, which apps that go to Logto need not use, is the last resort.
 */
async function signOutEverywhere(browser: Visitor, lab: LabFixtures['lab'], scope: string): Promise<Way> {
  const { endSession, home } = lab.config.pages;
  const hasBrowser = Boolean(lab.browser.executablePath);
  if (hasBrowser && !endSession) return byButton(browser, lab, scope);
  const answer =
    (await signOutByPath(browser, lab)) ??
    (await browser.signOut({ callbackUrl: new URL(home, lab.app.origin).href }));
  const page = await browser.agent.follow(answer);
  if (page.url.origin === lab.publicIssuerOrigin && page.url.pathname.endsWith('/session/end')) {
    const landed = await confirmEndSession(browser, page);
    return {
      endSession: page.url,
      landed: landed.location,
      told: `${landed.location?.origin ?? told(landed)}${landed.location?.pathname ?? ''}`,
      pressed: false,
    };
  }
  if (!hasBrowser) return { told: told(page), pressed: false };
  demandSession(await browser.signIn());
  return byButton(browser, lab, scope);
}

async function byButton(browser: Visitor, lab: LabFixtures['lab'], scope: string): Promise<Way> {
  const { endSession, landed, signedOut } = await signOutByButton(lab, browser, scope);
  return { endSession, landed, signedOut, told: `${landed.origin}${landed.pathname}`, pressed: true };
}

type Body = Pick<CheckFixtures & LabFixtures, 'visitor' | 'lab' | 'scope'>;
async function goToIssuer({ visitor, lab, scope }: Body) {
  if (!lab.config.pages.endSession && !lab.browser.executablePath)
    notJudged(
      "only the app's own button tells how it signs out at Logto, and there is no browser to press it",
      'give a browser (--browser PATH), or the path that signs out (pages.endSession)',
    );
  const browser = await visitor();
  demandSession(await browser.signIn());
  const way = await signOutEverywhere(browser, lab, scope);
  demand(way.endSession, `Did not go to Logto's end-session endpoint: ${way.told}.`);
  return { ...way, browser, params: way.endSession.searchParams };
}

check({
  id: 'sign-out/rp-identified',
  title: 'tells Logto who signs out, by id_token_hint or client_id',
  clauses: ['oidc-rpinitiated §2', 'logto sign-out'],
  level: 'must',
  severity: 'moderate',
  needs: ['rp-logout'],
  appMust: 'Send id_token_hint or client_id to the end-session endpoint.',
  otherwise: 'Logto ignores the post-logout redirect URI, and people end on a page of Logto.',
})(async ({ visitor, lab, scope }) => {
  const { params } = await goToIssuer({ visitor, lab, scope });
  demand(
    params.get('id_token_hint') || params.get('client_id'),
    'Sent neither id_token_hint nor client_id to the end-session endpoint.',
  );
});

check({
  id: 'sign-out/rp-returns',
  title: 'comes back to a page of its own from Logto’s sign-out',
  clauses: ['oidc-rpinitiated §3', 'logto sign-out'],
  level: 'must',
  severity: 'moderate',
  needs: ['rp-logout'],
  appMust: 'Send a post_logout_redirect_uri that is registered at Logto.',
  otherwise: 'People who sign out end on a page of Logto with no way back.',
  fix: 'Register the address as post sign-out redirect URI in Logto, and send exactly that; pages.signedOut tells the run what is registered.',
})(async ({ visitor, lab, scope }) => {
  const {
    landed,
    browser,
    pressed,
    signedOut,
    params,
    told: place,
  } = await goToIssuer({ visitor, lab, scope });
  const asked = params.get('post_logout_redirect_uri') ?? '';
  const isBack = landed?.origin === lab.app.origin;
  const isKnown = params.get('client_id') || params.get('id_token_hint');
  if (!isBack && isKnown && !lab.config.pages.signedOut && URL.parse(asked)?.origin === lab.app.origin)
    notJudged(
      `it sends ${asked}, and nothing says whether that is registered at Logto`,
      'name its path, query included, if it is (pages.signedOut)',
    );
  demand(isBack, `Ended the sign-out at ${place}${asked ? `; it sent ${asked}` : ''}.`);
  const page = await (await visitor()).get(`${landed?.pathname}${landed?.search}`);
  demand(page.status < 400, `Came back to ${landed?.pathname}, which was answered with ${page.status}.`);
  // What was pressed in Chromium cleared the cookies there.
  if (pressed) demand(signedOut, 'Still shows a session in the browser after the sign-out.');
  else await demandSignedOut(browser);
});

check({
  id: 'sign-out/backchannel',
  title: 'ends its session when Logto says that the person signed out',
  clauses: ['oidc-backchannel §2.5', 'oidc-backchannel §2.7', 'oidc-backchannel §2.8'],
  level: 'must',
  severity: 'serious',
  uses: ['server-requests'],
  needs: ['backchannel-logout'],
  appMust:
    'Answer 200 to a valid logout token, and hold no session of that person afterwards, in /session, on pages and in APIs of members; leave those of everybody else alone.',
  otherwise:
    'A person who signs out elsewhere stays signed in here, or signs out everybody who uses the app.',
  fix: 'Remember which session (sid) or person (sub) has ended, and ask that wherever a session is read: an API that opens the cookie by getToken() does not ask callbacks.jwt.',
})(async ({ visitor, somebody, lab, control, scope }) => {
  const beside = await visitor(undefined, { apart: true });
  demandSession(await beside.signIn());
  const { entry, over } = await endedByLogto({ visitor, somebody, lab, control, scope });
  demand(
    entry?.status === 200 || entry?.status === 204,
    `Answered a valid logout token with ${entry?.status}.`,
  );
  await over('Still shows a session after the back-channel logout.');
  demand(
    await beside.session(),
    'Ended the session of another person, whom the logout token did not name: whoever signs out at Logto signs out everybody.',
  );
});

check({
  id: 'sign-out/backchannel-alg-none',
  title: 'refuses a logout token without a signature',
  clauses: ['oidc-backchannel §2.6', 'oidc-backchannel §2.8'],
  level: 'must',
  severity: 'critical',
  fault: 'logout-token/alg-none',
  needs: ['backchannel-logout'],
  appMust: 'Answer 400, and keep the session.',
  otherwise: 'Anybody signs people out, or in the worst case everybody at once.',
})(refusedLogout);

check({
  id: 'sign-out/backchannel-wrong-alg',
  title: 'refuses a logout token signed with another algorithm',
  clauses: ['oidc-backchannel §2.6', 'oidc-backchannel §2.8'],
  level: 'must',
  severity: 'serious',
  fault: 'logout-token/alg-wrong',
  needs: ['backchannel-logout'],
  appMust: 'Answer 400, and keep the session.',
  otherwise: 'Anybody signs people out, or in the worst case everybody at once.',
})(refusedLogout);

check({
  id: 'sign-out/backchannel-wrong-iss',
  title: 'refuses a logout token of another issuer',
  clauses: ['oidc-backchannel §2.6', 'oidc-backchannel §2.8'],
  level: 'must',
  severity: 'critical',
  fault: 'logout-token/iss-wrong',
  needs: ['backchannel-logout'],
  appMust: 'Answer 400, and keep the session.',
  otherwise: 'Anybody signs people out, or in the worst case everybody at once.',
})(refusedLogout);

check({
  id: 'sign-out/backchannel-wrong-aud',
  title: 'refuses a logout token meant for another client',
  clauses: ['oidc-backchannel §2.6', 'oidc-backchannel §2.8'],
  level: 'must',
  severity: 'critical',
  fault: 'logout-token/aud-wrong',
  needs: ['backchannel-logout'],
  appMust: 'Answer 400, and keep the session.',
  otherwise: 'Anybody signs people out, or in the worst case everybody at once.',
})(refusedLogout);

check({
  id: 'sign-out/backchannel-no-event',
  title: 'refuses a logout token without the logout event',
  clauses: ['oidc-backchannel §2.6', 'oidc-backchannel §2.8'],
  level: 'must',
  severity: 'serious',
  fault: 'logout-token/event-missing',
  needs: ['backchannel-logout'],
  appMust: 'Answer 400, and keep the session.',
  otherwise: 'Anybody signs people out, or in the worst case everybody at once.',
})(refusedLogout);

check({
  id: 'sign-out/backchannel-wrong-event',
  title: 'refuses a logout token with another event',
  clauses: ['oidc-backchannel §2.6', 'oidc-backchannel §2.8'],
  level: 'must',
  severity: 'serious',
  fault: 'logout-token/event-wrong',
  needs: ['backchannel-logout'],
  appMust: 'Answer 400, and keep the session.',
  otherwise: 'Anybody signs people out, or in the worst case everybody at once.',
})(refusedLogout);

check({
  id: 'sign-out/backchannel-with-nonce',
  title: 'refuses a logout token with a nonce',
  clauses: ['oidc-backchannel §2.6', 'oidc-backchannel §2.8'],
  level: 'must',
  severity: 'moderate',
  fault: 'logout-token/nonce-added',
  needs: ['backchannel-logout'],
  appMust: 'Answer 400, and keep the session.',
  otherwise: 'Anybody signs people out, or in the worst case everybody at once.',
})(refusedLogout);

check({
  id: 'sign-out/backchannel-rogue-key',
  title: 'refuses a logout token signed with a key that is not the issuer’s',
  clauses: ['oidc-backchannel §2.6', 'oidc-backchannel §2.8'],
  level: 'must',
  severity: 'critical',
  fault: 'logout-token/signature-rogue-key',
  needs: ['backchannel-logout'],
  appMust: 'Answer 400, and keep the session.',
  otherwise: 'Anybody signs people out, or in the worst case everybody at once.',
})(refusedLogout);

check({
  id: 'sign-out/backchannel-nobody',
  title: 'refuses a logout token that names nobody',
  clauses: ['oidc-backchannel §2.6', 'oidc-backchannel §2.8'],
  level: 'must',
  severity: 'moderate',
  fault: 'logout-token/sub-and-sid-missing',
  needs: ['backchannel-logout'],
  appMust: 'Answer 400, and keep the session.',
  otherwise: 'Anybody signs people out, or in the worst case everybody at once.',
})(refusedLogout);
