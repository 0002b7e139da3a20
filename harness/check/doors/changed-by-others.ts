/** What belongs to one member, changed or deleted by nobody or by another: judged by what the first is shown afterwards. */

import { demand } from '../../errors.ts';
import type { Answer } from '../../user-agents/http.ts';
import { LEFT_ALONE } from '../../visitor/forms.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { CheckFixtures, LabFixtures } from '../check.ts';
import { notJudged } from '../not-judged.ts';
import { noneKnown } from '../paths-known.ts';
import { changedByCalls } from './calls-of-others.ts';
import { changedWithin } from './changed-within.ts';
import { idsIn, spokenRoutes, withIds } from './crawl.ts';
import { linksInData } from './data-links.ts';
import type { Ask } from './door.ts';
import { forgeryHeaders } from './forgery-tokens.ts';
import { demandNotWrittenOver, givenThings } from './given-things.ts';
import { keepsOut } from './gives-nothing.ts';
import { ownIdsIn } from './grounds.ts';
import { isData } from './judge.ts';
import { namedWho } from './named-who.ts';
import { newWord } from './new-word.ts';
import { isStillThere, type OwnThing, ownThings } from './own-collections.ts';
import { plantedIn } from './planted.ts';
import { send } from './send.ts';
import type { Survey } from './survey.ts';
import { takenByForms } from './taken-by-forms.ts';
import { askedHow, findDoors } from './try-approach.ts';
import { newMember } from './walk-around.ts';

type Body = Pick<CheckFixtures, 'visitor' | 'somebody' | 'step' | 'notApplicable'> & Pick<LabFixtures, 'lab'>;

export const NO_THINGS =
  'nothing was found that has an address of its own below an API, and that one member is shown and another is refused';

const LISTS_MAX = 12;
const THINGS_MAX = 5;
/** Members of data in which people write. */
const TEXTS =
  /^(?:title|name|text|body|content|description|notes?|label|comment|message|subject|summary|bio)$/i;

/** Something of one member's, with what is shown there. */
export interface Thing {
  path: string;
  first: Answer;
}

/**
 * Things of a member, each at an address of its own, that another member is refused.
 *
 * @param first who has them
 */
export async function thingsOf(
  first: Visitor,
  other: Visitor,
  survey: Pick<Survey, 'pages'>,
  lab: Body['lab'],
): Promise<Thing[]> {
  const ids = new Map<string, string[]>();
  const links: string[] = [];
  const holds = (body: string) =>
    idsIn(body).length > 0 || linksInData(body, new URL(lab.app.origin)).length > 0;
  // A list that was empty for whoever looked around holds by now what this member has made.
  const lists = [...survey.pages]
    .filter(([, body]) => /^\s*[[{]/.test(body))
    .sort(([, one], [, next]) => Number(holds(next)) - Number(holds(one)));
  for (const [path] of lists.slice(0, LISTS_MAX)) {
    const answer = await first.get(path).catch(() => undefined);
    if (!answer || answer.status >= 300) continue;
    ids.set(path, idsIn(answer.text));
    links.push(...linksInData(answer.text, answer.url));
  }
  const known = new Set([...ids.values()].flat());
  const named = links.filter((path) => path.split(/[/?]/).some((part) => known.has(part)));
  const found: Thing[] = [];
  const paths = [...withIds(lab, ids, spokenRoutes(lab)).map(({ path }) => path), ...named];
  for (const path of new Set(paths)) {
    if (found.length >= THINGS_MAX) break;
    if (LEFT_ALONE.test(path) || path.includes('?')) continue;
    const [shown, theirs] = [await first.get(path), await other.get(path)];
    const again = await first.get(path);
    const isThere = [shown, again].every((each) => each.status === 200 && !keepsOut(each));
    if (isThere && keepsOut(theirs) && theirs.status !== 405) found.push({ path, first: again });
  }
  return found;
}

/** The data of a thing with one word in each of its texts; undefined where nobody writes into it. */
export function rewritten({ first }: Pick<Thing, 'first'>, word: string): object | undefined {
  if (!isData(first)) return undefined;
  let texts = 0;
  const write = (value: unknown): unknown => {
    if (Array.isArray(value)) return value;
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => {
        const isText = typeof inner === 'string' && TEXTS.test(name);
        if (isText) texts += 1;
        return [name, isText ? word : write(inner)];
      }),
    );
  };
  try {
    const whole = JSON.parse(first.text) as object;
    // JSON:API and their like wrap what is written in the member that they show it in.
    const inner = (whole as { data?: unknown }).data;
    const given = typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? inner : whole;
    const data = write(given) as object;
    return texts > 0 ? data : undefined;
  } catch {
    return undefined;
  }
}

/** Requests that change a thing, and take it away; the version that its member was shown is said, as it is no secret. */
export function changesOf(thing: Thing, word: string, headers: Record<string, string>): Ask[] {
  const data = rewritten(thing, word);
  const tag = thing.first.headers.etag;
  const said = { ...headers, ...(tag && { 'if-match': String(tag) }) };
  const writes = data ? ['PATCH', 'PUT'].map((method) => ({ method, json: data })) : [];
  return [...writes, { method: 'DELETE' }].map((ask) => ({ ...ask, path: thing.path, headers: said }));
}

const isGone = ({ status }: Answer) => status === 404 || status === 410;

/**
 * What the first has made, and the other is not shown, changed or taken away by somebody else: it may be that nobody can read it at
 * its own address, so that the list of its member tells.
 */
async function changedInLists(
  things: readonly OwnThing[],
  who: 'nobody' | 'another member',
  { browser, first, headers }: { browser: Visitor; first: Visitor; headers: Record<string, string> },
  origin: string,
): Promise<void> {
  for (const thing of things) {
    if (!(await isStillThere(first, thing))) continue;
    const word = newWord();
    const asks = thing.first
      ? changesOf({ path: thing.path, first: thing.first }, word, headers)
      : [{ path: thing.path, method: 'DELETE', headers }];
    for (const ask of asks) {
      await send(browser, origin, ask);
      const texts = [(await first.get(thing.list)).text, (await first.get(thing.path)).text];
      demand(
        !texts.some((text) => text.includes(word)),
        `Let ${namedWho(who)} write into what belongs to a member: what ${ask.method} ${ask.path} said is shown to its member.`,
      );
    }
    demand(
      (await isStillThere(first, thing)) || (await isStillThere(first, thing)),
      `Let ${namedWho(who)} take away what belongs to a member: after DELETE ${thing.path} it is gone from ${thing.list}.`,
    );
  }
}

/** Neither nobody nor another member changes, or takes away, what one member alone is shown. */
export async function changedByNobodyElse(body: Body): Promise<void> {
  const { visitor, step, notApplicable, lab } = body;
  const survey = await findDoors(body);
  const [first, other] = [await newMember(body), await newMember(body)];
  const made = await ownThings({ first, other }, survey, lab);
  const things = await thingsOf(first, other, survey, lab);
  const userId = first.person.userId ?? '';
  const ids = [userId, ...ownIdsIn(await first.session(), userId)].filter(Boolean);
  const { calls } = lab.routes ?? {};
  // People of a real tenant have more to lose than what this check has made for them.
  const called = calls && !lab.live ? { calls, lab, pages: survey.pages, first, other } : undefined;
  const hasForms = survey.doors.some(({ isPage }) => isPage) && !lab.live;
  if (things.length === 0 && made.length === 0 && !called && !hasForms)
    noneKnown(lab, notApplicable, NO_THINGS);
  const { origin } = lab.app;
  const { names } = await step(
    'approach',
    async () => {
      const nobody = await visitor();
      const names = called ? await changedByCalls({ ...called, nobody }) : [];
      const pages = hasForms ? await takenByForms({ first, other, nobody }, survey, lab) : [];
      const gone = new Set<string>();
      for (const who of ['nobody', 'another member'] as const) {
        const browser = who === 'nobody' ? await visitor() : other;
        const headers = await forgeryHeaders(browser, survey.pages, lab).catch(() => ({}));
        await changedInLists(made, who, { browser, first, headers }, origin);
        for (const thing of things) {
          const word = newWord();
          for (const ask of gone.has(thing.path) ? [] : changesOf(thing, word, headers)) {
            const answer = await send(browser, origin, ask);
            const now = await first.get(thing.path);
            // What may be read so often only is gone by itself: a refusal took nothing away, as far as can be seen.
            if (isGone(now) && (!answer || answer.status >= 300)) {
              gone.add(thing.path);
              break;
            }
            demand(
              !now.text.includes(word),
              `Let ${namedWho(who)} write into what belongs to a member: what ${askedHow({ path: ask.path, ...(ask.method && { method: ask.method }) })} said is shown to its member.`,
            );
            demand(
              !(ask.method === 'DELETE' && isGone(now)),
              `Let ${namedWho(who)} take away what belongs to a member: after ${ask.method} ${ask.path} its member gets ${now.status}.`,
            );
          }
        }
      }
      const headers = await forgeryHeaders(other, survey.pages, lab).catch(() => ({}));
      const given = await givenThings({ first, other }, survey, lab);
      const notWritten = await demandNotWrittenOver(given, { first, other, nobody: await visitor() }, lab);
      const within = lab.live ? [] : await changedWithin(made, { first, other, headers }, survey, lab);
      const planted = await plantedIn({ first, other, ids }, headers, survey, lab);
      demand(
        !planted,
        planted?.isSaid
          ? `Let another member write in the name of a member: what was posted to ${planted.path} with the id of that one is shown as theirs.`
          : `Let another member write into what belongs to a member: what was posted to ${planted?.path} with the id of the owner is shown to that one.`,
      );
      if (gone.size)
        notJudged(
          `${[...gone].join(', ')} was gone for its member after it had been asked for several times, though what would take it away was refused`,
          'let what the app keeps for its members be read more often in the run',
        );
      return {
        names: [
          ...made.map(({ path }) => path).filter((path) => !things.some((thing) => thing.path === path)),
          ...names.map((name) => `what ${name} names`),
          ...pages.map((path) => `what ${path} shows`),
          ...within,
          ...notWritten,
        ],
      };
    },
    ({ names: tried }) =>
      `Left as they were: ${[...things.map(({ path }) => path), ...tried].join(', ') || 'nothing'}.`,
  );
  if (things.length + names.length === 0) noneKnown(lab, notApplicable, NO_THINGS);
}
