/** What doors show to other members, and to strangers once those are there. */
import type { Answer } from '../../user-agents/http.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { type IssuedIndex, issuedIn } from '../sightings.ts';
import { linksIn } from './crawl.ts';
import type { Door } from './door.ts';
import { readingOf, shownIn } from './judge.ts';
import { isName, listsPeople } from './lists-people.ts';
import { personalOf } from './marks.ts';

/** What an answer tells of a person, beside what its address says. */
const toldOf = (answer: Answer, person: IssuedIndex, path: string) =>
  issuedIn(readingOf(answer), person).filter(({ value }) => !path.includes(value));

/**
 * Notes at each door whether another member is shown what belongs to the first, and whether it lists people: one that shows to
 * others nothing but the name of the member and, as soon as a third person has joined, the name of that one beside it. A page
 * that shows a name alone, and to which such a list leads, is part of it.
 *
 * @param doors are marked in place
 * @param options.personal what is unique to the member who found the doors
 * @param options.other another member
 * @param options.look what that one gets at a door
 * @param options.newMember somebody new, signed in
 * @param options.forEach does something for every item, some at once
 */
export async function seenByOthers(
  doors: readonly Door[],
  options: {
    personal: IssuedIndex;
    other: Visitor;
    stranger: Visitor;
    look(door: Door): Promise<Answer>;
    newMember(): Promise<Visitor>;
    forEach<Item>(items: readonly Item[], act: (item: Item) => Promise<unknown>): Promise<void>;
  },
): Promise<void> {
  const { personal, other, stranger, look, newMember, forEach } = options;
  const names: { door: Door; toEverybody: boolean }[] = [];
  await forEach(doors, async (door) => {
    const answer = await look(door);
    if (shownIn(answer, door, { personal, said: door.path, isMember: true }).length)
      door.openToMembers = true;
    const told = toldOf(door.open ? await stranger.get(door.path) : answer, personal, door.path);
    if (told.length > 0 && told.every(isName)) names.push({ door, toEverybody: door.open });
  });
  if (names.length === 0) return;
  // Two may be somebody and whom they were taken for; three are a list.
  const third = await newMember();
  const both = [personal, personalOf(third.person)];
  const led = new Set<string>();
  const note = (door: Door, toEverybody: boolean) => {
    door.listsPeople = toEverybody ? 'to everybody' : 'to members';
    door.openToMembers = false;
    if (toEverybody) door.open = false;
  };
  // Whoever joins may be listed from the first visit on.
  await forEach(names, ({ door }) => third.get(door.path));
  await forEach(names, async ({ door, toEverybody }) => {
    const answer = await (toEverybody ? stranger : other).get(door.path);
    if (!listsPeople(readingOf(answer), both)) return;
    note(door, toEverybody);
    for (const link of linksIn(answer.text, answer.url)) led.add(link);
  });
  for (const { door, toEverybody } of names) if (led.has(door.path)) note(door, toEverybody);
}
