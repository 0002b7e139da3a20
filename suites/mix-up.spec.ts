/** Two issuers: what one of them hands out is worth nothing in a sign-in with the other (RFC 9700 §4.4, OpenID Connect Core 1.0 §5.7). */
import { check } from '../harness/check/check.ts';
import { demandNoSession, demandSession, healthySignIn } from '../harness/check/outcomes.ts';
import { demand } from '../harness/errors.ts';

check({
  id: 'mix-up/begun-at-second',
  title: 'refuses at the callback of Logto a sign-in that began with the other provider',
  clauses: ['rfc9700 §4.4'],
  level: 'must',
  severity: 'critical',
  needs: ['second-issuer'],
  appMust: 'Bind verifier, state and nonce to the provider that the sign-in began with.',
  otherwise: 'Whoever runs the other provider signs people in as somebody else at Logto.',
})(async ({ visitor, second, control, scope, step }) => {
  await step('control', async () => {
    await healthySignIn(visitor);
    demandSession(await (await second.visitor()).signIn());
  });
  await step('fault', async () => {
    const victim = await second.visitor();
    const begun = (await victim.startSignIn()).params;
    const attacker = await visitor();
    const { url } = await attacker.startSignIn();
    for (const name of ['code_challenge', 'code_challenge_method', 'state', 'nonce']) {
      url.searchParams.delete(name);
      const value = begun.get(name);
      if (value) url.searchParams.set(name, value);
    }
    const callback = await attacker.authorize(url);
    const before = (await control.journal({ scope, endpoint: 'token' })).length;
    await victim.arrive(callback);
    await demandNoSession(victim);
    const spent = (await control.journal({ scope, endpoint: 'token' })).length - before;
    demand(spent === 0, 'Sent the code on to the token endpoint.');
  });
});
