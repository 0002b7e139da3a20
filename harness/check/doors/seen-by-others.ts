/** What doors show to other members, and to strangers once those are there. */
import type { Visitor } from '../../visitor/visitor.ts';
import type { IssuedIndex } from '../sightings.ts';
import type { Door } from './door.ts';
import { readingOf, shownIn } from './judge.ts';
import { listsPeople } from './lists-people.ts';
import { personalOf } from './marks.ts';

/**
 * Notes at each door whether another member is shown what belongs to the first, and whether it lists people.
 *
 * @param options.personal what is unique to the member who found the doors
 * @param options.newMember somebody new, signed in
 * @param options.forEach does something for every item, some at once
 * @returns the other member
 */
export async function seenByOthers(
  doors: readonly Door[],
  options: {
    personal: IssuedIndex;
    stranger: Visitor;
    newMember(): Promise<Visitor>;
    forEach<Item>(items: readonly Item[], act: (item: Item) => Promise<unknown>): Promise<void>;
  },
): Promise<Visitor> {
  const { personal, stranger, newMember, forEach } = options;
  const other = await newMember();
  const both = [personal, personalOf(other.person)];
  const mayList: [Door, toStranger: boolean][] = [];
  await forEach(doors, async (door) => {
    const answer = await other.get(door.path);
    const toStranger = door.open ? readingOf(await stranger.get(door.path)) : '';
    if (listsPeople(toStranger, both)) mayList.push([door, true]);
    else if (listsPeople(readingOf(answer), both)) mayList.push([door, false]);
    if (shownIn(answer, door, { personal, said: door.path, isMember: true }).length)
      door.openToMembers = true;
  });
  if (mayList.length === 0) return other;
  // Two may be somebody and whom they were taken for; three are a list.
  const third = await newMember();
  const all = [...both, personalOf(third.person)];
  await forEach(mayList, async ([door, toStranger]) => {
    const answer = await third.get(door.path);
    const seenBy = toStranger ? await stranger.get(door.path) : answer;
    if (!listsPeople(readingOf(seenBy), all)) return;
    door.listsPeople = true;
    if (toStranger) door.open = false;
    door.openToMembers = shownIn(answer, door, { personal, said: door.path, isMember: true }).length > 0;
  });
  return other;
}
