/** Odd callbacks and token answers: doubled parameters, long codes, answers that are no tokens. */
import { check } from '../harness/check/check.ts';
import { demandNothingReal } from '../harness/check/injected-markup.ts';
import {
  controlSignIn,
  demandNoSession,
  refused,
  refusedWithPage,
  survived,
} from '../harness/check/outcomes.ts';

check({
  id: 'callback/code-twice',
  title: 'refuses a callback with two codes',
  clauses: ['rfc6749 §3.1', 'rfc6749 §4.1.2'],
  level: 'should',
  severity: 'serious',
  fault: 'authorization/code-duplicated',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'Proxies and the app disagree about which code counts.',
})(refused);

check({
  id: 'callback/iss-twice',
  title: 'refuses a callback that names a second issuer',
  clauses: ['rfc9207 §2.4', 'rfc9700 §4.4'],
  level: 'should',
  severity: 'serious',
  fault: 'authorization/iss-duplicated',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'A second iss, added on the way, defeats the protection against mix-up.',
})(refused);

check({
  id: 'callback/iss-trailing-slash',
  title: 'refuses a callback whose issuer differs by a slash',
  clauses: ['rfc9207 §2.4'],
  level: 'must',
  severity: 'moderate',
  fault: 'authorization/iss-trailing-slash',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'Two tenants behind similar URLs are taken for one.',
})(refused);

check({
  id: 'callback/code-long',
  title: 'survives a code of 3000 characters',
  clauses: ['rfc6749 §4.1.2'],
  level: 'must',
  severity: 'minor',
  fault: 'authorization/code-long',
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'A long address crashes the app.',
})(refusedWithPage);

check({
  id: 'callback/code-unicode',
  title: 'survives a code of letters beyond ASCII',
  clauses: ['rfc6749 §4.1.2'],
  level: 'must',
  severity: 'minor',
  fault: 'authorization/code-unicode',
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'An odd address crashes the app.',
})(refusedWithPage);

check({
  id: 'callback/empty',
  title: 'survives a callback that lost all parameters',
  clauses: ['rfc6749 §4.1.2'],
  level: 'must',
  severity: 'moderate',
  fault: 'authorization/everything-missing',
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'A reloaded or stripped address ends on a blank page.',
})(refusedWithPage);

check({
  id: 'callback/id-token-in-address',
  title: 'takes no ID token from the address in place of a code',
  clauses: ['rfc9700 §2.1.1', 'oidc-core §3.1.2.5'],
  level: 'must',
  severity: 'critical',
  fault: 'authorization/response-id-token-only',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'Tokens that leaked through history or logs sign anybody in.',
})(refused);

check({
  id: 'callback/error-invalid-scope',
  title: 'shows a page when Logto refuses a scope',
  clauses: ['rfc6749 §4.1.2.1'],
  level: 'must',
  severity: 'moderate',
  fault: 'authorization/error-invalid-scope',
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'A scope that is switched off at Logto leaves people with a blank page.',
})(refusedWithPage);

check({
  id: 'callback/error-iss-wrong',
  title: 'shows a page for an error in the name of another issuer',
  clauses: ['rfc9207 §2.4'],
  level: 'must',
  severity: 'minor',
  fault: 'authorization/error-iss-wrong',
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'A forged error leaves people with a blank page.',
})(refusedWithPage);

check({
  id: 'callback/token-204',
  title: 'survives a token endpoint that answers with nothing',
  clauses: ['rfc6749 §5.1'],
  level: 'must',
  severity: 'moderate',
  fault: 'token/status-204',
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'A mistake of a proxy leaves people with a blank page.',
})(refusedWithPage);

check({
  id: 'callback/token-json-array',
  title: 'survives a token response that is a list',
  clauses: ['rfc6749 §5.1'],
  level: 'must',
  severity: 'moderate',
  fault: 'token/json-array',
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'A broken answer is taken for tokens.',
})(refusedWithPage);

check({
  id: 'callback/token-error-not-json',
  title: 'survives a refusal that is plain text',
  clauses: ['rfc6749 §5.2'],
  level: 'must',
  severity: 'moderate',
  fault: 'token/error-not-json',
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'A refusal of a proxy leaves people with a blank page.',
})(refusedWithPage);

check({
  id: 'callback/token-redirect',
  title: 'does not follow a token endpoint that redirects',
  clauses: ['rfc6749 §5.1', 'rfc9110 §15.4'],
  level: 'must',
  severity: 'serious',
  fault: 'token/redirect',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'The client secret and the code go wherever the answer points.',
})(refused);

check({
  id: 'callback/token-huge',
  title: 'survives a token response of five megabytes',
  clauses: ['rfc6749 §5.1'],
  level: 'should',
  severity: 'moderate',
  fault: 'token/huge',
  appMust: 'End with a session or a page, and work again afterwards.',
  otherwise: 'One oversized answer crashes the app for everybody.',
})(survived);

check({
  id: 'callback/token-content-type',
  title: 'survives tokens under another content type',
  clauses: ['rfc6749 §5.1'],
  level: 'should',
  severity: 'minor',
  fault: 'token/content-type-text',
  appMust: 'End with a session or a page, and work again afterwards.',
  otherwise: 'A mistake of a proxy leaves people with a blank page.',
})(survived);

check({
  id: 'callback/token-form-encoded',
  title: 'survives tokens that come form encoded',
  clauses: ['rfc6749 §5.1'],
  level: 'should',
  severity: 'minor',
  fault: 'token/form-encoded',
  appMust: 'End with a session or a page, and work again afterwards.',
  otherwise: 'An answer in another format leaves people with a blank page.',
})(survived);

check({
  id: 'callback/id-token-empty',
  title: 'refuses a token response whose ID token is empty',
  clauses: ['oidc-core §3.1.3.3'],
  level: 'must',
  severity: 'critical',
  fault: 'token/id-token-empty',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'Anybody is signed in as nobody.',
})(refused);

check({
  id: 'callback/id-token-number',
  title: 'refuses a token response whose ID token is a number',
  clauses: ['oidc-core §3.1.3.3'],
  level: 'must',
  severity: 'serious',
  fault: 'token/id-token-number',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'Anybody is signed in as nobody.',
})(refused);

check({
  id: 'callback/token-error-not-reflected',
  title: 'reflects no markup of an error at the token endpoint',
  clauses: ['owasp xss', 'rfc6749 §5.2'],
  level: 'must',
  severity: 'serious',
  fault: 'token/error-with-markup',
  appMust: 'Escape, or leave out, whatever the token endpoint says.',
  otherwise: 'Whoever can make Logto fail runs script in the app.',
})(async ({ visitor, arm, step, health }) => {
  await controlSignIn({ step, visitor, health });
  await step('fault', async () => {
    await arm('token/error-with-markup');
    const { returned, page } = await (await visitor()).signIn();
    await arm();
    demandNothingReal([returned, page], 'the error');
  });
});

check({
  id: 'callback/posted-by-another-site',
  title: 'refuses a callback that another site posts',
  clauses: ['rfc9700 §4.7', 'rfc6749 §10.12'],
  level: 'must',
  severity: 'critical',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'A hidden form signs victims in to the account of the attacker.',
})(async ({ visitor, lab, step, health }) => {
  await controlSignIn({ step, visitor, health });
  await step('fault', async () => {
    const attacker = await visitor();
    const callback = await attacker.authorize((await attacker.startSignIn()).url);
    const victim = await visitor();
    const answer = await victim.agent.hop(lab.app.callbackUrl, {
      method: 'POST',
      form: Object.fromEntries(callback.searchParams),
      headers: { origin: 'https://evil.example' },
    });
    await victim.agent.follow(answer, (next) => next.origin !== lab.app.origin);
    await demandNoSession(victim);
  });
});
