/** What happens to a member once: an account that is made, a notice that is shown one time, an account that ends. */
import { check } from '../harness/check/check.ts';
import { endsWithAccount } from '../harness/check/people/deleted-account.ts';
import { makesEachOnce } from '../harness/check/people/made-once.ts';
import { keepsNoticesApart } from '../harness/check/people/notices.ts';

check({
  id: 'people/notices-apart',
  title: 'shows the notice of what a member did to nobody else',
  clauses: ['asvs 8.2.2'],
  level: 'must',
  severity: 'serious',
  uses: ['own-app'],
  provokes: true,
  appMust: 'Keep what is to be shown once with the session of whoever did it, in a cookie or in the store.',
  otherwise: 'Whoever opens a page next reads what another person has just done, with their words in it.',
  fix: 'Keep no notice (flash message) in a variable of a module; put it into a cookie of the answer, or key it by the session.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  keepsNoticesApart({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  id: 'people/deleted-account',
  title: 'ends the sessions of other devices when a member deletes their account',
  clauses: ['asvs 7.4.2'],
  level: 'should',
  severity: 'serious',
  uses: ['own-app'],
  provokes: true,
  appMust: 'Know nobody by a session whose account was deleted after it began, on whatever device it is.',
  otherwise:
    'Whoever copied the cookie, or sits at another device, goes on; often the account is made anew, empty, by the next request.',
  fix: 'Look the account up in callbacks.session or jwt (return null where it is gone), keep sessions in a database, or note when an account ended and refuse what began before.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  endsWithAccount({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  id: 'people/made-once',
  title: 'makes one account of somebody new who comes twice at the same moment',
  clauses: ['oidc-core §5.7', 'asvs 10.5.2'],
  level: 'should',
  severity: 'serious',
  uses: ['profiles', 'made-accounts'],
  appMust:
    'Make one account for a sub, however two first sign-ins of one person meet; one of the two may be refused.',
  otherwise:
    'Somebody who presses the button twice, or has two devices, has two accounts; what they did in one is gone at the next sign-in.',
  fix: 'Give the table of accounts a unique key over provider and providerAccountId, and make user and account in one transaction.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  makesEachOnce({ visitor, somebody, step, arm, notApplicable, lab, control }),
);
