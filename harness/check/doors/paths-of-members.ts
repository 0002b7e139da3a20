/** Paths that are for members: what the config names, or else the doors that the run finds. */
import { test } from '@playwright/test';
import { Unanswered } from '../../errors.ts';
import type { Answer } from '../../user-agents/http.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { issuedIn } from '../issued-in.ts';
import { demandNoOnboarding, endAs, notJudged } from '../not-judged.ts';
import type { Door } from './door.ts';
import { surveyOf } from './survey.ts';
import { type Needs, newMember } from './walk-around.ts';

type Key = 'protected' | 'api';

export interface MemberPath {
  path: string;
  isPage: boolean;
}

/** What the config names. */
const named = ({ config }: Needs['lab'], keys: readonly Key[]): MemberPath[] =>
  keys.flatMap((key) => config.pages[key].map((path) => ({ path, isPage: key === 'protected' })));

/** What the config names; ends as not applicable where it says that there is none. */
function declared(lab: Needs['lab'], keys: readonly Key[]): MemberPath[] {
  const { given } = lab;
  const paths = named(lab, keys);
  const names = keys.map((key) => `pages.${key}`);
  if (paths.length === 0 && names.every((name) => given?.includes(name)))
    endAs(
      test.info(),
      'not applicable',
      `the app has none of what is judged, as the config says (${names.join(', ')})`,
    );
  return paths;
}

/** Doors that turn strangers away, at addresses that name nobody; none where nobody could look. */
async function found(needs: Needs, keys: readonly Key[]): Promise<Door[]> {
  const survey = await surveyOf(needs).catch(() => undefined);
  if (!survey) return [];
  const isOfOne = (path: string) => issuedIn(path, survey.personal).length > 0;
  return survey.doors.filter(
    ({ path, refuses, open, isPage }) =>
      refuses && !open && !isOfOne(path) && keys.includes(isPage ? 'protected' : 'api'),
  );
}

/** Those that another member is shown as well: what one has (an order, an invoice) says nothing of the others. */
async function ofAllMembers(needs: Needs, doors: readonly Door[]): Promise<MemberPath[]> {
  const another = doors.length > 0 ? await newMember(needs) : undefined;
  const shared: MemberPath[] = [];
  for (const { path, isPage } of doors) {
    const shown = another && (await shownTo(another, { path, isPage }));
    if (!shown || (shown.status >= 200 && shown.status < 300)) shared.push({ path, isPage });
  }
  return shared;
}

const unnamed = (keys: readonly Key[]) =>
  `the config names nothing that needs a session (${keys.map((key) => `pages.${key}`).join(', ')})`;

/**
 * Paths that need a session, as the config names them: only the app knows what is meant for members.
 *
 * None named leaves the check not judged, with what the run found: most apps have some. An empty list that the user wrote
 * says that the app has none, and the check is not applicable.
 */
export async function namedPaths(needs: Needs, key: Key): Promise<string[]> {
  const paths = declared(needs.lab, [key]);
  if (paths.length > 0) return paths.map(({ path }) => path);
  const shared = needs.lab.usage?.onboarding ? [] : await ofAllMembers(needs, await found(needs, [key]));
  const doors = shared.map(({ path }) => `'${path}'`);
  return notJudged(
    doors.length
      ? `${unnamed([key])}; what was found that turns strangers away is ${doors.join(', ')}`
      : unnamed([key]),
    doors.length
      ? `write pages: { ${key}: [${doors.join(', ')}] }, with whatever else is for members`
      : 'name it there, or write an empty list where there is none',
  );
}

/**
 * Paths whose content members are shown; where the config names none, the doors that were found, as what is asked of such a
 * path does not depend on who named it. Not judged where members are led to another page first.
 *
 * @param keys which of `pages.protected` and `pages.api`; any of them will do
 */
export async function memberPaths(needs: Needs, ...keys: Key[]): Promise<MemberPath[]> {
  const paths = declared(needs.lab, keys);
  demandNoOnboarding(needs.lab);
  if (paths.length > 0) return paths;
  const ofAll = await ofAllMembers(needs, await found(needs, keys));
  if (ofAll.length > 0) return ofAll;
  return notJudged(
    `${unnamed(keys)}, and no path was found that turns strangers away`,
    'name it there, or write an empty list where there is none',
  );
}

/** The same for what is asked beside the matter of a check: none where none is known, or where members are led to another page first. */
export async function knownPaths(needs: Needs, ...keys: Key[]): Promise<MemberPath[]> {
  if (needs.lab.usage?.onboarding) return [];
  const paths = named(needs.lab, keys);
  return paths.length > 0 ? paths : ofAllMembers(needs, await found(needs, keys));
}

/** Whether nothing is read at a path, by members neither: it is written to alone (RFC 9110 §15.5.6). */
export const isNeverRead = ({ status }: Pick<Answer, 'status'>): boolean => status === 405;

/** Ends the running check as not judged: none of these paths answers a GET. */
export const notRead = (paths: readonly string[]): never =>
  notJudged(
    `${paths.join(', ')} ${paths.length > 1 ? 'answer' : 'answers'} no GET (405), to a person with a session neither`,
    'name in pages.api a path where members read data',
  );

/** Pages of members, those that the config names first, then those that were found; none where there are none. */
export async function pagesOfMembers(needs: Needs): Promise<string[]> {
  const doors = await found(needs, ['protected']);
  return [...new Set([...needs.lab.config.pages.protected, ...doors.map(({ path }) => path)])];
}

/** Data that kept a member of this worker's app waiting once are not waited for again. */
const waits = new Set<string>();

/**
 * What a member gets at a path.
 *
 * @returns undefined where data keep their members waiting until there is news (a long poll): they are closed to whoever is
 * refused at once, and what they hold is not known
 * @throws Unanswered when a page does not answer in time
 */
export async function shownTo(
  member: Visitor,
  { path, isPage = false }: { path: string; isPage?: boolean },
): Promise<Answer | undefined> {
  const place = new URL(path, member.at('')).href;
  if (waits.has(place)) return undefined;
  try {
    return await member.get(path);
  } catch (error) {
    if (isPage || !(error instanceof Unanswered)) throw error;
    waits.add(place);
    return undefined;
  }
}
