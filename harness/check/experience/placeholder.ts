/** Words that an app has for people without a name, and pictures for those without one: "Member", "Guest 7a3f", a default avatar. */
import { digitsOf } from '../../../mocks/issued.ts';
import type { Person } from '../../../mocks/people.ts';

/** Fields of a session by which nobody is found and nothing is sent: what stands there instead of nothing harms nobody. */
const SHOWN_ONLY = new Set(['name', 'image']);
/** What stands for nothing, written out. */
const EMPTY = /^\s*$|\b(?:undefined|null|nan)\b|\[object object\]/i;
/** So many figures of a number in a row tell more of it than a mask does ("•••• 0123"). */
const FIGURES = 5;

/**
 * Whether a field shows words, or a picture, of the app's own for somebody of whom Logto says nothing: text, no name of
 * "null", and nothing that was made of the person's number, id, address or username.
 *
 * @param field member of the user in the session
 * @param shown what the session says there
 */
export function isPlaceholder(
  field: string,
  shown: unknown,
  { phone, userId, email, username }: Pick<Person, 'phone' | 'userId' | 'email' | 'username'>,
): boolean {
  if (!SHOWN_ONLY.has(field) || typeof shown !== 'string' || EMPTY.test(shown)) return false;
  const text = shown.toLowerCase();
  const own = [userId, email, email?.split('@')[0], username].filter((value) => value && value.length >= 3);
  if (own.some((value) => text.includes(String(value).toLowerCase()))) return false;
  const [number, figures] = [digitsOf(phone), text.replace(/(?<=\d)[\s().-]+(?=\d)/g, '')];
  for (let at = 0; at + FIGURES <= number.length; at += 1)
    if (figures.includes(number.slice(at, at + FIGURES))) return false;
  return true;
}
