/** What a member makes by the forms of an app and by posts to its paths, with a word of their own in it. */
import type { LabDescription } from '../../lab/lab-description.ts';
import { encodeForm } from '../../visitor/encode-form.ts';
import { type Form, formKey, withWritten } from '../../visitor/forms.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { Ask } from './door.ts';
import { forgeryHeaders } from './forgery-tokens.ts';
import { keepsOut } from './gives-nothing.ts';
import { formsOf, formsOfThings } from './member-forms.ts';
import { newWord } from './new-word.ts';
import { postedLists } from './posted-lists.ts';
import { send } from './send.ts';
import type { Survey } from './survey.ts';

/** Members of data in which people usually write. */
export const USUAL_TEXTS = ['title', 'name', 'text', 'body', 'content', 'message', 'note', 'description'];
/** Fields by which a thing is called where it is listed: that a list names it tells nothing of what is in it. */
const NAMES_IT = /title|name|subject|headline|label/i;
/** What somebody chooses, or ticks, to keep a thing to themselves. */
const KEPT = /^(?:is_?)?(?:draft|private)$/i;

/** Something that a member has made. */
export interface MadeByMember {
  /** Stands in each of its texts; in those that name it, with more letters behind it. */
  word: string;
  /** Whether its maker said that nobody else shall see it. */
  isKept: boolean;
  /** Whether it has a text that is no name of it. */
  hasBody: boolean;
  /** How it was made, in words. */
  by: string;
  /** Path and query of the page that the app led its maker to. */
  at?: string;
}

const NAMING = 'title';

/** Whether a body holds what somebody wrote, beyond the name of it. */
export const tellsBody = (text: string, { word }: Pick<MadeByMember, 'word'>): boolean =>
  new RegExp(`${word}(?!${NAMING}|\\d)`).test(text);
/** Whether a body holds anything of what somebody wrote. */
export const tellsAny = (text: string, { word }: Pick<MadeByMember, 'word'>): boolean =>
  new RegExp(`${word}(?!\\d)`).test(text);

const wordFor = (name: string, word: string) => (NAMES_IT.test(name) ? `${word}${NAMING}` : word);

/** What a list has for everybody, beside what keeps a thing to its maker. */
const FOR_ALL: Record<string, string> = { draft: 'published', private: 'public' };

/** The same form with what it keeps to its maker given to all; undefined where it keeps nothing. */
export function published(form: Form): Form | undefined {
  const [name, value = ''] =
    Object.entries(form.fields).find(([, each]) => each.toLowerCase() in FOR_ALL) ?? [];
  return name === undefined
    ? undefined
    : { ...form, fields: { ...form.fields, [name]: FOR_ALL[value.toLowerCase()] as string } };
}

const TICKED = /^(?:on|true|1)$/i;
const GIVES = /^(?:is_?)?(?:public|published)$/i;

/**
 * The same form with what is ticked about its readers taken back: a draft is for all then, and what was for everybody is kept. Undefined
 * where nothing is ticked.
 *
 * @returns the form, and whether it keeps the thing to its maker
 */
export function unticked(form: Form): { form: Form; isKept: boolean } | undefined {
  const ticked = Object.entries(form.fields).find(
    ([name, value]) => TICKED.test(value) && (KEPT.test(name) || GIVES.test(name)),
  );
  if (!ticked) return undefined;
  const fields = Object.fromEntries(Object.entries(form.fields).filter(([name]) => name !== ticked[0]));
  return { form: { ...form, fields }, isKept: GIVES.test(ticked[0]) };
}

/** A form as somebody posts it who makes something by it. */
export function makingAsk(form: Form, word: string): { ask: Ask } & Omit<MadeByMember, 'by' | 'at'> {
  const fields = withWritten(form, (name, most) => {
    const named = wordFor(name, word);
    return named.length > most ? word : named;
  });
  const { type, body } = encodeForm({ ...form, fields });
  const isKept = Object.entries(fields).some(
    ([name, value]) => KEPT.test(value) || (KEPT.test(name) && TICKED.test(value)),
  );
  return {
    ask: { path: form.action, method: 'POST', headers: { 'content-type': type }, body },
    word,
    isKept,
    hasBody: form.texts.some((name) => !NAMES_IT.test(name)),
  };
}

const POSTS_MAX = 6;

/** Names of the fields in which members write, as the forms and the data of their pages call them. */
export function textFieldsOf({ pages }: Pick<Survey, 'pages'>, forms: readonly Form[]): string[] {
  const found = new Set([...USUAL_TEXTS, ...forms.flatMap(({ texts }) => texts)]);
  for (const body of pages.values()) {
    if (!/^\s*[[{]/.test(body)) continue;
    for (const [, name] of body.matchAll(/"(\w{2,24})":"[^"]*"/g))
      if (name && !/id$|at$|token|secret|status|role|email|phone|type|kind|url|date/i.test(name))
        found.add(name);
  }
  return [...found].slice(0, 24);
}

/**
 * Has a member make things: by each form of their pages, by the forms on the pages of what they have made so, and by posts of data
 * to the lists that take them.
 *
 * @returns what the app did not refuse
 */
export async function makeByForms(
  member: Visitor,
  survey: Survey,
  lab: LabDescription,
): Promise<MadeByMember[]> {
  const { origin } = lab.app;
  const made: MadeByMember[] = [];
  const make = async (form: Form, page: string, keeps: { isKept?: boolean } = {}) => {
    const { ask, ...said } = makingAsk(form, newWord());
    const rest = { ...said, ...keeps };
    const answer = await send(member, origin, ask);
    if (!answer || answer.status >= 400) return;
    const { location: to } = answer;
    const at = to && to.host === new URL(origin).host ? to.pathname + to.search : undefined;
    made.push({ ...rest, by: `the form of ${page}`, ...(at && { at }) });
  };
  const forms = await formsOf(member, survey);
  for (const { path, form } of forms) {
    await make(form, path);
    // What is for everybody tells of its maker what may be told, and no more.
    const open = published(form);
    if (open) await make(open, path);
    const other = unticked(form);
    if (other) await make(other.form, path, { isKept: other.isKept });
  }
  const known = new Set(forms.map(({ form }) => formKey(form)));
  for (const { path, form } of await formsOfThings(member, survey, lab, known)) {
    // What is there already would be written over.
    if (made.some(({ word }) => form.texts.some((name) => form.fields[name]?.includes(word)))) continue;
    await make(form, path);
  }
  const headers = await forgeryHeaders(member, survey.pages, lab).catch(() => ({}));
  const names = textFieldsOf(
    survey,
    forms.map(({ form }) => form),
  );
  for (const { to: path } of postedLists(survey, lab.routes?.posts, { most: POSTS_MAX })) {
    const word = newWord();
    const json = Object.fromEntries(names.map((name) => [name, wordFor(name, word)]));
    const answer = await send(member, origin, { path, method: 'POST', json, headers });
    if (answer && !keepsOut(answer)) made.push({ word, isKept: false, hasBody: true, by: `POST ${path}` });
  }
  return made;
}
