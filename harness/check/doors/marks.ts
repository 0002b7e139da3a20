/** What tells that a member's page was shown: the member's personal data, and texts that no stranger gets. */
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { issuedOf } from '../../../mocks/issued.ts';
import type { Person } from '../../../mocks/people.ts';
import { addToIndex, type IssuedIndex, percentDecoded, unescaped } from '../issued-in.ts';

/** Shorter texts stand anywhere. */
const LENGTH_MIN = 6;
/** A text of this length, or of two words, is not met by chance. */
const TELLING = 12;
/** Pages show such words as soon as they believe that somebody is there, without giving anything away. */
const WORDS_OF_MEMBERS = /sign.?(out|in|ed)|log.?(out|in|ged)|session|signed|welcome|loading/i;

type HtmlNode = DefaultTreeAdapterTypes.Node;

const squeezed = (text: string) => text.replace(/\s+/g, ' ').trim();

/** Members that hold a token against forged requests: made from a cookie of the browser, whoever sits there, it is nobody's data. */
export const FORGERY_TOKEN = /csrf|xsrf|anti_?forgery|authenticity_?token/i;
/** The same as a hidden field of a form, where frameworks and people call it by shorter names, too: `_token`, `nonce`. */
export const FORGERY_FIELD = new RegExp(
  `${FORGERY_TOKEN.source}|^_?token$|verification_?token|^(?:form|request|security)[_-]?(?:token|key)$|nonce`,
  'i',
);

/** Values of all texts in a JSON value, tokens against forged requests aside. */
function textsOfJson(value: unknown): string[] {
  if (typeof value === 'string') return [squeezed(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    FORGERY_TOKEN.test(name) ? [] : textsOfJson(inner),
  );
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

function textsOfHtml(node: HtmlNode): string[] {
  if (node.nodeName === '#text') return [squeezed((node as DefaultTreeAdapterTypes.TextNode).value)];
  if (node.nodeName === 'style') return [];
  const { childNodes = [] } = node as DefaultTreeAdapterTypes.Element;
  if (node.nodeName !== 'script') return childNodes.flatMap(textsOfHtml);
  const isData = (node as DefaultTreeAdapterTypes.Element).attrs.some(({ value }) => /json$/i.test(value));
  const [code] = childNodes;
  return isData && code ? textsOfJson(parsed((code as DefaultTreeAdapterTypes.TextNode).value)) : [];
}

/** The texts that people, or scripts, read in a body: text nodes of HTML, or the values of JSON. */
export function textsIn(body: string): string[] {
  const json = /^\s*[[{"]/.test(body) ? parsed(body) : undefined;
  const texts = json === undefined ? textsOfHtml(parse(body)) : textsOfJson(json);
  return [...new Set(texts)].filter((text) => text.length > 0);
}

/** Values of JSON, numbers among them, that are more than a word or a small figure; of other bodies their texts. */
export function textsAndFiguresIn(body: string): string[] {
  const found: string[] = [];
  const collect = (value: unknown): void => {
    if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) collect(each);
    else if (/\d.*\d.*\d|.{20}/s.test(String(value))) found.push(String(value));
  };
  const json = /^\s*[[{"]/.test(body) ? parsed(body) : undefined;
  if (json === undefined) return textsIn(body);
  collect(json);
  return [...new Set(found)];
}

/** A body as its texts are looked for in it: as it is, and without escapes. */
export const readable = (body: string): string => squeezed(`${body}\n${unescaped(body)}`);

const isWordAt = (body: string, text: string, at: number) =>
  !/[\p{L}\p{N}_]/u.test(body[at - 1] ?? '') && !/[\p{L}\p{N}_]/u.test(body[at + text.length] ?? '');

/** Whether a text stands in a body, not as a part of a longer word. */
function stands(text: string, body: string): boolean {
  for (let at = body.indexOf(text); at >= 0; at = body.indexOf(text, at + 1))
    if (isWordAt(body, text, at)) return true;
  return false;
}

/** Texts that say something of their own: figures are not met by chance, nor are they words of the page. */
export const hasFigures = (text: string): boolean =>
  text.length >= LENGTH_MIN && /\d\D*\d\D*\d/.test(text) && !/^\S*[/:#]\S*$/.test(text);

/** Whether a text of a refusal is what it hides, and no part of a layout. */
export const isHidden = (text: string, otherRefusals: readonly string[]): boolean =>
  isSentence(text) && !otherRefusals.some((body) => body.includes(text));

/** What parts the name of a page from that of the app in a title: `Settings – Shop`. */
const PARTS_OF_TITLE = /\s+[-–—|·•:»]\s+/;
const TITLE = /<title[^>]*>([^<]*)<\/title>/gi;

/** Titles that a page has: they name it, as its address does. */
const titlesIn = (html: string): Set<string> =>
  new Set([...html.matchAll(TITLE)].flatMap(([element]) => textsIn(element)));

/** What is known of a page when it is asked what of it an answer may hold that sends somebody away. */
interface OfPage {
  /** What the member got. */
  page: string;
  /** Everything that strangers got elsewhere. */
  others: readonly string[];
  /** Texts of the app's components. */
  markup?: readonly string[];
}

const hidesSomething = (text: string, titles: ReadonlySet<string>, others: readonly string[]): boolean =>
  (titles.has(text) ? text.split(PARTS_OF_TITLE) : [text]).some((part) => isHidden(part, others));

/**
 * What an answer that sends somebody away holds of the page behind it. A title counts by its parts, and what is written into a
 * component of the app is its code: whoever is sent away by a layout of Next.js gets it, and nothing of anybody.
 *
 * @param marks what the page shows to its member, and to no stranger elsewhere
 * @param refusal all of what a stranger gets there
 */
export function leakedIn(
  marks: readonly string[],
  refusal: string,
  { page, others, markup = [] }: OfPage,
): string[] {
  const titles = titlesIn(page);
  const body = readable(refusal);
  return marks.filter(
    (text) =>
      body.includes(text) &&
      (hasFigures(text) || !markup.includes(text)) &&
      hidesSomething(text, titles, others),
  );
}

/** The marks of a page that name it, or stand in the code of the app: whoever is sent away may hold them, and holds nothing of anybody. */
export function ofItsFrame(marks: readonly string[], { page, others, markup = [] }: OfPage): string[] {
  const titles = titlesIn(page);
  return marks.filter(
    (text) =>
      (!hasFigures(text) && markup.includes(text)) ||
      (titles.has(text) && !hidesSomething(text, titles, others)),
  );
}

/** Whether a text is long enough, or has figures, to be more than a word of a layout. */
export const isSentence = (text: string): boolean => hasFigures(text) || text.length >= 20;

/** Whether an answer refuses, by its status or, once it is streamed, by what stands in it (Next.js). */
export const refuses = ({ status, text }: { status: number; text: string }): boolean =>
  status >= 300 || /<meta[^>]+http-equiv="refresh"|NEXT_REDIRECT|__next-page-redirect/i.test(text);

/** Members of the data of a page that hold its words in all languages (next-i18next, next-intl, vue-i18n). */
const DICTIONARIES = /^(_?nexti18next|messages|translations?|i18n|locales?|dict(ionary)?|resources)$/i;

function withoutDictionaries(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDictionaries);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) =>
      DICTIONARIES.test(name) ? [] : [[name, withoutDictionaries(inner)]],
    ),
  );
}

const JSON_SCRIPT = /<script[^>]+type="application\/json"[^>]*>([\s\S]*?)<\/script>/gi;
const withoutScripts = (html: string) => html.replace(/<script[\s\S]*?<\/script>/gi, '');

/** Whether React would draw a text: dictionaries have members of other names. */
const isChildIn = (text: string, body: string): boolean =>
  body.replaceAll('\\"', '"').includes(`"children":${JSON.stringify(text)}`);

/**
 * What a page shows to members, and holds for strangers where only scripts read it: figures anywhere, and sentences in
 * its data.
 *
 * @param member two answers to the member
 * @param stranger what a stranger got
 * @param others everything else that strangers got
 * @param options.markup texts of the app's components: its code, not what it hides
 * @param options.path that was asked for: what it says is said again in links and data, and hidden from nobody
 */
export function hiddenIn(
  member: [string, string],
  stranger: string,
  others: readonly string[],
  { markup = [], path = '' }: { markup?: readonly string[]; path?: string } = {},
): string[] {
  const said = percentDecoded(path).toLowerCase();
  const again = new Set(textsIn(withoutScripts(member[1])));
  const visible = textsIn(withoutScripts(stranger));
  const body = readable(stranger);
  const data = [...stranger.matchAll(JSON_SCRIPT)].flatMap(([, text]) =>
    textsOfJson(withoutDictionaries(parsed(text ?? ''))),
  );
  return textsIn(withoutScripts(member[0])).filter(
    (text) =>
      again.has(text) &&
      !said.includes(text.toLowerCase().replace(/^@/, '')) &&
      !visible.some((each) => each.includes(text)) &&
      ((hasFigures(text) && stands(text, body)) ||
        (isHidden(text, others) && !markup.includes(text) && (data.includes(text) || isChildIn(text, body)))),
  );
}

/**
 * The texts that mark a door.
 *
 * @param options.shown two answers to the member: what changes by itself is no mark
 * @param options.strangers everything that strangers got anywhere
 * @param options.path of the door, which error pages repeat
 * @param options.isPersonal whether a text holds data of the member, which are looked for on their own
 */
export function marksOf(options: {
  shown: [string, string];
  strangers: readonly string[];
  path: string;
  isPersonal(text: string): boolean;
}): string[] {
  const { shown, strangers, path, isPersonal } = options;
  const again = new Set(textsIn(shown[1]));
  const known = strangers.map(readable);
  const address = decodeURIComponent(path).toLowerCase();
  return textsIn(shown[0]).filter(
    (text) =>
      text.length >= LENGTH_MIN &&
      again.has(text) &&
      !/^\S*[/:]\S*$/.test(text) &&
      !(text.length <= 24 && WORDS_OF_MEMBERS.test(text)) &&
      !address.includes(text.toLowerCase()) &&
      !isPersonal(text) &&
      !known.some((body) => body.includes(text)),
  );
}

/** Whether a page looks the same to members and strangers, but for a few words. */
export function isPublic(member: string, stranger: string): boolean {
  const shown = textsIn(member).filter((text) => text.length >= LENGTH_MIN);
  const body = readable(stranger);
  return shown.length > 0 && shown.filter((text) => body.includes(text)).length * 2 > shown.length;
}

/**
 * The marks of a door that stand in a body: any telling one; of short words two, or all there are.
 *
 * @returns none when what stands there may be chance
 */
export function marksIn(body: string, texts: readonly string[]): string[] {
  const text = readable(body);
  const found = texts.filter((each) => stands(each, text));
  const enough =
    found.some((each) => each.length >= TELLING || /\s/.test(each)) ||
    found.length >= Math.min(2, Math.max(1, texts.length));
  return enough ? found : [];
}

/** What is unique to a person, to be looked for. */
export function personalOf(person: Person): IssuedIndex {
  const index: IssuedIndex = new Map();
  addToIndex(index, issuedOf(person));
  return index;
}
