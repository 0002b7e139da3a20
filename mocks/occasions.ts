/**
 * At which occasions faults are met: always, at the n-th answer of their stage only, or by seeded chaos. An occasion is
 * one answer of a stage (or, of `transport`, of its endpoint) that is about to be sent.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type FaultName, faults, isFaultName, stageOf } from './faults.ts';

/** A fault that is met at some occasions only: `{ fault: 'jwks/hang', from: 3 }` is the third key set alone. */
export interface QueuedFault {
  fault: FaultName;
  /** The first occasion of its stage that meets it, counted from 1 since it was armed (default 1). */
  from?: number;
  /** How many occasions meet it (default 1). */
  times?: number;
}
export type ArmedFault = FaultName | QueuedFault;

const faultName = z
  .string()
  .refine(isFaultName, { error: (issue) => `there is no fault "${issue.input}"` })
  .describe('name of a fault, such as id-token/expired');
export const armedFaultSchema = z.union([
  faultName,
  z.strictObject({
    fault: faultName,
    from: z.number().int().min(1).optional().describe('first occasion that meets it, from 1 (default 1)'),
    times: z.number().int().min(1).optional().describe('how many occasions meet it (default 1)'),
  }),
]);

export const nameOf = (armed: ArmedFault): FaultName => (typeof armed === 'string' ? armed : armed.fault);

/** What an occasion is counted by: `transport` has one count for each endpoint. */
const placeOf = (name: FaultName) =>
  stageOf(name) === 'transport' ? name.replace(/-[^-]+$/, '') : stageOf(name);

/** Whether an armed fault is met at the n-th occasion. */
export const isMet = (armed: ArmedFault, n: number): boolean => {
  if (typeof armed === 'string') return true;
  const { from = 1, times = 1 } = armed;
  return n >= from && n < from + times;
};

export interface Occasions {
  /** Counts one occasion, and tells which of the armed faults it meets. */
  next(armed: readonly ArmedFault[], place: string): FaultName[];
}

/** @returns a count of its own for each place */
export function createOccasions(): Occasions {
  const counts = new Map<string, number>();
  return {
    next(armed, place) {
      const n = (counts.get(place) ?? 0) + 1;
      counts.set(place, n);
      return armed.filter((each) => placeOf(nameOf(each)) === place && isMet(each, n)).map(nameOf);
    },
  };
}

/** Stages of the issuer whose answers chaos may spoil. */
const ISSUER_STAGES = [
  'discovery',
  'jwks',
  'authorization',
  'token',
  'id-token',
  'userinfo',
  'end-session',
  'transport',
];
const ofIssuer = (name: FaultName) => ISSUER_STAGES.includes(stageOf(name));

export const issuerChaosSchema = z.strictObject({
  percent: z.number().min(0).max(100).describe('How many of a hundred answers of the issuer are spoilt.'),
  seed: z.union([z.string(), z.number()]).transform(String).describe('The same seed, the same faults.'),
  faults: z
    .array(faultName.refine((name) => ofIssuer(name as FaultName), 'is no fault of the issuer’s answers'))
    .min(1)
    .optional()
    .describe('Faults to choose from; all of the issuer but those that never answer when left out.'),
});
export type IssuerChaosInput = z.input<typeof issuerChaosSchema>;
export type IssuerChaosPlan = z.output<typeof issuerChaosSchema>;

export interface IssuerChaos {
  /** Starts over with a plan; null ends it. Counts begin anew, so that a replay meets the same faults. */
  set(plan: IssuerChaosInput | null): IssuerChaosPlan | null;
  /** The fault that the next answer of a place meets, if any. */
  draw(place: string): FaultName[];
}

/** The n-th answer of a place meets what the seed, the place and n say, whatever other places were asked meanwhile. */
export function createIssuerChaos(): IssuerChaos {
  let plan: IssuerChaosPlan | null = null;
  const counts = new Map<string, number>();
  return {
    set(input) {
      plan = input === null ? null : issuerChaosSchema.parse(input);
      counts.clear();
      return plan;
    },
    draw(place) {
      if (!plan) return [];
      const n = (counts.get(place) ?? 0) + 1;
      counts.set(place, n);
      const choice = (
        (plan.faults as FaultName[] | undefined) ??
        (Object.keys(faults) as FaultName[])
          .filter((name) => ofIssuer(name) && !/[/-]hang$/.test(name))
          .sort()
      ).filter((name) => placeOf(name) === place);
      const dice = createHash('sha256').update(`${plan.seed}\n${place}\n${n}`).digest();
      if (choice.length === 0 || dice.readUInt32BE(0) / 2 ** 32 >= plan.percent / 100) return [];
      return [choice[dice.readUInt32BE(4) % choice.length] as FaultName];
    },
  };
}
