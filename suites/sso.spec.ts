/** Two apps at one tenant: who signed in at one is known at the other, and who signed out is not (single sign-on). */
import { check } from '../harness/check/check.ts';
import { demandNoSession, demandPage, demandSession, told } from '../harness/check/outcomes.ts';
import { shownOf } from '../harness/check/people/look.ts';
import {
  codesTo,
  demandTold,
  endAtLogto,
  inBothOrders,
  putSessionOf,
  sidesOf,
  signOutAt,
  startWith,
} from '../harness/check/saas/pair.ts';
import { signOutInBrowser, silentInBrowser } from '../harness/check/saas/pair-in-browser.ts';
import { demand } from '../harness/errors.ts';
import { withProfile } from '../mocks/people.ts';

check({
  id: 'sso/silent',
  title: 'signs in without a code whoever signed in at another app of the tenant',
  clauses: ['oidc-core §3.1.2.1', 'logto next-auth'],
  level: 'should',
  severity: 'moderate',
  needs: ['second-app'],
  appMust: 'Leave it to Logto whether to ask the person.',
  otherwise: 'People give a code for each app of the tenant.',
  fix: "Take login out of prompt in authorization.params; ask for it where it is needed: signIn('logto', {}, { prompt: 'login' }).",
})(async ({ visitor, atSecondApp, lab, control }) => {
  await inBothOrders({ visitor, atSecondApp, lab }, async (here, there) => {
    demandSession(await here.visitor.signIn());
    const before = await codesTo(control, here.visitor);
    demandSession(await there.visitor.signIn());
    demand(
      (await codesTo(control, here.visitor)) === before,
      `Had somebody asked for a code at ${there.name} who had just signed in at ${here.name}.`,
    );
  });
});

check({
  id: 'sso/silent-in-browser',
  title:
    'signs in by its own button, without a page of Logto, whoever signed in at another app in the same real browser',
  clauses: ['oidc-core §3.1.2.1', 'logto next-auth'],
  level: 'should',
  severity: 'moderate',
  needs: ['second-app', 'browser'],
  appMust: 'Lead to Logto by its button without asking for a new sign-in, and take who comes back at once.',
  otherwise: 'People give a code for each app of the tenant, or come back to a page that does not know them.',
  fix: 'Take login out of prompt in authorization.params and in what the button sends; let form-action of the Content-Security-Policy name Logto.',
})(async ({ lab, control, scope, somebody, step, evidence, notApplicable }, info) =>
  silentInBrowser({ lab, control, scope, somebody, step, evidence, notApplicable }, info),
);

check({
  id: 'sso/prompt-none',
  title: 'signs somebody in silently when it asks with prompt=none',
  clauses: ['oidc-core §3.1.2.1'],
  level: 'must',
  severity: 'moderate',
  needs: ['second-app'],
  appMust: 'Take the code of a silent request as any other.',
  otherwise: 'A silent sign-in ends on an error page, though Logto knows the person.',
  fix: 'Leave the callback to Auth.js; refuse nothing because of how it was asked for.',
})(async ({ visitor, atSecondApp, lab, control, step, notApplicable }) => {
  await inBothOrders({ visitor, atSecondApp, lab }, async (here, there) => {
    await step('control', async () => {
      demandSession(await here.visitor.signIn());
      // Logto has its consent from here on.
      demandSession(await there.visitor.signIn());
    });
    await there.visitor.signOut();
    const before = await codesTo(control, here.visitor);
    const url = await startWith(there, 'none', notApplicable);
    const { page } = await there.visitor.arrive(await there.visitor.authorize(url));
    demand(await there.visitor.session(), `Refused a silent sign-in at ${there.name}: ${told(page)}.`);
    demand((await codesTo(control, here.visitor)) === before, `Had a code asked for at ${there.name}.`);
  });
});

check({
  id: 'sso/prompt-none-nobody',
  title: 'takes login_required for what it is: nobody is signed in',
  clauses: ['oidc-core §3.1.2.6', 'oidc-core §3.1.2.1'],
  level: 'must',
  severity: 'serious',
  needs: ['second-app'],
  appMust: 'End on a page, with no session, and sign people in afterwards.',
  otherwise: 'Whoever is not signed in at Logto is led in circles, or is taken for the person before.',
  fix: 'Show a page for the error login_required (pages.error), with a button to sign in; start nothing by itself there.',
})(async ({ visitor, atSecondApp, lab, notApplicable, step }) => {
  for (const index of [0, 1] as const) {
    const side = sidesOf(await visitor(), { atSecondApp, lab })[index];
    await step('control', async () => demandSession(await side.visitor.signIn()));
    const nobody = sidesOf(await visitor(), { atSecondApp, lab })[index];
    const url = await startWith(nobody, 'none', notApplicable);
    const callback = await nobody.visitor.authorize(url);
    const error = callback.searchParams.get('error');
    if (error !== 'login_required') notApplicable(`Logto answered ${error ?? 'a code'} to prompt=none`);
    const { page } = await nobody.visitor.arrive(callback);
    await demandNoSession(nobody.visitor);
    demandPage(page);
    await step('recovery', async () => demandSession(await nobody.visitor.signIn()));
  }
});

check({
  id: 'sso/prompt-login',
  title: 'keeps a person signed in who proves themselves once more (prompt=login)',
  clauses: ['oidc-core §3.1.2.1'],
  level: 'must',
  severity: 'moderate',
  needs: ['second-app'],
  appMust: 'Take the new sign-in of the same person, and leave the other app alone.',
  otherwise: 'Whoever confirms who they are, for something that matters, is thrown out.',
  fix: 'Replace the session at each sign-in of the same person; do not refuse somebody because they are here already.',
})(async ({ visitor, atSecondApp, lab, control, step, notApplicable }) => {
  await inBothOrders({ visitor, atSecondApp, lab }, async (here, there) => {
    await step('control', async () => {
      demandSession(await here.visitor.signIn());
      demandSession(await there.visitor.signIn());
    });
    const before = await codesTo(control, here.visitor);
    const url = await startWith(there, 'login', notApplicable);
    const { page } = await there.visitor.arrive(await there.visitor.authorize(url));
    await step('control', async () =>
      demand((await codesTo(control, here.visitor)) > before, 'Logto asked for no code with prompt=login.'),
    );
    demand(
      await there.visitor.session(),
      `Lost the person at ${there.name} who had proven themselves: ${told(page)}.`,
    );
    demand(await here.visitor.session(), `Ended the session at ${here.name} by a sign-in at ${there.name}.`);
  });
});

check({
  id: 'sso/other-person',
  title: 'shows nobody as somebody else when another person signs in at the other app',
  clauses: ['oidc-core §5.7', 'asvs 7.2.4'],
  level: 'must',
  severity: 'critical',
  needs: ['second-app'],
  appMust: 'Be about whoever the last ID token is about, at each app for itself.',
  otherwise: 'The second person at a shared computer acts as the first, at one app or at both.',
  fix: 'Take every sign-in that comes back, also where a session is there already.',
})(async ({ visitor, atSecondApp, lab, somebody, step, notApplicable }) => {
  const [one, other] = [
    await somebody(withProfile({ registered: true })),
    await somebody(withProfile({ registered: true })),
  ];
  const [here, there] = sidesOf(await visitor(one), { atSecondApp, lab });
  await step('control', async () => {
    for (const { visitor: each } of [here, there]) demandSession(await each.signIn());
  });
  const second = atSecondApp(here.visitor, { person: other, browser: there.visitor });
  const url = await startWith({ ...there, visitor: second }, 'login', notApplicable);
  const { page } = await second.arrive(await second.authorize(url));
  const shown = JSON.stringify(await second.session());
  const crossed = [...shownOf(one, shown)];
  demand(
    crossed.length === 0,
    `Shows the ${crossed[0]} of the first person at ${there.name} to the second: ${told(page)}.`,
  );
  demand(shown !== 'null', `Refused the second person at ${there.name}: ${told(page)}.`);
  const kept = JSON.stringify(await here.visitor.session());
  demand(
    shownOf(other, kept).size === 0,
    `Shows the second person at ${here.name}, where only the first has signed in.`,
  );
});

check({
  id: 'sso/sign-out-everywhere',
  title: 'signs people out of Logto where it claims to, so that the other app asks again',
  clauses: ['oidc-rpinitiated §2', 'logto sign-out'],
  level: 'must',
  severity: 'serious',
  needs: ['second-app'],
  appMust: "Lead people through Logto's end-session endpoint when they sign out.",
  otherwise: 'The next person at the computer gets into both apps without a code.',
  fix: 'After signOut, redirect to <issuer>/session/end?client_id=…&post_logout_redirect_uri=….',
})(async ({ visitor, atSecondApp, lab, control, notApplicable, step }) => {
  let judged = 0;
  await inBothOrders({ visitor, atSecondApp, lab }, async (here, there) => {
    const { endSession } = here.lab.config.pages;
    if (!here.lab.config.features.includes('rp-logout') || !endSession) return;
    judged += 1;
    await step('control', async () => {
      demandSession(await here.visitor.signIn());
      demandSession(await there.visitor.signIn());
    });
    const place = await signOutAt(here);
    await there.visitor.signOut();
    const before = await codesTo(control, here.visitor);
    demandSession(await there.visitor.signIn());
    demand(
      (await codesTo(control, here.visitor)) > before,
      `Left Logto's session alive at the sign-out of ${here.name} (${place}): ${there.name} let the next person in without a code.`,
    );
  });
  if (judged === 0)
    notApplicable(
      'neither app claims to end the session of Logto (rp-logout, pages.endSession): whoever signs out of one is let in at both again without a code',
    );
});

check({
  id: 'sso/sign-out-in-browser',
  title:
    'signs people out of Logto by its own button in a real browser, so that the other app shows its sign-in page again',
  clauses: ['oidc-rpinitiated §2', 'logto sign-out'],
  level: 'must',
  severity: 'serious',
  needs: ['second-app', 'browser'],
  appMust: "Lead the browser itself through Logto's end-session endpoint when people sign out.",
  otherwise: 'The next person at the computer gets into both apps without a code.',
  fix: 'After signOut, redirect the page to <issuer>/session/end?client_id=…&post_logout_redirect_uri=…; fetch() and images send no cookies of Logto.',
})(async ({ lab, control, scope, somebody, step, evidence, notApplicable }, info) =>
  signOutInBrowser({ lab, control, scope, somebody, step, evidence, notApplicable }, info),
);

check({
  id: 'sso/back-channel',
  title: 'ends its session when the person signs out by the other app',
  clauses: ['oidc-backchannel §2.7', 'oidc-backchannel §2.8'],
  level: 'must',
  severity: 'serious',
  needs: ['second-app'],
  appMust: 'Take the logout token of Logto, and hold no session afterwards.',
  otherwise: 'Whoever signs out at one app of the tenant stays signed in at the other.',
  fix: 'Register the back-channel logout URI of each application at Logto, and end the sessions of its sub and sid there.',
})(async ({ visitor, atSecondApp, lab, control, scope, notApplicable, step }) => {
  let judged = 0;
  await inBothOrders({ visitor, atSecondApp, lab }, async (here, there) => {
    const { config } = there.lab;
    if (!config.features.includes('backchannel-logout')) return;
    judged += 1;
    await step('control', async () => {
      demandSession(await here.visitor.signIn());
      demandSession(await there.visitor.signIn());
    });
    const { journal: since } = await control.state();
    await endAtLogto(here);
    await demandTold(there, { control, scope, since, step });
    demand(
      !(await there.visitor.session()),
      `Still shows a session at ${there.name} after the person signed out at ${here.name}.`,
    );
  });
  if (judged === 0) notApplicable('neither app claims to take logout tokens (backchannel-logout)');
});

check({
  id: 'sso/session-of-the-other',
  title: 'takes no session of the other app for one of its own',
  clauses: ['asvs 9.2.2'],
  level: 'must',
  severity: 'serious',
  needs: ['second-app'],
  appMust: 'Seal sessions by a secret of its own.',
  otherwise: 'Whoever has a session at one app is let into the other, whether they may use it or not.',
  fix: 'Give each app an AUTH_SECRET of its own (npx auth secret), or its session cookie another name.',
})(async ({ visitor, atSecondApp, lab, step }) => {
  await inBothOrders({ visitor, atSecondApp, lab }, async (here, there) => {
    await step('control', async () => demandSession(await here.visitor.signIn()));
    await putSessionOf(here, there);
    demand(
      !(await there.visitor.session()),
      `Shows at ${there.name} a session that was made at ${here.name}: somebody who never signed in there.`,
    );
  });
});
