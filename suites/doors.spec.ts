/** Doors: what members see and strangers do not, asked for in every way that has opened one somewhere. */
import { check } from '../harness/check/check.ts';
import { approaches } from '../harness/check/doors/approaches/index.ts';
import { crashesAtNone } from '../harness/check/doors/crashes.ts';
import { opensNoDoor } from '../harness/check/doors/try-approach.ts';

for (const [name, approach] of Object.entries(approaches)) {
  const { title, clauses, level, severity, fix, imitates, noCrash } = approach;
  check({
    id: `doors/${name}`,
    title: `opens no door to ${title}`,
    clauses,
    level,
    severity,
    appMust: `Show nothing that is meant for members${noCrash ? ', and answer below 500' : ''}.`,
    otherwise: imitates,
    fix,
    provokes: true,
    provisional: true,
  })(opensNoDoor(approach));
}

check({
  id: 'doors/no-crash',
  title: 'answers odd requests for its doors with a refusal, not with 5xx',
  clauses: ['owasp error handling'],
  level: 'should',
  severity: 'moderate',
  appMust: 'Refuse what it does not understand with 4xx, or as it refuses any stranger.',
  otherwise: 'Strangers fill the logs with errors, and show where the app can be hurt.',
  fix: 'Catch what decoding throws (decodeURIComponent, getToken, new URL) and treat it as nobody.',
  provokes: true,
  provisional: true,
})(crashesAtNone);
