/** Several people at once: each is shown their own data, in the session and on the pages, and nothing of the others. */
import type { Person } from '../../../mocks/people.ts';
import { demand } from '../../errors.ts';
import { demandSession } from '../../visitor/arrival.ts';
import { isEntryAmongSeveral } from '../doors/entries.ts';
import { isName, isNameOrId, listsAmongOthers } from '../doors/lists-people.ts';
import { personalOf } from '../doors/marks.ts';
import { type Survey, surveyOf } from '../doors/survey.ts';
import { issuedIn } from '../issued-in.ts';
import { issuedSoFar } from '../issued-so-far.ts';
import { isRowOfGrownList } from './grown-lists.ts';
import { onlyOf } from './identity.ts';
import { lookAs, newcomer, type PeopleBody } from './keeps-apart.ts';
import { type Look, lookAround, placesOf, shownOf } from './look.ts';

/**
 * What a look shows of somebody else. A place that shows the names of several people, or those of others beside one's
 * own, and nothing else of them, is a list of members and no mix-up.
 *
 * @param looks of others at the same places, before or after
 */
export function strangersIn(
  look: Look,
  others: readonly Person[],
  looks: readonly Look[] = [],
): string | undefined {
  for (const [place, body] of look.bodies) {
    const found = others.flatMap((person) =>
      person.phone === look.person.phone
        ? []
        : issuedIn(body, onlyOf(person, look.person)).map(({ kind, value }) => ({
            kind,
            value,
            phone: person.phone,
          })),
    );
    const [first] = found;
    if (!first) continue;
    const told = found.find((each) => !isNameOrId(each));
    const whose = others.find(({ phone }) => phone === first.phone);
    const isList =
      new Set(found.map(({ phone }) => phone)).size > 1 ||
      [...shownOf(look.person, body)].some((kind) => isName({ kind })) ||
      // Sellers, authors, the best of all: whoever else is there may be called what a form of theirs said.
      found.every(({ value }) => isEntryAmongSeveral(body, value)) ||
      found.every(({ value, phone }) => isRowOfGrownList(body, value, bodiesAt(place, looks, phone))) ||
      // The first few of a longer list are people of before.
      (whose !== undefined && listsAmongOthers(body, personalOf(whose), issuedSoFar));
    if (told || !isList) return `Showed one person the ${(told ?? first).kind} of another at ${place}.`;
  }
  return undefined;
}

/** What a place showed to others than somebody. */
const bodiesAt = (place: string, looks: readonly Look[], phone: string): string[] =>
  looks.flatMap(({ person, bodies }) => (person.phone === phone ? [] : (bodies.get(place) ?? [])));

/** What somebody alone was shown of themselves, and this person was not. */
export function missingIn(look: Look, alone: Look): string | undefined {
  for (const [place, body] of alone.bodies) {
    if (look.busy.has(place)) continue;
    const seen = shownOf(look.person, look.bodies.get(place));
    for (const kind of shownOf(alone.person, body))
      if (!seen.has(kind))
        return `Did not show a person their own ${kind} at ${place}, where it shows that to somebody who comes alone.`;
  }
  return undefined;
}

/** Members that say who somebody is; ids of a team or an account may be those of several people. */
const IS_OWN_ID = /^(?:session\.user\.(?:id|sub|uid|uuid|user_?id)|cookie\.sub)$/i;

/** Whether the app has one id for two people. */
export function sharedIdIn(looks: readonly Pick<Look, 'ids' | 'person'>[]): string | undefined {
  const owners = new Map<string, string>();
  for (const { ids, person } of looks)
    for (const [member, value] of ids) {
      if (!IS_OWN_ID.test(member)) continue;
      const key = `${member} ${value}`;
      const owner = owners.get(key) ?? person.phone;
      if (owner !== person.phone) return `Has one id for two people (${member}).`;
      owners.set(key, owner);
    }
  return undefined;
}

/** Those who were there before: the members that looked for doors. */
const formerIn = ({ grounds, other }: Survey): Person[] => {
  const { id, name, email, phone } = grounds.member;
  return [{ userId: id, name, email, phone: `+${phone}` }, other.person];
};

/** Each look shows what somebody who comes alone is shown of themselves, and nothing of anybody else. */
function demandOwn(looks: readonly Look[], alone: Look, former: readonly Person[]): string {
  const others = [...former, alone.person, ...looks.map(({ person }) => person)];
  const shared = sharedIdIn([alone, ...looks]);
  demand(!shared, shared ?? '');
  for (const look of looks) {
    const mixed = strangersIn(look, others, [alone, ...looks]);
    demand(!mixed, mixed ?? '');
    const missing = missingIn(look, alone);
    demand(!missing, missing ?? '');
  }
  const own = new Set([...alone.bodies].flatMap(([, text]) => [...shownOf(alone.person, text)]));
  return `Showed each of ${looks.length} people ${own.size ? `their own ${[...own].join(', ')}` : 'nothing of anybody'}, at ${alone.bodies.size} places.`;
}

const begin = (body: PeopleBody) =>
  body.step(
    'control',
    async () => {
      const { visitor, somebody, lab } = body;
      const survey = await surveyOf({ visitor, somebody, lab });
      return { places: placesOf(survey), former: formerIn(survey) };
    },
    ({ places }) => `A member was shown ${places.length} pages and answers.`,
  );

const told = (ending: string) => ending;

/** The body of `session/two-people`: four people at once, after one who came alone. */
export async function showsEachTheirOwn(body: PeopleBody): Promise<void> {
  const { visitor, somebody, step, lab } = body;
  const { places, former } = await begin(body);
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
      return demandOwn(looks, alone, former);
    },
    told,
  );
}

/** The body of `people/in-turn`: one after the other asks for the same, then the first of them once more. */
export async function showsEachInTurn(body: PeopleBody): Promise<void> {
  const { visitor, somebody, step, lab } = body;
  const { places, former } = await begin(body);
  await step(
    'fault',
    async () => {
      const before = await lookAround(await visitor(), lab, places);
      const first = await visitor(await somebody(newcomer('Ada')));
      demandSession(await first.signIn());
      const alone = await lookAround(first, lab, places);
      const looks: Look[] = [];
      for (const word of ['Eve', 'Grace']) looks.push(await lookAs(body, newcomer(word), places));
      const stranger = await lookAround(await visitor(), lab, places);
      const people = [...former, ...looks.map(({ person }) => person)];
      const greeted = strangersIn(stranger, people, [before]);
      demand(!greeted, greeted?.replace('one person', 'a stranger') ?? '');
      looks.push(await lookAround(first, lab, places));
      return demandOwn([alone, ...looks], alone, former);
    },
    told,
  );
}
