/** Doors that show one member to another: by mistake, or because they are the app's list of its members. */
import type { Answer } from '../../user-agents/http.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { type IssuedIndex, issuedIn } from '../sightings.ts';
import { linksIn } from './crawl.ts';
import type { Door } from './door.ts';
import { isName, readingOf, shownIn } from './judge.ts';
import { personalOf } from './marks.ts';

const kindsIn = (answer: Answer, personal: IssuedIndex, path: string) =>
  issuedIn(readingOf(answer), personal).filter(({ value }) => !path.includes(value));

/**
 * Marks the doors that show the data of the member to another one who just asks.
 *
 * A door that shows another member nothing but the name, and, as soon as a third person has joined, the name of that one, too,
 * is a list of all members; so is a page that shows a name alone and to which such a list leads.
 *
 * @param doors are marked in place
 * @param options.third signs in one more member; asked for when a name was seen
 */
export async function markOpenToMembers(
  doors: readonly Door[],
  { other, personal, third }: { other: Visitor; personal: IssuedIndex; third(): Promise<Visitor> },
): Promise<void> {
  const names: Door[] = [];
  for (const door of doors) {
    const answer = await other.get(door.path);
    const shown = shownIn(answer, door, { personal, said: door.path, isMember: true });
    if (!shown.length) continue;
    door.openToMembers = true;
    if (kindsIn(answer, personal, door.path).every(({ kind }) => isName(kind))) names.push(door);
  }
  if (!names.length) return;
  const joined = await third();
  const theirs = personalOf(joined.person);
  const led = new Set<string>();
  for (const door of names) {
    // Whoever joins may be listed from the first visit on.
    await joined.get(door.path);
    const answer = await other.get(door.path);
    const kinds = kindsIn(answer, theirs, door.path);
    if (!kinds.length || !kinds.every(({ kind }) => isName(kind))) continue;
    door.listsMembers = true;
    for (const link of linksIn(answer.text, answer.url)) led.add(link);
  }
  for (const door of names) {
    if (led.has(door.path)) door.listsMembers = true;
    if (door.listsMembers) door.openToMembers = false;
  }
}
