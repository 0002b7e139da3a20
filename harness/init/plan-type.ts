import type { ConfigInput } from '../config/config.ts';
import type { Project } from './project.ts';

/** What is known of an app, and the config that follows from it. */
export interface Plan {
  project: Project;
  config: ConfigInput;
  /** Sentences about what was read in the app. */
  found: string[];
  /** What may be wrong, with the key that corrects it. */
  guessed: { key: string; text: string }[];
  /** What must be added by hand before a run can pass. */
  missing: { key: string; text: string }[];
}

/** Its `target`, to be filled in. */
export const target = (plan: Plan) => plan.config.target as NonNullable<ConfigInput['target']>;
