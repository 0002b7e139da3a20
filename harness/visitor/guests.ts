/**
 * Apps that give a session of Auth.js to whoever comes by, before anybody has signed in: guests, who may look around or chat a
 * little (a provider of credentials that asks for nothing). Such a session is nobody's.
 */
import type { HttpAgent } from '../user-agents/http.ts';

/** The session JSON, as far as it tells who somebody is. */
interface Session {
  user?: Record<string, unknown>;
}

/** What the sessions of guests have in common: member of `user` → value, ids and counters left out. */
export type Guests = Record<string, string>;

/** Figures tell one guest from the next: `guest-17` and `guest-18`. */
const withoutFigures = (value: unknown): string => JSON.stringify(value).replace(/\d+/g, '#');

const marksOf = ({ user = {} }: Session): Map<string, string> =>
  new Map(
    Object.entries(user).flatMap(([name, value]) =>
      value === null || value === undefined || typeof value === 'object'
        ? []
        : [[name, withoutFigures(value)]],
    ),
  );

/** What two guests have in common; undefined where that is nothing, so that a guest cannot be told from a member. */
export function guestsOf(one: Session, other: Session): Guests | undefined {
  const theirs = marksOf(other);
  const shared = [...marksOf(one)].filter(([name, value]) => theirs.get(name) === value);
  return shared.length ? Object.fromEntries(shared) : undefined;
}

/** Whether a session is that of a guest: all that guests have in common stands in it. */
export function isGuest(session: Session, guests: Guests | undefined): boolean {
  if (!guests) return false;
  const own = marksOf(session);
  return Object.entries(guests).every(([name, value]) => own.get(name) === value);
}

/** Somebody in front of a browser who has not signed in. */
interface Stranger {
  agent: Pick<HttpAgent, 'follow'>;
  get(path: string): ReturnType<HttpAgent['hop']>;
  session(): Promise<Session | null>;
}

/**
 * Looks whether the app gives sessions to people who only open its pages.
 *
 * @param strangers two of them, each with a browser of their own
 * @param paths pages that they open
 */
export async function lookForGuests(
  strangers: readonly [Stranger, Stranger],
  paths: readonly string[],
  origin: string,
): Promise<Guests | undefined> {
  const sessions: Session[] = [];
  for (const stranger of strangers) {
    for (const path of paths)
      await stranger.agent.follow(await stranger.get(path), (next) => next.origin !== origin);
    const session = await stranger.session();
    if (!session) return undefined;
    sessions.push(session);
  }
  const [one, other] = sessions;
  return one && other ? guestsOf(one, other) : undefined;
}
