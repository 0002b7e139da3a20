/** Seeded chaos: a percentage of all messages meets a fault, the same ones whenever the seed is the same. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type CarrierFaultName, type FaultName, faults } from '../faults.ts';
import { digitsOf } from './numbers.ts';

export const chaosSchema = z.strictObject({
  percent: z.number().min(0).max(100).describe('How many of a hundred messages meet a fault.'),
  seed: z.union([z.string(), z.number()]).transform(String).describe('The same seed, the same faults.'),
  faults: z
    .array(
      z
        .string()
        .refine(
          (name): name is CarrierFaultName => Object.hasOwn(faults, name) && /^(error|delivery)\//.test(name),
          {
            error: (issue) => `the carrier has no fault "${issue.input}"`,
          },
        ),
    )
    .min(1)
    .optional()
    .describe('Faults to choose from; all of the carrier when left out.'),
});
export type ChaosInput = z.input<typeof chaosSchema>;
export type ChaosPlan = z.output<typeof chaosSchema>;

export interface Chaos {
  /** Starts over with a plan; null ends it. Message counts begin anew, so that a replay meets the same faults. */
  set(plan: ChaosInput | null): ChaosPlan | null;
  readonly plan: ChaosPlan | null;
  /** The fault that the next message to a number meets, if any. */
  draw(to: string): FaultName[];
}

/** Numbers whose messages are counted; the count of the oldest is forgotten when there are more. */
const COUNTED_MAX = 50_000;

const carrierFaultNames = () =>
  (Object.keys(faults) as FaultName[]).filter((name) => /^(error|delivery)\//.test(name)).sort();

/**
 * The n-th message to a number meets what the seed, the number and n say: messages to other numbers, sent at the same
 * time or in another order, change nothing.
 */
export function createChaos(): Chaos {
  let plan: ChaosPlan | null = null;
  const counts = new Map<string, number>();
  return {
    set(input) {
      plan = input === null ? null : chaosSchema.parse(input);
      counts.clear();
      return plan;
    },
    get plan() {
      return plan;
    },
    draw(to) {
      if (!plan) return [];
      const phone = digitsOf(to);
      const count = (counts.get(phone) ?? 0) + 1;
      counts.set(phone, count);
      if (counts.size > COUNTED_MAX) counts.delete(counts.keys().next().value as string);
      const dice = createHash('sha256').update(`${plan.seed}\n${phone}\n${count}`).digest();
      if (dice.readUInt32BE(0) / 2 ** 32 >= plan.percent / 100) return [];
      const choice = (plan.faults as FaultName[] | undefined) ?? carrierFaultNames();
      return [choice[dice.readUInt32BE(4) % choice.length] as FaultName];
    },
  };
}
