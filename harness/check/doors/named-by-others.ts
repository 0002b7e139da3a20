/** Data of a member, asked for by another who names that member in the address: lists of what was made, and keys that were given out. */
import { demand } from '../../errors.ts';
import type { LabDescription } from '../../lab/lab-description.ts';
import type { Answer } from '../../user-agents/http.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { withQuery } from './approach.ts';
import { keepsOut } from './gives-nothing.ts';
import { isKeyOf } from './invitations.ts';
import { type MadeByMember, tellsAny } from './made-by-member.ts';
import { FORGERY_TOKEN, textsIn } from './marks.ts';
import { idsOf } from './things-made.ts';

const PLACES_MAX = 8;
const OF_KEYS = /key|token|secret|credential/i;
/** Parameters that name somebody, beside those of them that the sources read. */
const USUAL = ['id', 'user', 'userId', 'user_id', 'owner', 'ownerId', 'member', 'memberId', 'account'];
const NAMES_SOMEBODY = /user|owner|member|author|account|customer|person|profile|tenant|org/i;

/**
 * Keys that a body shows: long signs of chance, in a member of data that says so, or as a text of a page whose address does.
 *
 * @param path of the body
 */
export function keysIn(path: string, body: string): string[] {
  const found = new Set<string>();
  const look = (value: unknown, name: string): void => {
    if (Array.isArray(value)) for (const each of value) look(each, name);
    else if (typeof value === 'object' && value !== null)
      for (const [inner, each] of Object.entries(value)) look(each, inner);
    else if (typeof value === 'string' && OF_KEYS.test(name) && !FORGERY_TOKEN.test(name) && isKeyOf(value))
      found.add(value);
  };
  try {
    look(JSON.parse(body), '');
  } catch {
    if (OF_KEYS.test(path.split('?')[0] ?? ''))
      for (const text of textsIn(body))
        for (const word of text.split(/\s+/)) if (isKeyOf(word)) found.add(word);
  }
  return [...found];
}

/** An address, asked as it is and with parameters that name somebody. */
export async function namingFirst(
  first: Visitor,
  { routes }: Pick<LabDescription, 'routes'>,
): Promise<(path: string) => string[]> {
  const ids = await idsOf(first);
  const read = (routes?.parameters ?? []).filter((name) => NAMES_SOMEBODY.test(name));
  const names = [...new Set([...USUAL, ...read])];
  return (path) => ids.map((id) => withQuery(path, Object.fromEntries(names.map((name) => [name, id]))));
}

interface Told {
  /** Who made the things. */
  first: Visitor;
  other: Visitor;
  made: readonly MadeByMember[];
  /** What the maker is shown. */
  shown: ReadonlyMap<string, Answer>;
  /** What members were shown before anything was made. */
  pages: ReadonlyMap<string, string>;
}

/**
 * Another member is shown no key that was made for the first, neither by the plain request nor by one that names the first.
 *
 * @returns how many addresses were asked for
 * @throws ConformanceFailure when they are
 */
export async function givesNoKeyToOthers(
  { first, other, made, shown, pages }: Told,
  lab: LabDescription,
): Promise<number> {
  const before = [...pages.values()];
  const isNew = (key: string) => !before.some((body) => body.includes(key));
  const places = [...shown]
    .map(([path, { text }]) => ({ path, keys: keysIn(path, text).filter(isNew) }))
    .filter(({ path, keys }) => keys.length > 0 && !path.includes('?'));
  const words = [...shown].filter(
    ([path, { text }]) =>
      /^\s*[[{]/.test(text) &&
      !path.includes('?') &&
      made.some((thing) => thing.isKept && tellsAny(text, thing)),
  );
  const naming = await namingFirst(first, lab);
  const paths = [...new Set([...places.map(({ path }) => path), ...words.map(([path]) => path)])];
  let count = 0;
  for (const path of paths.slice(0, PLACES_MAX)) {
    const keys = places.find((place) => place.path === path)?.keys ?? [];
    const plain = (await other.get(path)).text;
    for (const address of [path, ...naming(path)]) {
      const answer = await other.get(address);
      count += 1;
      if (keepsOut(answer)) continue;
      const key = keys.find((each) => answer.text.includes(each));
      const kept = made.find(
        (thing) => thing.isKept && !tellsAny(plain, thing) && tellsAny(answer.text, thing),
      );
      const how = address === path ? path : `${path}, asked with the id of the first,`;
      demand(!key, `Showed another member a key that was made for a member: ${how} holds it.`);
      demand(
        !kept,
        `Showed another member what its maker keeps private: ${how} holds what was written into ${kept?.by}.`,
      );
    }
  }
  return count;
}
