/** What a member says of themselves: it is kept for them alone, and makes nobody of them whom they are not. */
import { check } from '../harness/check/check.ts';
import { believesNoClaim, saysNoClaim } from '../harness/check/people/claimed-contacts.ts';
import { keepsOwnPlaces } from '../harness/check/people/own-places.ts';

check({
  id: 'people/own-places',
  title:
    'keeps what members write in their profile, their cart or what else is called their own for each of them',
  clauses: ['asvs 8.2.2'],
  level: 'must',
  severity: 'critical',
  uses: ['own-app'],
  provokes: true,
  appMust: 'Keep what is called the own of a member by an id that each of them has, and nothing without one.',
  otherwise:
    'All members share one drawer: each reads, and writes over, what the others have entered as their own.',
  fix: 'session.user.id is undefined unless callbacks.session sets it (from token.sub): look at it before you read or write by it, and refuse where it is missing.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  keepsOwnPlaces({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  id: 'people/claimed-contacts',
  title:
    'gives nobody what belongs to a phone number or an e-mail address that they only wrote into their profile',
  clauses: ['oidc-core §5.7', 'asvs 8.3.1'],
  level: 'must',
  severity: 'critical',
  uses: ['own-app', 'profiles'],
  provokes: true,
  appMust:
    'Take no number and no address for proven that a member entered; find accounts, orders and invitations by the sub, or by what Logto says is verified.',
  otherwise:
    'Whoever enters the number of another has what is theirs; or opens an account for them, which they share when they come.',
  fix: 'Keep a number that was entered apart from the one that Logto has proven, or send a code to it before it counts.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  believesNoClaim({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  id: 'people/contacts-not-written',
  title: 'says no phone number and no e-mail address in its session that its member only wrote into a form',
  clauses: ['asvs 8.3.1'],
  level: 'may',
  severity: 'minor',
  uses: ['own-app', 'profiles'],
  provokes: true,
  appMust: 'Say in the session what Logto has proven; keep beside it what people enter.',
  otherwise:
    'Other parts of the app, and apps behind it, take a number for proven that anybody may have entered.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  saysNoClaim({ visitor, somebody, step, arm, notApplicable, lab, control }),
);
