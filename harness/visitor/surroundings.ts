/** What a check hands to those who act in it: the lab, a scope of its own, people and their browsers. */
import type { ControlClient } from '../../mocks/client.ts';
import type { PresetName } from '../../mocks/logto/sign-in/presets.ts';
import type { Choice } from '../../mocks/logto/sign-in/way-in.ts';
import type { SignInExperience } from '../../mocks/logto/tenant.ts';
import type { Person, PersonInput } from '../../mocks/people.ts';
import type { LabDescription } from '../lab/lab-description.ts';
import type { Visitor } from './visitor.ts';

export interface Surroundings {
  lab: LabDescription;
  control: ControlClient;
  /** The scope of this check in the mocks. */
  scope: string;
  /** A new person with a phone number of their own. */
  somebody(person?: PersonInput): Promise<Person>;
  /**
   * A new browser; of a new person, unless one is given. With `apart` it has a scope of its own, which the faults of the
   * check leave alone: somebody else who comes while the check's person meets a fault. With `known` the new person has
   * signed in at Logto before: it asks for no code, while the app sees somebody it has never seen. That is the default
   * in the suites that judge what happens before and after the visit to Logto.
   */
  visitor(person?: Person, options?: { apart?: boolean; known?: boolean }): Promise<Visitor>;
  /**
   * Lets everybody of this check meet another sign-in experience from now on, where that is asked of the mock; the others
   * of the run do not.
   *
   * @param change a preset, or the members that are to be other than they are
   * @param choice which of its ways people take (default: the first that it offers)
   */
  meet(change: PresetName | Record<string, unknown>, choice?: Choice): Promise<SignInExperience>;
  /** Runs one named step and notes it on the time line; a failing control blocks the check. */
  step<Result>(
    name: string,
    body: () => Promise<Result>,
    outcome?: (result: Result) => string,
  ): Promise<Result>;
}
