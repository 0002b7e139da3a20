/** What other people notice while Logto keeps one of them waiting. */
import { check } from '../harness/check/check.ts';
import {
  controlSignIn,
  demandNoSession,
  demandPage,
  healthySignIn,
  told,
} from '../harness/check/outcomes.ts';
import { demand } from '../harness/errors.ts';
import { patiently } from '../harness/user-agents/pace.ts';

check({
  id: 'callback/token-hangs',
  title: 'goes on serving other people while a token request hangs',
  clauses: ['owasp error handling', 'rfc6749 §5.2'],
  level: 'must',
  severity: 'serious',
  fault: 'transport/token-hang',
  appMust:
    'Sign other people in meanwhile; answer the one who waited with a page, and no session, when the connection breaks.',
  otherwise: 'One connection that Logto, or a firewall, leaves open stops the whole app.',
  fix: 'Hold no lock while the code is exchanged; give the token request a time limit (AbortSignal.timeout).',
})(async ({ visitor, arm, control, scope, step, health }) => {
  await controlSignIn({ step, visitor, health });
  const victim = await visitor();
  const other = await visitor(undefined, { apart: true });
  const since = (await control.journal({ scope })).at(-1)?.seq;
  const { arrival } = await step('fault', async () => {
    const callback = await victim.authorize((await victim.startSignIn()).url);
    await arm('transport/token-hang');
    const arrival = victim.arrive(callback);
    // What goes wrong with it is told when it is waited for.
    arrival.catch(() => {});
    await patiently(10_000, (waitMs) => control.journal({ scope, endpoint: 'token', since, waitMs }));
    const { page, session } = await other.signIn();
    demand(session, () => `Did not sign somebody else in while a token request hung: ${told(page)}.`);
    return { arrival };
  });
  await step('recovery', async () => {
    // The connection breaks off as soon as the fault is over.
    await arm();
    const { page } = await arrival;
    await demandNoSession(victim);
    demandPage(page);
    await healthySignIn(visitor);
  });
});
