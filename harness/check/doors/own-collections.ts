/**
 * Lists that hold for each member what they have made alone. Whoever is new has nothing, so that two members make something first;
 * what the first then finds in a list in which the other finds only what is theirs belongs to the first.
 */
import type { Answer } from '../../user-agents/http.ts';
import { LEFT_ALONE } from '../../visitor/forms.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { LabFixtures } from '../check.ts';
import { idsIn, linksIn, spokenRoutes, withIds } from './crawl.ts';
import { forgeryHeaders } from './forgery-tokens.ts';
import { keepsOut } from './gives-nothing.ts';
import { isData } from './judge.ts';
import { hasFigures, textsIn } from './marks.ts';
import { filledIn, formsOf, pagesOfMembers } from './member-forms.ts';
import { newWord } from './new-word.ts';
import { type PostedList, postAsWanted, postedLists } from './posted-lists.ts';
import { formPosts } from './posts.ts';
import { REACHES_OUT } from './reaches-out.ts';
import { send } from './send.ts';
import type { Survey } from './survey.ts';
import { idsOf } from './things-made.ts';

type Lab = LabFixtures['lab'];

/** Something that one member has made, and that no list shows to the other. */
export interface OwnThing {
  /** Where its member finds it. */
  list: string;
  /** What says there that it is still in the list: its id, or its address. */
  mark: string;
  path: string;
  /** What its member is shown at its own address; missing where that shows nothing. */
  first?: Answer;
  /** What its member has written into it. */
  word: string;
}

const LISTS_MAX = 6;
const IDS_MAX = 1_000;
const PLACES_MAX = 24;
const THINGS_MAX = 6;
const MARKS_MAX = 4;

export const bare = (path: string): string => path.split('?')[0] ?? '';
const isId = (part: string) => /\d/.test(part) || part.length >= 20;

/** Ids in data; links to single things on a page. */
const marksAt = (answer: Answer): Set<string> => {
  if (answer.status >= 300) return new Set();
  if (isData(answer)) return new Set(idsIn(answer.text, IDS_MAX));
  return new Set(linksIn(answer.text, answer.url).filter((to) => isId(bare(to).split('/').at(-1) ?? '')));
};

const holdsList = (body: string): boolean => {
  try {
    const data: unknown = JSON.parse(body);
    return (
      Array.isArray(data) ||
      (typeof data === 'object' && data !== null && Object.values(data).some(Array.isArray))
    );
  } catch {
    return false;
  }
};

/** Lists of an API to which something may be posted: where the sources name none, those of the config. */
function listsOf(survey: Pick<Survey, 'pages'>, { routes, config }: Lab): PostedList[] {
  const posts = routes?.posts?.length
    ? routes.posts
    : config.pages.api.map((path) => ({ path, source: 'config' }));
  return postedLists(survey, posts, { holds: holdsList, most: LISTS_MAX });
}

interface Made {
  list: string;
  /** What is there since. */
  marks: Set<string>;
  /** All that is there. */
  all: Set<string>;
  word: string;
}

/** Posts to a list, with the fields that its refusals ask for. */
async function postTo(
  member: Visitor,
  { path: list, to }: PostedList,
  headers: Record<string, string>,
  lab: Lab,
): Promise<Made> {
  const before = marksAt(await member.get(list));
  const word = newWord();
  await postAsWanted(member, lab.app.origin, { to, headers }, word);
  const all = marksAt(await member.get(list));
  return { list, word, all, marks: new Set([...all].filter((mark) => !before.has(mark))) };
}

/** Posts the forms of members' pages; what is new is whatever their pages link to since. */
async function postForms(member: Visitor, survey: Survey, lab: Lab): Promise<Made[]> {
  const pages = pagesOfMembers(survey);
  const look = async () =>
    new Map(await Promise.all(pages.map(async (path) => [path, marksAt(await member.get(path))] as const)));
  const forms = (await formsOf(member, survey)).filter(({ form }) => !REACHES_OUT.test(form.action));
  if (forms.length === 0) return [];
  const before = await look();
  const word = newWord();
  for (const { form } of forms) await send(member, lab.app.origin, filledIn(form, word));
  return [...(await look())].map(([list, all]) => ({
    list,
    all,
    word,
    marks: new Set([...all].filter((mark) => !before.get(list)?.has(mark))),
  }));
}

async function makeAll(member: Visitor, survey: Survey, lab: Lab): Promise<Made[]> {
  const headers = await forgeryHeaders(member, survey.pages, lab).catch(() => ({}));
  const made: Made[] = [];
  for (const list of listsOf(survey, lab)) made.push(await postTo(member, list, headers, lab));
  made.push(...(await postForms(member, survey, lab)));
  return made.filter(({ marks }) => marks.size > 0);
}

/** Whether two lists of the same place hold for each member what is theirs: nothing stands in both. */
const isApart = (one: Made, other: Made): boolean => [...one.all].every((mark) => !other.all.has(mark));

/** The last part of an address: the id of what stands there. */
export const lastOf = (mark: string): string => bare(mark).split('/').at(-1) ?? '';

/** Addresses of a thing of a kind, as the routes of the app have it: `/orders/17` and `/api/orders/17`. */
const byRoutes = (list: string, id: string, lab: Lab): string[] =>
  withIds(lab, new Map([[list, [id]]]), spokenRoutes(lab)).map(({ path }) => path);

/** The addresses of a thing below a list, as the routes of the app or its member's links say. */
const addressesOf = (list: string, mark: string, lab: Lab): string[] =>
  mark.startsWith('/')
    ? [mark, ...byRoutes(bare(mark).replace(/\/[^/]*$/, ''), lastOf(mark), lab)]
    : [...byRoutes(list, mark, lab), `${bare(list)}/${mark}`];

/** The addresses of something in a list, with what its member is shown at each. */
async function addressed(first: Visitor, { list, word }: Made, mark: string, lab: Lab): Promise<OwnThing[]> {
  const things: OwnThing[] = [];
  for (const path of new Set(addressesOf(list, mark, lab))) {
    if (LEFT_ALONE.test(path)) continue;
    const shown = await first.get(path);
    things.push({ list, mark, path, word, ...(keepsOut(shown) ? {} : { first: shown }) });
  }
  return things;
}

/** Whether there is anything by which a member of this app could make something. */
export const canMake = (survey: Survey, lab: Lab): boolean =>
  !lab.live && (listsOf(survey, lab).length > 0 || formPosts(survey).length > 0);

/**
 * Has two members make something, and finds what belongs to the first.
 *
 * @param first has made nothing yet
 * @param other likewise
 */
export async function ownThings(
  { first, other }: { first: Visitor; other: Visitor },
  survey: Survey,
  lab: Lab,
): Promise<OwnThing[]> {
  // People of a real tenant have more to lose than what a check has made for them.
  if (!canMake(survey, lab)) return [];
  const mine = await makeAll(first, survey, lab);
  if (mine.length === 0) return [];
  const theirs = await makeAll(other, survey, lab);
  const pairs = mine.flatMap((one) => {
    const counterpart = theirs.find(({ list }) => list === one.list);
    return counterpart ? [[one, counterpart] as const] : [];
  });
  const people = new Set(await idsOf(first));
  const apart: OwnThing[] = [];
  for (const [one, counterpart] of pairs) {
    // What both had made is looked at once both were there.
    const all = marksAt(await first.get(one.list));
    if (!isApart({ ...one, all }, counterpart)) continue;
    // Data name whose a thing is as well, and what it is about.
    const marks = [...one.marks].filter((each) => all.has(each) && !people.has(each));
    const found: OwnThing[] = [];
    for (const mark of marks.slice(0, MARKS_MAX)) found.push(...(await addressed(first, one, mark, lab)));
    const shown = found.filter((thing) => thing.first);
    apart.push(...(shown.length > 0 ? shown : found));
  }
  if (apart.length === 0) return [];
  const elsewhere = await Promise.all(
    [...survey.pages.keys()].slice(0, PLACES_MAX).map(async (path) => (await other.get(path)).text),
  );
  // What is named to the other anywhere is for them as well.
  const isNamed = (id: string) => elsewhere.some((text) => text.split(/[^\w-]+/).includes(id));
  return apart.filter(({ mark }) => !isNamed(lastOf(mark))).slice(0, THINGS_MAX);
}

/** Whether whoever knows one id knows the next one as well. */
export const isGuessable = ({ path }: Pick<OwnThing, 'path'>): boolean =>
  bare(path)
    .split('/')
    .filter(isId)
    .every((part) => /^[a-z]{0,8}[-_]?\d{1,12}$/i.test(part));

/** The address of a thing that nobody has made. */
export const addressOfNone = ({ path }: Pick<OwnThing, 'path'>): string => {
  const [address, query] = [bare(path), path.slice(bare(path).length)];
  return `${address.replace(/[^/]*$/, (id) => (/^\d+$/.test(id) ? `${id}000000` : `${id}0x0`))}${query}`;
};

/**
 * Whether an answer tells what the member is told there, who has made the thing.
 *
 * @param none what the other is answered where there is nothing: a page that says more to the member than that page says it of the
 * thing
 */
export function tellsSame(answer: Answer, { first, word }: OwnThing, none?: Answer): boolean {
  if (!first) return false;
  // Bodies of redirects and refusals are read as well: who is led elsewhere has been sent them.
  if (first.text.includes(word)) return answer.text.includes(word);
  if (keepsOut(answer)) return false;
  if (isData(first)) return answer.text === first.text;
  const of = new Set(none ? textsIn(none.text) : []);
  const own = textsIn(first.text).filter((text) => hasFigures(text) && !of.has(text));
  const theirs = new Set(textsIn(answer.text));
  return none !== undefined && own.length > 0 && own.every((text) => theirs.has(text));
}

/** Whether its member is shown a page of it, and no data. */
export const isOnPage = ({ first }: Pick<OwnThing, 'first'>): boolean => /^\s*</.test(first?.text ?? '');

/** Whether a thing is still where its member finds it. */
export const isStillThere = async (first: Visitor, { list, mark }: OwnThing): Promise<boolean> =>
  marksAt(await first.get(list)).has(mark);
