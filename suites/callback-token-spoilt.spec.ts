/** Token answers that are spoilt in one place. */
import { check } from '../harness/check/check.ts';
import { accepted, refused, refusedWithPage, survived } from '../harness/check/outcomes.ts';
import { tenantCalls } from '../harness/check/saas/calls.ts';
import { demand } from '../harness/errors.ts';

check({
  id: 'callback/token-201',
  title: 'survives tokens that come with status 201',
  clauses: ['rfc6749 §5.1'],
  level: 'should',
  severity: 'minor',
  fault: 'token/status-201',
  appMust: 'Sign the person in, or show a page; work again afterwards.',
  otherwise: 'Another success than 200 breaks the app.',
})(survived);

check({
  id: 'callback/token-invalid-request',
  title: 'survives a refused token request',
  clauses: ['rfc6749 §5.2'],
  level: 'must',
  severity: 'moderate',
  fault: 'token/error-invalid-request',
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'An error of Logto leaves a blank page.',
})(refusedWithPage);

check({
  id: 'callback/token-unauthorized-client',
  title: 'survives a client that may not use the grant',
  clauses: ['rfc6749 §5.2'],
  level: 'must',
  severity: 'moderate',
  fault: 'token/error-unauthorized-client',
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'An error of Logto leaves a blank page.',
})(refusedWithPage);

check({
  id: 'callback/token-content-type-missing',
  title: 'survives tokens without a content type',
  clauses: ['rfc6749 §5.1'],
  level: 'should',
  severity: 'minor',
  fault: 'token/content-type-missing',
  appMust: 'Sign the person in, or show a page; work again afterwards.',
  otherwise: 'A proxy that drops a header breaks the app.',
})(survived);

check({
  id: 'callback/access-token-empty',
  title: 'refuses an empty access token',
  clauses: ['rfc6749 §5.1', 'oidc-core §3.1.3.3'],
  level: 'must',
  severity: 'minor',
  fault: 'token/access-token-empty',
  libraryLimit: { v4: 'next-auth v4 (openid-client 5) does not look at the access token.' },
  appMust: 'End on an error page and hold no session.',
  otherwise: 'Calls to APIs fail later, without a reason.',
})(refused);

check({
  id: 'callback/access-token-number',
  title: 'refuses an access token that is a number',
  clauses: ['rfc6749 §5.1', 'oidc-core §3.1.3.3'],
  level: 'must',
  severity: 'minor',
  fault: 'token/access-token-number',
  libraryLimit: { v4: 'next-auth v4 (openid-client 5) does not look at the access token.' },
  appMust: 'End on an error page and hold no session.',
  otherwise: 'Calls to APIs fail later, without a reason.',
})(refused);

check({
  id: 'callback/access-token-wrong',
  title: 'signs nobody in with an access token that Logto does not know',
  clauses: ['oidc-core §5.3.1'],
  level: 'must',
  severity: 'moderate',
  fault: 'token/access-token-wrong',
  needs: ['userinfo'],
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'A profile that could not be fetched is taken for an empty one.',
})(refusedWithPage);

check({
  id: 'callback/expires-in-string',
  title: 'survives a lifetime that is a text',
  clauses: ['rfc6749 §5.1'],
  level: 'must',
  severity: 'minor',
  fault: 'token/expires-in-string',
  appMust: 'Sign the person in, or show a page; work again afterwards.',
  otherwise: 'One odd member breaks the sign-in.',
})(survived);

check({
  id: 'callback/expires-in-negative',
  title: 'survives a negative lifetime',
  clauses: ['rfc6749 §5.1'],
  level: 'must',
  severity: 'minor',
  fault: 'token/expires-in-negative',
  appMust: 'Sign the person in, or show a page; work again afterwards.',
  otherwise: 'One odd member breaks the sign-in.',
})(survived);

check({
  id: 'callback/expires-in-zero',
  title: 'survives a lifetime of zero',
  clauses: ['rfc6749 §5.1'],
  level: 'must',
  severity: 'minor',
  fault: 'token/expires-in-zero',
  appMust: 'Sign the person in, or show a page; work again afterwards.',
  otherwise: 'One odd member breaks the sign-in.',
})(survived);

check({
  id: 'callback/scope-missing',
  title: 'accepts a token response that names no scope',
  clauses: ['rfc6749 §5.1'],
  level: 'must',
  severity: 'moderate',
  fault: 'token/scope-missing',
  appMust: 'End in a session.',
  otherwise: 'An issuer that grants what was asked for, and says no more, signs nobody in.',
})(accepted);

check({
  id: 'callback/scope-narrower',
  title: 'survives a grant of fewer scopes than it asked for',
  clauses: ['rfc6749 §3.3'],
  level: 'must',
  severity: 'minor',
  fault: 'token/scope-narrower',
  appMust: 'Sign the person in, or show a page; work again afterwards.',
  otherwise: 'A person who gives less consent breaks the app.',
})(survived);

check({
  id: 'callback/resource-repeated',
  title: 'names the resource in a token request, too',
  clauses: ['rfc8707 §2'],
  level: 'should',
  severity: 'moderate',
  appMust:
    'Send the resource of the authorization request in the token request, or in a refresh for the API.',
  otherwise: 'The access token is made for no API, and every call to it is refused.',
})(async ({ visitor, lab, control, scope, notApplicable }) => {
  const member = await visitor(undefined, { known: true });
  const signIn = await member.signIn();
  const wanted = signIn.request.params.getAll('resource');
  if (wanted.length === 0) notApplicable('the app asks for no token of an API resource');
  // Tokens of an API are often got by refresh, where the app calls it.
  for (const call of tenantCalls(lab)) await member.agent.follow(await member.get(call.path));
  const requests = await control.journal({ scope, endpoint: 'token' });
  demand(
    requests.some(({ request }) => JSON.stringify(request.body ?? {}).includes('resource')),
    `Asked for ${wanted.join(', ')}, and named no resource in the token request.`,
  );
});
