/** What the app does with the authorization response (RFC 6749 §4.1.2, RFC 9207). */
import { check } from '../harness/check/check.ts';
import { accepted, refused, refusedWithPage } from '../harness/check/outcomes.ts';

check({
  id: 'callback/state-missing',
  title: 'refuses a callback without the state it sent',
  clauses: ['rfc6749 §10.12', 'oidc-core §3.1.2.7'],
  level: 'must',
  severity: 'critical',
  fault: 'authorization/state-missing',
  needs: ['state'],
  appMust: 'End on an error page and hold no session.',
  otherwise: 'An attacker completes a sign-in of theirs in the browser of a victim.',
})(refused);

check({
  id: 'callback/state-empty',
  title: 'refuses a callback with an empty state',
  clauses: ['rfc6749 §10.12', 'oidc-core §3.1.2.7'],
  level: 'must',
  severity: 'critical',
  fault: 'authorization/state-empty',
  needs: ['state'],
  appMust: 'End on an error page and hold no session.',
  otherwise: 'An attacker completes a sign-in of theirs in the browser of a victim.',
})(refused);

check({
  id: 'callback/iss-wrong',
  title: 'refuses a callback that names another issuer',
  clauses: ['rfc9207 §2.4', 'rfc9700 §4.4'],
  level: 'must',
  severity: 'critical',
  fault: 'authorization/iss-wrong',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'A malicious issuer passes a code of Logto off as its own (mix-up).',
})(refused);

check({
  id: 'callback/iss-missing',
  title: 'refuses a callback without iss, as Logto announces that it always sends one',
  clauses: ['rfc9207 §2.4'],
  level: 'must',
  severity: 'serious',
  fault: 'authorization/iss-missing',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'Leaving iss out defeats the protection against mix-up.',
})(refused);

check({
  id: 'callback/iss-empty',
  title: 'refuses a callback with an empty iss',
  clauses: ['rfc9207 §2.4'],
  level: 'must',
  severity: 'serious',
  fault: 'authorization/iss-empty',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'Emptying iss defeats the protection against mix-up.',
})(refused);

check({
  id: 'callback/code-wrong',
  title: 'refuses a code that Logto does not know',
  clauses: ['rfc6749 §4.1.3', 'rfc6749 §5.2'],
  level: 'must',
  severity: 'critical',
  fault: 'authorization/code-wrong',
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'The sign-in goes on without any proof of who it is.',
})(refusedWithPage);

check({
  id: 'callback/code-empty',
  title: 'refuses an empty code',
  clauses: ['rfc6749 §4.1.2'],
  level: 'must',
  severity: 'serious',
  fault: 'authorization/code-empty',
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'The sign-in goes on without any proof of who it is.',
})(refusedWithPage);

check({
  id: 'callback/code-missing',
  title: 'refuses a callback that lost its code',
  clauses: ['rfc6749 §4.1.2'],
  level: 'must',
  severity: 'serious',
  fault: 'authorization/code-missing',
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'The sign-in goes on without any proof of who it is.',
})(refusedWithPage);

check({
  id: 'callback/extra-parameters',
  title: 'ignores parameters it does not know',
  clauses: ['rfc6749 §4.1.2'],
  level: 'must',
  severity: 'moderate',
  fault: 'authorization/extra-parameters',
  appMust: 'Sign the person in all the same.',
  otherwise: 'Every parameter that Logto, or a proxy, adds locks everybody out.',
})(accepted);

check({
  id: 'callback/error-access-denied',
  title: 'shows a page when the person cancels at Logto',
  clauses: ['oidc-core §3.1.2.6', 'rfc6749 §4.1.2.1'],
  level: 'must',
  severity: 'moderate',
  fault: 'authorization/error-access-denied',
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'A person who changed their mind is left with a blank page.',
})(refusedWithPage);

check({
  id: 'callback/error-login-required',
  title: 'shows a page when Logto cannot sign the person in silently',
  clauses: ['oidc-core §3.1.2.6'],
  level: 'must',
  severity: 'moderate',
  fault: 'authorization/error-login-required',
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'A person whose session at Logto ended is left with a blank page.',
})(refusedWithPage);

check({
  id: 'callback/error-server-error',
  title: 'shows a page when Logto fails',
  clauses: ['rfc6749 §4.1.2.1'],
  level: 'must',
  severity: 'moderate',
  fault: 'authorization/error-server-error',
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'An outage of Logto leaves people with a blank page, or worse.',
})(refusedWithPage);

check({
  id: 'callback/error-temporarily-unavailable',
  title: 'shows a page when Logto is overloaded',
  clauses: ['rfc6749 §4.1.2.1'],
  level: 'must',
  severity: 'moderate',
  fault: 'authorization/error-temporarily-unavailable',
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'An outage of Logto leaves people with a blank page, or worse.',
})(refusedWithPage);

check({
  id: 'callback/error-unknown',
  title: 'shows a page for an error it does not know',
  clauses: ['rfc6749 §4.1.2.1'],
  level: 'must',
  severity: 'minor',
  fault: 'authorization/error-unknown',
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'A new error of Logto shows as a blank page.',
})(refusedWithPage);

check({
  id: 'callback/error-iss-missing',
  title: 'shows a page for an error without iss',
  clauses: ['rfc9207 §2.4'],
  level: 'must',
  severity: 'minor',
  fault: 'authorization/error-iss-missing',
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'An error that a proxy stripped shows as a blank page.',
})(refusedWithPage);

check({
  id: 'callback/error-and-code',
  title: 'holds no session when code and error come together',
  clauses: ['rfc6749 §4.1.2.1'],
  level: 'should',
  severity: 'moderate',
  fault: 'authorization/error-and-code',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'A sign-in that Logto called off goes on.',
})(refused);

check({
  id: 'callback/error-long',
  title: 'shows a page for a very long error',
  clauses: ['rfc6749 §4.1.2.1'],
  level: 'should',
  severity: 'minor',
  fault: 'authorization/error-long',
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'A long text breaks the error page.',
})(refusedWithPage);

check({
  id: 'callback/error-unicode',
  title: 'shows a page for an error in any script',
  clauses: ['rfc6749 §4.1.2.1'],
  level: 'should',
  severity: 'minor',
  fault: 'authorization/error-unicode',
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'A translated error breaks the error page.',
})(refusedWithPage);
