/** All verdicts of a check, in the order of tables; what each means stands at `Verdict` (model.ts). */
export const VERDICT_NAMES = [
  'pass',
  'fail',
  'warn',
  'note',
  'not applicable',
  'not judged',
  'blocked',
  'error',
] as const;
