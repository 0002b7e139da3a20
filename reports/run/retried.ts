import type { Facts } from '../build.ts';
import type { CheckResult } from '../model.ts';

/** What is told of checks that passed only when they were tried again, where the run was asked to do so. */
export function loosenedByRetries(
  { loosened = [] }: Facts,
  checks: readonly CheckResult[],
): Pick<Facts, 'loosened'> {
  const flaky = checks
    .filter(({ verdict, retries }) => verdict === 'pass' && retries > 0)
    .map(({ id }) => id);
  if (!process.env.CONFORMANCE_RETRIES || flaky.length === 0) return {};
  const more = flaky.length > 8 ? ` and ${flaky.length - 8} more` : '';
  const what = `passed only when tried again: ${flaky.slice(0, 8).join(', ')}${more}`;
  return { loosened: [...loosened, { key: '--retries', what }] };
}
