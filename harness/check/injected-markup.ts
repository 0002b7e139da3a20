/** Markup that an app made real: elements and handlers of a page that come from a text which it was given. */
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { FAULT_MARK } from '../../mocks/logto/faults/markup.ts';
import { demand } from '../errors.ts';
import type { Answer } from '../user-agents/http.ts';

type HtmlNode = DefaultTreeAdapterTypes.Node;

/** A word that stands nowhere else; it would be the name of a function. */
export const newMark = (): string => `conformance${Math.random().toString(36).slice(2, 10)}`;

/**
 * Texts that become something where they are not escaped for their place: between tags, in a block of script or data, in
 * an element whose content is text, and in the value of an attribute, quoted or not.
 *
 * @param mark see {@link newMark}
 */
export const injections = (mark: string): string[] => [
  `<img src=${mark} onerror=${mark}()>`,
  `</script><script>${mark}()</script>`,
  `--></title></textarea></style></noscript><svg onload=${mark}()>`,
  `x" onfocus="${mark}()" autofocus y='z' onfocus='${mark}()' w`,
];

/** As many of them as a field takes, one after the other; none where the shortest is too long. */
export const injectionsIn = (mark: string, most: number): string =>
  injections(mark).reduce((soFar, each) => {
    const longer = soFar ? `${soFar} ${each}` : each;
    return longer.length > most ? soFar : longer;
  }, '');

function* everything(node: HtmlNode): Generator<DefaultTreeAdapterTypes.Element> {
  if ('tagName' in node) yield node;
  if ('childNodes' in node) for (const child of node.childNodes) yield* everything(child);
  // Templates are copied into the page by scripts: React streams its pages so.
  if ('content' in node) yield* everything((node as DefaultTreeAdapterTypes.Template).content);
}

const textOf = ({ childNodes }: DefaultTreeAdapterTypes.Element): string =>
  childNodes.map((child) => ('value' in child ? child.value : '')).join('');

/**
 * What a text with the mark became in a page: elements and handlers that are the text's own, and no part of a longer
 * value that merely holds it (data blocks, attributes, scripts with the text in quotes).
 *
 * @returns in words, such as `<img onerror>`; empty when the text stayed text
 */
export function madeReal(html: string, mark: string): string[] {
  if (!html.includes(mark)) return [];
  const call = `${mark}()`;
  const found = new Set<string>();
  for (const element of everything(parse(html))) {
    const { tagName, attrs } = element;
    if (tagName === 'script' && textOf(element).trim() === call) found.add('<script>');
    for (const { name, value } of attrs) {
      if (name.startsWith('on') && value.trim() === call) found.add(`<${tagName} ${name}>`);
      else if (tagName === 'img' && name === 'src' && value === mark) found.add('<img>');
      else if (name === 'srcdoc') for (const each of madeReal(value, mark)) found.add(each);
    }
  }
  return [...found];
}

/** Whether a browser takes an answer for a page: by its type, or by guessing where it has none. */
export const isPage = ({ headers }: Pick<Answer, 'headers'>): boolean =>
  /html|xml|^$/.test(String(headers['content-type'] ?? ''));

/** {@link madeReal}, of an answer that is a page. */
export const madeRealIn = (answer: Pick<Answer, 'headers' | 'text'>, mark: string): string[] =>
  isPage(answer) ? madeReal(answer.text, mark) : [];

/**
 * Demands that no page made real what a fault put where a text belongs.
 *
 * @param whose whose text it was, such as "what Logto said"
 * @throws ConformanceFailure with the element and the address of the first page that did
 */
export function demandNothingReal(answers: readonly Answer[], whose: string): void {
  for (const answer of answers) {
    const [real] = madeRealIn(answer, FAULT_MARK);
    demand(!real, `Made ${real} of ${whose} at ${answer.url.pathname} (${answer.status}).`);
  }
}
