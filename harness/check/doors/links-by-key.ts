/** Links that open to whoever holds them: feeds whose address is a key, and links that are signed. */
import type { Answer } from '../../user-agents/http.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { type IssuedIndex, issuedIn } from '../issued-in.ts';
import { linksIn } from './crawl.ts';
import { isFeedByKey, withOtherSignature, withQueryOf } from './invitations.ts';
import { inTurns, isGood } from './walk-around.ts';

interface Seen {
  source: string;
  first: Answer;
}

/**
 * Finds the paths that are nobody's secret beside their link: a key that nobody guesses, or a signature that is looked at.
 *
 * A signature that fits another thing as well protects neither: with what the link of another member says behind its address, a
 * stranger is given the very same.
 *
 * @param options.links of members' pages, each with the page that it stands on
 * @param options.refusedAt what strangers get at a path
 * @returns those paths, and the addresses at which a signature of something else opened one
 */
export async function openByLink(
  options: {
    seen: ReadonlyMap<string, Seen>;
    links: readonly { path: string; page: string }[];
    personal: IssuedIndex;
    refusedAt(path: string): Answer | undefined;
  },
  other: Visitor,
  stranger: Visitor,
): Promise<{ byLink: Set<string>; resigned: (Seen & { path: string; refused: Answer })[] }> {
  const { seen, links, personal, refusedAt } = options;
  const byLink = new Set<string>();
  const resigned: (Seen & { path: string; refused: Answer })[] = [];
  await inTurns([...seen], async ([path, { source, first }]) => {
    const refused = refusedAt(path);
    if (!refused || !isGood(refused)) return;
    if (isFeedByKey(path, first.headers['content-type']) && !issuedIn(path, personal).length)
      byLink.add(path);
    const unsigned = withOtherSignature(path);
    if (!unsigned || isGood(await stranger.get(unsigned))) return;
    byLink.add(path);
    const page = links.find((each) => each.path === path)?.page;
    const listed = page === undefined ? undefined : await other.get(page);
    const swapped = listed && withQueryOf(path, linksIn(listed.text, listed.url));
    if (!swapped) return;
    if (swapped === path) {
      byLink.delete(path);
      return;
    }
    const given = await stranger.get(swapped);
    if (isGood(given) && given.text === first.text)
      resigned.push({
        path: swapped,
        source: `${source}, with the signature of another member's link`,
        first,
        refused: given,
      });
  });
  return { byLink, resigned };
}
