/** Pages of which each member has one at an address of its own, and that name their owner to others and tell nothing else of them: profiles. */
import type { Answer } from '../../user-agents/http.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { type IssuedIndex, issuedIn } from '../issued-in.ts';
import { belowHandle, isOfPeople, kindOf, leadsPublicly, saysProfile } from './addresses-of-people.ts';
import { linksIn } from './crawl.ts';
import type { Door } from './door.ts';
import { ownIdsIn } from './grounds.ts';
import { readingOf } from './judge.ts';
import { listsPeople } from './lists-people.ts';
import { personalOf } from './marks.ts';

const LINKING_MAX = 4;
const CANDIDATES_MAX = 6;

interface Parties {
  /** What is unique to the member whose page it is. */
  personal: IssuedIndex;
  /** Somebody else, who is signed in. */
  third: Visitor;
  /** Bodies of pages that the first member was shown, by path. */
  pages: ReadonlyMap<string, string>;
  /** Bodies of pages that strangers are shown. */
  publicPages: readonly string[];
  /** Paths below which each member has a public page, as declared. */
  declared: readonly string[];
  /** Asks as whoever was shown the page of the first. */
  look(path: string): Promise<Answer>;
}

/** Whether an address is of the same kind as another: both end in what belongs to one, or have it in the same place. */
const isOfKind = (link: string, path: string): boolean => {
  const patterns = belowHandle(link).map(({ pattern }) => pattern);
  return kindOf(link) === kindOf(path) || belowHandle(path).some(({ pattern }) => patterns.includes(pattern));
};

/** Addresses of that kind to which pages lead the third person, and led the first to the door. */
async function ownAddresses(
  { path }: Pick<Door, 'path'>,
  { third, pages }: Pick<Parties, 'third' | 'pages'>,
): Promise<string[]> {
  const linking = [...pages]
    .filter(([page, body]) => page !== path && body.includes(path))
    .slice(0, LINKING_MAX);
  const found = new Set<string>();
  for (const [page, body] of linking) {
    const answer = await third.get(page);
    for (const link of linksIn(answer.text, answer.url))
      if (isOfKind(link, path) && !link.includes('?') && link !== path && !body.includes(link))
        found.add(link);
  }
  return [...found];
}

/** What the third person may have in the place of the door. */
async function counterparts({ path }: Pick<Door, 'path'>, parties: Parties): Promise<string[]> {
  const { third } = parties;
  const found = new Set(await ownAddresses({ path }, parties));
  // What stands below the page of one stands below that of the other.
  for (const { root, rest } of belowHandle(path))
    for (const own of await ownAddresses({ path: root }, parties)) found.add(`${own}${rest}`);
  const userId = third.person.userId ?? '';
  for (const id of [userId, ...ownIdsIn(await third.session(), userId)])
    if (id) found.add(`${kindOf(path)}${id}`);
  return [...found].slice(0, CANDIDATES_MAX);
}

/**
 * Whether a third person has a page of the same kind, which names that one alone to whoever was shown the page of the first. A
 * page that names whoever came last names nobody at an address of their own.
 *
 * @param door names its member, and tells nothing else of them
 */
export async function isProfile(door: Pick<Door, 'path'>, parties: Parties): Promise<boolean> {
  const { personal, third, look, pages, publicPages, declared } = parties;
  // What a query says, a token say, is no place of somebody.
  if (door.path.includes('?')) return false;
  const below = belowHandle(door.path);
  const own = new Set([door.path, ...below.map(({ root }) => root)]);
  const isTold =
    [door.path, ...below.map(({ root }) => root)].some((path) => isOfPeople(kindOf(path), declared)) ||
    saysProfile(pages.get(door.path) ?? '') ||
    [...pages.values()].some((html) => leadsPublicly(html, own, false)) ||
    publicPages.some((html) => leadsPublicly(html, own, true));
  if (!isTold) return false;
  const theirs = personalOf(third.person);
  const namesOwner = async () => {
    const text = readingOf(await look(door.path));
    return listsPeople(text, [personal]) && issuedIn(text, theirs).length === 0;
  };
  if (!(await namesOwner())) return false;
  for (const path of await counterparts(door, parties)) {
    const text = readingOf(await look(path));
    if (listsPeople(text, [theirs]) && issuedIn(text, personal).length === 0) return namesOwner();
  }
  return false;
}
