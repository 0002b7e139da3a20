/**
 * Ends a check without a judgement: not applicable is what the app does not do; not judged is what it does, or may do,
 * while something is missing that only the user can give.
 */
import { type TestInfo, test } from '@playwright/test';
import type { Verdict } from '../../reports/model.ts';
import type { LabDescription } from '../lab/lab-description.ts';
import { onboardingTold } from '../visitor/onboarding.ts';

/** Ends the running check by skipping it. */
export function endAs(
  info: TestInfo,
  verdict: Verdict & ('not applicable' | 'not judged'),
  reason: string,
): never {
  info.annotations.push({ type: 'verdict', description: verdict }, { type: 'reason', description: reason });
  info.skip(true, reason);
  throw new Error('unreachable: skip throws');
}

/** What is missing, and what to do about it, in one sentence. */
export const lacking = (what: string, give: string): string => `${what}; to have this judged, ${give}`;

/**
 * Ends the running check as not judged.
 *
 * @param what what is missing
 * @param give what the user can do, as an imperative: `name them in pages.api`
 */
export const notJudged = (what: string, give: string): never =>
  endAs(test.info(), 'not judged', lacking(what, give));

/** Ends the running check as not judged where members are led to a page that nobody has said how to pass. */
export function demandNoOnboarding({ usage, config }: Pick<LabDescription, 'usage' | 'config'>): void {
  if (usage?.onboarding) endAs(test.info(), 'not judged', onboardingTold(usage.onboarding, { config }));
}

/**
 * The paths that the config declares.
 *
 * None declared leaves the check not judged: most apps have some. An empty list that the user wrote says that the app
 * has none, and the check is not applicable.
 *
 * @param keys which of `pages.protected` and `pages.api`; any of them will do
 */
export function namedPaths(
  { config, given }: Pick<LabDescription, 'config' | 'given'>,
  ...keys: ('protected' | 'api')[]
): string[] {
  const paths = keys.flatMap((key) => config.pages[key]);
  if (paths.length > 0) return paths;
  const names = keys.map((key) => `pages.${key}`);
  if (names.every((name) => given?.includes(name)))
    return endAs(
      test.info(),
      'not applicable',
      `the app has none of what is judged, as the config says (${names.join(', ')})`,
    );
  return notJudged(
    `the config names nothing that needs a session (${names.join(', ')})`,
    'name it there, or write an empty list where there is none',
  );
}

/** The same for what members are shown there: not judged where they are led to another page first. */
export function declaredPaths(
  lab: Pick<LabDescription, 'config' | 'given' | 'usage'>,
  ...keys: ('protected' | 'api')[]
): string[] {
  const paths = namedPaths(lab, ...keys);
  demandNoOnboarding(lab);
  return paths;
}
