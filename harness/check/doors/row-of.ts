/** What a list says of one thing. */
import { type DefaultTreeAdapterTypes, parse, serializeOuter } from 'parse5';
import { elements } from '../../visitor/forms.ts';
import { textsIn } from './marks.ts';

type Element = DefaultTreeAdapterTypes.Element;

/** Elements that lists put each of their things into. */
const ROWS = new Set(['li', 'tr', 'article', 'dd']);

/** How long ago something was: it says something else a moment later. */
export const BY_THE_CLOCK =
  /\d+|\b(?:just )?now\b|\bago\b|\b(?:second|minute|moment|hour)s?\b|\b(?:an?|few|less than|about)\b/gi;

/** Where a thing stands in the markup of an element: its id is no part of a longer one. */
const names = (element: Element, id: string): boolean =>
  new RegExp(`(?<![\\w-])${id.replace(/[^\w]/g, '\\$&')}(?![\\w-])`).test(serializeOuter(element));

/** The texts of the rows of a page that name something, in links, fields or words; of rows within rows it is the inner one. */
function textsOfRow(html: string, id: string): string[] {
  const rows = [...elements(parse(html))].filter(
    (element) => ROWS.has(element.tagName) && names(element, id),
  );
  const inner = rows.filter((row) => ![...elements(row)].some((each) => each !== row && rows.includes(each)));
  return inner.flatMap((row) => textsIn(serializeOuter(row)));
}

/**
 * What a page says of a thing where a row names it; undefined where none does. Figures, and words of how long ago, are left out: they
 * say something else a moment later.
 */
export function rowOf(html: string, id: string): string | undefined {
  const texts = textsOfRow(html, id);
  if (texts.length === 0) return undefined;
  return texts.map((text) => text.replace(BY_THE_CLOCK, '').replace(/\s+/g, ' ').trim()).join('\n');
}
