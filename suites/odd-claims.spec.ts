/** Odd claims and times in an ID token, and odd lists of keys and settings, that people meet in the wild. */
import { check } from '../harness/check/check.ts';
import { accepted, recovered, refused, survived } from '../harness/check/outcomes.ts';

check({
  id: 'id-token/expired-a-minute',
  title: 'refuses an ID token that expired a minute ago',
  clauses: ['oidc-core §3.1.3.7 #9'],
  level: 'must',
  severity: 'moderate',
  fault: 'id-token/expired-60s',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'A token that leaked is good for longer than it says.',
})(refused);

check({
  id: 'id-token/nbf-in-a-minute',
  title: 'refuses an ID token that is good in a minute only',
  clauses: ['rfc7519 §4.1.5'],
  level: 'must',
  severity: 'moderate',
  fault: 'id-token/nbf-future-60s',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'A token is taken before it is good.',
})(refused);

check({
  id: 'id-token/iat-future',
  title: 'refuses an ID token that was issued in the future',
  clauses: ['oidc-core §3.1.3.7 #10'],
  level: 'may',
  severity: 'minor',
  fault: 'id-token/iat-future',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'A wrong clock goes unnoticed. Both libraries take such a token.',
})(refused);

check({
  id: 'id-token/iat-old',
  title: 'refuses an ID token that was issued a week ago',
  clauses: ['oidc-core §3.1.3.7 #10'],
  level: 'may',
  severity: 'minor',
  fault: 'id-token/iat-old',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'An old token is used again. Both libraries take such a token.',
})(refused);

check({
  id: 'id-token/signature-embedded-key',
  title: 'refuses an ID token that brings its own key along',
  clauses: ['oidc-core §3.1.3.7 #6', 'rfc8725 §3.1'],
  level: 'may',
  severity: 'critical',
  fault: 'id-token/signature-rogue-key-embedded',
  appMust: 'End on an error page and hold no session.',
  otherwise:
    'Whoever can write a header signs anybody in. Auth.js v5 checks no signature of a token from the token endpoint.',
})(refused);

check({
  id: 'id-token/claims-prototype',
  title: 'accepts claims named like members of every object',
  clauses: ['oidc-core §5.1', 'rfc8259 §4'],
  level: 'must',
  severity: 'moderate',
  fault: 'id-token/claims-prototype',
  appMust: 'Sign the person in all the same.',
  otherwise: 'A claim named __proto__ changes how the app works.',
})(accepted);

check({
  id: 'id-token/claims-wrong-types',
  title: 'survives a name, an e-mail and a picture of the wrong type',
  clauses: ['oidc-core §5.1'],
  level: 'should',
  severity: 'moderate',
  fault: 'id-token/claims-wrong-types',
  appMust: 'End with a session or a page, and work again afterwards.',
  otherwise: 'One odd profile crashes the app.',
})(survived);

check({
  id: 'id-token/username-missing',
  title: 'accepts a person with neither name nor user name',
  clauses: ['oidc-core §5.1', 'logto user claims'],
  level: 'must',
  severity: 'serious',
  fault: 'id-token/username-missing',
  appMust: 'Sign the person in all the same.',
  otherwise: 'People who signed up by phone alone cannot sign in.',
})(accepted);

check({
  id: 'id-token/name-empty',
  title: 'accepts an empty name',
  clauses: ['oidc-core §5.1'],
  level: 'must',
  severity: 'moderate',
  fault: 'id-token/name-empty',
  appMust: 'Sign the person in all the same.',
  otherwise: 'People without a name cannot sign in.',
})(accepted);

check({
  id: 'id-token/email-empty',
  title: 'accepts an empty e-mail',
  clauses: ['oidc-core §5.1'],
  level: 'must',
  severity: 'moderate',
  fault: 'id-token/email-empty',
  appMust: 'Sign the person in all the same.',
  otherwise: 'People without an e-mail cannot sign in.',
})(accepted);

check({
  id: 'id-token/email-upper-case',
  title: 'accepts an e-mail in upper case',
  clauses: ['oidc-core §5.1'],
  level: 'must',
  severity: 'minor',
  fault: 'id-token/email-upper-case',
  appMust: 'Sign the person in all the same.',
  otherwise: 'People who wrote their address in capitals cannot sign in.',
})(accepted);

check({
  id: 'discovery/jwks-unknown-key',
  title: 'accepts a key set that starts with a key of an unknown type',
  clauses: ['oidc-core §10.1.1'],
  level: 'must',
  severity: 'moderate',
  fault: 'jwks/unknown-key-first',
  libraryLimit: {
    v4: 'next-auth v4 (openid-client 5) refuses a key set with a key of a type it does not know.',
  },
  appMust: 'Sign the person in all the same.',
  otherwise: 'A new kind of key at Logto locks everybody out.',
})(accepted);

check({
  id: 'discovery/jwks-kid-missing',
  title: 'accepts a key set whose only key has no kid',
  clauses: ['oidc-core §10.1.1'],
  level: 'should',
  severity: 'minor',
  fault: 'jwks/kid-missing',
  appMust: 'End with a session or a page, and work again afterwards.',
  otherwise: 'A bare key set crashes the app.',
})(survived);

check({
  id: 'discovery/post-authentication-only',
  title: 'signs people in when the document lists client_secret_post only',
  clauses: ['oidc-core §9', 'oidc-discovery §3'],
  level: 'must',
  severity: 'moderate',
  fault: 'discovery/token-auth-post-only',
  appMust: 'Sign the person in all the same.',
  otherwise: 'A change of settings at Logto locks everybody out.',
})(accepted);

check({
  id: 'discovery/json-null',
  title: 'recovers from a discovery document that is null',
  clauses: ['oidc-discovery §4.2'],
  level: 'must',
  severity: 'moderate',
  fault: 'discovery/json-null',
  appMust: 'Sign people in again as soon as the document is good, whatever became of the sign-in in between.',
  otherwise: 'One bad answer is kept, and nobody can sign in until the app is started anew.',
})(recovered);

check({
  id: 'discovery/end-session-missing',
  title: 'signs people in when the document lists no sign-out endpoint',
  clauses: ['oidc-discovery §3'],
  level: 'must',
  severity: 'moderate',
  fault: 'discovery/end-session-endpoint-missing',
  appMust: 'Sign the person in all the same.',
  otherwise: 'An issuer without sign-out locks everybody out.',
})(accepted);
