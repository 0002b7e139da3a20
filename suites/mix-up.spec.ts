/** Two issuers: what one of them hands out is worth nothing in a sign-in with the other (RFC 9700 §4.4). */
import { type CheckFixtures, check, type LabFixtures } from '../harness/check/check.ts';
import type { CheckDeclaration } from '../harness/check/check-declaration.ts';
import { attempt, demandNoSession, demandSession, healthySignIn } from '../harness/check/outcomes.ts';
import { demand } from '../harness/errors.ts';
import { withChecksOf } from '../harness/visitor/other-provider.ts';

type Body = CheckFixtures & LabFixtures;

/** Issuer identifiers of both. */
interface Issuers {
  logto: string;
  second: string;
}

const declared = (
  meta: Pick<CheckDeclaration, 'id' | 'title' | 'clauses' | 'appMust' | 'otherwise'> &
    Partial<CheckDeclaration>,
) => check({ level: 'must', severity: 'critical', needs: ['second-issuer'], ...meta });

/** How many token requests either issuer got while something was done. */
async function tokenRequests(
  { control, scope }: Pick<Body, 'control' | 'scope'>,
  act: () => Promise<unknown>,
): Promise<number> {
  const count = async () => (await control.journal({ scope, endpoint: 'token' })).length;
  const before = await count();
  await act();
  return (await count()) - before;
}

/** Both providers sign people in. */
const bothWork = ({ visitor, second, step }: Pick<Body, 'visitor' | 'second' | 'step'>) =>
  step(
    'control',
    async () => {
      await healthySignIn(visitor);
      demandSession(await (await second.visitor()).signIn());
    },
    () => 'Both providers sign people in.',
  );

/** A callback with another `iss`, or without. */
function withIss(callback: URL, iss: string | undefined): URL {
  const changed = new URL(callback);
  if (iss === undefined) changed.searchParams.delete('iss');
  else changed.searchParams.set('iss', iss);
  return changed;
}

declared({
  id: 'mix-up/begun-at-logto',
  title: 'refuses at the callback of another provider a sign-in that began with Logto',
  clauses: ['rfc9700 §4.4', 'rfc9700 §4.7'],
  appMust: 'Bind verifier, state and nonce to the provider that the sign-in began with.',
  otherwise: 'The other provider ends sign-ins that people began with Logto, with an account of its choice.',
})(async ({ visitor, second, step, control, scope }) => {
  await bothWork({ visitor, second, step });
  await step('fault', async () => {
    const victim = await visitor();
    const begun = (await victim.startSignIn()).url;
    const attacker = await second.visitor();
    const { url } = await attacker.startSignIn();
    const callback = await attacker.authorize(withChecksOf(begun, url));
    const spent = await tokenRequests({ control, scope }, () => victim.arrive(callback));
    await demandNoSession(victim);
    demand(spent === 0, 'Sent a code on that came to a sign-in with Logto.');
  });
});

/** A code of Logto for a sign-in that began there, at the callback of the other provider. */
const codeOfLogto =
  (iss: (issuers: Issuers) => string | undefined) =>
  async ({ visitor, second, lab, step, control, scope }: Body) => {
    await bothWork({ visitor, second, step });
    await step('fault', async () => {
      const victim = await visitor();
      const { search } = await victim.authorize((await victim.startSignIn()).url);
      const callback = withIss(
        new URL(`${second.provider.callbackUrl}${search}`),
        iss({ logto: lab.issuer, second: second.provider.issuer }),
      );
      const spent = await tokenRequests({ control, scope }, () => victim.arrive(callback));
      await demandNoSession(victim);
      demand(spent === 0, 'Sent the code of Logto on from the callback of the other provider.');
    });
  };

declared({
  id: 'mix-up/code-of-logto-without-iss',
  title: 'refuses a code of Logto at the callback of another provider when nobody is named in iss',
  clauses: ['rfc9700 §4.4'],
  appMust:
    'Take a code at the callback of the provider only that the sign-in began with, and send it to no other.',
  otherwise: 'The other provider gets codes of Logto, with their verifiers.',
})(codeOfLogto(() => undefined));

declared({
  id: 'mix-up/code-of-logto-in-its-name',
  title: 'refuses a code of Logto at the callback of another provider that names itself in iss',
  clauses: ['rfc9700 §4.4'],
  appMust:
    'Take a code at the callback of the provider only that the sign-in began with, and send it to no other.',
  otherwise:
    'The other provider writes its own name beside codes of Logto, and gets them with their verifiers.',
})(codeOfLogto(({ second }) => second));

/** A code of the other provider at the callback of Logto, in a sign-in that began with Logto. */
const codeOfSecond =
  (iss: (issuers: Issuers) => string | undefined, maySpend = false) =>
  async ({ visitor, second, lab, step, control, scope }: Body) => {
    await bothWork({ visitor, second, step });
    await step('fault', async () => {
      const victim = await visitor();
      const begun = (await victim.startSignIn()).url;
      const attacker = await second.visitor();
      const there = await attacker.authorize(withChecksOf(begun, (await attacker.startSignIn()).url));
      const callback = withIss(
        new URL(`${lab.app.callbackUrl}${there.search}`),
        iss({ logto: lab.issuer, second: second.provider.issuer }),
      );
      const spent = await tokenRequests({ control, scope }, () => victim.arrive(callback));
      await demandNoSession(victim);
      demand(maySpend || spent === 0, 'Sent the code of the other provider on to Logto.');
    });
  };

declared({
  id: 'mix-up/code-of-second',
  title: 'refuses a code of another provider at the callback of Logto',
  clauses: ['rfc9207 §2.4', 'rfc9700 §4.4'],
  appMust:
    'Refuse a response whose iss names another issuer than the sign-in began with, before the code is sent anywhere.',
  otherwise: 'The other provider signs people in with its own codes, as if Logto had.',
})(codeOfSecond(({ second }) => second));

declared({
  id: 'mix-up/code-of-second-without-iss',
  title: 'refuses a code of another provider at the callback of Logto when nobody is named in iss',
  clauses: ['rfc9207 §2.4', 'rfc9700 §4.4'],
  appMust: 'Refuse a response without iss, as Logto announces that it always sends it.',
  otherwise: 'The other provider signs people in with its own codes, as if Logto had.',
})(codeOfSecond(() => undefined));

declared({
  id: 'mix-up/code-of-second-in-the-name-of-logto',
  title: 'signs nobody in with a code of another provider that names Logto in iss',
  clauses: ['rfc9700 §4.4'],
  appMust: 'Ask Logto alone for the tokens of a sign-in that began there.',
  otherwise: 'The other provider signs people in with its own codes, as if Logto had.',
})(codeOfSecond(({ logto }) => logto, true));

/** The other provider does wrong, and its sign-in is refused; before and after, it works. */
const refusedAtSecond = async ({
  meta,
  second,
  control,
  armSecond,
  step,
  notApplicable,
}: Body): Promise<void> => {
  const { fault } = meta;
  if (!fault) throw new Error(`${meta.id} needs a fault`);
  const { journal: since } = await control.state();
  const works = async () => demandSession(await (await second.visitor()).signIn());
  await step('control', works, () => 'The other provider signs people in.');
  await step(
    'fault',
    async () => {
      await armSecond(fault);
      const victim = await second.visitor();
      const ending = await attempt(victim);
      await armSecond();
      const met = (await control.journal({ since, tenant: 'second' })).some(({ faults }) =>
        faults.includes(fault),
      );
      if (!met) notApplicable('the app read nothing of the other provider that the fault had changed');
      await demandNoSession(victim);
      return `Refused: ${ending}`;
    },
    (ending) => ending,
  );
  await step('recovery', works, () => 'The other provider signs people in again.');
};

declared({
  id: 'mix-up/iss-of-logto',
  title: 'refuses another provider that answers in the name of Logto',
  clauses: ['rfc9207 §2.4'],
  fault: 'authorization/iss-of-other',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'A hostile provider passes for Logto.',
})(refusedAtSecond);

declared({
  id: 'mix-up/issuer-of-logto',
  title: 'refuses another provider whose discovery document names Logto as the issuer',
  clauses: ['oidc-discovery §4.3'],
  fault: 'discovery/issuer-of-other',
  appMust: 'End on an error page and hold no session.',
  otherwise:
    'A hostile provider passes for Logto, its tokens name Logto, and so do the accounts of its people.',
})(refusedAtSecond);

declared({
  id: 'mix-up/id-token-iss-of-logto',
  title: 'refuses an ID token of another provider that names Logto as the issuer',
  clauses: ['oidc-core §3.1.3.7 #2'],
  fault: 'id-token/iss-of-other',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'A hostile provider signs anybody in as anybody at Logto.',
})(refusedAtSecond);

declared({
  id: 'mix-up/id-token-of-logto',
  title: 'refuses an ID token that Logto made, when another provider hands it on',
  clauses: ['oidc-core §3.1.3.7 #2', 'oidc-core §3.1.3.7 #3'],
  fault: 'id-token/of-other',
  appMust: 'End on an error page and hold no session.',
  otherwise:
    'Whoever holds an ID token of somebody at Logto is signed in as them by a provider of their own.',
})(refusedAtSecond);
