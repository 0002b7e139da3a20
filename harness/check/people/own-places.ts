/** Pages and data that say by their address, or their heading, that they are the member's own: what others write stands on none of them. */
import { parse } from 'parse5';
import { demand } from '../../errors.ts';
import { demandSession } from '../../visitor/arrival.ts';
import { elements, formsIn, wordsOf } from '../../visitor/forms.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { Ask } from '../doors/door.ts';
import { forgeryHeaders } from '../doors/forgery-tokens.ts';
import { personalOf } from '../doors/marks.ts';
import { newWord } from '../doors/new-word.ts';
import { send } from '../doors/send.ts';
import { surveyOf } from '../doors/survey.ts';
import { issuedIn } from '../issued-in.ts';
import { noneKnown } from '../paths-known.ts';
import { isHandedOver, toldByName } from './asked-by-name.ts';
import { newcomer, type PeopleBody } from './keeps-apart.ts';
import { placesOf } from './look.ts';
import { formWriters, listsOf, type Writer } from './told-to-others.ts';

/** Parts of an address that stand for whoever asks: `/me/notes`, `/my-notes`, `/mine`. */
const MINE = /^(?:me|my|mine|my[-_]\w.*|mein[-_]?\w+|mon[-_]\w+|mi[-_]\w+)$/i;
/** Last parts of an address of what each has for themselves. */
const EACH_ONE =
  /^(?:cart|basket|wish-?list|diary|warenkorb|merkzettel|merkliste|panier|carrito|carrello|winkelwagen)$/i;
/** Last parts of an address of a record of which each has one; an account or settings may be those of an organization. */
const RECORD =
  /^(?:profile?|my-?profile|account|settings|preferences|profil|konto|compte|perfil|cuenta|profilo)$/i;
/** What several people have together. */
const TOGETHER =
  /team|compan|organi[sz]|\borgs?\b|workspace|club|communit|group|house|famil|project|tenant|business|shop|store|site\b|admin|public|verein|firma|mannschaft|equipe/i;
/** Fields of a person, whom no organization is called by. */
const OF_PERSON =
  /nick|(?:first|last|given|family|display|sur)[-_]?name|birth|^bio$|about[-_]?me|pronoun|avatar|gender|spitzname|vorname|nachname/i;
const HEADING = /^(?:my|meine?[snrm]?|mes|mon|ma|mis?|mijn|mio|mia|mina?)\s+\p{L}/iu;

/** How sure it is that a place is its reader's own: `wholly`, `by-form` where a form of theirs is filled in, or not at all. */
export function ownness(path: string, text: string): 'wholly' | 'by-form' | undefined {
  const parts = (path.split('?')[0] ?? '').split('/').filter(Boolean);
  if (parts.some((part) => TOGETHER.test(part))) return undefined;
  const last = parts.at(-1) ?? '';
  if (parts.some((part) => MINE.test(part)) || EACH_ONE.test(last)) return 'wholly';
  if (RECORD.test(last)) return 'by-form';
  if (/^\s*[[{]/.test(text)) return undefined;
  const heading = [...elements(parse(text))].find(({ tagName }) => tagName === 'h1');
  const words = heading ? wordsOf(heading).replace(/\s+/g, ' ').trim() : '';
  return HEADING.test(words) && !TOGETHER.test(words) ? 'wholly' : undefined;
}

/** Names of the members, at any depth, that hold a word. */
function membersWith(value: unknown, word: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === 'string' ? (inner.includes(word) ? [name] : []) : membersWith(inner, word),
  );
}

/**
 * Whether a body shows its reader, as something of theirs, a word that another has written.
 *
 * @param body what the reader is shown at a path
 * @param base origin and base path of the app
 */
export function isShownAsOwn(
  path: string,
  body: string,
  word: string,
  { origin, basePath }: { origin: string; basePath: string },
): boolean {
  if (!body.includes(word)) return false;
  const own = ownness(path, body);
  if (own !== 'by-form') return own === 'wholly';
  const isProfile = /profil|perfil/i.test(path);
  const isPersonal = (name: string) => isProfile || OF_PERSON.test(name);
  if (/^\s*\{/.test(body)) {
    try {
      return membersWith(JSON.parse(body), word).some(isPersonal);
    } catch {
      return false;
    }
  }
  return formsIn(body, new URL(path, origin), basePath).some(({ fields }) =>
    Object.entries(fields).some(([name, value]) => value.includes(word) && isPersonal(name)),
  );
}

/** Members of a record that are no text of its owner's. */
const NOT_WRITTEN =
  /id$|^sub$|mail|phone|tel|role|token|admin|scope|plan|url|image|picture|type|status|date|at$/i;
/** What people say of themselves, where a record of somebody new is empty. */
const USUAL = ['nickname', 'bio', 'displayName', 'note', 'notes'];
const METHODS = ['PATCH', 'PUT', 'POST'] as const;
const FORMS_MAX = 8;
/** Texts of a record that are written one by one. */
const ALONE_MAX = 5;

/** Writers of the records of an API that say that they are the member's own: texts of the record, by the methods that write one. */
function recordWriters(pages: ReadonlyMap<string, string>, headers: Record<string, string>): Writer[] {
  return [...pages].flatMap(([path, text]): Writer[] => {
    if (!/^\s*\{/.test(text) || !ownness(path, text)) return [];
    let record: unknown;
    try {
      record = JSON.parse(text);
    } catch {
      return [];
    }
    const texts = Object.entries(record as object).flatMap(([name, value]) =>
      (value === null || typeof value === 'string') && !NOT_WRITTEN.test(name) && name !== 'name'
        ? [name]
        : [],
    );
    const names = [...new Set([...texts, ...USUAL])];
    const writers = (methods: readonly string[], written: readonly string[]): Writer[] =>
      methods.map((method) => ({
        path,
        ask: (word): Ask => ({
          path,
          method,
          headers,
          json: Object.fromEntries(written.map((name) => [name, word])),
        }),
      }));
    // One of them that takes some words only (a language, a colour) has the whole refused.
    const alone = [...('name' in (record as object) ? ['name'] : []), ...texts].slice(0, ALONE_MAX);
    return [...writers(METHODS, names), ...alone.flatMap((name) => writers(['PATCH', 'PUT'], [name]))];
  });
}

/** An address without the language in front, which may read like a word of it (`my` is Burmese). */
export const unspoken = (path: string, locales: readonly string[] = []): string =>
  locales.includes(path.split(/[/?]/)[1] ?? '') ? path.replace(/^\/[^/?]+/, '') || '/' : path;

/** What was shown at a path with a good answer. */
const shownAt = async (browser: Visitor, path: string): Promise<string> => {
  const answer = await browser.get(path);
  return answer.status >= 200 && answer.status < 300 ? answer.text : '';
};

/**
 * The body of `people/own-places`: what one member writes at a place that is theirs by its name is not shown, at that place, to
 * another who has nothing in common with them, whomever that one names; and what that one writes then is not shown to the first.
 */
export async function keepsOwnPlaces(body: PeopleBody): Promise<void> {
  const { visitor, somebody, step, lab, notApplicable } = body;
  const survey = await surveyOf({ visitor, somebody, lab });
  const { origin, basePath } = lab.app;
  const spoken = (path: string) => unspoken(path, lab.routes?.locales);
  const isOwn = (path: string, text: string, word: string) =>
    isShownAsOwn(spoken(path), text, word, { origin, basePath });
  const member = async (word: string) => {
    const known = newcomer(word);
    // People of one company may have what they write together.
    const browser = await visitor(
      await somebody({ ...known, email: known.email.replace('@people', `@${word.toLowerCase()}-alone`) }),
    );
    demandSession(await browser.signIn());
    return browser;
  };
  const [ada, eve] = [await member('Ada'), await member('Eve')];
  const headers = await forgeryHeaders(ada, survey.pages, lab).catch(() => ({}));
  const writersOf = async (browser: Visitor) => [
    ...(await formWriters(browser, survey, FORMS_MAX)),
    ...(await listsOf(browser, survey, lab)),
    ...recordWriters(survey.pages, headers),
  ];
  const writers = await writersOf(ada);
  const others = await writersOf(eve);
  const stranger = await visitor();
  const elsewhere = placesOf(survey).filter(
    (place) => !ownness(spoken(place), survey.pages.get(place) ?? ''),
  );
  const isAround = async (browser: Visitor, word: string) => {
    for (const place of elsewhere) if ((await shownAt(browser, place)).includes(word)) return true;
    return false;
  };
  let judged = 0;
  await step(
    'fault',
    async () => {
      for (const [index, { path, ask }] of writers.entries()) {
        const word = newWord();
        await send(ada, origin, ask(word));
        const isRecord = ownness(spoken(path), await shownAt(ada, path)) !== undefined;
        const places = [...(isRecord ? [path] : []), ...placesOf(survey).filter(isHandedOver)];
        const told = await toldByName({ first: ada, other: eve, nobody: stranger }, { word, places }, lab);
        // An archive of what all members read anyway can be sorted by its author.
        demand(
          !told || (await shownAt(eve, path)).includes(word) || (await isAround(eve, word)),
          `Showed another member what somebody has for themselves: ${told}, asked with the id of the first, holds what that one has written.`,
        );
        if (!isOwn(path, await shownAt(ada, path), word)) continue;
        judged += 1;
        const theirs = await shownAt(eve, path);
        if (!isOwn(path, theirs, word)) continue;
        // Who is named beside it has written it for others to read, and what strangers are shown is published.
        if (issuedIn(theirs, personalOf(ada.person)).length > 0) continue;
        if ((await shownAt(stranger, path)).includes(word)) continue;
        // What is filled into a form of theirs is no news of others.
        if (ownness(spoken(path), theirs) === 'wholly' && (await isAround(eve, word))) continue;
        // A suggestion is shown to others; what is one and the same place is written by both.
        const back = newWord();
        const same = others[index]?.path === path ? others[index] : others.find((each) => each.path === path);
        if (same) await send(eve, origin, same.ask(back));
        demand(
          !same || !isOwn(path, await shownAt(ada, path), back),
          `Keeps one place for two people: ${path}, which is the member's own by its name, shows another member what the first has written there, and the first what the other has.`,
        );
      }
    },
    () => `Showed at ${judged} places of members what they had written to nobody else.`,
  );
  if (judged === 0)
    noneKnown(
      lab,
      notApplicable,
      'no page and no data that are the own ones of a member by their name (a profile, a cart, /my-…) show again what is written there',
    );
}
