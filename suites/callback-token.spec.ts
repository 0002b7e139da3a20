/** What the app does with the answer of the token endpoint (RFC 6749 §5, OpenID Connect Core 1.0 §3.1.3). */
import { check } from '../harness/check/check.ts';
import { accepted, refused, refusedWithPage } from '../harness/check/outcomes.ts';

// First, so that others run while it waits: the discovery suite needs the app for itself.
check({
  id: 'callback/token-slow',
  title: 'waits for a token endpoint that is slow',
  clauses: ['rfc6749 §5.1'],
  level: 'should',
  severity: 'moderate',
  fault: 'transport/token-slow',
  appMust: 'Sign the person in all the same.',
  otherwise: 'A second of load at Logto locks people out.',
})(accepted);

check({
  id: 'callback/token-500',
  title: 'survives a token endpoint that fails',
  clauses: ['rfc6749 §5.2'],
  level: 'must',
  severity: 'serious',
  fault: 'token/status-500',
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'An outage of Logto leaves people with a blank page, or worse.',
})(refusedWithPage);

check({
  id: 'callback/token-503',
  title: 'survives a token endpoint that is not available',
  clauses: ['rfc6749 §5.2'],
  level: 'must',
  severity: 'serious',
  fault: 'token/status-503',
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'An outage of Logto leaves people with a blank page, or worse.',
})(refusedWithPage);

check({
  id: 'callback/token-429',
  title: 'survives a token endpoint that has too many requests',
  clauses: ['rfc6749 §5.2'],
  level: 'must',
  severity: 'moderate',
  fault: 'token/status-429',
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'An outage of Logto leaves people with a blank page, or worse.',
})(refusedWithPage);

check({
  id: 'callback/token-invalid-grant',
  title: 'survives a refused code',
  clauses: ['rfc6749 §5.2'],
  level: 'must',
  severity: 'serious',
  fault: 'token/error-invalid-grant',
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'A person who waited too long is left with a blank page, or is signed in without proof.',
})(refusedWithPage);

check({
  id: 'callback/token-invalid-client',
  title: 'survives refused client credentials',
  clauses: ['rfc6749 §5.2'],
  level: 'must',
  severity: 'serious',
  fault: 'token/error-invalid-client',
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'A wrong secret shows as a blank page, or signs people in without proof.',
})(refusedWithPage);

check({
  id: 'callback/token-error-with-200',
  title: 'refuses an error that comes with status 200',
  clauses: ['rfc6749 §5.1', 'rfc6749 §5.2'],
  level: 'must',
  severity: 'serious',
  fault: 'token/error-with-200',
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'The sign-in goes on as if nothing had happened, with no proof of who it is.',
})(refusedWithPage);

check({
  id: 'callback/token-html',
  title: 'survives a token endpoint that answers with a page',
  clauses: ['rfc6749 §5.1'],
  level: 'must',
  severity: 'moderate',
  fault: 'token/html',
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'An outage of Logto leaves people with a blank page, or worse.',
})(refusedWithPage);

check({
  id: 'callback/token-empty',
  title: 'survives an empty token response',
  clauses: ['rfc6749 §5.1'],
  level: 'must',
  severity: 'moderate',
  fault: 'token/empty',
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'An outage of Logto leaves people with a blank page, or worse.',
})(refusedWithPage);

check({
  id: 'callback/token-broken-json',
  title: 'survives a token response that breaks off',
  clauses: ['rfc6749 §5.1'],
  level: 'must',
  severity: 'moderate',
  fault: 'token/json-broken',
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'An outage of Logto leaves people with a blank page, or worse.',
})(refusedWithPage);

check({
  id: 'callback/token-json-null',
  title: 'survives a token response that is null',
  clauses: ['rfc6749 §5.1'],
  level: 'must',
  severity: 'moderate',
  fault: 'token/json-null',
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'An outage of Logto leaves people with a blank page, or worse.',
})(refusedWithPage);

check({
  id: 'callback/token-reset',
  title: 'survives a token endpoint that breaks the connection',
  clauses: ['rfc6749 §5.1'],
  level: 'must',
  severity: 'moderate',
  fault: 'transport/token-reset',
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'An outage of Logto leaves people with a blank page, or worse.',
})(refusedWithPage);

check({
  id: 'callback/id-token-missing',
  title: 'refuses a token response without an ID token',
  clauses: ['oidc-core §3.1.3.3', 'oidc-core §3.1.3.5'],
  level: 'must',
  severity: 'critical',
  fault: 'token/id-token-missing',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'The sign-in goes on as if nothing had happened, with no proof of who it is.',
})(refused);

check({
  id: 'callback/id-token-null',
  title: 'refuses a token response whose ID token is null',
  clauses: ['oidc-core §3.1.3.3'],
  level: 'must',
  severity: 'critical',
  fault: 'token/id-token-null',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'The sign-in goes on as if nothing had happened, with no proof of who it is.',
})(refused);

check({
  id: 'callback/access-token-missing',
  title: 'refuses a token response without an access token',
  clauses: ['oidc-core §3.1.3.3', 'rfc6749 §5.1'],
  level: 'must',
  severity: 'minor',
  fault: 'token/access-token-missing',
  libraryLimit: {
    v4: 'next-auth v4 (openid-client 5) does not ask for an access token where there is an ID token.',
  },
  appMust: 'End on an error page and hold no session.',
  otherwise: 'The app believes it has an access token, and fails later where nobody can see why.',
})(refused);

check({
  id: 'callback/token-type-missing',
  title: 'refuses a token response that names no token type',
  clauses: ['oidc-core §3.1.3.3', 'rfc6749 §5.1'],
  level: 'must',
  severity: 'minor',
  fault: 'token/token-type-missing',
  libraryLimit: { v4: 'next-auth v4 (openid-client 5) does not look at token_type.' },
  appMust: 'End on an error page and hold no session.',
  otherwise: 'The app uses a token that it does not know how to use.',
})(refused);

check({
  id: 'callback/token-type-unknown',
  title: 'refuses a token of a type it does not know',
  clauses: ['rfc6749 §5.1', 'oidc-core §3.1.3.3'],
  level: 'must',
  severity: 'minor',
  fault: 'token/token-type-mac',
  libraryLimit: { v4: 'next-auth v4 (openid-client 5) does not look at token_type.' },
  appMust: 'End on an error page and hold no session.',
  otherwise: 'The app uses a token that it does not know how to use.',
})(refused);

check({
  id: 'callback/token-type-case',
  title: 'accepts the token type in any case',
  clauses: ['rfc6749 §5.1'],
  level: 'must',
  severity: 'moderate',
  fault: 'token/token-type-case',
  appMust: 'Sign the person in all the same.',
  otherwise: 'People cannot sign in once Logto, or a gateway, writes "bearer" otherwise.',
})(accepted);

check({
  id: 'callback/expires-in-missing',
  title: 'accepts a token response without expires_in',
  clauses: ['rfc6749 §5.1'],
  level: 'must',
  severity: 'moderate',
  fault: 'token/expires-in-missing',
  appMust: 'Sign the person in all the same.',
  otherwise: 'People cannot sign in though expires_in is optional.',
})(accepted);

check({
  id: 'callback/refresh-token-missing',
  title: 'accepts a token response without a refresh token',
  clauses: ['oidc-core §11', 'logto offline_access'],
  level: 'must',
  severity: 'serious',
  fault: 'token/refresh-token-missing',
  appMust: 'Sign the person in all the same.',
  otherwise: 'Nobody can sign in, as Logto issues no refresh token without prompt=consent.',
})(accepted);

check({
  id: 'callback/token-extra-members',
  title: 'accepts a token response with members it does not know',
  clauses: ['rfc6749 §5.1'],
  level: 'must',
  severity: 'moderate',
  fault: 'token/extra-members',
  appMust: 'Sign the person in all the same.',
  otherwise: 'Every new member of Logto locks everybody out.',
})(accepted);
