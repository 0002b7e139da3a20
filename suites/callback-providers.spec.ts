/** Callbacks in apps with more than one provider: what began with one of them never ends with another. */
import { check } from '../harness/check/check.ts';
import { controlSignIn, demandNoSession } from '../harness/check/outcomes.ts';
import { demand } from '../harness/errors.ts';
import { beginElsewhere, withChecksOf } from '../harness/visitor/other-provider.ts';

check({
  id: 'callback/of-another-provider',
  title: 'refuses a code of Logto at the callback of another provider',
  clauses: ['rfc9700 §4.4', 'rfc9207 §2.4'],
  level: 'must',
  severity: 'critical',
  appMust: 'Take a code at the callback of the provider only that the sign-in began with.',
  otherwise: 'A second, hostile provider gets codes of Logto, or signs people in with them (mix-up).',
})(async ({ visitor, lab, control, scope, step, notApplicable, health }) => {
  const others = lab.app.providers.filter((provider) => provider !== lab.app.provider);
  if (others.length === 0) notApplicable('the app has no provider next to Logto, so nothing can be mixed up');
  await controlSignIn({ step, visitor, health });
  await step('fault', async () => {
    for (const other of others) {
      const victim = await visitor();
      const { search } = await victim.authorize((await victim.startSignIn()).url);
      const before = (await control.journal({ scope, endpoint: 'token' })).length;
      await victim.arrive(new URL(`${victim.at(`/callback/${other}`)}${search}`));
      await demandNoSession(victim);
      const spent = (await control.journal({ scope, endpoint: 'token' })).length - before;
      demand(spent === 0, `Sent the code of Logto on from the callback of ${other}.`);
    }
  });
});

check({
  id: 'callback/begun-at-another-provider',
  title: 'refuses at the callback of Logto a sign-in that began with another provider',
  clauses: ['rfc9700 §4.4', 'rfc9700 §4.7'],
  level: 'must',
  severity: 'critical',
  appMust: 'Bind verifier, state and nonce to the provider that the sign-in began with.',
  otherwise:
    'Whoever sees a sign-in with another provider begin ends it with an account of their own at Logto.',
  fix: 'Update {library}: since @auth/core 0.41.3 and next-auth 4.24.15 the cookies name their provider (GHSA-x445-f3h2-j279).',
})(async ({ visitor, lab, control, scope, step, notApplicable, health }) => {
  const others = (lab.app.others ?? []).filter(({ type }) => type === 'oauth' || type === 'oidc');
  if (others.length === 0)
    notApplicable('the app has no OAuth provider next to Logto, so no sign-in can begin with one');
  await controlSignIn({ step, visitor, health });
  let begun = 0;
  await step('fault', async () => {
    for (const { id, name } of others) {
      const victim = await visitor();
      const elsewhere = await beginElsewhere(victim, id);
      if (!elsewhere) continue;
      begun += 1;
      const attacker = await visitor();
      const { url } = await attacker.startSignIn();
      const callback = await attacker.authorize(withChecksOf(elsewhere, url));
      const before = (await control.journal({ scope, endpoint: 'token' })).length;
      await victim.arrive(callback);
      const spent = (await control.journal({ scope, endpoint: 'token' })).length - before;
      await demandNoSession(victim);
      demand(spent === 0, `Sent a code on to Logto that came to a sign-in with ${name}.`);
    }
  });
  if (begun === 0)
    notApplicable(
      `no sign-in with ${others.map(({ name }) => name).join(', ')} could be begun: the app sent nobody there`,
    );
});
