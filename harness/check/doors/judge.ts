/** Whether an answer shows what is meant for a member alone. */
import type { Answer } from '../../user-agents/http.ts';
import { isSessionCookie } from '../../visitor/visitor.ts';
import { type IssuedIndex, issuedIn, percentDecoded } from '../issued-in.ts';
import type { Ask, Door } from './door.ts';
import { givesNothing } from './gives-nothing.ts';
import { isNameOrId } from './lists-people.ts';
import { hasFigures, isSentence, marksIn, refuses, textsIn } from './marks.ts';

/** Everything of an answer that whoever asked can read. */
export const readingOf = ({ headers, text }: Pick<Answer, 'headers' | 'text'>): string =>
  `${Object.values(headers).flat().join('\n')}\n${text}`;

/** Whether an answer holds data, in contrast to a page or to nothing. */
export const isData = ({ status, headers, text }: Pick<Answer, 'status' | 'headers' | 'text'>): boolean =>
  status >= 200 &&
  status < 300 &&
  /\bjson\b/i.test(String(headers['content-type'] ?? '')) &&
  !/^\s*(null|\{\}|\[\])?\s*$/.test(text);

/** A path as lenient routers read it: decoded, in small letters, without doubled or closing slashes, without its query. */
const resourceOf = (path: string): string => {
  const [bare = ''] = path.split('?');
  let decoded = bare;
  try {
    decoded = decodeURIComponent(bare);
  } catch {
    // An escape that is none stays as it is.
  }
  return decoded
    .toLowerCase()
    .replace(/\/+/g, '/')
    .replace(/(.)\/$/, '$1');
};

/** The data of the last load of SvelteKit alone, asked for without those of the layouts above it (kit.svelte.dev, Loading data). */
function loadOfPage({ path }: Pick<Ask, 'path'>, { text }: Pick<Answer, 'text'>): string[] {
  if (!/\/__data\.json\?x-sveltekit-invalidated=0+1$/.test(path)) return [];
  try {
    const { type, nodes } = JSON.parse(text) as { type?: string; nodes?: ({ type?: string } | null)[] };
    const last = type === 'data' ? nodes?.at(-1) : undefined;
    return last?.type === 'data' ? textsIn(JSON.stringify(last)) : [];
  } catch {
    return [];
  }
}

/**
 * Whether a door that refuses strangers was passed: the same resource, read in another way, was answered with data. What
 * the data are does not matter: they may be of a record that no member of ours has.
 *
 * @param elsewhere what strangers are answered at other paths, which an app may answer to any address that it does not know
 */
export function isPassed(
  answer: Pick<Answer, 'status' | 'headers' | 'text'>,
  { path, method = 'GET' }: Pick<Ask, 'path' | 'method'>,
  door: Pick<Door, 'path' | 'refuses' | 'isPage'>,
  elsewhere: readonly string[] = [],
): boolean {
  if (!door.refuses || method !== 'GET' || !isData(answer) || givesNothing(answer)) return false;
  if (elsewhere.some((text) => text.endsWith(answer.text))) return false;
  // What a page loads may be words for everybody; figures are none.
  if (door.isPage) return loadOfPage({ path }, answer).some(hasFigures);
  return resourceOf(path) === resourceOf(door.path);
}

/**
 * What a request says itself, which the answer may say again. A made-up session counts as nothing said: an app that
 * shows what stands in it has believed it.
 */
export function saidIn({ path, headers = {}, form, json, body }: Ask, sessionCookie: string): string {
  const isMadeUp = (pair: string) => {
    const name = pair.split('=')[0] ?? '';
    return isSessionCookie(name) || isSessionCookie(name, sessionCookie);
  };
  const said = Object.entries(headers).map(([name, value]) => {
    if (name === 'authorization') return '';
    if (name !== 'cookie') return value;
    return value
      .split(/;\s*/)
      .filter((pair) => !isMadeUp(pair))
      .join('\n');
  });
  return [path, ...said, form && new URLSearchParams(form), json && JSON.stringify(json), body]
    .filter(Boolean)
    .join('\n');
}

/** A text as it reads, word by word: `ada-lovelace_17` and "Ada Lovelace 17" are the same; an e-mail address is one word with its name. */
const asRead = (text: string): string =>
  ` ${text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}@]+/gu, ' ')
    .trim()} `;

/**
 * Whether a request said a text of a page itself: an app that shows where somebody is (breadcrumbs, titles made of the path) begins
 * words with capitals, and writes blanks for dashes.
 */
export const says = (words: string, text: string): boolean => {
  if (words.includes(text)) return true;
  const read = asRead(text);
  return read.length > 5 && asRead(words).includes(read);
};

/**
 * What an answer gives away of a member.
 *
 * @param answer of any status: bodies of redirects and errors are read as well
 * @param options.personal what is unique to the member
 * @param options.said what the request said itself
 * @param options.isMember whether another member asked, who may read what all members do
 * @returns in words, empty when it gives nothing away; personal data are told by kind only
 */
export function shownIn(
  answer: Pick<Answer, 'status' | 'headers' | 'text'>,
  door: Pick<Door, 'texts' | 'frame' | 'own' | 'listsPeople' | 'isDirectory'>,
  { personal, said = '', isMember = false }: { personal: IssuedIndex; said?: string; isMember?: boolean },
): string[] {
  const words = `${said}\n${percentDecoded(said)}`;
  // What was said encoded, and is shown again as it was said, is read out of it.
  const saidOf = new Set(issuedIn(words, personal).map(({ value }) => value));
  const isListed = door.listsPeople === 'to everybody' || (isMember && door.listsPeople === 'to members');
  if (isMember && door.isDirectory) return [];
  const found = issuedIn(readingOf(answer), personal).filter(
    (each) => !words.includes(each.value) && !saidOf.has(each.value) && !(isListed && isNameOrId(each)),
  );
  const kinds = new Set(found.map(({ kind }) => `the ${kind} of the member`));
  // Error pages repeat words of the layout; a sentence or a figure is none.
  const { frame = [] } = door;
  const sought = refuses(answer) ? door.texts.filter((text) => !frame.includes(text)) : door.texts;
  const marks = (answer.status < 400 ? sought : sought.filter(isSentence)).filter(
    (text) => !says(words, text),
  );
  const own = answer.status < 400 ? (door.own ?? []).filter((text) => !says(words, text)) : [];
  const texts = marksIn(answer.text, isMember ? own : marks);
  return [...kinds, ...texts.slice(0, 2).map((text) => `"${text.slice(0, 60)}"`)];
}
