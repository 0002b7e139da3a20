/** What doors show to other members, and to strangers once those are there. */
import type { LabDescription } from '../../lab/lab-description.ts';
import type { Answer } from '../../user-agents/http.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { type IssuedIndex, issuedIn } from '../issued-in.ts';
import { issuedSoFar } from '../issued-so-far.ts';
import { inNames } from '../sightings.ts';
import { handleIn, isOfPeople, kindOf } from './addresses-of-people.ts';
import { idsIn, linksIn } from './crawl.ts';
import { isDirectory } from './directories.ts';
import type { Door } from './door.ts';
import { keepsOut } from './gives-nothing.ts';
import { isData, readingOf, shownIn } from './judge.ts';
import { isNamedAlone, listsAmongOthers, listsPeople, tellsNoMore } from './lists-people.ts';
import { personalOf } from './marks.ts';
import { isProfile } from './profiles.ts';

/** What an answer tells of a person, beside what its address says. */
const toldOf = (answer: Answer, person: IssuedIndex, path: string) =>
  issuedIn(readingOf(answer), person).filter(
    ({ value }) => !path.includes(value) && !inNames(path).includes(value.toLowerCase()),
  );

const LISTED_MAX = 1_000;
/** Ids of things that a list of people names: their posts, their profiles. */
const idsOfList = (answer: Answer): string[] => (isData(answer) ? idsIn(answer.text, LISTED_MAX) : []);

const namesOneOf = (path: string, ids: ReadonlySet<string>) =>
  path.split(/[/?&=]/).some((part) => ids.has(part));

/**
 * Notes at each door whether another member is shown what belongs to the first, and whether it lists people: one that shows to
 * others nothing but the name of the member and, beside it, that of a third person as soon as that one has joined, or those of people of before. A page
 * that shows a name alone, and to which such a list leads, is part of it; so is what is found by an id that such a list names, as
 * far as it tells nothing private beside what the list says.
 *
 * @param doors are marked in place
 * @param options.personal what is unique to the member who found the doors
 * @param options.other another member
 * @param options.look what that one gets at a door
 * @param options.newMember somebody new, signed in
 * @param options.pages bodies that the member who found the doors was shown, by path
 * @param options.publicPages bodies of pages that strangers are shown
 * @param options.declared paths that are declared to show members the data of each other (`directories`), and public pages of members (`profiles`)
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
    pages: ReadonlyMap<string, string>;
    publicPages: readonly string[];
    declared: Pick<LabDescription['config']['pages'], 'directories' | 'profiles'>;
    forEach<Item>(items: readonly Item[], act: (item: Item) => Promise<unknown>): Promise<void>;
  },
): Promise<void> {
  const { personal, other, stranger, look, newMember, pages, publicPages, declared, forEach } = options;
  const names: { door: Door; toEverybody: boolean; answer: Answer }[] = [];
  await forEach(doors, async (door) => {
    if (isDirectory(door.path, declared.directories)) door.isDirectory = true;
    const answer = await look(door);
    if (shownIn(answer, door, { personal, said: door.path, isMember: true }).length)
      door.openToMembers = true;
    if (keepsOut(answer)) door.refusesOthers = true;
    const told = toldOf(door.open ? await stranger.get(door.path) : answer, personal, door.path);
    if (isNamedAlone(told)) names.push({ door, toEverybody: door.open, answer });
  });
  if (names.length === 0) return;
  // Two may be somebody and whom they were taken for; three are a list.
  const third = await newMember();
  const both = [personal, personalOf(third.person)];
  const led = new Set<string>();
  const listed = new Set<string>();
  const lists: string[] = [];
  const note = (door: Door, toEverybody: boolean) => {
    door.listsPeople = toEverybody ? 'to everybody' : 'to members';
    door.openToMembers = false;
    if (toEverybody) door.open = false;
  };
  // Whoever joins may be listed from the first visit on.
  await forEach(names, ({ door }) => third.get(door.path));
  await forEach(names, async ({ door, toEverybody }) => {
    const answer = await (toEverybody ? stranger : other).get(door.path);
    const text = readingOf(answer);
    if (!listsPeople(text, both) && !listsAmongOthers(text, personal, issuedSoFar)) return;
    note(door, toEverybody);
    lists.push(answer.text);
    for (const link of linksIn(answer.text, answer.url)) led.add(link);
    for (const id of idsOfList(answer)) listed.add(id);
  });
  for (const { door, toEverybody, answer } of names)
    if (
      led.has(door.path) ||
      (namesOneOf(door.path, listed) && isData(answer) && tellsNoMore(answer.text, lists))
    )
      note(door, toEverybody);
  await forEach(names, async ({ door, toEverybody }) => {
    // What a list leads to is part of it, and may be the page of somebody all the same.
    const isLed = led.has(door.path) && isOfPeople(kindOf(door.path), declared.profiles);
    if (door.listsPeople && !isLed) return;
    const look = (path: string) => (toEverybody ? stranger : other).get(path);
    const parties = { personal, third, pages, publicPages, declared: declared.profiles, look };
    if (!(await isProfile(door, parties))) return;
    note(door, toEverybody);
    door.isProfile = true;
  });
  // Whom everybody finds by a handle is named to everybody at other addresses that end with it: links that members give to friends.
  const handles = new Set(
    doors.flatMap(({ path, isProfile: is, listsPeople: to }) =>
      is && to === 'to everybody' ? [handleIn(path)] : [],
    ),
  );
  for (const { door, toEverybody } of names)
    if (!door.listsPeople && handles.has(handleIn(door.path)) && handleIn(door.path)) note(door, toEverybody);
}
