/** Somebody who may never sign in: before a real tenant a number is taken when it is needed, as there are few. */
import type { ControlClient } from '../../mocks/client.ts';
import type { Person, PersonInput } from '../../mocks/people.ts';

const pending = new WeakMap<Person, PersonInput>();

/** A person without a number. */
export function pendingPerson(input: PersonInput): Person {
  const person: Person = { ...input, phone: '', userId: null };
  pending.set(person, input);
  return person;
}

/**
 * Makes somebody of the tenant of a pending person, in place.
 *
 * @returns the person when they were pending; undefined for everybody else
 */
export async function claimPerson(
  control: Pick<ControlClient, 'addPerson'>,
  person: Person,
  scope: string,
): Promise<Person | undefined> {
  const input = pending.get(person);
  if (!input) return undefined;
  pending.delete(person);
  return Object.assign(person, await control.addPerson(input, scope));
}
