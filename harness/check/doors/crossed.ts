/** Addresses that name a thing of one member below a thing of another: `/teams/<mine>/notes/<yours>`. */
import type { Visitor } from '../../visitor/visitor.ts';
import { idsIn } from './crawl.ts';

const LISTS_MAX = 10;
const partsOf = (path: string) => (path.split('?')[0] ?? '').split('/');

/**
 * Which id the other member has where the first has one of theirs.
 *
 * @param things ids that the first member was shown, by path
 */
export async function swapsOf(
  things: ReadonlyMap<string, readonly string[]>,
  other: Pick<Visitor, 'get'>,
): Promise<ReadonlyMap<string, string>> {
  const swaps = new Map<string, string>();
  const known = new Set([...things.values()].flat());
  const lists = [...things].filter(
    ([path, ids]) => ids.length > 0 && !partsOf(path).some((part) => known.has(part)),
  );
  for (const [path, ids] of lists.slice(0, LISTS_MAX)) {
    const answer = await other.get(path).catch(() => undefined);
    if (!answer || answer.status >= 300) continue;
    const theirs = idsIn(answer.text);
    for (const [at, id] of ids.entries()) {
      const own = theirs[at];
      if (own && own !== id && !swaps.has(id)) swaps.set(id, own);
    }
  }
  return swaps;
}

/** A part of an address that is the id of a thing, by its looks. */
const isId = (part: string) => /^[\w-]{4,}$/.test(part) && /\d/.test(part);

/** The address with the ids before the last one replaced by those of the other member; undefined where there is none before it. */
export function crossedBy(path: string, swaps: ReadonlyMap<string, string>): string | undefined {
  const [bare = '', query] = path.split('?');
  const parts = bare.split('/');
  const last = parts.findLastIndex((part) => swaps.has(part) || isId(part));
  const crossed = parts.map((part, at) => (at < last ? (swaps.get(part) ?? part) : part)).join('/');
  return crossed === bare ? undefined : crossed + (query === undefined ? '' : `?${query}`);
}
