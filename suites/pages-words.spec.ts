/** What the pages around the sign-in say: words of their own. */
import { check } from '../harness/check/check.ts';
import { saysNoWordsOfLinks } from '../harness/check/pages/words-of-links.ts';

check({
  id: 'pages/words-of-links',
  title: 'says on its sign-in page and its error page no sentence of the link that opened it',
  clauses: ['owasp content spoofing'],
  level: 'should',
  severity: 'minor',
  signIn: 'none',
  provokes: true,
  appMust:
    'Show texts of its own for errors that it knows, and one for all others; a code of one word may stand there.',
  otherwise:
    'Whoever opens a link reads the words of a stranger in the name of the app, beside its sign-in button: a number to ring, a reason to pay.',
  fix: 'Look the text up by error (AccessDenied, Configuration, …) in a table, and never show error_description, message or reason of the address.',
})(({ visitor, lab, notApplicable }) => saysNoWordsOfLinks({ visitor, lab, notApplicable }));
