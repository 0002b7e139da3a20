/** What the app must refuse in header and signature of an ID token, and what it must accept. */
import { check } from '../harness/check/check.ts';
import { accepted, refused } from '../harness/check/outcomes.ts';
import { opensToAnyName } from '../harness/check/people/nameless.ts';

check({
  id: 'id-token/alg-none',
  title: 'refuses an ID token without a signature (alg none)',
  clauses: ['oidc-core §3.1.3.7 #7', 'rfc8725 §3.1'],
  level: 'must',
  severity: 'critical',
  fault: 'id-token/alg-none',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'Anybody can write a token for anybody.',
})(refused);

check({
  id: 'id-token/alg-none-mixed-case',
  title: 'refuses an ID token without a signature (alg nOnE)',
  clauses: ['oidc-core §3.1.3.7 #7', 'rfc8725 §3.1'],
  level: 'must',
  severity: 'critical',
  fault: 'id-token/alg-none-mixed-case',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'Anybody can write a token for anybody.',
})(refused);

check({
  id: 'id-token/alg-missing',
  title: 'refuses an ID token that names no algorithm',
  clauses: ['oidc-core §3.1.3.7 #7', 'rfc8725 §3.1'],
  level: 'must',
  severity: 'serious',
  fault: 'id-token/alg-missing',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'The token itself decides how, or whether, it is verified.',
})(refused);

check({
  id: 'id-token/alg-hs256',
  title: 'refuses an ID token signed with the client secret',
  clauses: ['oidc-core §3.1.3.7 #7', 'oidc-core §3.1.3.7 #8', 'rfc8725 §3.1'],
  level: 'must',
  severity: 'critical',
  fault: 'id-token/alg-hs256-client-secret',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'Everybody who knows the client secret, all old employees included, can sign in as anybody.',
})(refused);

check({
  id: 'id-token/alg-not-listed',
  title: 'refuses an ID token signed with an algorithm that the issuer does not list',
  clauses: ['oidc-core §3.1.3.7 #7'],
  level: 'should',
  severity: 'moderate',
  fault: 'id-token/alg-rs256',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'An attacker picks the weakest algorithm that the library knows.',
})(refused);

check({
  id: 'id-token/garbage',
  title: 'refuses an ID token that is none',
  clauses: ['oidc-core §2', 'oidc-core §3.1.3.5'],
  level: 'must',
  severity: 'serious',
  fault: 'id-token/garbage',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'The sign-in goes on without any proof of who it is.',
})(refused);

check({
  id: 'id-token/crit-unknown',
  title: 'refuses an ID token with a critical header it does not know',
  clauses: ['rfc7515 §4.1.11'],
  level: 'must',
  severity: 'moderate',
  fault: 'id-token/crit-unknown',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'A rule that the issuer calls critical is ignored.',
})(refused);

check({
  id: 'id-token/signature-corrupt',
  title: 'refuses an ID token whose signature is broken',
  clauses: ['oidc-core §3.1.3.7 #6'],
  level: 'may',
  severity: 'serious',
  fault: 'id-token/signature-corrupt',
  appMust: 'End on an error page and hold no session.',
  otherwise:
    'Auth.js v5 does not check the signature of an ID token that it got from the token endpoint itself; OpenID Connect Core 3.1.3.7 #6 allows that over TLS. Behind a proxy that ends TLS, or with an http issuer, forged tokens come in.',
})(refused);

check({
  id: 'id-token/signature-rogue-key',
  title: 'refuses an ID token signed with a key that is not the issuer’s',
  clauses: ['oidc-core §3.1.3.7 #6'],
  level: 'may',
  severity: 'serious',
  fault: 'id-token/signature-rogue-key',
  appMust: 'End on an error page and hold no session.',
  otherwise:
    'Auth.js v5 does not check the signature of an ID token that it got from the token endpoint itself; OpenID Connect Core 3.1.3.7 #6 allows that over TLS. Behind a proxy that ends TLS, or with an http issuer, forged tokens come in.',
})(refused);

check({
  id: 'id-token/signature-empty',
  title: 'refuses an ID token with an empty signature',
  clauses: ['oidc-core §3.1.3.7 #6'],
  level: 'may',
  severity: 'serious',
  fault: 'id-token/signature-empty',
  appMust: 'End on an error page and hold no session.',
  otherwise:
    'Auth.js v5 does not check the signature of an ID token that it got from the token endpoint itself; OpenID Connect Core 3.1.3.7 #6 allows that over TLS. Behind a proxy that ends TLS, or with an http issuer, forged tokens come in.',
})(refused);

check({
  id: 'id-token/payload-tampered',
  title: 'refuses an ID token that was changed after it was signed',
  clauses: ['oidc-core §3.1.3.7 #6'],
  level: 'may',
  severity: 'serious',
  fault: 'id-token/payload-tampered',
  appMust: 'End on an error page and hold no session.',
  otherwise:
    'Auth.js v5 does not check the signature of an ID token that it got from the token endpoint itself; OpenID Connect Core 3.1.3.7 #6 allows that over TLS. Behind a proxy that ends TLS, or with an http issuer, forged tokens come in.',
})(refused);

check({
  id: 'id-token/kid-unknown',
  title: 'refuses an ID token signed with an unknown key',
  clauses: ['oidc-core §3.1.3.7 #6'],
  level: 'may',
  severity: 'moderate',
  fault: 'id-token/kid-unknown',
  appMust: 'End on an error page and hold no session.',
  otherwise:
    'Auth.js v5 does not check the signature of an ID token that it got from the token endpoint itself; OpenID Connect Core 3.1.3.7 #6 allows that over TLS.',
})(refused);

check({
  id: 'id-token/at-hash-wrong',
  title: 'refuses an access token that its ID token does not vouch for',
  clauses: ['oidc-core §3.1.3.8'],
  level: 'may',
  severity: 'moderate',
  fault: 'id-token/at-hash-wrong',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'An access token of somebody else is taken for that of this sign-in.',
})(refused);

check({
  id: 'id-token/aud-array',
  title: 'accepts an ID token whose only audience stands in a list',
  clauses: ['oidc-core §3.1.3.7 #3', 'oidc-core §2'],
  level: 'must',
  severity: 'moderate',
  fault: 'id-token/aud-array-one',
  appMust: 'Sign the person in all the same.',
  otherwise: 'People cannot sign in once Logto writes the audience as a list.',
})(accepted);

check({
  id: 'id-token/aud-array-azp',
  title: 'accepts an ID token for several clients that was made for this one',
  clauses: ['oidc-core §3.1.3.7 #3', 'oidc-core §3.1.3.7 #5'],
  level: 'may',
  severity: 'minor',
  fault: 'id-token/aud-array-two-with-azp',
  appMust: 'Sign the person in all the same.',
  otherwise: 'People cannot sign in to a family of apps.',
})(accepted);

check({
  id: 'id-token/kid-missing',
  title: 'accepts an ID token without key id, as the issuer has one key only',
  clauses: ['oidc-core §3.1.3.7 #6'],
  level: 'should',
  severity: 'minor',
  fault: 'id-token/kid-missing',
  appMust: 'Sign the person in all the same.',
  otherwise: 'People cannot sign in though nothing is wrong.',
})(accepted);

check({
  id: 'id-token/exp-skew',
  title: 'accepts an ID token that expired five seconds ago',
  clauses: ['oidc-core §3.1.3.7 #9'],
  level: 'may',
  severity: 'minor',
  fault: 'id-token/expired-5s',
  appMust: 'Sign the person in all the same.',
  otherwise: 'Clocks that differ by seconds lock people out.',
})(accepted);

check({
  id: 'id-token/nbf-skew',
  title: 'accepts an ID token that is valid in five seconds',
  clauses: ['rfc7519 §4.1.5'],
  level: 'may',
  severity: 'minor',
  fault: 'id-token/nbf-future-5s',
  appMust: 'Sign the person in all the same.',
  otherwise: 'Clocks that differ by seconds lock people out.',
})(accepted);

check({
  id: 'id-token/extra-claims',
  title: 'accepts an ID token with claims it does not know',
  clauses: ['oidc-core §2'],
  level: 'must',
  severity: 'serious',
  fault: 'id-token/extra-claims',
  appMust: 'Sign the person in all the same.',
  otherwise: 'Every new claim of Logto locks everybody out.',
})(accepted);

check({
  id: 'id-token/claims-missing',
  title: 'accepts an ID token with nothing in it but the required claims',
  clauses: ['oidc-core §2', 'oidc-core §5.1'],
  level: 'must',
  severity: 'serious',
  fault: 'id-token/claims-missing',
  appMust: 'Sign the person in all the same.',
  otherwise: 'People who shared nothing cannot sign in.',
})(accepted);

check({
  id: 'id-token/claims-null',
  title: 'accepts claims that are null, as Logto sends them for whatever is not set',
  clauses: ['oidc-core §5.1', 'logto user claims'],
  level: 'must',
  severity: 'serious',
  fault: 'id-token/claims-null',
  appMust: 'Sign the person in all the same.',
  otherwise: 'People without a name or an e-mail cannot sign in.',
  fix: 'Write profile() so that it stands null: name: profile.name ?? profile.username.',
})(accepted);

check({
  id: 'id-token/claims-unicode',
  title: 'accepts names in any script',
  clauses: ['oidc-core §5.1'],
  level: 'must',
  severity: 'serious',
  fault: 'id-token/claims-unicode',
  appMust: 'Sign the person in all the same, and open its pages and data to them.',
  otherwise: 'People with an umlaut or an emoji in their name cannot sign in, or get an error for a page.',
})(async ({ meta, arm, step, visitor, somebody, health, lab }) => {
  await accepted({ meta, arm, step, visitor, health });
  await step(
    'fault',
    () => opensToAnyName({ visitor, somebody, lab }),
    () => 'Nothing that the config names fails for somebody of such a name.',
  );
});

check({
  id: 'id-token/claims-huge',
  title: 'accepts claims that fill several cookies',
  clauses: ['oidc-core §5.1', 'authjs session'],
  level: 'should',
  severity: 'moderate',
  fault: 'id-token/claims-huge',
  appMust: 'Sign the person in all the same.',
  otherwise: 'A long picture URL locks a person out.',
})(accepted);

check({
  id: 'id-token/email-missing',
  title: 'accepts a person without an e-mail',
  clauses: ['oidc-core §5.1', 'logto phone'],
  level: 'must',
  severity: 'serious',
  fault: 'id-token/email-missing',
  appMust: 'Sign the person in all the same.',
  otherwise: 'Whoever signs up by phone has no e-mail, and cannot sign in.',
})(accepted);

check({
  id: 'id-token/name-missing',
  title: 'accepts a person without a name',
  clauses: ['oidc-core §5.1', 'logto phone'],
  level: 'must',
  severity: 'serious',
  fault: 'id-token/name-missing',
  appMust: 'Sign the person in all the same.',
  otherwise: 'Whoever signs up by phone has no name, and cannot sign in.',
})(accepted);
