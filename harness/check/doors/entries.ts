/** Entries of lists of people, as pages are built: links to the pages of several, side by side. */
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { attribute, wordsOf } from '../../visitor/forms.ts';
import { isOfPeople, kindOf, mayLinkPeople } from './addresses-of-people.ts';

type HtmlNode = DefaultTreeAdapterTypes.Node;
type HtmlElement = DefaultTreeAdapterTypes.Element;

/** Where an entry stands in the tree of its page, and how many people are linked from such places. */
export interface Entry {
  at: string;
  of: number;
}

/** So many are a list: two may be somebody and whom they were taken for. */
export const SEVERAL = 3;

interface Link {
  at: string;
  to: string;
  /** All that the link says: its words, and the values of its attributes and those inside. */
  said: string;
}

interface Page {
  links: Link[];
  /** What stands elsewhere, in words or in the value of an attribute. */
  elsewhere: string[];
  /** What scripts hold: the data of the page once more. */
  scripts: string;
}

const saidBy = (element: HtmlElement): string =>
  [
    ...element.attrs.map(({ value }) => value),
    ...element.childNodes.flatMap((child) =>
      'tagName' in child ? [saidBy(child)] : 'value' in child ? [child.value] : [],
    ),
  ].join('\n');

const ANY = 'http://page.invalid';

/** Parts of a site beside the pages of people: `/users/new`, `/profile/settings`. */
const OF_NOBODY =
  /\/(?:me|my|mine|new|add|edit|settings|account|all|search|find|list|invite|export|log-?(?:in|out)|sign-?(?:in|out|up))$/i;

/** The path of somebody's page, where a link leads to one on the same site. */
function personIn(element: HtmlElement): string | undefined {
  const to = element.tagName === 'a' ? attribute(element, 'href') : undefined;
  if (!to?.startsWith('/') || !URL.canParse(to, ANY)) return undefined;
  const { origin, pathname } = new URL(to, ANY);
  return origin === ANY && isOfPeople(kindOf(pathname)) && !OF_NOBODY.test(pathname) ? pathname : undefined;
}

function read(html: string): Page {
  const page: Page = { links: [], elsewhere: [], scripts: '' };
  const walk = (node: HtmlNode, path: string): void => {
    if ('tagName' in node) {
      if (node.tagName === 'script') {
        page.scripts += `${wordsOf(node)}\n`;
        return;
      }
      const person = personIn(node);
      if (person) {
        page.links.push({ at: `${path} ${kindOf(person)}`, to: person, said: saidBy(node) });
        return;
      }
      for (const { value } of node.attrs) page.elsewhere.push(value);
    } else if ('value' in node) page.elsewhere.push(node.value);
    // Templates are copied into the page by scripts: React streams its pages so.
    if ('content' in node) walk((node as DefaultTreeAdapterTypes.Template).content, path);
    const style = 'tagName' in node ? attribute(node, 'class') : undefined;
    const inner = 'tagName' in node ? `${path} ${node.tagName}${style ? `.${style}` : ''}` : path;
    if ('childNodes' in node) for (const child of node.childNodes) walk(child, inner);
  };
  walk(parse(html), '');
  return page;
}

const timesIn = (text: string, value: string): number => text.split(value).length - 1;

/**
 * Tells of a name, or an id, whether it stands in entries of lists of people and nowhere else on a page: each time in a link to a
 * page of somebody. Whom a page greets, or was cached for, is named outside of such a list, or in data that nobody reads there.
 */
export function entriesOf(html: string): (value: string) => Entry | undefined {
  if (!/^\s*(?:<!|<html)/i.test(html) || !mayLinkPeople(html)) return () => undefined;
  const { links, elsewhere, scripts } = read(html);
  const peopleAt = (at: string) => new Set(links.flatMap((link) => (link.at === at ? [link.to] : []))).size;
  return (value) => {
    const naming = links.filter(({ said }) => said.includes(value));
    const [first] = naming;
    if (!first || elsewhere.some((text) => text.includes(value))) return undefined;
    // Who is named once more in data than is linked may be whom the page is for.
    if (timesIn(scripts, value) > naming.length) return undefined;
    const entries = naming.map(({ at }) => ({ at, of: peopleAt(at) }));
    return entries.reduce((few, each) => (each.of < few.of ? each : few), entries[0] as Entry);
  };
}

/** Whether a page names somebody among several, as an entry of a list, and nowhere else. */
export const isEntryAmongSeveral = (html: string, value: string): boolean =>
  (entriesOf(html)(value)?.of ?? 0) >= SEVERAL;
