/** Callbacks and token answers that are spoilt in one place: what the app takes, refuses, shows. */
import { type CheckFixtures, check } from '../harness/check/check.ts';
import { demandNothingReal } from '../harness/check/injected-markup.ts';
import {
  controlSignIn,
  demandNoSession,
  demandPage,
  recoverySignIn,
  refused,
  refusedWithPage,
  survived,
  told,
} from '../harness/check/outcomes.ts';
import { demand } from '../harness/errors.ts';

type Body = Pick<CheckFixtures, 'visitor' | 'meta' | 'arm' | 'step' | 'health'>;

/** The error page shows what Logto says as text, or not at all. */
async function reflectsNothing({ visitor, meta, arm, step, health }: Body): Promise<void> {
  await controlSignIn({ step, visitor, health });
  await step('fault', async () => {
    await arm(meta.fault as NonNullable<typeof meta.fault>);
    const { returned, page } = await (await visitor(undefined, { known: true })).signIn();
    await arm();
    demandNothingReal([returned, page], 'what Logto said');
  });
}

check({
  id: 'callback/state-twice',
  title: 'refuses a callback with a second state',
  clauses: ['rfc6749 §3.1', 'rfc6749 §10.12'],
  level: 'should',
  severity: 'moderate',
  fault: 'authorization/state-duplicated',
  needs: ['state'],
  appMust: 'End on an error page and hold no session.',
  otherwise: 'Proxies and the app disagree about which state counts.',
})(refused);

check({
  id: 'callback/error-state-missing',
  title: 'shows a page for an error without state',
  clauses: ['rfc6749 §4.1.2.1'],
  level: 'must',
  severity: 'minor',
  fault: 'authorization/error-state-missing',
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'A sign-in that Logto gave up leaves a blank page.',
})(refusedWithPage);

check({
  id: 'callback/error-state-wrong',
  title: 'shows a page for an error with another state',
  clauses: ['rfc6749 §4.1.2.1'],
  level: 'must',
  severity: 'minor',
  fault: 'authorization/error-state-wrong',
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'A sign-in that Logto gave up leaves a blank page.',
})(refusedWithPage);

check({
  id: 'callback/error-description-not-reflected',
  title: 'reflects no markup of an error that Logto sends back',
  clauses: ['asvs 3.2.2', 'owasp xss'],
  level: 'must',
  severity: 'critical',
  fault: 'authorization/error-with-markup',
  appMust: 'Escape, or leave out, whatever the address says.',
  otherwise: 'A link runs script in the app.',
})(reflectsNothing);

check({
  id: 'callback/error-code-not-reflected',
  title: 'reflects no markup of an error code',
  clauses: ['asvs 3.2.2', 'owasp xss'],
  level: 'must',
  severity: 'critical',
  fault: 'authorization/error-code-with-markup',
  appMust: 'Escape, or leave out, whatever the address says.',
  otherwise: 'A link runs script in the app.',
})(reflectsNothing);

check({
  id: 'callback/error-iss-foreign-text',
  title: 'shows no text of an error that comes from another issuer',
  clauses: ['rfc9207 §2.4'],
  level: 'should',
  severity: 'minor',
  fault: 'authorization/error-iss-foreign-text',
  appMust: 'Show a text of its own for an error in the name of another issuer.',
  otherwise: 'An attacker has the app say whatever they like, under its own address.',
})(async ({ visitor, arm, step, health }) => {
  await controlSignIn({ step, visitor, health });
  await step('fault', async () => {
    await arm('authorization/error-iss-foreign-text');
    const { returned, page } = await (await visitor(undefined, { known: true })).signIn();
    await arm();
    for (const answer of [returned, page])
      demand(
        !/call 0900 1234567/i.test(answer.text),
        () => `Showed the text of another issuer: ${told(answer)}.`,
      );
  });
});

check({
  id: 'callback/id-token-beside-code',
  title: 'ignores an ID token beside the code in the address',
  clauses: ['rfc6749 §4.1.2', 'oidc-core §3.1.2.5'],
  level: 'must',
  severity: 'moderate',
  fault: 'authorization/id-token-added',
  appMust: 'Sign the person in, or show a page; work again afterwards.',
  otherwise: 'What stands in an address is believed, or breaks the sign-in.',
})(survived);

check({
  id: 'callback/iss-normalised-case',
  title: 'refuses a callback whose issuer differs by case',
  clauses: ['rfc9207 §2.4'],
  level: 'must',
  severity: 'moderate',
  fault: 'authorization/iss-upper-case',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'Two issuers that differ by case are taken for one.',
})(refused);

check({
  id: 'callback/iss-normalised-encoding',
  title: 'refuses a callback whose issuer is encoded another way',
  clauses: ['rfc9207 §2.4'],
  level: 'must',
  severity: 'moderate',
  fault: 'authorization/iss-percent-encoded',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'Two issuers that differ by encoding are taken for one.',
})(refused);

check({
  id: 'callback/iss-unannounced',
  title: 'refuses another issuer though none was announced',
  clauses: ['rfc9207 §2.4'],
  level: 'must',
  severity: 'serious',
  fault: 'discovery/iss-parameter-unlisted',
  arms: ['authorization/iss-wrong'],
  appMust: 'End on an error page and hold no session.',
  otherwise: 'A mix-up works as soon as the document forgets one member.',
})(async ({ visitor, arm, step, health }) => {
  await controlSignIn({ step, visitor, health });
  await step('fault', async () => {
    await arm('discovery/iss-parameter-unlisted', 'authorization/iss-wrong');
    const victim = await visitor(undefined, { known: true });
    await victim.signIn();
    await arm();
    await demandNoSession(victim);
  });
  await recoverySignIn({ step, visitor, health });
});

check({
  id: 'callback/raced',
  title: 'comes to one session when its callback comes twice at the same moment',
  clauses: ['rfc6749 §10.5', 'rfc9700 §4.5'],
  level: 'must',
  severity: 'moderate',
  uses: ['server-requests'],
  appMust:
    'Exchange the code once with success, answer both with a redirect or a page, and work again afterwards.',
  otherwise: 'A double click leaves a person with a broken page, or spends one code for two sessions.',
})(async ({ visitor, control, scope, step, health }) => {
  await controlSignIn({ step, visitor, health });
  await step('fault', async () => {
    const person = await visitor(undefined, { known: true });
    const { journal: since } = await control.state();
    const callback = await person.authorize((await person.startSignIn()).url);
    const both = await Promise.all([person.agent.hop(callback), person.agent.hop(callback)]);
    const exchanged = (await control.journal({ scope, endpoint: 'token', since })).filter(
      ({ status }) => status === 200,
    );
    demand(exchanged.length <= 1, `Exchanged one code ${exchanged.length} times.`);
    for (const answer of both) if (!answer.location) demandPage(answer);
  });
  await recoverySignIn({ step, visitor, health });
});
