/** Whether a page that stays where it is for strangers shows them what it shows to members. */
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import type { Answer } from '../../user-agents/http.ts';
import { TURNS_AWAY } from '../../visitor/sign-words.ts';
import { isSentence } from '../doors/marks.ts';

type HtmlNode = DefaultTreeAdapterTypes.Node;

/** What stands around a page. */
const FRAME = 'head script style noscript template nav header footer title option svg'.split(' ');
/** What stands around the text of a page, or names it: it gives nothing away. */
const AROUND = new Set([...FRAME, ...'h1 h2 h3 h4 h5 h6 a button label legend'.split(' ')]);
const FRAMES = new Set(FRAME);
/** Shorter texts are punctuation between values. */
const LENGTH_MIN = 6;

function textsOf(node: HtmlNode, left: ReadonlySet<string>): string[] {
  if (node.nodeName === '#text') {
    const text = (node as DefaultTreeAdapterTypes.TextNode).value.replace(/\s+/g, ' ').trim();
    return text.length >= LENGTH_MIN ? [text] : [];
  }
  if (left.has(node.nodeName)) return [];
  const { childNodes = [] } = node as DefaultTreeAdapterTypes.Element;
  return childNodes.flatMap((each) => textsOf(each, left));
}

/** What a page says: no headings, no navigation, no controls, no scripts. */
export const saidBy = (html: string): string[] => [...new Set(textsOf(parse(html), AROUND))];

/** What a page itself, not the frame around it, says to get its reader to sign in: texts, links and buttons. */
export const requestsIn = (html: string): string[] => [
  ...new Set(textsOf(parse(html), FRAMES).filter((text) => TURNS_AWAY.test(text))),
];

const isIn = (text: string, bodies: readonly string[][]) => bodies.some((body) => body.includes(text));

/** What a page for members says to strangers as well. */
export interface Shared {
  /** Its first sentence. */
  text: string;
  /**
   * The page asks strangers, and no members, to sign in where it stands, and has something personal for members alone: whether
   * the rest is what it is for, or what it is for members to read, does not show.
   */
  doubtful: boolean;
}

/**
 * What strangers are told of a page for members; undefined when something that is nobody's own is kept from them, or when there
 * is no sentence.
 *
 * @param member two answers to a member: what changes by itself is not compared
 * @param stranger what a stranger got
 * @param elsewhere pages for everybody: what stands there is no page's own
 * @param isPersonal whether a text holds data of that member
 */
export function sharedWithStrangers(
  member: readonly [string, string],
  stranger: string,
  elsewhere: readonly string[],
  isPersonal: (text: string) => boolean,
): Shared | undefined {
  const [again, common] = [saidBy(member[1]), elsewhere.map(saidBy)];
  const said = saidBy(member[0]);
  const own = said.filter((text) => again.includes(text) && !isPersonal(text) && !isIn(text, common));
  const theirs = saidBy(stranger);
  const text = own.every((each) => theirs.includes(each)) ? own.find(isSentence) : undefined;
  if (text === undefined) return undefined;
  const asked = requestsIn(member[0]);
  const asks = requestsIn(stranger).some((each) => !asked.includes(each));
  return { text, doubtful: asks && said.some((each) => !theirs.includes(each)) };
}

const squeezed = (html: string) => html.replace(/\s+/g, '');

/**
 * Whether a page is the same few words for everybody, drawn by scripts: what it shows, and whom it sends away, is then
 * decided in the browser (`useSession({ required: true })`, pages that are built before anybody asks).
 */
export const isShell = (member: string, stranger: string, elsewhere: readonly string[]): boolean =>
  /<script[^>]+src=/i.test(stranger) &&
  squeezed(member) === squeezed(stranger) &&
  !saidBy(stranger).some((text) => isSentence(text) && !isIn(text, elsewhere.map(saidBy)));

/** Whether a stranger is answered the very same: a page that scripts fill belongs to nobody, whoever keeps it. */
export const isSameFor = (
  stranger: Pick<Answer, 'status' | 'text'>,
  shown: Pick<Answer, 'status' | 'text'>,
): boolean => stranger.status === 200 && shown.status === 200 && stranger.text === shown.text;
