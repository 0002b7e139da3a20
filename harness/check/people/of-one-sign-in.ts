/** What a session says of itself, not of the person: another sign-in of the same one has it otherwise. */
import { isDeepStrictEqual } from 'node:util';

/** Names of what belongs to one session, one sign-in or one moment. */
const OF_SESSION =
  /^(?:sid|jti|nonce|iat|exp|ip|device|browser)$|session|token|log(?:in|ged|on)|sign(?:ed)?_?in|visit|seen|last|first_?time|count|expir|time|date|csrf|(?:[a-z]At|_at)$/i;

/** Names of what tells people apart: a moment that stands there is an id that is made anew. */
const OF_PERSON = /^(?:id|sub|uid|uuid|no|number)$|(?:_id|Id|_no|No|[nN]umber)$/;

/** Values that tell a moment of these days: an ISO date, or seconds or milliseconds of the epoch. */
function isMoment(value: unknown): boolean {
  const time =
    typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(value)
      ? Date.parse(value)
      : typeof value === 'number'
        ? value * (value < 1e11 ? 1000 : 1)
        : Number.NaN;
  return Math.abs(time - Date.now()) < 400 * 86_400_000;
}

/**
 * Members of a user that differ between two sign-ins of one person, though they tell who that is.
 *
 * @returns names, empty when it is the same person
 */
export function differsIn(now: object = {}, before: object = {}): string[] {
  const [one, other] = [now, before].map((each) => each as Record<string, unknown>) as [
    Record<string, unknown>,
    Record<string, unknown>,
  ];
  return [...new Set([...Object.keys(other), ...Object.keys(one)])].filter(
    (name) =>
      !isDeepStrictEqual(one[name], other[name]) &&
      !OF_SESSION.test(name) &&
      !(!OF_PERSON.test(name) && isMoment(one[name]) && isMoment(other[name])),
  );
}
