/** Whether what an address says becomes part of a page as more than text: an element, a handler, script, a script's address. */
import { parse as parseScript } from '@babel/parser';
import { type DefaultTreeAdapterTypes, parse, parseFragment } from 'parse5';

/**
 * What is put into parameters; each mark is a name that stands nowhere else, and no word of HTML.
 *
 * `mixed` leaves a text in quotes, an attribute, `<title>`, `<textarea>`, a script and a string in it; `unclosed` passes
 * filters that look for whole tags; `address` is for links; `twice` is for apps that decode what was decoded.
 */
export const payloads = {
  mixed: (mark: string) => `'+${mark}+'"+${mark}+"></title></textarea></script><${mark} onclick=${mark} >`,
  unclosed: (mark: string) => `<${mark} onclick=${mark} `,
  address: (mark: string) => `javascript:${mark}`,
  twice: (mark: string) => encodeURIComponent(`"><${mark} onclick=${mark} >`),
} as const;

/** A mark for the parameter with this number, which is part of no other mark. */
export const markOf = (index: number): string => `zqm${index}z`;

const URL_ATTRIBUTES = /^(?:href|src|action|formaction|data|poster|xlink:href)$/;

function* nodes(node: DefaultTreeAdapterTypes.Node): Generator<DefaultTreeAdapterTypes.Element> {
  if ('tagName' in node) yield node;
  if ('content' in node) yield* nodes((node as DefaultTreeAdapterTypes.Template).content);
  if ('childNodes' in node) for (const child of node.childNodes) yield* nodes(child);
}

/** Whether a mark is a name in a script, and not only a part of its texts. Scripts that cannot be read do nothing. */
function isCode(script: string, mark: string): boolean {
  if (!script.includes(mark)) return false;
  try {
    const { tokens } = parseScript(script, {
      sourceType: 'unambiguous',
      errorRecovery: true,
      allowReturnOutsideFunction: true,
      allowAwaitOutsideFunction: true,
      tokens: true,
    });
    return (tokens ?? []).some(
      (token: { value?: unknown; type: { label?: string } }) =>
        token.type?.label === 'name' && token.value === mark,
    );
  } catch {
    return false;
  }
}

const isScript = ({ tagName, attrs }: DefaultTreeAdapterTypes.Element): boolean =>
  tagName === 'script' &&
  !attrs.some(({ name }) => name === 'src') &&
  !attrs.some(({ name, value }) => name === 'type' && value && !/javascript|module|babel/i.test(value));

const textOf = (node: DefaultTreeAdapterTypes.Node): string =>
  'value' in node ? node.value : 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';

/** What a link would run: browsers leave out blanks and control characters. */
const runs = (value: string, mark: string): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: browsers strip them from addresses
  /^javascript:/i.test(value.replace(/[\u0000-\u0020]/g, '')) && value.includes(mark);

/**
 * Looks for marks that became more than text.
 *
 * @param html a page
 * @param marks mark → name of the parameter that it was sent in
 * @returns what became of the first one, in words; undefined when all are text, or nowhere
 */
export function injectedIn(html: string, marks: ReadonlyMap<string, string>): string | undefined {
  const present = [...marks].filter(([mark]) => html.includes(mark));
  if (present.length === 0) return undefined;
  for (const element of nodes(/<html|<!doctype/i.test(html) ? parse(html) : parseFragment(html))) {
    for (const [mark, parameter] of present) {
      const { tagName, attrs } = element;
      if (tagName.startsWith(mark)) return `made an element of the parameter ${parameter}`;
      for (const { name, value } of attrs) {
        if (!value.includes(mark)) continue;
        if (/^on/.test(name) && isCode(value, mark))
          return `made a handler (${name} of <${tagName}>) of the parameter ${parameter}`;
        if (URL_ATTRIBUTES.test(name) && runs(value, mark))
          return `made a link that runs a script (${name} of <${tagName}>) of the parameter ${parameter}`;
        if (name === 'srcdoc') {
          const inner = injectedIn(value, new Map([[mark, parameter]]));
          if (inner) return inner;
        }
      }
      if (isScript(element) && isCode(textOf(element), mark))
        return `made script of the parameter ${parameter}`;
    }
  }
  return undefined;
}
