/** Whether the app gives sessions to people who have not signed in, and what tells those. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Person } from '../../mocks/people.ts';
import type { Lab } from '../lab/lab.ts';
import { type Guests, lookForGuests } from '../visitor/guests.ts';
import { createVisitor, sessionIn, type Visitor } from '../visitor/visitor.ts';
import { right, type Step } from './step.ts';

/** Tells all checks of the run what the session of a guest looks like, or that none can be told. */
function remember({ description, file }: Lab, guests: Guests | undefined): void {
  description.guests = guests;
  const written = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...written, guests }), { mode: 0o600 });
}

/**
 * Opens the app as two strangers. Without that, the guest that the app makes of whoever was refused would count as signed in.
 *
 * @returns what to tell of it; undefined for apps without guests
 */
export async function meetGuests(lab: Lab, person: Person, scope: string): Promise<Step | undefined> {
  const { description, client: control } = lab;
  if (description.live || description.guests) return undefined;
  const { home, protected: doors } = description.config.pages;
  const stranger = () => createVisitor({ lab: description, control, scope, person });
  const paths = [...new Set([home, ...doors.slice(0, 1)])];
  const guests = await lookForGuests([stranger(), stranger()], paths, description.app.origin);
  if (!guests) return undefined;
  remember(lab, guests);
  const marks = Object.entries(guests).map(([name, value]) => `user.${name} ${value}`);
  return right(
    'guests',
    `the app gives a session to whoever comes by, which counts for nobody: ${marks.join(', ')}`,
  );
}

/**
 * Whether somebody who looks like a guest has signed in all the same: their session says who they are. From then on no session
 * counts as that of a guest, as guests and members look alike.
 */
export async function isNoGuest(lab: Lab, visitor: Visitor): Promise<boolean> {
  if (!lab.description.guests) return false;
  const session = sessionIn((await visitor.sessionAnswer()).json());
  const { name, email, phone, userId, username } = visitor.person;
  const said = JSON.stringify(session ?? {});
  const is = [name, email, phone?.replace(/\D/g, ''), userId, username].some(
    (value) => value && said.includes(value),
  );
  if (is) remember(lab, undefined);
  return is;
}
