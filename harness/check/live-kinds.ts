/** Which checks of the catalogue can be asked before a real issuer, and why the others cannot. Pure. */
import type { LiveFacts } from '../../reports/model.ts';
import { ABILITIES, type Ability, LIVE_AT_BEST, lacks, type Uses } from '../live/abilities.ts';

/**
 * Counts the kinds.
 *
 * @param checks those that a run was asked for
 * @param has what its lab is able to do
 */
export function liveKinds(
  checks: readonly Uses[],
  has: readonly Ability[],
): Pick<LiveFacts, 'judged' | 'of' | 'not'> {
  const counts = new Map<Ability, number>();
  for (const check of checks) {
    const lacking = lacks(check, has);
    if (lacking) counts.set(lacking, (counts.get(lacking) ?? 0) + 1);
  }
  const not = [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([ability, count]) => ({ count, why: ABILITIES[ability] }));
  return { judged: checks.length - not.reduce((sum, { count }) => sum + count, 0), of: checks.length, not };
}

/** The kinds in lines, told before the run. */
export const tellKinds = ({ judged, of, not }: ReturnType<typeof liveKinds>): string[] => [
  `${judged} of ${of} checks can be asked of this app before this issuer`,
  ...not.map(({ count, why }) => `  ${String(count).padStart(4)} not applicable: ${why}`),
];

export interface LiveShare {
  suite: string;
  checks: number;
  live: number;
}

/** Checks of each suite that can be asked where everything is allowed (docs/live.md). */
export function liveShares(checks: readonly (Uses & { suite: string })[]): LiveShare[] {
  const suites = [...new Set(checks.map(({ suite }) => suite))].sort();
  return suites.map((suite) => {
    const members = checks.filter((check) => check.suite === suite);
    return {
      suite,
      checks: members.length,
      live: members.filter((check) => !lacks(check, LIVE_AT_BEST)).length,
    };
  });
}

const percent = (part: number, whole: number) => `${Math.round((part / whole) * 100)} %`;

/** The page with the share of each suite between its marks; whatever stood there before goes. */
export function withShare(page: string, checks: readonly (Uses & { suite: string })[]): string {
  const shares = liveShares(checks);
  const sum = shares.reduce(
    (all, { checks: count, live }) => ({ checks: all.checks + count, live: all.live + live }),
    { checks: 0, live: 0 },
  );
  const connector = shares.find(({ suite }) => suite === 'connector') ?? { checks: 0, live: 0 };
  const rows = shares.map(
    ({ suite, checks: count, live }) => `| ${suite} | ${count} | ${live} | ${percent(live, count)} |`,
  );
  const { not } = liveKinds(checks, LIVE_AT_BEST);
  const text = [
    `${sum.live} of ${sum.checks} checks (${percent(sum.live, sum.checks)}) can be asked before a real Logto where everything is allowed: the app is started by`,
    'us, accounts may be made, the Management API may be used, codes come by the capture endpoint, the config of the connector is named. The suite connector',
    `judges that config in a process of its own; without it the share is ${percent(sum.live - connector.live, sum.checks - connector.checks)}.`,
    '',
    '| suite | checks | live | share |',
    '|---|---|---|---|',
    ...rows,
    `| **all** | **${sum.checks}** | **${sum.live}** | **${percent(sum.live, sum.checks)}** |`,
    '',
    'The others:',
    '',
    ...not.map(({ count, why }) => `- ${count}: ${why}`),
  ].join('\n');
  return page.replace(/(<!-- share:[^>]*-->\n)[\s\S]*(<!-- \/share -->)/, `$1${text}\n$2`);
}
