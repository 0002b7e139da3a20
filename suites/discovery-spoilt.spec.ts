/** Discovery documents and key sets that are spoilt in one place, or never come. */
import { check } from '../harness/check/check.ts';
import {
  attempt,
  controlSignIn,
  demandNoSession,
  recovered,
  recoverySignIn,
  refusedWhereRead,
} from '../harness/check/outcomes.ts';
import { waits } from '../harness/check/waiting.ts';
import { demand } from '../harness/errors.ts';

check({
  id: 'discovery/issuer-upper-case',
  title: 'stops when the issuer in the document differs by case',
  clauses: ['oidc-discovery §4.3'],
  level: 'must',
  severity: 'serious',
  fault: 'discovery/issuer-upper-case',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'Two issuers that differ by case are taken for one.',
})(refusedWhereRead);

check({
  id: 'discovery/userinfo-endpoint-missing',
  title: 'recovers from a document without userinfo endpoint',
  clauses: ['oidc-discovery §3'],
  level: 'must',
  severity: 'moderate',
  fault: 'discovery/userinfo-endpoint-missing',
  appMust: 'Sign people in again as soon as the document is good, whatever became of the sign-in in between.',
  otherwise: 'One bad answer is kept, and nobody can sign in until the app is started anew.',
})(recovered);

check({
  id: 'discovery/jwks-uri-missing',
  title: 'recovers from a document without key set',
  clauses: ['oidc-discovery §3'],
  level: 'must',
  severity: 'moderate',
  fault: 'discovery/jwks-uri-missing',
  appMust: 'Sign people in again as soon as the document is good, whatever became of the sign-in in between.',
  otherwise: 'One bad answer is kept, and nobody can sign in until the app is started anew.',
})(recovered);

check({
  id: 'discovery/alg-missing',
  title: 'recovers from a document that lists no algorithms',
  clauses: ['oidc-discovery §3'],
  level: 'must',
  severity: 'moderate',
  fault: 'discovery/id-token-alg-missing',
  appMust: 'Sign people in again as soon as the document is good, whatever became of the sign-in in between.',
  otherwise: 'One bad answer is kept, and nobody can sign in until the app is started anew.',
})(recovered);

check({
  id: 'discovery/alg-unknown',
  title: 'recovers from a document that lists an unknown algorithm only',
  clauses: ['oidc-discovery §3'],
  level: 'must',
  severity: 'moderate',
  fault: 'discovery/id-token-alg-unknown',
  appMust: 'Sign people in again as soon as the document is good, whatever became of the sign-in in between.',
  otherwise: 'One bad answer is kept, and nobody can sign in until the app is started anew.',
})(recovered);

check({
  id: 'discovery/endpoints-elsewhere',
  title: 'recovers from a document with a token endpoint of another origin',
  clauses: ['oidc-discovery §4.2'],
  level: 'must',
  severity: 'serious',
  fault: 'discovery/endpoints-elsewhere',
  appMust: 'Sign people in again as soon as the document is good, whatever became of the sign-in in between.',
  otherwise: 'One bad answer is kept, and nobody can sign in until the app is started anew.',
})(recovered);

check({
  id: 'discovery/content-type',
  title: 'recovers from a document under another content type',
  clauses: ['oidc-discovery §4.2'],
  level: 'must',
  severity: 'minor',
  fault: 'discovery/content-type-text',
  appMust: 'Sign people in again as soon as the document is good, whatever became of the sign-in in between.',
  otherwise: 'One bad answer is kept, and nobody can sign in until the app is started anew.',
})(recovered);

check({
  id: 'discovery/alg-none-listed',
  title: 'refuses an unsigned ID token though the document lists none',
  clauses: ['oidc-core §3.1.3.7 #7', 'rfc8725 §3.1'],
  level: 'must',
  severity: 'critical',
  fault: 'discovery/id-token-alg-none',
  arms: ['id-token/alg-none'],
  libraryLimit: {
    v5: 'Auth.js v5 (oauth4webapi) takes the algorithms that the document lists, and checks no signature of a token from the token endpoint.',
  },
  appMust: 'End on an error page and hold no session.',
  otherwise: 'Whoever can change one answer signs anybody in.',
})(async ({ visitor, arm, step, health }) => {
  await controlSignIn({ step, visitor, health });
  await step('fault', async () => {
    await arm('discovery/id-token-alg-none', 'id-token/alg-none');
    const victim = await visitor(undefined, { known: true });
    await attempt(victim);
    await arm();
    await demandNoSession(victim);
  });
  await recoverySignIn({ step, visitor, health });
});

check({
  id: 'redirect/pkce-plain-only',
  title: 'sends no plain challenge when discovery lists nothing else',
  clauses: ['rfc7636 §4.2', 'rfc9700 §2.1.1'],
  level: 'must',
  severity: 'serious',
  fault: 'discovery/pkce-plain-only',
  signIn: 'begun',
  appMust: 'Send an S256 challenge all the same, or none and a nonce or state.',
  otherwise: 'The challenge shows its verifier to whoever sees the address.',
})(async ({ visitor, arm, step }) => {
  await step('fault', async () => {
    await arm('discovery/pkce-plain-only');
    const { params } = await (await visitor()).startSignIn();
    await arm();
    const method = params.get('code_challenge')
      ? (params.get('code_challenge_method') ?? 'plain')
      : undefined;
    demand(method !== 'plain', 'Sent a plain challenge.');
    demand(
      method === 'S256' || params.get('nonce') || params.get('state'),
      'Sent neither an S256 challenge, nor a nonce, nor a state.',
    );
  });
});

check({
  id: 'discovery/hangs',
  title: 'goes on serving its pages while discovery hangs',
  clauses: ['oidc-discovery §4.2', 'asvs 16.5.2'],
  level: 'must',
  severity: 'serious',
  fault: 'discovery/hang',
  appMust:
    'Answer other requests meanwhile; answer whoever waited when the connection breaks, and sign people in afterwards.',
  otherwise: 'One connection that Logto leaves open stops the whole app.',
})(async ({ visitor, lab, arm, control, step, notApplicable, health }) => {
  await controlSignIn({ step, visitor, health });
  await step('fault', () =>
    waits({ visitor, lab, arm, control, notApplicable }, 'discovery/hang', 'discovery'),
  );
  await recoverySignIn({ step, visitor, health });
});

check({
  id: 'discovery/jwks-hangs',
  title: 'goes on serving its pages while the key set hangs',
  clauses: ['oidc-core §10.1.1', 'asvs 16.5.2'],
  level: 'must',
  severity: 'serious',
  fault: 'jwks/hang',
  appMust:
    'Answer other requests meanwhile; answer whoever waited when the connection breaks, and sign people in afterwards.',
  otherwise: 'One connection that Logto leaves open stops the whole app.',
})(async ({ visitor, lab, arm, control, step, notApplicable, health }) => {
  await controlSignIn({ step, visitor, health });
  await step('fault', () => waits({ visitor, lab, arm, control, notApplicable }, 'jwks/hang', 'jwks'));
  await recoverySignIn({ step, visitor, health });
});

check({
  id: 'discovery/jwks-404',
  title: 'recovers from a key set that was not there',
  clauses: ['oidc-core §10.1.1'],
  level: 'must',
  severity: 'moderate',
  fault: 'jwks/status-404',
  appMust: 'Sign people in again as soon as the keys are good, whatever became of the sign-in in between.',
  otherwise: 'One bad answer is kept, and nobody can sign in until the app is started anew.',
})(recovered);

check({
  id: 'discovery/jwks-no-keys',
  title: 'recovers from a key set without keys',
  clauses: ['oidc-core §10.1.1'],
  level: 'must',
  severity: 'moderate',
  fault: 'jwks/no-keys',
  appMust: 'Sign people in again as soon as the keys are good, whatever became of the sign-in in between.',
  otherwise: 'One bad answer is kept, and nobody can sign in until the app is started anew.',
})(recovered);

check({
  id: 'discovery/jwks-unknown-keys-only',
  title: 'recovers from a key set of unknown types only',
  clauses: ['oidc-core §10.1.1'],
  level: 'must',
  severity: 'moderate',
  fault: 'jwks/unknown-keys-only',
  appMust: 'Sign people in again as soon as the keys are good, whatever became of the sign-in in between.',
  otherwise: 'One bad answer is kept, and nobody can sign in until the app is started anew.',
})(recovered);

check({
  id: 'discovery/jwks-several-without-kid',
  title: 'recovers from a key set of several keys without kid',
  clauses: ['oidc-core §10.1.1'],
  level: 'must',
  severity: 'moderate',
  fault: 'jwks/several-keys-without-kid',
  appMust: 'Sign people in again as soon as the keys are good, whatever became of the sign-in in between.',
  otherwise: 'One bad answer is kept, and nobody can sign in until the app is started anew.',
})(recovered);

check({
  id: 'discovery/jwks-same-kid-twice',
  title: 'recovers from a key set with one kid twice',
  clauses: ['oidc-core §10.1.1'],
  level: 'must',
  severity: 'moderate',
  fault: 'jwks/same-kid-twice',
  appMust: 'Sign people in again as soon as the keys are good, whatever became of the sign-in in between.',
  otherwise: 'One bad answer is kept, and nobody can sign in until the app is started anew.',
})(recovered);

check({
  id: 'discovery/jwks-use-enc',
  title: 'recovers from a key set for encryption only',
  clauses: ['oidc-core §10.1.1'],
  level: 'must',
  severity: 'moderate',
  fault: 'jwks/use-enc',
  appMust: 'Sign people in again as soon as the keys are good, whatever became of the sign-in in between.',
  otherwise: 'One bad answer is kept, and nobody can sign in until the app is started anew.',
})(recovered);

check({
  id: 'discovery/jwks-html',
  title: 'recovers from a page instead of a key set',
  clauses: ['oidc-core §10.1.1'],
  level: 'must',
  severity: 'moderate',
  fault: 'jwks/html',
  appMust: 'Sign people in again as soon as the keys are good, whatever became of the sign-in in between.',
  otherwise: 'One bad answer is kept, and nobody can sign in until the app is started anew.',
})(recovered);

check({
  id: 'discovery/jwks-empty',
  title: 'recovers from an empty key set',
  clauses: ['oidc-core §10.1.1'],
  level: 'must',
  severity: 'moderate',
  fault: 'jwks/empty',
  appMust: 'Sign people in again as soon as the keys are good, whatever became of the sign-in in between.',
  otherwise: 'One bad answer is kept, and nobody can sign in until the app is started anew.',
})(recovered);

check({
  id: 'discovery/jwks-json-array',
  title: 'recovers from a key set that is a list',
  clauses: ['oidc-core §10.1.1'],
  level: 'must',
  severity: 'moderate',
  fault: 'jwks/json-array',
  appMust: 'Sign people in again as soon as the keys are good, whatever became of the sign-in in between.',
  otherwise: 'One bad answer is kept, and nobody can sign in until the app is started anew.',
})(recovered);
