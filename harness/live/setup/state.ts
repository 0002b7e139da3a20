/** The state file of `live setup`: what was there before, written before anything is changed, so that a crash loses nothing. */
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { readGivenJson } from '../../../reports/given-file.ts';
import { ConformanceError } from '../../errors.ts';
import type { Step } from './plan.ts';

/** Default name, in the working folder. */
export const STATE_FILE = '.authjs-conformance-live.json';

const doneStep = z.object({
  step: z.custom<Step>((value) => typeof value === 'object' && value !== null && 'kind' in value),
  /** `begun`: it may or may not have reached the tenant. */
  status: z.enum(['planned', 'begun', 'done']),
  /** What the tenant called the object that was made. */
  id: z.string().optional(),
});
const stateSchema = z.object({
  version: z.literal(1),
  issuer: z.string(),
  /** ISO 8601 time of the setup. */
  at: z.string(),
  /** Stands in the description of an application that is made, so that it is found again. */
  mark: z.string(),
  steps: z.array(doneStep),
});
export type SetupState = z.infer<typeof stateSchema>;

/** Written beside it and moved into place; only its owner may read it, as it holds the config of the old connector. */
export function writeState(file: string, state: SetupState): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export const removeState = (file: string): void => rmSync(file, { force: true });

/**
 * @returns undefined when there is none
 * @throws ConformanceError CONF_LIVE_STATE
 */
export function readState(file: string): SetupState | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return stateSchema.parse(readGivenJson(file));
  } catch (error) {
    throw new ConformanceError({
      code: 'CONF_LIVE_STATE',
      what: `the state file ${file} could not be read: ${error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message}`,
      expected: 'the file that `live setup` wrote (--state)',
      remedy: 'name the right file; when it is damaged, put the objects that it names back by hand.',
    });
  }
}
