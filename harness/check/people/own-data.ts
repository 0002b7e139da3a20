/** Several people at once: each is shown their own data, in the session and on the pages, and nothing of the others. */
import { demand } from '../../errors.ts';
import { demandSession } from '../../visitor/arrival.ts';
import { issuedIn } from '../sightings.ts';
import { onlyOf } from './identity.ts';
import { lookAs, newcomer, type PeopleBody, placesFor } from './keeps-apart.ts';
import { type Look, lookAround, shownOf } from './look.ts';

/** What a look shows of somebody else. */
export function strangersIn(look: Look, others: readonly Look[]): string | undefined {
  for (const { person } of others) {
    if (person.phone === look.person.phone) continue;
    for (const [place, body] of look.bodies) {
      const [found] = issuedIn(body, onlyOf(person, look.person));
      if (found) return `Showed one person the ${found.kind} of another at ${place}.`;
    }
  }
  return undefined;
}

/** What somebody alone was shown of themselves, and this person was not. */
export function missingIn(look: Look, alone: Look): string | undefined {
  for (const [place, body] of alone.bodies) {
    const seen = shownOf(look.person, look.bodies.get(place));
    for (const kind of shownOf(alone.person, body))
      if (!seen.has(kind))
        return `Did not show a person their own ${kind} at ${place}, where it shows that to somebody who comes alone.`;
  }
  return undefined;
}

/** The body of `session/two-people`: four people at once, after one who came alone. */
export async function showsEachTheirOwn(body: PeopleBody): Promise<void> {
  const { visitor, somebody, step, lab } = body;
  const places = await step(
    'control',
    () => placesFor(body),
    (found) => `A member was shown ${found.length} pages and answers.`,
  );
  const alone = await lookAs(body, newcomer('Alone'), places);
  await step(
    'fault',
    async () => {
      const people = await Promise.all(
        ['Ada', 'Eve', 'Grace', 'Hedy'].map((word) => somebody(newcomer(word))),
      );
      const visitors = await Promise.all(people.map((person) => visitor(person)));
      for (const signIn of await Promise.all(visitors.map((each) => each.signIn()))) demandSession(signIn);
      const looks = await Promise.all(visitors.map((each) => lookAround(each, lab, places)));
      for (const look of looks) {
        const mixed = strangersIn(look, [alone, ...looks]);
        demand(!mixed, mixed ?? '');
        const missing = missingIn(look, alone);
        demand(!missing, missing ?? '');
      }
      const own = new Set([...alone.bodies].flatMap(([, text]) => [...shownOf(alone.person, text)]));
      return `Showed each of four people ${own.size ? `their own ${[...own].join(', ')}` : 'nothing of anybody'}, at ${alone.bodies.size} places.`;
    },
    (ending) => ending,
  );
}
