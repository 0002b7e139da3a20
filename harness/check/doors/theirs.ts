/** What belongs to one member and is nothing personal: their very data, and ids of things that others are refused. */
import type { Answer } from '../../user-agents/http.ts';
import { percentDecoded } from '../issued-in.ts';
import type { Ask, Door } from './door.ts';
import { isData, saidIn, says } from './judge.ts';
import { textsAndFiguresIn } from './marks.ts';

/** Whether a request is the plain one for a door. */
export const isPlainOf = (door: Pick<Door, 'path'>, ask: Ask): boolean =>
  ask.path === door.path && !ask.headers && !ask.method;

/** Ids of things that the other member is refused at their own addresses, and that a text names. */
const refusedIn = (text: string, doors: readonly Pick<Door, 'path' | 'refusesOthers'>[]): string[] =>
  doors.flatMap(({ path, refusesOthers }) => {
    const last = path.split('?')[0]?.split('/').at(-1) ?? '';
    if (!refusesOthers || !/^[\w-]{4,}$/.test(last) || !/\d/.test(last)) return [];
    return new RegExp(`(?<![\\w.])${last}(?![\\w.])`).test(text) ? [last] : [];
  });

/** Whether an answer names a thing that the other member is refused at its own address. */
export const holdsRefused = ({ text }: Pick<Answer, 'text'>, doors: readonly Door[]): boolean =>
  refusedIn(text, doors).length > 0;

/**
 * What an answer to another member, who has named the first in some way, has of that one beside an echo: the very data of the
 * first, or a thing that the other is refused at its own address. The plain request of the other has neither, and a second one
 * of the same kind has it again.
 *
 * @param answer to the other member
 * @param options.doors all that were found, with those that refuse others
 * @param send asks as the other member
 * @returns in words; undefined where the answer has nothing of the first
 */
export async function theirsIn(
  answer: Pick<Answer, 'status' | 'headers' | 'text'>,
  { ask, door, doors, cookie }: { ask: Ask; door: Door; doors: readonly Door[]; cookie: string },
  send: (ask: Ask) => Promise<Pick<Answer, 'text'> | undefined>,
): Promise<string | undefined> {
  if (answer.status < 200 || answer.status > 299) return undefined;
  const words = percentDecoded(saidIn(ask, cookie));
  const things = refusedIn(answer.text, doors).filter((id) => !words.includes(id));
  const isSame = door.data !== undefined && isData(answer) && answer.text === door.data;
  if (!isSame && things.length === 0) return undefined;
  const [plain, again] = [await send({ path: door.path }), await send(ask)];
  if (!plain || !again) return undefined;
  const [thing] = things.filter(
    (id) => refusedIn(again.text, doors).includes(id) && !refusedIn(plain.text, doors).includes(id),
  );
  if (thing) return `${thing}, which they are refused at its own address`;
  const own = new Set(textsAndFiguresIn(plain.text));
  const more = textsAndFiguresIn(door.data ?? '').some((text) => !says(words, text) && !own.has(text));
  return isSame && more && again.text === door.data ? 'the very data of the first member' : undefined;
}
