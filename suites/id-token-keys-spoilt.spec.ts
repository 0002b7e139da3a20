/** ID tokens whose header is spoilt: algorithm, key, type, claims that have no place there. */
import { check } from '../harness/check/check.ts';
import { controlSignIn, refused } from '../harness/check/outcomes.ts';
import { demand } from '../harness/errors.ts';

check({
  id: 'id-token/alg-swapped',
  title: 'refuses an ID token whose header names another algorithm than it has',
  clauses: ['oidc-core §3.1.3.7 #7', 'rfc8725 §3.1'],
  level: 'should',
  severity: 'moderate',
  fault: 'id-token/alg-swapped',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'The header, not the issuer, decides how a token is verified.',
})(refused);

check({
  id: 'id-token/kid-hostile',
  title: 'refuses an ID token that names a path as its key',
  clauses: ['oidc-core §3.1.3.7 #6', 'rfc8725 §3.10'],
  level: 'may',
  severity: 'moderate',
  fault: 'id-token/kid-hostile',
  appMust: 'End on an error page and hold no session.',
  otherwise:
    'Whoever can write a header signs anybody in. Auth.js v5 checks no signature of a token from the token endpoint.',
})(refused);

check({
  id: 'id-token/header-claims',
  title: 'takes nobody from the header of an ID token',
  clauses: ['oidc-core §2', 'rfc8725 §3.10'],
  level: 'must',
  severity: 'critical',
  fault: 'id-token/header-claims',
  appMust: 'Read who is there from the payload alone.',
  otherwise: 'What no signature of the issuer was meant to vouch for decides who is signed in.',
})(async ({ visitor, arm, step, health }) => {
  await controlSignIn({ step, visitor, health });
  await step('fault', async () => {
    await arm('id-token/header-claims');
    const { session } = await (await visitor(undefined, { known: true })).signIn();
    await arm();
    demand(
      !/Somebody Else|somebody\.else/.test(JSON.stringify(session ?? {})),
      'Signed in whom the header of the token names.',
    );
  });
});

check({
  id: 'id-token/key-by-jwk',
  title: 'refuses an ID token with a key in its header',
  clauses: ['oidc-core §3.1.3.7 #6', 'rfc8725 §3.10'],
  level: 'may',
  severity: 'critical',
  fault: 'id-token/key-by-jwk',
  appMust: 'End on an error page and hold no session.',
  otherwise:
    'Whoever can write a header signs anybody in. Auth.js v5 checks no signature of a token from the token endpoint.',
})(refused);

check({
  id: 'id-token/key-by-certificate',
  title: 'refuses an ID token with a certificate in its header that nobody vouches for',
  clauses: ['oidc-core §3.1.3.7 #6', 'rfc8725 §3.10'],
  level: 'may',
  severity: 'critical',
  fault: 'id-token/key-by-x5c',
  appMust: 'End on an error page and hold no session.',
  otherwise:
    'Whoever can write a header signs anybody in. Auth.js v5 checks no signature of a token from the token endpoint.',
})(refused);

check({
  id: 'id-token/key-by-kid-url',
  title: 'refuses an ID token whose key id is the address of a foreign key set',
  clauses: ['oidc-core §3.1.3.7 #6', 'rfc8725 §3.10'],
  level: 'may',
  severity: 'critical',
  fault: 'id-token/key-by-kid-url',
  appMust: 'End on an error page and hold no session.',
  otherwise:
    'Whoever can write a header signs anybody in. Auth.js v5 checks no signature of a token from the token endpoint.',
})(refused);

check({
  id: 'id-token/alg-hs256-public-key',
  title: 'refuses an ID token signed with the public key as a secret',
  clauses: ['oidc-core §3.1.3.7 #8', 'rfc8725 §3.1'],
  level: 'must',
  severity: 'critical',
  fault: 'id-token/alg-hs256-public-key',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'Everybody has the public key, and signs anybody in with it.',
})(refused);

check({
  id: 'id-token/typ-access-token',
  title: 'refuses an access token in the place of an ID token',
  clauses: ['rfc8725 §3.11'],
  level: 'may',
  severity: 'moderate',
  fault: 'id-token/typ-at-jwt',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'A token of another kind signs people in.',
})(refused);

check({
  id: 'id-token/typ-logout-token',
  title: 'refuses a logout token in the place of an ID token',
  clauses: ['rfc8725 §3.11'],
  level: 'may',
  severity: 'moderate',
  fault: 'id-token/typ-logout-jwt',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'A token of another kind signs people in.',
})(refused);
