/** Who a session says that somebody is, and what it says beside that: of itself, or of what has happened meanwhile. */
import { isDeepStrictEqual } from 'node:util';

/** Names of what belongs to one session, one sign-in or one moment. */
const OF_SESSION =
  /^(?:sid|jti|nonce|iat|exp|ip|device|browser)$|session|token|log(?:in|ged|on)|sign(?:ed)?_?in|visit|seen|last(?!_?name)|first_?time|count(?!ry)|expir|time|date|csrf|(?:[a-z]At|_at)$/i;

/** Names of what one person has alone: where that is the same, it is the same person. */
const ID = /^(?:id|sub|uid|uuid|(?:user|account|member)_?id)$/i;
/** Names of what tells people apart: a moment that stands there is an id that is made anew. */
const OF_PERSON = /^(?:no|number|account|member|customer)$|(?:_id|Id|ID|_no|No|[nN]umber)$/;
/** Ids of what a person is in: they may be in another one a moment later. */
const OF_GROUP =
  /^(?:active|current|default|selected|team|org|tenant|work|project|house|family|company|group|plan|role)/i;
/** Names of what is personal. */
const PERSONAL =
  /^(?:(?:given|first|family|last|middle|full|nick|user|display|preferred_?user)?_?name|handle|e?_?mail(?:_?address)?|phone|mobile|tel|image|picture|avatar|photo)(?:_?url)?$/i;
/** Members of a session that hold what else is said of the person. */
const HOLDS_PERSON = /user|person|profile|claims|identity|contact|details/i;
/** A word with a figure, as ids are that have a name of the app's own. */
const LIKE_AN_ID = /^(?=.*\d)[\w|:-]{6,}$/;

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

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNothing = (value: unknown) => value === undefined || value === null || value === '';

/** Members by their path: those of a `profile` or the like stand beside those of the user. */
const membersOf = (user: object, within = ''): [path: string, value: unknown][] =>
  Object.entries(user).flatMap(([name, value]) =>
    isObject(value) && HOLDS_PERSON.test(name)
      ? membersOf(value, `${within}${name}.`)
      : [[`${within}${name}`, value] as [string, unknown]],
  );

const nameOf = (path: string) => path.slice(path.lastIndexOf('.') + 1);

/**
 * Members of a user that say that somebody else is there than before: an id, or what is personal. What else a session says
 * (a plan, roles, whether somebody has taken the terms) is another thing a moment later, of the same person.
 *
 * @param posted what was said of the person meanwhile, as `pages.onboarding` does: a session that shows it is right
 * @returns their paths, empty when it is the same person
 */
export function differsIn(now: object = {}, before: object = {}, posted: readonly string[] = []): string[] {
  const [one, other] = [now, before].map((user) => new Map(membersOf(user))) as [
    Map<string, unknown>,
    Map<string, unknown>,
  ];
  const isKnown = [...other].some(
    ([path, value]) => ID.test(nameOf(path)) && !isNothing(value) && one.get(path) === value,
  );
  return [...new Set([...other.keys(), ...one.keys()])].filter((path) => {
    const [name, is, was] = [nameOf(path), one.get(path), other.get(path)];
    if (isDeepStrictEqual(is, was) || (isNothing(is) && isNothing(was))) return false;
    if (ID.test(name)) return true;
    if (typeof (is ?? was) === 'boolean' || posted.includes(String(is))) return false;
    // Who has filled in what was asked for is no other person.
    if (isKnown && (isNothing(was) || OF_GROUP.test(name))) return false;
    if (PERSONAL.test(name)) return true;
    if (OF_SESSION.test(name)) return false;
    if (OF_PERSON.test(name)) return true;
    if (isMoment(is) && isMoment(was)) return false;
    return !isKnown && [is, was].some((value) => typeof value === 'string' && LIKE_AN_ID.test(value));
  });
}

/** What a run says of its people in the forms of `pages.onboarding`. */
export const postedOf = ({
  config: { pages },
}: {
  config: { pages: { onboarding: readonly { fields: Record<string, string> }[] } };
}): string[] => pages.onboarding.flatMap(({ fields }) => Object.values(fields));
