/** What the app must refuse in an ID token, and what it must accept (OpenID Connect Core 1.0 §3.1.3.7). */
import { check } from '../harness/check.ts';
import { refused } from '../harness/outcomes.ts';

check({
  id: 'id-token/iss-wrong',
  title: 'refuses an ID token of another issuer',
  clauses: ['oidc-core §3.1.3.7 #2'],
  level: 'must',
  severity: 'critical',
  fault: 'id-token/iss-wrong',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'Whoever runs an issuer of their own signs in here as anybody.',
  fix: 'Leave token validation to Auth.js, and give the provider the issuer of your Logto tenant.',
})(refused);

check({
  id: 'id-token/aud-other-client',
  title: 'refuses an ID token issued to another client',
  clauses: ['oidc-core §3.1.3.7 #3', 'oidc-core §16.11'],
  level: 'must',
  severity: 'critical',
  fault: 'id-token/aud-other-client',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'A token stolen from any other client of the tenant signs its owner in here.',
  fix: 'Leave token validation to Auth.js; do not decode the ID token by yourself.',
})(refused);

check({
  id: 'id-token/expired',
  title: 'refuses an ID token that has expired',
  clauses: ['oidc-core §3.1.3.7 #9'],
  level: 'must',
  severity: 'serious',
  fault: 'id-token/expired',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'A token found in an old log or backup still signs its owner in.',
})(refused);

check({
  id: 'id-token/nonce-wrong',
  title: 'refuses an ID token with a nonce it did not send',
  clauses: ['oidc-core §3.1.3.7 #11', 'oidc-core §15.5.2'],
  level: 'must',
  severity: 'serious',
  fault: 'id-token/nonce-wrong',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'An ID token of another sign-in can be replayed into this one.',
})(refused);
