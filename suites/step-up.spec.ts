/** Step-up: a path that wants people to sign in again (pages.stepUp), and what the app takes for that. */
import { type CheckDeclaration, check } from '../harness/check/check.ts';
import {
  asksForIt,
  isNobodyElse,
  opensAfterwards,
  seesThrough,
  staysShut,
} from '../harness/check/experience/step-up.ts';

const again = {
  clauses: ['oidc-core §3.1.2.1', 'logto mfa'],
  level: 'must',
  severity: 'critical',
  uses: ['sign-in-experience', 'people', 'profiles', 'clock'],
} satisfies Partial<CheckDeclaration>;

check({
  ...again,
  id: 'step-up/asks',
  title: 'sends people to sign in again, in words that Logto heeds',
  appMust: 'Keep the path shut to an older sign-in, and ask Logto with prompt=login or max_age.',
  otherwise: 'Whoever sits down at an open browser does what only its owner may.',
})(async ({ lab, meet, visitor, somebody, step, notApplicable }) =>
  asksForIt({ lab, meet, visitor, somebody, step, notApplicable }),
);

check({
  ...again,
  id: 'step-up/opens',
  title: 'lets a person on who has signed in again with a second factor',
  severity: 'serious',
  appMust: 'Open the path to the same person, once they have signed in again.',
  otherwise: 'Nobody can do what the path is for.',
})(async ({ lab, meet, visitor, somebody, step, notApplicable }) =>
  opensAfterwards({ lab, meet, visitor, somebody, step, notApplicable }),
);

check({
  ...again,
  id: 'step-up/answer-checked',
  title: 'looks at when the person signed in, and not only that they came back',
  clauses: ['oidc-core §3.1.3.7 #13', 'oidc-core §3.1.2.1'],
  appMust: 'Open the path only when auth_time of the ID token is there and new enough.',
  otherwise: 'Whoever takes prompt=login out of the address is let on by the session that is there.',
})(async ({ lab, meet, visitor, somebody, step, notApplicable }) =>
  seesThrough({ lab, meet, visitor, somebody, step, notApplicable }),
);

check({
  ...again,
  id: 'step-up/turned-back',
  title: 'keeps the path shut to somebody who turns back at Logto',
  appMust: 'Open the path by a callback, not by having sent the person away.',
  otherwise: 'The question can be left unanswered.',
})(async ({ lab, meet, visitor, somebody, step, notApplicable }) =>
  staysShut({ lab, meet, visitor, somebody, step, notApplicable }),
);

check({
  ...again,
  id: 'step-up/another-person',
  title: 'does not let one person on because another has signed in',
  clauses: ['oidc-core §5.7', 'oidc-core §3.1.2.1'],
  appMust: 'Compare sub with that of the session; make it a session of the other person, or refuse.',
  otherwise: 'With an account of their own anybody confirms what a stranger began.',
})(async ({ lab, meet, visitor, somebody, step, notApplicable }) =>
  isNobodyElse({ lab, meet, visitor, somebody, step, notApplicable }),
);
