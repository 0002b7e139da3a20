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
