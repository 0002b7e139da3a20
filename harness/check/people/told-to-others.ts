/** What an app answers to what one member writes, and tells another: keys that it has made for the first, and news in streams. */
import { demand } from '../../errors.ts';
import type { LabDescription } from '../../lab/lab-description.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { Ask } from '../doors/door.ts';
import { forgeryHeaders } from '../doors/forgery-tokens.ts';
import { filledIn, formsOf } from '../doors/member-forms.ts';
import { newWord } from '../doors/new-word.ts';
import { plantedBy } from '../doors/planted.ts';
import { postedLists } from '../doors/posted-lists.ts';
import { send } from '../doors/send.ts';
import type { Survey } from '../doors/survey.ts';

/** One way in which a member writes a word: a form of a page, or a post to a list. */
export interface Writer {
  /** Page of the form, or the list. */
  path: string;
  ask(word: string): Ask;
}

const LISTS_MAX = 6;

/** The lists of an API that take posts, each at its own address. */
export async function listsOf(
  member: Visitor,
  survey: Pick<Survey, 'pages'>,
  lab: Pick<LabDescription, 'app' | 'routes'>,
): Promise<Writer[]> {
  const lists = postedLists(survey, lab.routes?.posts, {
    holds: (body) => /^\s*[[{]/.test(body),
    most: LISTS_MAX,
  });
  const headers = lists.length ? await forgeryHeaders(member, survey.pages, lab).catch(() => ({})) : {};
  return lists.map(({ path, to }) => ({ path, ask: (word) => ({ ...plantedBy(to, word), headers }) }));
}

/** The forms of a member's pages in which something is written. */
export const formWriters = async (member: Visitor, survey: Survey, most: number): Promise<Writer[]> =>
  (await formsOf(member, survey))
    .slice(0, most)
    .map(({ path, form }) => ({ path, ask: (word) => filledIn(form, word) }));

/** A token, or the key of something, as an app shows it to whoever has made it. */
const SECRET = /(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[a-zA-Z])[\w-]{20,}(?![\w-])/g;
/** What says how far somebody has read, which is the same for all. */
const OF_ALL =
  /["'](?:rev\w*|version\w*|e_?tag|seq\w*|sync\w*|(?:next|last|page|start|end)?_?cursor|checkpoint|build\w*|hash)["']\s*:\s*["'][^"']*["']/gi;
/** Files of which a page is made: their names hold what the build made of their content. */
const FILES =
  /[^\s"'<>\\,]+\.(?:m?js|css|map|wasm|woff2?|ttf|png|jpe?g|gif|svg|webp|avif|ico|webmanifest)(?![\w-])/gi;
const secretsIn = (text: string): string[] =>
  [...text.replace(OF_ALL, '').replace(FILES, '').matchAll(SECRET)].map(([secret]) => secret);

interface Parties {
  member: Visitor;
  other: Visitor;
  lab: Pick<LabDescription, 'app'>;
}

/**
 * A key that the member was given for what they wrote, on the page of another who has not been given what was written: a list for
 * all (a board, with long ids) shows both.
 */
export async function keepsKeys({ path, ask }: Writer, { member, other, lab }: Parties): Promise<void> {
  const word = newWord();
  const before = (await other.get(path)).text;
  const answer = await send(member, lab.app.origin, ask(word));
  if (!answer || answer.status >= 400) return;
  const led = answer.location?.origin === lab.app.origin ? answer.location.pathname : path;
  const given = `${answer.text}\n${(await member.get(led)).text}`;
  const shown = await other.get(led);
  // Whoever is refused is shown no key, and an address is none: a page may repeat it, or name the files that draw it.
  if (shown.status >= 300 || shown.text.includes(word)) return;
  const none = led === path ? '' : (await other.get(led.replace(/[^/]*$/, 'x0x0'))).text;
  const secret = secretsIn(given).find(
    (each) => shown.text.includes(each) && ![before, none, led].some((elsewhere) => elsewhere.includes(each)),
  );
  demand(
    !secret,
    `Showed another member what was made for a member alone: "${secret?.slice(0, 6)}…", with which ${path} answered what the member wrote, stands at ${led} for another, and what was written does not.`,
  );
}

/** So many times somebody writes while another listens: the stream may have been opened after the first. */
const WRITES = 3;
const LOOKED_AT_MAX = 16;

/**
 * News in the stream of another member of what one has written, which stands on pages of whoever wrote it and on none of that other.
 * What is kept on no page at all, as the lines of a talk are, is for whoever listens.
 *
 * @param streams paths that answer members with events
 * @param pages paths that members are shown
 */
export async function keepsNews(
  { path, ask }: Writer,
  { member, other, lab }: Parties,
  streams: readonly string[],
  pages: readonly string[],
): Promise<void> {
  for (const stream of streams) {
    const words = Array.from({ length: WRITES }, newWord);
    const listening = other.get(stream);
    for (const word of words) await send(member, lab.app.origin, ask(word));
    const heard = (await listening).text;
    const told = words.filter((word) => heard.includes(word));
    if (told.length === 0) continue;
    const places = [...new Set([path, ...pages.slice(0, LOOKED_AT_MAX)])].filter(
      (page) => !streams.includes(page),
    );
    const tells = async (who: Visitor) => {
      for (const page of places) {
        const { text } = await who.get(page);
        if (told.some((word) => text.includes(word))) return true;
      }
      return false;
    };
    const isTheirs = (await tells(member)) && !(await tells(other));
    demand(
      !isTheirs,
      `Told another member what a member had written: ${stream} sent both what was written at ${path}, and no page of the other shows it.`,
    );
  }
}

/** Paths of streams that a member is shown: what they say begins with the name of a field (WHATWG HTML, server-sent events). */
export const streamsIn = ({ pages }: Pick<Survey, 'pages'>): string[] =>
  [...pages].flatMap(([path, text]) => (/^(?::|(?:data|event|id|retry):)/.test(text) ? [path] : []));
