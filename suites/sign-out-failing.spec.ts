/** Sign-outs in which Logto fails, and logout tokens that are old, odd, or come twice. */
import { type CheckFixtures, check, type LabFixtures } from '../harness/check/check.ts';
import { notJudged } from '../harness/check/not-judged.ts';
import { demandSession, demandSignedOut, told } from '../harness/check/outcomes.ts';
import { followWithin } from '../harness/check/pages/pages.ts';
import { demand } from '../harness/errors.ts';
import { confirmEndSession } from '../harness/visitor/issuer-sign-out.ts';
import type { FaultName } from '../mocks/faults.ts';
import { endedByLogto, goToLogto, logoutToken, refusedLogout } from './logout.ts';

type Body = Pick<CheckFixtures & LabFixtures, 'visitor' | 'lab' | 'arm' | 'scope'>;
/** The person signs out while Logto's end-session endpoint fails: what the app holds must be gone all the same. */
async function signsOutAlone({ visitor, lab, arm }: Body, fault: FaultName): Promise<void> {
  const browser = await visitor(undefined, { known: true });
  demandSession(await browser.signIn());
  await arm(fault);
  // What the browser meets at Logto is Logto's; only the session of the app is judged.
  const { ended } = await goToLogto(browser, lab, notJudged);
  await demandSignedOut(browser);
  await arm();
  await ended;
  demandSession(await browser.signIn());
}

check({
  id: 'sign-out/rp-issuer-400',
  title: 'signs out though Logto refuses its sign-out',
  clauses: ['oidc-rpinitiated §2'],
  level: 'must',
  severity: 'serious',
  fault: 'end-session/status-400',
  needs: ['rp-logout'],
  appMust: 'End its own session before, or whatever becomes of, the one at Logto.',
  otherwise: 'A person who signs out while Logto has trouble stays signed in.',
})(async ({ visitor, lab, arm, scope }) => {
  await signsOutAlone({ visitor, lab, arm, scope }, 'end-session/status-400');
});

check({
  id: 'sign-out/rp-issuer-500',
  title: 'signs out though Logto fails',
  clauses: ['oidc-rpinitiated §2'],
  level: 'must',
  severity: 'serious',
  fault: 'end-session/status-500',
  needs: ['rp-logout'],
  appMust: 'End its own session before, or whatever becomes of, the one at Logto.',
  otherwise: 'A person who signs out while Logto has trouble stays signed in.',
})(async ({ visitor, lab, arm, scope }) => {
  await signsOutAlone({ visitor, lab, arm, scope }, 'end-session/status-500');
});

check({
  id: 'sign-out/rp-issuer-hangs',
  title: 'signs out though Logto never answers',
  clauses: ['oidc-rpinitiated §2'],
  level: 'must',
  severity: 'serious',
  fault: 'end-session/hang',
  needs: ['rp-logout'],
  appMust: 'End its own session before, or whatever becomes of, the one at Logto.',
  otherwise: 'A person who signs out while Logto has trouble stays signed in.',
})(async ({ visitor, lab, arm, scope }) => {
  await signsOutAlone({ visitor, lab, arm, scope }, 'end-session/hang');
});

check({
  id: 'sign-out/rp-issuer-resets',
  title: 'signs out though Logto breaks the connection',
  clauses: ['oidc-rpinitiated §2'],
  level: 'must',
  severity: 'serious',
  fault: 'end-session/reset',
  needs: ['rp-logout'],
  appMust: 'End its own session before, or whatever becomes of, the one at Logto.',
  otherwise: 'A person who signs out while Logto has trouble stays signed in.',
})(async ({ visitor, lab, arm, scope }) => {
  await signsOutAlone({ visitor, lab, arm, scope }, 'end-session/reset');
});

/** The person comes back from Logto's sign-out with another state than the app sent, or with none. */
async function returnsWithoutItsState(
  { visitor, lab, arm, notApplicable }: Body & Pick<CheckFixtures, 'notApplicable'>,
  fault: FaultName,
): Promise<void> {
  const browser = await visitor(undefined, { known: true });
  demandSession(await browser.signIn());
  const { ended } = await goToLogto(browser, lab, notJudged);
  const page = await ended;
  if (!page?.url.searchParams.has('state'))
    return notApplicable('it sends no state when it signs out at Logto');
  await arm(fault);
  const { location } = await confirmEndSession(browser, page);
  await arm();
  if (!location) return notApplicable('Logto leads nobody back to it from the sign-out');
  // Where it leads people then is its own matter: a page that needs a session begins a new sign-in.
  const back = await followWithin(browser, await browser.agent.hop(location), lab.app.origin);
  demand(back.status < 500, `Crashed when people came back from the sign-out: ${told(back)}.`);
  await demandSignedOut(browser);
}

check({
  id: 'sign-out/rp-state-missing',
  title: 'survives that people come back from the sign-out without its state',
  clauses: ['oidc-rpinitiated §3'],
  level: 'should',
  severity: 'moderate',
  fault: 'end-session/state-missing',
  needs: ['rp-logout'],
  appMust: 'Show a page of its own and hold no session.',
  otherwise: 'People who signed out see an error, and do not know whether they are out.',
  fix: 'End the session before the way to Logto, and take a state that is missing for a sign-out that somebody else began: show the usual page.',
})(({ visitor, lab, arm, scope, notApplicable }) =>
  returnsWithoutItsState({ visitor, lab, arm, scope, notApplicable }, 'end-session/state-missing'),
);

check({
  id: 'sign-out/rp-state-wrong',
  title: 'survives that people come back from the sign-out with another state',
  clauses: ['oidc-rpinitiated §3'],
  level: 'should',
  severity: 'moderate',
  fault: 'end-session/state-wrong',
  needs: ['rp-logout'],
  appMust: 'Show a page of its own and hold no session.',
  otherwise: 'People who signed out see an error, and do not know whether they are out.',
  fix: 'End the session before the way to Logto, and take a state that it does not know for a sign-out that somebody else began: show the usual page.',
})(({ visitor, lab, arm, scope, notApplicable }) =>
  returnsWithoutItsState({ visitor, lab, arm, scope, notApplicable }, 'end-session/state-wrong'),
);

check({
  id: 'sign-out/backchannel-replayed',
  title: 'takes each logout token once',
  clauses: ['oidc-backchannel §2.6'],
  level: 'may',
  severity: 'minor',
  uses: ['server-requests'],
  needs: ['backchannel-logout'],
  appMust: 'Remember the jti of a logout token for as long as it is good, and end nothing by it again.',
  otherwise: 'Whoever has one logout token signs its owner out again and again.',
})(async ({ visitor, lab, control, scope, notApplicable }) => {
  const { browser, entry } = await logoutToken({ visitor, lab, control, scope });
  demand(!(await browser.session()), 'Still shows a session after the back-channel logout.');
  if (!entry) return notApplicable('it was sent no logout token');
  demandSession(await browser.signIn());
  const { status } = (await control.call('POST', '/logout-tokens/again', { scope })) as { status: number };
  demand(status < 500, `Crashed at a logout token that it had had (${status}).`);
  demand(
    await browser.session(),
    `Ended a later session of the person by a logout token that it had had (and answered ${status}).`,
  );
});

check({
  id: 'sign-out/backchannel-expired',
  title: 'refuses a logout token that has expired',
  clauses: ['oidc-backchannel §2.6', 'oidc-backchannel §2.8'],
  level: 'must',
  severity: 'serious',
  fault: 'logout-token/expired',
  needs: ['backchannel-logout'],
  appMust: 'Answer 400, and keep the session.',
  otherwise: 'Old tokens from a log sign people out for ever.',
})(refusedLogout);

check({
  id: 'sign-out/backchannel-garbage',
  title: 'refuses what is no logout token',
  clauses: ['oidc-backchannel §2.6', 'oidc-backchannel §2.8'],
  level: 'must',
  severity: 'serious',
  fault: 'logout-token/garbage',
  needs: ['backchannel-logout'],
  appMust: 'Answer 400, and keep the session.',
  otherwise: 'Anybody signs people out, or crashes the endpoint.',
})(refusedLogout);

check({
  id: 'sign-out/backchannel-typ-id-token',
  title: 'refuses a logout token whose type says that it is none',
  clauses: ['asvs 9.2.2', 'oidc-backchannel §2.6'],
  level: 'should',
  severity: 'moderate',
  fault: 'logout-token/typ-jwt',
  needs: ['backchannel-logout'],
  appMust: 'Answer 400, and keep the session.',
  otherwise:
    'Another token that Logto signed for this app (an ID token, where nothing else tells the two apart) signs its owner out.',
  fix: "Demand the type of a logout token as well: jwtVerify(token, keys, { issuer, audience, typ: 'logout+jwt' }).",
})(refusedLogout);

check({
  id: 'sign-out/backchannel-iat-old',
  title: 'refuses a logout token that was issued a week ago',
  clauses: ['oidc-backchannel §2.6'],
  level: 'may',
  severity: 'minor',
  fault: 'logout-token/iat-old',
  needs: ['backchannel-logout'],
  appMust: 'Answer 400, and keep the session.',
  otherwise: 'Old tokens from a log sign people out for ever.',
})(refusedLogout);

check({
  id: 'sign-out/backchannel-no-store',
  uses: ['server-requests'],
  title: 'forbids caches to keep its answer to a logout token',
  clauses: ['oidc-backchannel §2.8'],
  level: 'should',
  severity: 'minor',
  needs: ['backchannel-logout'],
  appMust: 'Answer with Cache-Control: no-store.',
  otherwise: 'A cache in front answers in the place of the app, which signs nobody out.',
})(async ({ visitor, lab, control, scope }) => {
  const { entry } = await logoutToken({ visitor, lab, control, scope });
  const cache = String(entry?.response.headers['cache-control'] ?? '');
  demand(/no-store/.test(cache), `Answered ${cache ? `Cache-Control: ${cache}` : 'without Cache-Control'}.`);
});

check({
  id: 'sign-out/backchannel-second',
  uses: ['server-requests'],
  title: 'takes the sign-out of a session that has ended for success',
  clauses: ['oidc-backchannel §2.7'],
  level: 'should',
  severity: 'moderate',
  needs: ['backchannel-logout'],
  appMust: 'Answer 200 when nobody is signed in any more.',
  otherwise: 'Logto takes the sign-out for failed, and tries again or alarms somebody.',
})(async ({ visitor, lab, control, scope }) => {
  const { entry } = await logoutToken({ visitor, lab, control, scope }, (browser) => browser.signOut());
  demand(
    entry?.status === 200 || entry?.status === 204,
    `Answered the logout token of a session that has ended with ${entry?.status}.`,
  );
});

check({
  id: 'sign-out/backchannel-sid-only',
  uses: ['faults'],
  title: 'ends the session that the logout token names, and no other',
  clauses: ['oidc-backchannel §2.7'],
  level: 'should',
  severity: 'moderate',
  needs: ['backchannel-logout'],
  appMust: 'End the session whose sid stands in the token; leave other browsers of the person alone.',
  otherwise: 'A person who signs out at a shared computer is signed out everywhere.',
})(async ({ visitor, somebody, lab, control, scope }) => {
  const { clientId } = lab.config.target;
  // Logto names the session in ID tokens and logout tokens of applications that ask for it (recorded as a setting of theirs).
  const named = (required: boolean) =>
    control.call('PUT', `/applications/${clientId}`, { backchannelLogoutSessionRequired: required });
  await named(true);
  try {
    const person = await somebody({ registered: true });
    const elsewhere = await visitor(person, { apart: true });
    demandSession(await elsewhere.signIn());
    const { over } = await endedByLogto({
      visitor: (given = person, options) => visitor(given, options),
      somebody,
      lab,
      control,
      scope,
    });
    await over('Still shows the session that the token names.');
    demand(await elsewhere.session(), 'Ended a session of the person that the token does not name.');
  } finally {
    await named(false);
  }
});
