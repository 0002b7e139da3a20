/** Lists that grow by a row while people join: whoever stands in one of its rows was there before, and is mixed up with nobody. */
import { type DefaultTreeAdapterTypes, parse, serialize, serializeOuter } from 'parse5';
import { attribute, wordsOf } from '../../visitor/forms.ts';
import { SEVERAL } from '../doors/entries.ts';
import { BY_THE_CLOCK } from '../doors/row-of.ts';

type HtmlNode = DefaultTreeAdapterTypes.Node;
type HtmlElement = DefaultTreeAdapterTypes.Element;

/** Elements of one kind, side by side, or what stands in an array. */
interface List {
  /** Its place in the page, or in the data. */
  at: string;
  rows: { markup: string; words: string }[];
}

interface Lists {
  lists: List[];
  /** All that people are shown, or all of the data. */
  shown: string;
  /** What scripts hold: the data of the page once more. */
  scripts: string;
}

/** Elements that are rows whatever they look like; others are when they have a style in common. */
const ROWS = new Set(['li', 'tr', 'article', 'option']);

const kindOf = (element: HtmlElement): string => {
  const style = attribute(element, 'class');
  return style && !ROWS.has(element.tagName) ? `${element.tagName}.${style}` : element.tagName;
};
const mayBeRow = (element: HtmlElement) => ROWS.has(element.tagName) || Boolean(attribute(element, 'class'));
const isElement = (node: HtmlNode): node is HtmlElement => 'tagName' in node;

/** Words as they stay: figures and times say something else a moment later. */
const steady = (words: string) => words.replace(BY_THE_CLOCK, '').replace(/\s+/g, ' ').trim();

function inHtml(html: string): Lists {
  const lists: List[] = [];
  let scripts = '';
  const walk = (node: HtmlNode, at: string): void => {
    // Templates are copied into the page by scripts: React streams its pages so.
    if ('content' in node) walk((node as DefaultTreeAdapterTypes.Template).content, at);
    if (!('childNodes' in node)) return;
    for (const child of node.childNodes) if (child.nodeName === 'script') scripts += `${wordsOf(child)}\n`;
    node.childNodes = node.childNodes.filter(({ nodeName }) => nodeName !== 'script');
    const kinds = new Map<string, HtmlElement[]>();
    for (const child of node.childNodes.filter(isElement)) {
      const alike = kinds.get(kindOf(child)) ?? [];
      walk(child, `${at} ${kindOf(child)}:${alike.length}`);
      kinds.set(kindOf(child), [...alike, child]);
    }
    for (const [kind, alike] of kinds)
      if (alike.length >= SEVERAL && alike.every(mayBeRow))
        lists.push({
          at: `${at} ${kind}`,
          rows: alike.map((row) => ({ markup: serializeOuter(row), words: steady(wordsOf(row)) })),
        });
  };
  const page = parse(html);
  walk(page, '');
  return { lists, shown: serialize(page), scripts };
}

function inJson(data: unknown): Lists {
  const lists: List[] = [];
  const walk = (value: unknown, at: string): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value) && value.length >= SEVERAL) {
      const rows = value.map((row) => JSON.stringify(row));
      lists.push({ at, rows: rows.map((markup) => ({ markup, words: steady(markup) })) });
    }
    for (const [name, inner] of Object.entries(value)) walk(inner, `${at} ${name}`);
  };
  walk(data, '');
  return { lists, shown: JSON.stringify(data), scripts: '' };
}

function listsIn(body: string): Lists {
  try {
    return inJson(JSON.parse(body));
  } catch {
    return inHtml(body);
  }
}

const timesIn = (text: string, value: string): number => text.split(value).length - 1;

/** The lists that name somebody in their rows, where nothing else of the body does. */
function listsNaming(body: string, value: string): List[] {
  const { lists, shown, scripts } = listsIn(body);
  const times = timesIn(shown, value);
  if (times === 0 || timesIn(scripts, value) > times) return [];
  return lists.filter(
    ({ rows }) => rows.reduce((sum, { markup }) => sum + timesIn(markup, value), 0) === times,
  );
}

/** Of the rows of a list, so many may be called otherwise a moment later: people change their names. */
const KEPT_MIN = 0.8;

/** Whether one list is the other with more rows. */
function grows({ rows: few }: List, { rows: many }: List): boolean {
  if (many.length <= few.length) return false;
  const left = many.map(({ words }) => words);
  const kept = few.filter(({ words }) => {
    const at = left.indexOf(words);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
  return kept.length >= few.length * KEPT_MIN;
}

/**
 * Whether somebody is named by nothing but a row of a list that has grown between two looks at it, and by a row in both: a page that
 * was cached for them stays as it is, and one that takes somebody for them has their name in no list of others.
 *
 * @param body what is shown
 * @param others what was shown at the same place to somebody else, before or after
 */
export function isRowOfGrownList(body: string, value: string, others: readonly string[]): boolean {
  const naming = listsNaming(body, value);
  return (
    naming.length > 0 &&
    others.some((other) => {
      if (other === body || !other.includes(value)) return false;
      const then = listsNaming(other, value);
      return naming.some((list) =>
        then.some((each) => each.at === list.at && (grows(each, list) || grows(list, each))),
      );
    })
  );
}
