/** API resources of Logto, on the side of the app: what it asks for, and which token it shows its API. */
import { setTimeout } from 'node:timers/promises';
import { check } from '../harness/check/check.ts';
import { demandSession, told } from '../harness/check/outcomes.ts';
import { callsOf, inWords, open, withRoles } from '../harness/check/saas/calls.ts';
import { fieldIn, fieldOf } from '../harness/check/saas/session-claims.ts';
import { demand } from '../harness/errors.ts';

check({
  id: 'api/resource-requested',
  title: 'names the API that it calls in the authorization request',
  clauses: ['rfc8707 §2', 'logto api-resources'],
  level: 'must',
  severity: 'serious',
  needs: ['api-resource'],
  judgesClaim: true,
  signIn: 'begun',
  appMust: 'Send resource with the indicator of each API that it calls.',
  otherwise: 'Logto gives no token for the API: invalid_target.',
  fix: "Add it in the provider: authorization: { params: { resource: 'https://api.example.com' } }.",
})(async ({ visitor, lab, notApplicable }) => {
  const wanted = [...new Set(lab.config.pages.calls.flatMap(({ resource }) => resource ?? []))];
  if (wanted.length === 0) notApplicable('the config declares no call of an API resource (pages.calls)');
  const { params } = await (await visitor(undefined, { known: true })).startSignIn();
  const missing = wanted.filter((resource) => !params.getAll('resource').includes(resource));
  demand(missing.length === 0, () => `Did not name ${missing.join(' and ')} as resource.`);
});

check({
  id: 'api/scopes-requested',
  title: 'asks for the permissions that its API demands',
  clauses: ['rfc6749 §3.3', 'logto api-resources'],
  level: 'must',
  severity: 'serious',
  needs: ['api-resource'],
  signIn: 'begun',
  appMust: 'Send the permissions of the API in scope.',
  otherwise: 'The API refuses whatever it is asked, whatever roles people have.',
  fix: "Add them in the provider: authorization: { params: { scope: 'openid … read:things' } }.",
})(async ({ visitor, lab, notApplicable }) => {
  const wanted = [
    ...new Set(lab.config.pages.calls.flatMap(({ resource, scopes }) => (resource ? scopes : []))),
  ];
  if (wanted.length === 0) notApplicable('the config declares no call of an API resource (pages.calls)');
  const { params } = await (await visitor(undefined, { known: true })).startSignIn();
  const asked = (params.get('scope') ?? '').split(/\s+/);
  const missing = wanted.filter((scope) => !asked.includes(scope));
  demand(missing.length === 0, () => `Did not ask for ${missing.join(' and ')}.`);
});

check({
  id: 'api/token-of-the-api',
  title: 'shows its API an access token that was made for it, with the permissions of the person',
  clauses: ['logto api-resources', 'rfc9700 §2.3'],
  level: 'must',
  severity: 'critical',
  uses: ['tenant'],
  needs: ['api-resource'],
  appMust: 'Show a JWT with the API in aud, and the permissions that the roles of the person give in scope.',
  otherwise:
    'The API refuses the person, or learns a token that opens something else, such as their account.',
  fix: 'Refresh with resource=<indicator>, and show that access token; never the one of the sign-in, nor an ID token.',
})(async ({ visitor, somebody, lab, control, scope }) => {
  const calls = callsOf(lab, 'tenant');
  const member = await visitor(await somebody(withRoles(calls)));
  demandSession(await member.signIn());
  for (const call of calls) {
    const { page, shown } = await open(member, call, { lab, control, scope });
    demand(shown.length > 0, `Called no API with a token of the person for ${call.path}: ${told(page)}.`);
    for (const each of shown) {
      const { token, audience } = each.facts;
      demand(
        token === 'access token' && String(audience).split(' ').includes(String(call.resource)),
        `Showed its API ${inWords(each)} where an access token for ${call.resource} is due.`,
      );
    }
    const granted = String(shown.at(-1)?.facts.scope).split(' ');
    const missing = call.scopes.filter((each) => !granted.includes(each));
    demand(
      missing.length === 0,
      () => `Showed its API a token without ${missing.join(' and ')} of a person whose role gives it.`,
    );
  }
});

check({
  id: 'api/token-of-the-person',
  title: 'shows its API the token of the person in front of it, whoever came before',
  clauses: ['logto api-resources', 'asvs 8.4.1'],
  level: 'must',
  severity: 'critical',
  uses: ['tenant'],
  needs: ['api-resource'],
  appMust: 'Keep tokens of an API by session.',
  otherwise: 'Everybody acts at the API as whoever came first.',
  fix: 'Keep the tokens of an API beside the refresh token of the session, never in a variable of the module.',
})(async ({ visitor, somebody, lab, control, scope }) => {
  const calls = callsOf(lab, 'tenant');
  const members = await Promise.all([0, 1].map(async () => visitor(await somebody(withRoles(calls)))));
  for (const member of members) demandSession(await member.signIn());
  for (const call of calls)
    for (const member of [...members, ...members]) {
      const { shown } = await open(member, call, { lab, control, scope });
      const others = shown.filter(({ facts }) => facts.subject !== member.person.userId);
      demand(
        others.length === 0,
        () => `Showed its API the token of somebody else: ${inWords(others[0] as never)}.`,
      );
      demand(shown.length > 0, `Called no API with a token of the person in front of ${call.path}.`);
    }
});

check({
  id: 'api/token-in-time',
  title: 'shows its API no access token whose time is over',
  clauses: ['rfc6749 §5.1', 'logto api-resources'],
  level: 'should',
  severity: 'moderate',
  uses: ['tenant'],
  needs: ['api-resource'],
  arms: ['token/expires-in-short'],
  appMust: 'Get a new token for the API when expires_in is over.',
  otherwise: 'Calls fail an hour after the first.',
  fix: 'Keep Date.now() + expires_in * 1000 beside the token, and refresh after that.',
})(async ({ visitor, somebody, lab, control, scope, arm, step }) => {
  const calls = callsOf(lab, 'tenant');
  const member = await visitor(await somebody(withRoles(calls)));
  // Some get the token for their API with the code.
  await arm('token/expires-in-short');
  demandSession(await member.signIn());
  await step('control', async () => {
    for (const call of calls) {
      const { shown } = await open(member, call, { lab, control, scope });
      demand(shown.length > 0, `Called no API with a token of the person for ${call.path}.`);
    }
  });
  // The tokens live one second, and the clock of the app cannot be moved.
  const expiry = (Math.ceil(Date.now() / 1000) + 1) * 1000;
  await arm();
  await setTimeout(expiry - Date.now());
  for (const call of calls) {
    const { journal: since } = await control.state();
    const { page } = await open(member, call, { lab, control, scope });
    const refreshed = (await control.journal({ scope, endpoint: 'token', since })).some(
      ({ facts, status }) => facts.resource === call.resource && status === 200,
    );
    demand(refreshed, `Got no new token for ${call.path} when the one before was over: ${told(page)}.`);
  }
});

check({
  id: 'api/without-permission',
  title: 'tells a person whom the API refuses so, and keeps their session',
  clauses: ['rfc6750 §3.1', 'asvs 16.5.1'],
  level: 'should',
  severity: 'moderate',
  uses: ['tenant'],
  needs: ['api-resource'],
  appMust: 'Answer with a page below 500 when the API says 403.',
  otherwise: 'Whoever may not see a page sees an error page without words.',
  fix: 'Look at the status of the answer of the API before its body, and show a page of your own.',
})(async ({ visitor, somebody, lab, control, scope }) => {
  const calls = callsOf(lab, 'tenant');
  const person = await visitor(await somebody({ signedIn: true, roles: [] }));
  demandSession(await person.signIn());
  for (const call of calls) {
    const { page } = await open(person, call, { lab, control, scope });
    demand(page.status < 500, `Answered ${call.path} with ${told(page)} to a person without a role.`);
  }
  demand(await person.session(), 'Ended the session of a person whom the API refused.');
});

check({
  id: 'api/roles-in-session',
  title: 'shows the roles of each person, and nobody those of another',
  clauses: ['logto api-resources', 'logto user claims'],
  level: 'must',
  severity: 'serious',
  uses: ['tenant'],
  appMust: 'Show the claim roles where the config says, and take it anew at each sign-in.',
  otherwise: 'Pages are open to people without the role, or who lost it, or closed to those with it.',
  fix: 'Ask for the scope roles, and copy the claim of each new ID token in callbacks.jwt and callbacks.session; with a database, update it in events.signIn.',
})(async ({ visitor, somebody, control, lab, notApplicable }) => {
  const field = fieldOf(lab, 'roles');
  if (!field)
    return notApplicable('the config declares no field of the session for the claim roles (profile)');
  const [role = 'conformance-role'] = Object.keys(lab.config.tenant?.roles ?? {});
  const person = await somebody({ signedIn: true, roles: [role] });
  const holder = await (await visitor(person)).signIn();
  demandSession(holder);
  demand(
    fieldIn(holder.session, field).includes(`"${role}"`),
    `Shows a person with the role "${role}" as ${fieldIn(holder.session, field)}.`,
  );
  const other = await (await visitor(await somebody({ signedIn: true, roles: [] }))).signIn();
  demandSession(other);
  demand(
    !fieldIn(other.session, field).includes(`"${role}"`),
    `Shows a person without a role as ${fieldIn(other.session, field)}.`,
  );
  await control.changePerson(person.phone, { roles: [] });
  const later = await (await visitor(person)).signIn();
  demandSession(later);
  demand(
    !fieldIn(later.session, field).includes(`"${role}"`),
    `Still shows the role "${role}", which was taken away at Logto, after the next sign-in: ${fieldIn(later.session, field)}.`,
  );
});
