/** What the app does with the discovery document (OpenID Connect Discovery 1.0 §4). */
import { check } from '../harness/check/check.ts';
import {
  accepted,
  acceptedAtTheStart,
  attempt,
  controlSignIn,
  healthySignIn,
  recovered,
  recoverySignIn,
  refusedWhereRead,
} from '../harness/check/outcomes.ts';

check({
  id: 'discovery/issuer-mismatch',
  title: 'stops when the discovery document names another issuer',
  clauses: ['oidc-discovery §4.3'],
  level: 'must',
  severity: 'critical',
  fault: 'discovery/issuer-mismatch',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'A poisoned document sends people, and their codes, to an attacker.',
})(refusedWhereRead);

check({
  id: 'discovery/issuer-trailing-slash',
  title: 'stops when the issuer in the document differs by a slash',
  clauses: ['oidc-discovery §4.3'],
  level: 'must',
  severity: 'moderate',
  fault: 'discovery/issuer-trailing-slash',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'Two tenants behind similar URLs are taken for one.',
})(refusedWhereRead);

check({
  id: 'discovery/issuer-missing',
  title: 'stops when the discovery document names no issuer',
  clauses: ['oidc-discovery §4.3', 'oidc-discovery §3'],
  level: 'must',
  severity: 'serious',
  fault: 'discovery/issuer-missing',
  libraryLimit: { v4: 'next-auth v4 (openid-client 5) takes a document without an issuer.' },
  appMust: 'End on an error page and hold no session.',
  otherwise: 'A document of anybody is taken for one of Logto.',
})(refusedWhereRead);

check({
  id: 'discovery/authorization-endpoint-missing',
  title: 'recovers from a document without authorization endpoint',
  clauses: ['oidc-discovery §3'],
  level: 'must',
  severity: 'moderate',
  fault: 'discovery/authorization-endpoint-missing',
  appMust: 'Sign people in again as soon as the document is good, whatever became of the sign-in in between.',
  otherwise: 'One bad answer is kept, and nobody can sign in until the app is started anew.',
})(recovered);

check({
  id: 'discovery/token-endpoint-missing',
  title: 'recovers from a document without token endpoint',
  clauses: ['oidc-discovery §3'],
  level: 'must',
  severity: 'moderate',
  fault: 'discovery/token-endpoint-missing',
  appMust: 'Sign people in again as soon as the document is good, whatever became of the sign-in in between.',
  otherwise: 'One bad answer is kept, and nobody can sign in until the app is started anew.',
})(recovered);

check({
  id: 'discovery/status-404',
  title: 'recovers from a discovery document that was not there',
  clauses: ['oidc-discovery §4.2'],
  level: 'must',
  severity: 'serious',
  fault: 'discovery/status-404',
  appMust: 'Sign people in again as soon as the document is good, whatever became of the sign-in in between.',
  otherwise: 'One bad answer is kept, and nobody can sign in until the app is started anew.',
})(recovered);

check({
  id: 'discovery/status-500',
  title: 'recovers from a discovery endpoint that failed',
  clauses: ['oidc-discovery §4.2'],
  level: 'must',
  severity: 'serious',
  fault: 'discovery/status-500',
  appMust: 'Sign people in again as soon as the document is good, whatever became of the sign-in in between.',
  otherwise: 'One bad answer is kept, and nobody can sign in until the app is started anew.',
})(recovered);

check({
  id: 'discovery/status-503',
  title: 'recovers from a discovery endpoint that was not available',
  clauses: ['oidc-discovery §4.2'],
  level: 'must',
  severity: 'serious',
  fault: 'discovery/status-503',
  appMust: 'Sign people in again as soon as the document is good, whatever became of the sign-in in between.',
  otherwise: 'One bad answer is kept, and nobody can sign in until the app is started anew.',
})(recovered);

check({
  id: 'discovery/html',
  title: 'recovers from a page instead of a discovery document',
  clauses: ['oidc-discovery §4.2'],
  level: 'must',
  severity: 'moderate',
  fault: 'discovery/html',
  appMust: 'Sign people in again as soon as the document is good, whatever became of the sign-in in between.',
  otherwise: 'One bad answer is kept, and nobody can sign in until the app is started anew.',
})(recovered);

check({
  id: 'discovery/empty',
  title: 'recovers from an empty discovery document',
  clauses: ['oidc-discovery §4.2'],
  level: 'must',
  severity: 'moderate',
  fault: 'discovery/empty',
  appMust: 'Sign people in again as soon as the document is good, whatever became of the sign-in in between.',
  otherwise: 'One bad answer is kept, and nobody can sign in until the app is started anew.',
})(recovered);

check({
  id: 'discovery/json-broken',
  title: 'recovers from a discovery document that broke off',
  clauses: ['oidc-discovery §4.2'],
  level: 'must',
  severity: 'moderate',
  fault: 'discovery/json-broken',
  appMust: 'Sign people in again as soon as the document is good, whatever became of the sign-in in between.',
  otherwise: 'One bad answer is kept, and nobody can sign in until the app is started anew.',
})(recovered);

check({
  id: 'discovery/json-array',
  title: 'recovers from a discovery document that is a list',
  clauses: ['oidc-discovery §4.2'],
  level: 'must',
  severity: 'minor',
  fault: 'discovery/json-array',
  appMust: 'Sign people in again as soon as the document is good, whatever became of the sign-in in between.',
  otherwise: 'One bad answer is kept, and nobody can sign in until the app is started anew.',
})(recovered);

check({
  id: 'discovery/redirect',
  title: 'recovers from a discovery endpoint that redirected',
  clauses: ['oidc-discovery §4.2'],
  level: 'may',
  severity: 'minor',
  fault: 'discovery/redirect',
  appMust: 'Sign people in again as soon as the document is good, whatever became of the sign-in in between.',
  otherwise: 'One bad answer is kept, and nobody can sign in until the app is started anew.',
})(recovered);

check({
  id: 'discovery/slow',
  title: 'waits for a slow discovery document',
  clauses: ['oidc-discovery §4.2'],
  level: 'should',
  severity: 'moderate',
  fault: 'discovery/slow',
  appMust: 'Sign the person in all the same.',
  otherwise: 'A second of load at Logto locks people out.',
})(acceptedAtTheStart);

check({
  id: 'discovery/jwks-slow',
  title: 'waits for a slow key set',
  clauses: ['oidc-core §10.1.1'],
  level: 'may',
  severity: 'moderate',
  fault: 'jwks/slow',
  appMust: 'Sign the person in all the same.',
  otherwise: 'A second of load at Logto locks people out.',
})(acceptedAtTheStart);

check({
  id: 'discovery/extra-members',
  title: 'accepts a discovery document with members it does not know',
  clauses: ['oidc-discovery §4.2'],
  level: 'must',
  severity: 'moderate',
  fault: 'discovery/extra-members',
  appMust: 'Sign the person in all the same.',
  otherwise: 'Every new member of Logto locks everybody out.',
})(accepted);

check({
  id: 'discovery/auth-methods-missing',
  title: 'signs people in when the document lists no client authentication methods',
  clauses: ['oidc-discovery §3', 'oidc-core §9'],
  level: 'must',
  severity: 'moderate',
  fault: 'discovery/token-auth-methods-missing',
  appMust: 'Sign the person in all the same.',
  otherwise: 'People cannot sign in though client_secret_basic is the default.',
})(accepted);

check({
  id: 'discovery/iss-parameter-unlisted',
  title: 'signs people in when the document does not announce iss',
  clauses: ['rfc9207 §2.4'],
  level: 'must',
  severity: 'minor',
  fault: 'discovery/iss-parameter-unlisted',
  appMust: 'Sign the person in all the same.',
  otherwise: 'People cannot sign in at an older Logto.',
})(accepted);

check({
  id: 'discovery/key-rotation',
  title: 'signs people in after Logto rotated its signing key',
  clauses: ['oidc-core §10.1.1'],
  level: 'must',
  severity: 'critical',
  // Named so that no other sign-in runs while the keys of the whole issuer change.
  arms: ['jwks/status-500'],
  appMust: 'Fetch the keys anew when a token is signed with one it does not know.',
  otherwise: 'Nobody can sign in after a rotation until the app is started anew.',
})(async ({ visitor, control, step }) => {
  // Its own: this is what the app has the old key from.
  await step('control', () => healthySignIn(visitor));
  await step('recovery', async () => {
    await control.rotateSigningKey('EC');
    await healthySignIn(visitor);
    await control.retireSigningKeys();
    await healthySignIn(visitor);
  });
});

check({
  id: 'discovery/jwks-recovers',
  title: 'recovers from keys that could not be fetched',
  clauses: ['oidc-core §10.1.1'],
  level: 'must',
  severity: 'serious',
  arms: ['jwks/status-500'],
  appMust: 'Sign people in again once the keys are back.',
  otherwise: 'One failed fetch is kept, and nobody can sign in until the app is started anew.',
})(async ({ visitor, arm, step, health }) => {
  await controlSignIn({ step, visitor, health });
  await step('fault', async () => {
    await arm('jwks/status-500');
    await attempt(await visitor());
    await arm();
  });
  await recoverySignIn({ step, visitor, health });
});
