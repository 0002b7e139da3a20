/** What belongs to one member, named in calls of procedures by nobody and by another member. */

import { demand } from '../../errors.ts';
import type { Procedure, ProcedureCalls, ProcedureInput } from '../../lab/procedure.ts';
import { SIGN_OUT } from '../../visitor/sign-words.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { LabFixtures } from '../check.ts';
import {
  ends,
  inputOf,
  type KnownIds,
  mutationAsk,
  namedIdsIn,
  namedIn,
  namesThing,
  valuesFor,
} from './calls.ts';
import { forgeryHeaders } from './forgery-tokens.ts';
import { keepsOut } from './gives-nothing.ts';
import { shownIn } from './judge.ts';
import { lookAt, lookInBatch } from './look-at.ts';
import { personalOf, refuses } from './marks.ts';
import { namedWho } from './named-who.ts';
import { newWord } from './new-word.ts';
import { isPostedPlace, opened, placeTold } from './posted.ts';
import { send } from './send.ts';
import type { Survey } from './survey.ts';
import { makeThings, type Shown, shownTo, verbOf } from './things-made.ts';

type Lab = LabFixtures['lab'];

/** What changes something that is there, or takes it away; who may add to it (a comment, a vote) is for the app to say. */
const CHANGES =
  /^(?:update|edit|rename|set|save|change|patch|modify|put|upsert|move|publish|unpublish|archive|restore|transfer|assign|complete|finish|delete|remove|destroy|discard|clear|revoke|trash)/i;
const TAKES = /^(?:delete|remove|destroy|discard|clear|revoke|trash|archive)/i;
/** Of the account as a whole. */
const OF_ACCOUNT = /account|everything|^all$|all$/i;
const OF_ONESELF = /^(?:user|member|owner|author|account|profile|person)(?:_?id)?$|^id$/i;
const CALLS_MAX = 24;
/** Names are told to others in many apps. */
const SAID_TO_NOBODY = /phone number|email address/;

/** Which ids of the first member a procedure is called with. */
interface Aim {
  procedure: Procedure;
  field: ProcedureInput;
  value: unknown;
  /** It is the first member who is named, not a thing of theirs. */
  isPerson: boolean;
}

const same = (one: unknown, other: unknown) => String(one) === String(other);

/** The mutations that change something, each aimed at what the first has and the other is not shown. */
export function aimsOf(calls: ProcedureCalls, first: KnownIds, others: KnownIds): Aim[] {
  const fits = calls.procedures.filter(
    ({ kind, name, isUnread }) =>
      kind === 'mutation' &&
      !isUnread &&
      CHANGES.test(verbOf(name)) &&
      !SIGN_OUT.test(name) &&
      !OF_ACCOUNT.test(verbOf(name)),
  );
  const aims = fits.flatMap((procedure) =>
    (procedure.inputs ?? [])
      .filter((input) => namesThing(input) && input.type !== 'list')
      .slice(0, 1)
      .flatMap((field) => {
        const known = valuesFor(field, procedure, others);
        const isPerson = (value: unknown) => first.own.some((id) => same(id, value));
        // Who the members are may be known to all of them; what they have is not.
        const own = valuesFor(field, procedure, first).filter(
          (value) => isPerson(value) || !known.some((each) => same(each, value)),
        );
        return ends(own)
          .map((value): Aim => ({ procedure, field, value, isPerson: isPerson(value) }))
          .filter(
            (aim) => !aim.isPerson || (OF_ONESELF.test(field.name) && !TAKES.test(verbOf(procedure.name))),
          );
      }),
  );
  // What takes something away comes last.
  return aims
    .sort(
      (one, next) =>
        Number(TAKES.test(verbOf(one.procedure.name))) - Number(TAKES.test(verbOf(next.procedure.name))),
    )
    .slice(0, CALLS_MAX);
}

/** The input of a call: further ids of the same member beside the one that it is aimed at. */
function inputFor({ procedure, field, value }: Aim, known: KnownIds, word: string): unknown {
  const named = Object.fromEntries(
    (procedure.inputs ?? [])
      .filter((input) => input !== field && namesThing(input) && !input.isOptional)
      .map((input) => [input.name, valuesFor(input, procedure, known)[0]] as const),
  );
  return inputOf(procedure, { ...named, [field.name]: value }, word);
}

const holds = (text: string, value: unknown) => namedIdsIn(text).some((each) => same(each.value, value));

/** Paths at which the first is shown what a call names. */
const placesOf = ({ answers }: Shown, value: unknown): string[] =>
  [...answers].flatMap(([path, { text }]) => (holds(text, value) ? [path] : []));

interface Parties {
  calls: ProcedureCalls;
  lab: Lab;
  pages: Survey['pages'];
  first: Visitor;
  other: Visitor;
  nobody: Visitor;
}

/** What the other member writes of their own by the same call, and where the first is shown that: a board, a list of members. */
async function sharedPlaces(
  aim: Aim,
  { calls, lab, first, other }: Parties,
  theirs: KnownIds,
  places: readonly string[],
  { headers, own }: { headers: Record<string, string>; own: Record<string, string> },
): Promise<Set<string>> {
  const word = newWord();
  const [thing] = valuesFor(aim.field, aim.procedure, theirs);
  const input =
    thing === undefined && aim.field.isOptional
      ? inputOf(aim.procedure, {}, word)
      : inputFor({ ...aim, value: thing }, theirs, word);
  if ((thing === undefined && !aim.field.isOptional) || input === undefined) return new Set();
  await send(other, lab.app.origin, { ...mutationAsk(calls, aim.procedure, input), headers });
  const shared = new Set<string>();
  for (const path of places)
    if ((await lookAt(first, path, lab.app.origin, own)).text.includes(word)) shared.add(path);
  return shared;
}

/**
 * Calls the mutations of an app with the ids of what one member alone is shown.
 *
 * @returns the names of what was called
 * @throws ConformanceFailure when what the member is shown was changed, or is gone
 */
export async function changedByCalls(parties: Parties): Promise<string[]> {
  const { calls, lab, pages, first, other, nobody } = parties;
  await makeThings(first, calls, lab, pages);
  await makeThings(other, calls, lab, pages);
  const { origin } = lab.app;
  const own = await forgeryHeaders(first, pages, lab).catch(() => ({}));
  const others = await forgeryHeaders(other, pages, lab).catch(() => ({}));
  const [mine, theirs] = [await shownTo(first, lab, own), await shownTo(other, lab, others)];
  const tried = new Set<string>();
  for (const who of ['nobody', 'another member'] as const) {
    const browser = who === 'nobody' ? nobody : other;
    const headers = who === 'nobody' ? await forgeryHeaders(nobody, pages, lab).catch(() => ({})) : others;
    for (const aim of aimsOf(calls, mine.known, theirs.known)) {
      const { procedure, value } = aim;
      const takes = TAKES.test(verbOf(procedure.name));
      const places = placesOf(mine, value);
      const word = newWord();
      const input = inputFor(aim, mine.known, word);
      if (places.length === 0 || input === undefined) continue;
      const shared = takes
        ? new Set<string>()
        : await sharedPlaces(aim, parties, theirs.known, places, { headers: others, own });
      const watched: string[] = [];
      for (const path of places)
        if (!shared.has(path) && holds((await lookAt(first, path, origin, own)).text, value))
          watched.push(path);
      if (watched.length === 0) continue;
      const answer = await send(browser, lab.app.origin, {
        ...mutationAsk(calls, procedure, input),
        headers,
      });
      if (who === 'nobody') await nobody.agent.jar.removeAllCookies();
      tried.add(procedure.name);
      let isThere = aim.isPerson || !answer || keepsOut(procedure.posted ? opened(answer) : answer);
      for (const path of watched) {
        const now = await lookAt(first, path, origin, own);
        demand(
          !now.text.includes(word),
          `Let ${namedWho(who)} write into what belongs to a member: what ${procedure.name} was called with is shown to its member by ${placeTold(path)}.`,
        );
        isThere ||= holds(now.text, value);
      }
      // A list of the latest may have lost it by itself.
      demand(
        isThere,
        `Let ${namedWho(who)} take away what belongs to a member: after ${procedure.name} its member is not shown it any more by ${watched.map(placeTold).join(', ')}.`,
      );
    }
  }
  return [...tried];
}

/**
 * Makes, as nobody, the calls that are posted and that show the first member what nobody and no other member is shown by its id; each
 * alone, and behind a call that is for everybody.
 *
 * @returns how many answers were judged
 * @throws ConformanceFailure when a word that the first has written is shown
 */
async function showsNobody(
  closed: readonly { word: string }[],
  { answers }: Shown,
  { lab, nobody }: Pick<Parties, 'lab' | 'nobody'>,
  headers: Record<string, string>,
): Promise<number> {
  const { origin } = lab.app;
  const free = await shownTo(nobody, lab, headers);
  const open = [...free.answers].flatMap(([path, answer]) =>
    isPostedPlace(path) && !keepsOut(answer) ? [path] : [],
  );
  const places = [...answers].filter(([path, { text }]) => {
    return isPostedPlace(path) && closed.some(({ word }) => text.includes(word));
  });
  for (const [path] of places) {
    const alone = await lookAt(nobody, path, origin, headers);
    const behind = (await lookInBatch(nobody, path, origin, open)) ?? '';
    for (const [text, how] of [
      [alone.text, 'called by nobody'],
      [behind, 'called by nobody behind a call that is for everybody'],
    ] as const)
      demand(
        !closed.some(({ word }) => text.includes(word)),
        `Showed somebody without a session what belongs to a member: ${placeTold(path)}, ${how}, holds what the first wrote, and what is refused by its id.`,
      );
  }
  return places.length;
}

/**
 * Asks as another member, and as nobody, for what names a thing of the first: by queries, and at its pages.
 *
 * It counts where the app tells itself that the thing is not for everybody who knows its id: its maker has said so when it was made
 * (a draft), or the app refuses the same one to the same person elsewhere, and refuses strangers here.
 *
 * @returns how many answers could be judged
 * @throws ConformanceFailure when a word that the first has written is shown
 */
export async function readByOthers({ calls, lab, pages, first, other, nobody }: Parties): Promise<number> {
  const { origin } = lab.app;
  const made = await makeThings(first, calls, lab, pages);
  const headersOf = (who: Visitor) => forgeryHeaders(who, pages, lab).catch(() => ({}));
  const mine = await shownTo(first, lab, await headersOf(first));
  const theirs = await shownTo(other, lab, await headersOf(other));
  const isNamed = (path: string) => namedIn(path, calls.endpoint).length > 0;
  const listed = [...theirs.answers].filter(([path]) => !isNamed(path));
  for (const { word, isKept } of made) {
    const [place] = isKept ? (listed.find(([, { text }]) => text.includes(word)) ?? []) : [];
    demand(
      !place,
      `Showed another member what its maker keeps private: ${place && placeTold(place)} holds what the first wrote.`,
    );
  }
  /** Things that their maker alone is shown where no id is said. */
  const own = made.filter(({ word }) => !listed.some(([, { text }]) => text.includes(word)));
  const named = [...mine.answers.keys()].filter(isNamed);
  const refusedTo = async (who: Visitor) => {
    const got = new Map<string, { isRefused: boolean; text: string }>();
    const headers = await headersOf(who);
    for (const path of named) {
      const answer = await lookAt(who, path, origin, headers);
      got.set(path, { isRefused: keepsOut(answer) || refuses(answer), text: answer.text });
    }
    return got;
  };
  const [strangers, others] = [await refusedTo(nobody), await refusedTo(other)];
  let judged = 0;
  const personal = personalOf(first.person);
  for (const path of named.filter(isPostedPlace)) {
    const told = (got: typeof others) => {
      const { isRefused = true, text = '' } = got.get(path) ?? {};
      return isRefused
        ? []
        : shownIn({ status: 200, headers: {}, text }, { texts: [] }, { personal, said: path });
    };
    for (const [who, shown] of [
      ['nobody', told(strangers)],
      ['another member', told(others)],
    ] as const)
      demand(
        !shown.some((each) => SAID_TO_NOBODY.test(each)),
        `Showed ${namedWho(who)} what belongs to a member: ${placeTold(path)}, asked with an id of theirs, holds ${shown.join(', ')}.`,
      );
    judged += told(strangers).length + told(others).length > 0 ? 0 : 1;
  }
  for (const path of named) {
    const shown = mine.answers.get(path)?.text ?? '';
    const thing = own.find(({ word }) => shown.includes(word));
    if (!thing) continue;
    const about = namedIn(path, calls.endpoint);
    const isClosed = named.some(
      (each) =>
        others.get(each)?.isRefused &&
        strangers.get(path)?.isRefused &&
        namedIn(each, calls.endpoint).some((name) => about.includes(name)),
    );
    if (!thing.isKept && !isClosed) continue;
    judged += 1;
    for (const [who, got] of [
      ['nobody', strangers],
      ['another member', others],
    ] as const)
      demand(
        got.get(path)?.isRefused || !got.get(path)?.text.includes(thing.word),
        `Showed ${namedWho(who)} what belongs to a member: ${placeTold(path)}, asked with the id of what ${thing.isKept ? 'its maker keeps private' : 'is refused to them elsewhere'}, holds what the first wrote.`,
      );
  }
  const closed = own.filter(({ word }) => {
    const about = named.filter((path) => mine.answers.get(path)?.text.includes(word));
    return (
      about.length > 0 && about.every((path) => others.get(path)?.isRefused && strangers.get(path)?.isRefused)
    );
  });
  judged += await showsNobody(closed, mine, { lab, nobody }, await headersOf(nobody));
  return judged;
}
