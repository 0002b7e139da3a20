/** What a member has made by the mutations of an app, and how its queries show that to them and to another member. */
import type { LabDescription } from '../../lab/lab-description.ts';
import type { Procedure, ProcedureCalls } from '../../lab/procedure.ts';
import type { Answer } from '../../user-agents/http.ts';
import { LEFT_ALONE } from '../../visitor/forms.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import {
  inputOf,
  type KnownIds,
  knownIds,
  mutationAsk,
  namesThing,
  pathsWithIds,
  plainQueries,
  queriesWithIds,
  valuesFor,
} from './calls.ts';
import { forgeryHeaders } from './forgery-tokens.ts';
import { keepsOut } from './gives-nothing.ts';
import { ownIdsIn } from './grounds.ts';
import { lookAt } from './look-at.ts';
import { newWord } from './new-word.ts';
import { opened } from './posted.ts';
import { send } from './send.ts';
import type { Survey } from './survey.ts';

/** Calls that reach people outside, or cost something. */
const REACHES_OUT =
  /invit|send|mail|sms|message|pay|charge|checkout|purchase|subscri|webhook|close|deactivate|disable|reset|leave|upload|import/i;
const MAKES = /^(?:create|add|new|insert|make|write|submit|post|upsert|save|start|open|register)/i;
const MADE_MAX = 6;

/** The last part of the name of a procedure: what it does. */
export const verbOf = (name: string): string => name.split('.').at(-1) ?? name;

/** Members of an input by which its maker keeps a thing to themselves. */
const KEPT = /^(?:is_?)?(?:draft|private)$/i;

const privately = ({ inputs = [] }: Procedure): Record<string, unknown> =>
  Object.fromEntries(
    inputs.flatMap(({ name, type, values = [] }): [string, unknown][] => {
      if (type === 'flag' && KEPT.test(name)) return [[name, true]];
      const kept = values.find((value) => KEPT.test(value));
      return kept ? [[name, kept]] : [];
    }),
  );

export interface Made {
  word: string;
  /** Whether its maker said that nobody else shall see it. */
  isKept: boolean;
}

export interface Shown {
  known: KnownIds;
  /** Answers to queries, by path, those that take nothing first; then pages and data of things. */
  answers: ReadonlyMap<string, Answer>;
}

const isGood = ({ status }: Answer) => status >= 200 && status < 300;

/** Ids of a member, the app's own ones first. */
export const idsOf = async (member: Visitor): Promise<string[]> => {
  const userId = member.person.userId ?? '';
  return [...ownIdsIn(await member.session(), userId), userId].filter(Boolean);
};

/** What the queries show somebody: those that take nothing, then those about what the others have shown, and its pages. */
export async function shownTo(
  member: Visitor,
  lab: LabDescription,
  headers: Record<string, string> = {},
): Promise<Shown> {
  const answers = new Map<string, Answer>();
  const ask = async (path: string) => {
    const answer = await lookAt(member, path, lab.app.origin, headers).catch(() => undefined);
    if (answer && isGood(answer)) answers.set(path, answer);
  };
  const own = await idsOf(member);
  const known = () =>
    knownIds(
      [...answers].map(([path, { text }]) => [path, text] as const),
      own,
      lab.routes?.calls?.endpoint,
    );
  for (const { path } of plainQueries(lab)) await ask(path);
  const found = known();
  for (const { path } of [...queriesWithIds(lab, found), ...pathsWithIds(lab, found)])
    if (!answers.has(path)) await ask(path);
  return { known: known(), answers };
}

/**
 * Has a member make one thing by each mutation that makes something, with a word of its own in its texts.
 *
 * @returns what was made, as far as the app says so
 */
export async function makeThings(
  member: Visitor,
  calls: ProcedureCalls,
  lab: LabDescription,
  pages: Survey['pages'],
): Promise<Made[]> {
  const headers = await forgeryHeaders(member, pages, lab).catch(() => ({}));
  const made: Made[] = [];
  const { known } = await shownTo(member, lab, headers);
  const makers = calls.procedures.filter(
    ({ name, kind, isUnread }) =>
      kind === 'mutation' &&
      !isUnread &&
      MAKES.test(verbOf(name)) &&
      !REACHES_OUT.test(name) &&
      !LEFT_ALONE.test(name),
  );
  for (const procedure of makers.slice(0, MADE_MAX)) {
    const word = newWord();
    const kept = privately(procedure);
    const named = Object.fromEntries(
      (procedure.inputs ?? [])
        .filter((input) => namesThing(input) && !input.isOptional)
        .map((input) => [input.name, valuesFor(input, procedure, known)[0]] as const),
    );
    const input = inputOf(procedure, { ...named, ...kept }, word);
    if (input === undefined) continue;
    const answer = await send(member, lab.app.origin, {
      ...mutationAsk(calls, procedure, input),
      headers,
    });
    if (answer && !keepsOut(procedure.posted ? opened(answer) : answer))
      made.push({ word, isKept: Object.keys(kept).length > 0 });
  }
  return made;
}
