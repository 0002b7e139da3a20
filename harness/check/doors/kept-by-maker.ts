/** What a member has made by forms, looked for as another member and as nobody: where they are refused it, they read it nowhere. */
import { demand } from '../../errors.ts';
import type { LabDescription } from '../../lab/lab-description.ts';
import type { Answer } from '../../user-agents/http.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { type Candidate, idsIn, linkedThings, linksIn, mayBeDoor, spokenRoutes, withIds } from './crawl.ts';
import { keepsOut } from './gives-nothing.ts';
import { isInvitation, isKeyOf } from './invitations.ts';
import { type MadeByMember, makeByForms, tellsAny, tellsBody } from './made-by-member.ts';
import { refuses } from './marks.ts';
import { givesNoKeyToOthers, namingFirst } from './named-by-others.ts';
import { searchesIn } from './searches.ts';
import type { Survey } from './survey.ts';
import { isHtml, walkAround } from './walk-around.ts';

const PLACES_MAX = 24;
/** Lists that are asked for with the id of their member. */
const NAMED_MAX = 4;
/** What is linked on the page of a thing, a file say, is looked at as well. */
const DEPTH = 2;
/** Where somebody works on what others may read elsewhere. */
const WORKPLACE =
  /edit|editor|manage|settings?|admin|dashboard|studio|account|profile|mine|^my|^me$|update|new$|write|compose|preview/i;
/** What is there for everybody, by its name. */
const FOR_ALL = /public|embed|share|preview|rss|^feed|sitemap|oembed|^og$/i;

const partsOf = (path: string): string[] => (path.split('?')[0] ?? '').split('/').filter(Boolean);
/** The id at the end of an address, as of a thing: `17` of `/api/notes/17` and of `/files/17.csv`. */
const idAt = (path: string): string | undefined => {
  const parts = partsOf(path);
  const last = parts.at(-1)?.replace(/\.\w{2,4}$/, '') ?? '';
  return parts.length > 1 && /^[\w-]{1,64}$/.test(last) && /\d/.test(last) && !path.includes('?')
    ? last
    : undefined;
};
const isWorkplace = (path: string): boolean => partsOf(path).some((part) => WORKPLACE.test(part));
const isForAll = (path: string): boolean =>
  partsOf(path).some((part) => FOR_ALL.test(part)) || isInvitation(path) || isKeyOf(idAt(path) ?? '');

interface Parties {
  first: Visitor;
  other: Visitor;
  nobody: Visitor;
}

/** What the maker is shown: the pages and answers that were found, what lies behind them, and what a search for their words finds. */
async function shownToMaker(
  maker: Visitor,
  made: readonly MadeByMember[],
  { pages }: Survey,
  lab: LabDescription,
): Promise<Map<string, Answer>> {
  const start: Candidate[] = [...pages.keys()]
    .filter((path) => !path.includes('?'))
    .map((path) => ({ path, source: 'what members are shown' }));
  const found = new Map<string, Answer>();
  const walk = async (candidates: Candidate[]) => {
    for (const [path, { first }] of await walkAround(maker, lab, candidates, new Set()))
      found.set(path, first);
  };
  await walk(start);
  const words = made.map(({ word }) => word);
  const ids = new Map([...found].map(([path, { text }]) => [path, idsIn(text)] as const));
  for (const [path, { text }] of found)
    if (/^\s*[[{]/.test(text) && words.some((word) => text.includes(word)))
      ids.set(path, idsOfMade(text, words));
  const routes = spokenRoutes(lab);
  // What was linked before has not been made now.
  const before = new Set([...pages].flatMap(([path, body]) => linksIn(body, new URL(path, lab.app.origin))));
  const newFirst = (links: { path: string; page: string }[]) => [
    ...links.filter(({ path }) => !before.has(path)),
    ...links.filter(({ path }) => before.has(path)),
  ];
  for (let depth = 0; depth < DEPTH; depth += 1) {
    const pages = [...found].filter(([path, answer]) => isHtml(answer) && !path.includes('?'));
    const holds = ([, { text }]: [string, Answer]) => words.some((word) => text.includes(word));
    const sorted = [...pages.filter(holds), ...pages.filter((page) => !holds(page))];
    // Of each page: a list of all that others have made as well would hide what stands on that of the maker.
    const next = sorted
      .flatMap(([page, answer]) =>
        linkedThings(lab, newFirst(linksIn(answer.text, answer.url).map((path) => ({ path, page }))), routes),
      )
      .filter(({ path }) => !found.has(path));
    if (next.length) await walk(next.slice(0, PLACES_MAX));
  }
  // A page that repeats what was looked for does not repeat what was found.
  const halves = words.slice(0, 2).map((word) => word.slice(0, -1));
  const behind = [...withIds(lab, ids, routes), ...searchesIn(lab, routes, halves)];
  const more = behind.filter(({ path }) => !found.has(path) && mayBeDoor(path, lab)).slice(0, PLACES_MAX);
  if (more.length) await walk(more);
  return found;
}

/** Ids in data of the very things that hold what was written. */
function idsOfMade(text: string, words: readonly string[]): string[] {
  const found = new Set<string>();
  const look = (value: unknown): void => {
    if (Array.isArray(value)) for (const each of value) look(each);
    else if (typeof value === 'object' && value !== null) {
      const own = Object.values(value).some(
        (each) => typeof each === 'string' && words.some((word) => each.includes(word)),
      );
      if (own) for (const id of idsIn(JSON.stringify(value), 1)) found.add(id);
      for (const each of Object.values(value)) look(each);
    }
  };
  try {
    look(JSON.parse(text));
  } catch {
    // Half a body has no ids.
  }
  return [...found].slice(0, 4);
}

const isRefused = (answer: Answer): boolean => answer.status !== 405 && (keepsOut(answer) || refuses(answer));

/**
 * Has a member make things, and asks as another and as nobody wherever the maker is shown them.
 *
 * It counts where the maker has said that a thing is nobody else's (a draft) and not every place shows it to others, or where the app refuses it to the same person at each
 * address of the thing itself but this one, and asks for a session here. What is only named in a list tells nothing.
 *
 * @returns how many things could be judged
 * @throws ConformanceFailure when what the maker wrote is shown
 */
export async function keptByMaker(
  { first, other, nobody }: Parties,
  survey: Survey,
  lab: LabDescription,
): Promise<number> {
  const made = await makeByForms(first, survey, lab);
  if (made.length === 0) return 0;
  const shown = await shownToMaker(first, made, survey, lab);
  const asked = new Map<string, { others: Answer; strangers: Answer }>();
  const ask = async (path: string) => {
    const known = asked.get(path) ?? { others: await other.get(path), strangers: await nobody.get(path) };
    asked.set(path, known);
    return known;
  };
  const naming = await namingFirst(first, lab);
  let judged = await givesNoKeyToOthers({ first, other, made, shown, pages: survey.pages }, lab);
  for (const thing of made) {
    const places = [...shown].filter(([, { text }]) => tellsAny(text, thing)).map(([path]) => path);
    for (const path of places.slice(0, PLACES_MAX)) await ask(path);
    const at = (path: string) => asked.get(path);
    const known = places.filter((path) => asked.has(path));
    const reads = (path: string, who: 'others' | 'strangers') => {
      const answer = at(path)?.[who];
      return answer !== undefined && !isRefused(answer) && tellsAny(answer.text, thing);
    };
    // A page to which a list that others are shown leads them is for its readers, whoever works on the thing elsewhere.
    const isLedTo = (path: string) =>
      known.some((place) => {
        const answer = at(place)?.others;
        return (
          answer !== undefined &&
          !idAt(place) &&
          reads(place, 'others') &&
          linksIn(answer.text, answer.url).some((to) => partsOf(to).join('/') === partsOf(path).join('/'))
        );
      });
    if (thing.isKept) {
      judged += 1;
      for (const [who, words] of [
        ['strangers', 'somebody without a session'],
        ['others', 'another member'],
      ] as const) {
        // Drafts of an editorial team are for all of it: they are shown to its members wherever their maker is shown them.
        const isTheirs = who === 'others' && known.every((path) => reads(path, who));
        const open = isTheirs ? undefined : known.find((path) => reads(path, who) && !isForAll(path));
        demand(
          !open,
          `Showed ${words} what its maker keeps private: ${open} holds what was written into ${thing.by}.`,
        );
      }
      continue;
    }
    const own = known.filter((path) => idAt(path) && !isWorkplace(path));
    const shut = own.filter((path) => isRefused(at(path)?.others as Answer));
    if (shut.length === 0) continue;
    judged += 1;
    const open = own.filter((path) => !shut.includes(path) && !isForAll(path));
    // What a page tells everybody (the name that somebody goes by) is no secret of the data behind it.
    const isOut = known.some((path) => isHtml(at(path)?.strangers as Answer) && reads(path, 'strangers'));
    for (const path of open) {
      const { strangers } = at(path) as { strangers: Answer };
      // A page for everybody is published, whoever works on it elsewhere.
      const isPublished = isHtml(strangers) && reads(path, 'strangers');
      const isSameKind = shut.some((each) => idAt(each) === idAt(path) || !idAt(path)?.match(/[a-z]/i));
      if (isPublished || isOut || !isSameKind) continue;
      for (const [who, words] of [
        ['strangers', 'somebody without a session'],
        ['others', 'another member'],
      ] as const)
        demand(
          !reads(path, who) || (who === 'others' && isLedTo(path)),
          `Showed ${words} what belongs to a member: ${path} holds what was written into ${thing.by}, and ${shut[0]} refuses it to others.`,
        );
    }
    if (!thing.hasBody || open.some((path) => reads(path, 'others'))) continue;
    const lists = known.filter((path) => !idAt(path) && !isForAll(path));
    // A page that only names the thing may name its maker: what is told of somebody in a directory was refused nowhere.
    const refusing = shut.find((path) => tellsBody(shown.get(path)?.text ?? '', thing));
    if (!refusing) continue;
    const list = lists.find((path) => {
      const { others, strangers } = at(path) as { others: Answer; strangers: Answer };
      return !isRefused(others) && tellsBody(others.text, thing) && isRefused(strangers);
    });
    demand(
      !list,
      `Showed another member what belongs to a member: ${list} holds what was written into ${thing.by}, and ${refusing} refuses it to others.`,
    );
    for (const path of lists.filter((each) => !reads(each, 'others')).slice(0, NAMED_MAX))
      for (const address of naming(path)) {
        const answer = await other.get(address);
        demand(
          isRefused(answer) || !tellsBody(answer.text, thing),
          `Showed another member what belongs to a member: ${path}, asked with the id of the first, holds what was written into ${thing.by}, and ${refusing} refuses it to others.`,
        );
      }
  }
  return judged;
}
