/** A second factor by SMS at Logto: the app asks for nothing of it, and must not be in its way. */
import { type CheckDeclaration, check } from '../harness/check/check.ts';
import {
  bindsAtSignUp,
  endsInSession,
  leavesNothing,
  waitsForTwoSteps,
} from '../harness/check/experience/second-factor.ts';

const withFactor = {
  clauses: ['logto mfa'],
  level: 'must',
  uses: ['sign-in-experience', 'people', 'profiles'],
} satisfies Partial<CheckDeclaration>;

check({
  ...withFactor,
  id: 'mfa/second-factor',
  title: 'signs in a person whom Logto asks for a code by SMS after the password',
  severity: 'critical',
  uses: [...withFactor.uses, 'clock'],
  appMust: 'End the sign-in in a session, after four minutes and two steps at Logto, too.',
  otherwise: 'The day the tenant asks for a second factor, nobody gets in any more.',
})(async ({ lab, meet, visitor, somebody, step }) => endsInSession({ lab, meet, visitor, somebody, step }));

check({
  ...withFactor,
  id: 'mfa/bound-at-sign-up',
  title: 'signs a person up who must bind a phone number as second factor, and in with it',
  severity: 'serious',
  uses: [...withFactor.uses, 'sign-up'],
  appMust: 'End the sign-up, and the next sign-in, in a session.',
  otherwise: 'People who are asked to protect their account are locked out of the app.',
})(async ({ lab, meet, visitor, somebody, step }) => bindsAtSignUp({ lab, meet, visitor, somebody, step }));

check({
  ...withFactor,
  id: 'mfa/left-half-way',
  title: 'gives no session to somebody who has the password and not the second factor',
  severity: 'critical',
  appMust:
    'Make a session of a callback with a code, and of nothing before it; take a new sign-in in the same browser.',
  otherwise:
    'A stolen password is enough, and the second factor protects nothing; or whoever gives up once is locked out.',
})(async ({ lab, meet, visitor, somebody, step }) => leavesNothing({ lab, meet, visitor, somebody, step }));

check({
  ...withFactor,
  id: 'mfa/slow-person',
  title: 'waits for a person who takes fourteen minutes for password and second factor',
  clauses: ['logto mfa', 'rfc6265 §4.1.2'],
  level: 'should',
  severity: 'moderate',
  uses: [...withFactor.uses, 'clock'],
  appMust:
    'Keep its PKCE, state and nonce cookies for fifteen minutes, as Auth.js does: two codes are good for ten each.',
  otherwise: 'People who wait for two messages come back to an error, and begin anew to wait for two more.',
})(async ({ lab, meet, visitor, somebody, step }) =>
  waitsForTwoSteps({ lab, meet, visitor, somebody, step }),
);
