/** Other ways into a session than the sign-in at Logto: who has no proof of who they are gets none. */
import { type CheckDeclaration, check } from '../harness/check/check.ts';
import * as ways from '../harness/check/ways-in/bodies.ts';
import { holdsNoToken, sealsItsCookie, takesNoRewrittenCookie } from '../harness/check/ways-in/cookies.ts';
import { tellsOfNoAccount } from '../harness/check/ways-in/known-contacts.ts';
import { startsNoPreview } from '../harness/check/ways-in/preview.ts';

const closed = {
  level: 'must',
  severity: 'critical',
  provokes: true,
  appMust: 'Give a session to those alone who have proved who they are.',
} satisfies Partial<CheckDeclaration>;

check({
  ...closed,
  id: 'ways-in/nothing',
  title: 'signs in nobody by another provider who gives nothing',
  clauses: ['asvs 6.3.4', 'asvs 6.3.2'],
  otherwise: 'One request makes a session, for anybody.',
  fix: 'Return null in authorize() unless a proof was checked; take providers for development out of production.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  ways.takesNothing({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  ...closed,
  id: 'ways-in/bare-name',
  title: 'signs in nobody by another provider who just says who they are',
  clauses: ['asvs 6.3.4', 'asvs 6.8.1'],
  otherwise: 'Whoever knows the name, the address or the number of a member is that member.',
  fix: 'Ask for a proof in authorize(), checked on the server; take providers for development out of production.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  ways.takesNoBareName({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  ...closed,
  id: 'ways-in/usual-password',
  title: 'has no account, and no code, that everybody guesses',
  clauses: ['asvs 6.3.2', 'asvs 6.3.4'],
  otherwise: 'Accounts and codes of tests open the app to whoever tries them.',
  fix: 'Take test users and fixed codes out of the code; keep them behind NODE_ENV !== "production".',
  mayLimit: true,
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  ways.takesNoUsualPassword({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  ...closed,
  id: 'ways-in/unsigned-token',
  title: 'takes no token by another provider that nobody signed',
  clauses: ['asvs 6.8.2', 'asvs 9.1.2'],
  otherwise: 'Whoever writes a token is whom they write into it.',
  fix: 'Verify the token in authorize() (jose: jwtVerify with the keys, the issuer and your client id); decoding is no verification.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  ways.takesNoUnsignedToken({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  ...closed,
  id: 'ways-in/foreign-token',
  title: 'takes no token by another provider that somebody else signed',
  clauses: ['asvs 6.8.2', 'asvs 9.1.1'],
  otherwise: 'Whoever has a key of their own is whom they like.',
  fix: 'Verify with the keys of the issuer alone, and never with a key that the token brings along; compare iss and aud.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  ways.takesNoForeignToken({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  ...closed,
  id: 'ways-in/token-of-elsewhere',
  uses: ['tenant'],
  title: 'takes no ID or access token for a sign-in that Logto made for another app, or that has ended',
  clauses: ['oidc-core §3.1.3.7 #3', 'oidc-core §3.1.3.7 #9', 'asvs 6.8.2'],
  otherwise:
    'Every other app that people sign in to, and whoever finds an old token in a log, signs in as them here.',
  fix: 'Verify with issuer and audience: jwtVerify(token, jwks, { issuer, audience: clientId }), which looks at exp as well. That userinfo answers to an access token does not say for whom it was made: ask the introspection endpoint, and compare client_id.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  ways.takesNoTokenOfElsewhere({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  ...closed,
  id: 'ways-in/left-open',
  title: 'has no other path that makes a session of what anybody knows',
  clauses: ['asvs 6.3.4', 'asvs 6.3.2'],
  otherwise:
    'A sign-in of developers, of support or of a partner, left in production, signs in whoever finds it.',
  fix: 'Take it out of production, or check there what Logto would: a proof, on the server.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  ways.leavesNothingOpen({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  id: 'ways-in/preview',
  title: 'starts no preview of unpublished pages for somebody who knows no secret',
  clauses: ['asvs 8.2.1'],
  level: 'must',
  severity: 'serious',
  signIn: 'none',
  provokes: true,
  appMust: 'Demand a secret, or the session of an editor, before it starts a preview (draft mode).',
  otherwise: 'Whoever asks for the address reads what is not published yet.',
  fix: "Compare a secret that only the content system has, before (await draftMode()).enable(): if (searchParams.get('secret') !== process.env.DRAFT_SECRET) return new Response(null, { status: 401 }).",
})(({ visitor, step, notApplicable, lab }) => startsNoPreview({ visitor, step, notApplicable, lab }));

check({
  ...closed,
  id: 'ways-in/email-link',
  title: 'sends links that sign people in to their mailbox alone',
  clauses: ['asvs 6.3.4', 'asvs 6.6.2'],
  otherwise: 'Whoever knows the address of a member reads the link in the answer.',
  fix: 'Let sendVerificationRequest send the mail, and show the link nowhere else.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  ways.sendsLinksByMailAlone({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  ...closed,
  id: 'ways-in/session-posted',
  title: 'makes no session of one that somebody posts',
  clauses: ['asvs 7.2.1', 'authjs update'],
  otherwise: 'Whoever posts a session has it.',
  fix: 'Leave POST /session to Auth.js, and write nothing in callbacks.jwt that has no account and no token.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  ways.takesNoPostedSession({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  id: 'ways-in/guests',
  title: 'lets in nobody who proves nothing, not even as somebody new',
  clauses: ['asvs 6.3.4'],
  level: 'may',
  severity: 'minor',
  provokes: true,
  appMust: 'Let guests in only where that is meant, and show them nothing of members.',
  otherwise: 'What is open to everybody with a session is open to everybody.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  ways.letsNobodyInAsGuest({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  id: 'ways-in/cookie-rewritten',
  title: 'takes no session cookie that its owner wrote anew',
  clauses: ['asvs 9.1.1', 'asvs 9.1.2'],
  level: 'must',
  severity: 'critical',
  provokes: true,
  appMust: 'Verify signature, algorithm and key of a session cookie that can be read, before it believes it.',
  otherwise: 'Whoever can read their session writes another name into it, and is that person.',
  fix: 'Leave sessions to Auth.js, which seals them; own encode and decode must verify, with a random secret and one algorithm.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  takesNoRewrittenCookie({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  id: 'ways-in/cookie-holds-no-token',
  title: 'keeps no token in a session cookie that can be read',
  clauses: ['rfc9700 §4.3', 'asvs 14.3.1', 'authjs session'],
  level: 'must',
  severity: 'serious',
  appMust: 'Seal the cookie, or keep tokens on the server.',
  otherwise: 'Every extension, proxy and log that sees the cookie has the tokens of Logto.',
  fix: 'Leave encode and decode to Auth.js, or keep tokens in a database.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  holdsNoToken({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  id: 'ways-in/cookie-sealed',
  title: 'seals its session cookie, or keeps an id in it',
  clauses: ['authjs session', 'owasp session'],
  level: 'may',
  severity: 'minor',
  appMust: 'Show nobody who holds the cookie what it says of the person.',
  otherwise: 'Whoever sees the cookie reads name, address and number of the person.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  sealsItsCookie({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  id: 'ways-in/known-contacts',
  title: 'tells strangers of no phone number and no e-mail address whether it has an account',
  clauses: ['owasp enumeration'],
  level: 'should',
  severity: 'moderate',
  uses: ['own-app', 'profiles'],
  provokes: true,
  mayLimit: true,
  appMust: 'Answer strangers alike about numbers that have an account and numbers that have none.',
  otherwise: 'Anybody finds out who has an account, number by number; fraudsters write to those who have.',
  fix: 'Take the question out: Logto asks for the number itself, and signs up whoever is new. Where it is needed, answer those alone who have a session.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  tellsOfNoAccount({ visitor, somebody, step, arm, notApplicable, lab, control }),
);
