/**
 * Failures that share a cause. Many checks fail for one option of an app, and a person mends the option, not the checks.
 *
 * Each check has remedies that it points at; the fewest remedies that explain all failures are taken, the one that explains
 * most first. So what two checks have in common decides, and a failure that stands alone is told with its nearest remedy.
 */
import type { Cause, CheckResult, Finding, Report } from './model.ts';
import { isMeant, type Remedy, remediesFor } from './remedies/index.ts';
import { counts, VERDICTS } from './verdict.ts';
import { remedyFor, SEVERITIES } from './words.ts';

const isBroken = (check: CheckResult) =>
  (check.verdict === 'fail' || check.verdict === 'warn') && counts(check);

const worse = (a: CheckResult, b: CheckResult) =>
  VERDICTS.indexOf(b.verdict) - VERDICTS.indexOf(a.verdict) ||
  SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);

/** What a check points at; a check that no remedy knows stands for itself. */
const pointsAt = (check: CheckResult, broken: readonly CheckResult[]): Remedy[] => {
  const known = remediesFor(check.id, check.message, broken);
  if (known.length) return known;
  return [
    {
      key: check.fix ?? check.id,
      cause: `a duty that is not kept: the app ${check.title}`,
      fix: check.fix ?? check.appMust,
      checks: [check.id],
    },
  ];
};

/** So many failures with something in common are more likely one cause than several. */
const MANY = 4;

/**
 * The fewest remedies for all checks: in each turn the one that explains most of what is left. A check that a remedy means
 * is not given to one that only knows the begin of its id, unless that one explains many.
 */
export function explain(checks: readonly CheckResult[]): { remedy: Remedy; checks: CheckResult[] }[] {
  let left = checks.map((check) => ({ check, remedies: pointsAt(check, checks) }));
  const found: { remedy: Remedy; checks: CheckResult[] }[] = [];
  while (left.length) {
    const [best] = candidates(left).toSorted(
      (a, b) => b.members.length - a.members.length || a.distance - b.distance,
    );
    if (!best) break;
    found.push({ remedy: best.remedy, checks: best.members });
    left = left.filter(({ check }) => !best.members.includes(check));
  }
  return found;
}

/** Each remedy that a check points at, with the checks that it would explain. */
function candidates(left: readonly { check: CheckResult; remedies: readonly Remedy[] }[]) {
  const all = new Map<
    string,
    { remedy: Remedy; members: CheckResult[]; meant: CheckResult[]; distance: number }
  >();
  for (const { check, remedies } of left)
    for (const [distance, remedy] of remedies.entries()) {
      const candidate = all.get(remedy.key) ?? { remedy, members: [], meant: [], distance: 0 };
      candidate.members.push(check);
      if (isMeant(remedy, check.id) || !remedies.some((other) => isMeant(other, check.id)))
        candidate.meant.push(check);
      candidate.distance += distance;
      all.set(remedy.key, candidate);
    }
  return [...all.values()]
    .map(({ members, meant, ...rest }) => ({ ...rest, members: members.length < MANY ? meant : members }))
    .filter(({ members }) => members.length > 0);
}

/** The nearest place that is known of an option: its own line, or that of what it belongs to. */
function placeOf(
  option: string | undefined,
  { options = {}, authFile }: Report['target'],
): Pick<Cause, 'file' | 'line'> {
  if (!option) return {};
  const parts = option.split('.');
  for (let length = parts.length; length > 0; length -= 1) {
    const place = options[parts.slice(0, length).join('.')];
    if (place) return place;
  }
  return options[''] ?? (authFile ? { file: authFile } : {});
}

/**
 * What the run found out before any check, where nobody can sign in: what the app wrote into its log says more than a page with an
 * error, and nothing else that was broken explains it.
 */
export const whyNobodySignsIn = (
  { nobodySignsIn }: Pick<Report['target'], 'nobodySignsIn'>,
  findings: readonly Finding[],
): Finding | undefined => findings.find(({ what }) => nobodySignsIn !== undefined && what === nobodySignsIn);

/** Whether a check judges just that: whether anybody gets in. */
export const judgesSignIn = ({ id }: Pick<CheckResult, 'id'>): boolean => id === 'callback/session';

/**
 * The causes of what was broken, worst first; known failures are left out.
 *
 * @param target gives the library, and the lines at which its options stand
 * @param findings what was found out before the checks began
 */
export function causesOf(
  checks: readonly CheckResult[],
  target: Report['target'],
  findings: readonly Finding[] = [],
): Cause[] {
  const broken = checks.filter(isBroken);
  const found = whyNobodySignsIn(target, findings);
  const kept = found ? broken.filter(judgesSignIn) : [];
  const [first] = kept;
  return [
    ...(found && first
      ? [
          {
            key: found.code,
            title: `nobody can sign in: ${found.what}`,
            fix: found.remedy,
            verdict: first.verdict,
            severity: first.severity,
            checks: kept.map(({ id }) => id),
          },
        ]
      : []),
    ...explained(
      broken.filter((check) => !kept.includes(check)),
      target,
    ),
  ];
}

/** The causes of what remedies explain. */
function explained(broken: readonly CheckResult[], target: Report['target']): Cause[] {
  const isV4 = target.library === 'next-auth v4';
  return explain(broken)
    .map(({ remedy, checks: members }) => {
      const sorted = members.toSorted(worse);
      const [worst] = sorted as [CheckResult, ...CheckResult[]];
      const { before, after } = isV4 ? { ...remedy, ...remedy.v4 } : remedy;
      return {
        worst,
        cause: {
          key: remedy.key,
          title: remedy.cause,
          ...(remedy.option && { option: remedy.option }),
          // Of one check its own words are nearer than those of the remedy.
          fix:
            sorted.length === 1 && !remedy.saw
              ? (worst.fix ?? remedyFor(remedy.fix, target.library))
              : remedyFor(remedy.fix, target.library),
          ...(before && { before }),
          ...(after && { after }),
          ...placeOf(remedy.option, target),
          verdict: worst.verdict,
          severity: worst.severity,
          checks: sorted.map(({ id }) => id),
        },
      };
    })
    .toSorted((a, b) => worse(a.worst, b.worst) || b.cause.checks.length - a.cause.checks.length)
    .map(({ cause }) => cause);
}
