/** What the app must refuse in the claims of an ID token (OpenID Connect Core 1.0 §3.1.3.7). */
import { check } from '../harness/check/check.ts';
import { refused } from '../harness/check/outcomes.ts';

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
  id: 'id-token/iss-trailing-slash',
  title: 'refuses an ID token whose issuer differs by a slash',
  clauses: ['oidc-core §3.1.3.7 #2'],
  level: 'must',
  severity: 'serious',
  fault: 'id-token/iss-trailing-slash',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'Two tenants behind similar URLs are taken for one.',
  fix: 'Leave token validation to Auth.js; do not decode the ID token by yourself.',
})(refused);

check({
  id: 'id-token/iss-missing',
  title: 'refuses an ID token without an issuer',
  clauses: ['oidc-core §3.1.3.7 #2', 'oidc-core §2'],
  level: 'must',
  severity: 'critical',
  fault: 'id-token/iss-missing',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'A token of any origin is taken for one of Logto.',
  fix: 'Leave token validation to Auth.js; do not decode the ID token by yourself.',
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
  id: 'id-token/aud-missing',
  title: 'refuses an ID token without an audience',
  clauses: ['oidc-core §3.1.3.7 #3', 'oidc-core §2'],
  level: 'must',
  severity: 'critical',
  fault: 'id-token/aud-missing',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'A token meant for nobody in particular signs its owner in here.',
})(refused);

check({
  id: 'id-token/aud-empty-array',
  title: 'refuses an ID token with an empty list of audiences',
  clauses: ['oidc-core §3.1.3.7 #3'],
  level: 'must',
  severity: 'critical',
  fault: 'id-token/aud-empty-array',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'A token meant for nobody signs its owner in here.',
})(refused);

check({
  id: 'id-token/aud-array-no-azp',
  title: 'refuses an ID token for several clients that does not say for which it was made',
  clauses: ['oidc-core §3.1.3.7 #3', 'oidc-core §3.1.3.7 #4'],
  level: 'must',
  severity: 'serious',
  fault: 'id-token/aud-array-two-no-azp',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'A client that shares an audience can use its tokens here.',
})(refused);

check({
  id: 'id-token/aud-array-azp-wrong',
  title: 'refuses an ID token for several clients that was made for another one',
  clauses: ['oidc-core §3.1.3.7 #5'],
  level: 'should',
  severity: 'serious',
  fault: 'id-token/aud-array-two-azp-wrong',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'A client that shares an audience can use its tokens here.',
})(refused);

check({
  id: 'id-token/azp-wrong',
  title: 'refuses an ID token whose authorized party is another client',
  clauses: ['oidc-core §3.1.3.7 #5'],
  level: 'should',
  severity: 'moderate',
  fault: 'id-token/azp-wrong',
  libraryLimit: { v5: 'Auth.js v5 (oauth4webapi) looks at azp only when there are several audiences.' },
  appMust: 'End on an error page and hold no session.',
  otherwise: 'A token that was made for another client is taken for an own one.',
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
  id: 'id-token/exp-missing',
  title: 'refuses an ID token without an expiry',
  clauses: ['oidc-core §3.1.3.7 #9', 'oidc-core §2'],
  level: 'must',
  severity: 'serious',
  fault: 'id-token/exp-missing',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'A token that never expires works for ever once it leaked.',
})(refused);

check({
  id: 'id-token/exp-string',
  title: 'refuses an ID token whose expiry is no number',
  clauses: ['oidc-core §2'],
  level: 'should',
  severity: 'minor',
  fault: 'id-token/exp-string',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'An expiry that cannot be compared is no expiry.',
})(refused);

check({
  id: 'id-token/iat-missing',
  title: 'refuses an ID token without a time of issue',
  clauses: ['oidc-core §2', 'oidc-core §3.1.3.7 #10'],
  level: 'must',
  severity: 'moderate',
  fault: 'id-token/iat-missing',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'A required claim is missing, so the token is not one of OpenID Connect.',
})(refused);

check({
  id: 'id-token/nbf-future',
  title: 'refuses an ID token that is not valid yet',
  clauses: ['rfc7519 §4.1.5'],
  level: 'must',
  severity: 'moderate',
  fault: 'id-token/nbf-future-300s',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'A token made for later is used before its time.',
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

check({
  id: 'id-token/nonce-missing',
  title: 'refuses an ID token without the nonce it sent',
  clauses: ['oidc-core §3.1.3.7 #11'],
  level: 'must',
  severity: 'serious',
  fault: 'id-token/nonce-missing',
  needs: ['nonce'],
  appMust: 'End on an error page and hold no session.',
  otherwise: 'An ID token of another sign-in can be replayed into this one.',
})(refused);

check({
  id: 'id-token/sub-missing',
  title: 'refuses an ID token that names nobody',
  clauses: ['oidc-core §2', 'oidc-core §5.7'],
  level: 'must',
  severity: 'critical',
  fault: 'id-token/sub-missing',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'People without an identity share one account.',
})(refused);

check({
  id: 'id-token/sub-empty',
  title: 'refuses an ID token that names nobody (empty subject)',
  clauses: ['oidc-core §2', 'oidc-core §5.7'],
  level: 'must',
  severity: 'critical',
  fault: 'id-token/sub-empty',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'People without an identity share one account.',
})(refused);

check({
  id: 'id-token/sub-null',
  title: 'refuses an ID token that names nobody (null)',
  clauses: ['oidc-core §2', 'oidc-core §5.7'],
  level: 'must',
  severity: 'critical',
  fault: 'id-token/sub-null',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'People without an identity share one account.',
})(refused);
