/** The named steps of a check: what they come to, and what it means when one of them fails. */
import type { TestInfo } from '@playwright/test';
import { Blocked, ConformanceFailure, NotRecovered } from '../errors.ts';
import type { Surroundings } from '../visitor/surroundings.ts';
import type { Evidence } from './evidence.ts';

/**
 * The function that a check runs its steps with.
 *
 * @param options.shown runs a step where somebody looks on: each takes messages between processes, and a report has its own
 * @returns a function that throws {@link Blocked} where the step `control` failed by the app, {@link NotRecovered} where
 *   `recovery` did, and else what the step threw
 */
export function createStep(
  info: TestInfo,
  options: {
    evidence: Evidence;
    shown?: <Result>(name: string, body: () => Promise<Result>) => Promise<Result>;
  },
): Surroundings['step'] {
  const { evidence, shown } = options;
  return async (name, body, outcome) => {
    const startedAt = Date.now();
    const note = (told: string, ok: boolean) =>
      evidence.steps.push({ name, outcome: told, ok, startedAt, endedAt: Date.now() });
    try {
      const result = await (shown ? shown(name, body) : body());
      note(outcome?.(result) ?? 'As it must be.', true);
      return result;
    } catch (error) {
      const message = (error as Error).message;
      note(message, false);
      if (name === 'control' && error instanceof ConformanceFailure) {
        info.annotations.push(
          { type: 'verdict', description: 'blocked' },
          {
            type: 'reason',
            description: `What must work before this can be judged did not: ${message}`,
          },
        );
        throw new Blocked(message);
      }
      if (name === 'recovery' && error instanceof ConformanceFailure)
        throw new NotRecovered(`After the fault was gone, the app did not recover: ${message}`);
      throw error;
    }
  };
}
