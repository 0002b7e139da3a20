/** Whether an answer shows what is meant for a member alone. */
import type { Answer } from '../../user-agents/http.ts';
import { type IssuedIndex, issuedIn } from '../sightings.ts';
import type { Door } from './door.ts';
import { marksIn } from './marks.ts';

/** Everything of an answer that whoever asked can read. */
export const readingOf = ({ headers, text }: Pick<Answer, 'headers' | 'text'>): string =>
  `${Object.values(headers).flat().join('\n')}\n${text}`;

/**
 * What an answer gives away of a member.
 *
 * @param answer of any status: bodies of redirects and errors are read as well
 * @param options.personal what is unique to the member
 * @param options.isMember whether another member asked, who may read what all members do
 * @returns in words, empty when it gives nothing away; personal data are told by kind only
 */
export function shownIn(
  answer: Pick<Answer, 'status' | 'headers' | 'text'>,
  door: Pick<Door, 'texts'>,
  { personal, isMember = false }: { personal: IssuedIndex; isMember?: boolean },
): string[] {
  const kinds = new Set(issuedIn(readingOf(answer), personal).map(({ kind }) => `the ${kind} of the member`));
  const texts = isMember || answer.status >= 400 ? [] : marksIn(answer.text, door.texts);
  return [...kinds, ...texts.slice(0, 2).map((text) => `"${text.slice(0, 60)}"`)];
}
