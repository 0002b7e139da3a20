/** Words that the sources of an app compare a parameter, a header or a cookie of a request with. */
import type { Node } from '@babel/types';
import { type Holder, holdersIn, withHolders } from './request-holders.ts';
import { resolve, type SourceFile, walk } from './syntax.ts';
import { constantOf } from './texts.ts';

/** What a request may say so that the sources recognise it. */
export interface RequestWord {
  place: 'query' | 'header' | 'cookie';
  name: string;
  value: string;
}

const NAMED = String.raw`\(\s*['"\x60]([\w.-]+)['"\x60]\s*\)$`;
const KEYED = String.raw`\)?\??\.?\[\s*['"\x60]([\w.-]+)['"\x60]\s*\]$`;
/** How Next.js, SvelteKit, Astro, Express, Hono and Nuxt read one of them. */
const READS: [RequestWord['place'], RegExp][] = [
  ['cookie', new RegExp(String.raw`[cC]ookies(?:\(\))?\)?\s*\??\.get${NAMED}`)],
  ['cookie', new RegExp(`[cC]ookies${KEYED}`)],
  ['cookie', /[cC]ookies\)?\??\.([A-Za-z_]\w*)$/],
  ['cookie', /\bgetCookie\(\s*\w+\s*,\s*['"`]([\w.-]+)['"`]\s*\)$/],
  ['query', new RegExp(String.raw`(?:[sS]earchParams|URLSearchParams\(.*\)|[qQ]uery)\)?\s*\??\.get${NAMED}`)],
  ['query', new RegExp(`(?:[sS]earchParams|[qQ]uery)(?:\\([^)]*\\))?${KEYED}`)],
  ['query', /(?:[sS]earchParams|[qQ]uery)(?:\([^)]*\))?\)?\??\.([A-Za-z_]\w*)$/],
  ['query', new RegExp(String.raw`\.query${NAMED}`)],
  ['header', new RegExp(String.raw`[hH]eaders(?:\(\))?\)?\s*\??\.get${NAMED}`)],
  ['header', new RegExp(`[hH]eaders(?:\\(\\))?${KEYED}`)],
  ['header', /[hH]eaders\)?\??\.([A-Za-z_]\w*)$/],
  ['header', new RegExp(String.raw`\breq(?:uest)?\??\.(?:get|header)${NAMED}`)],
  ['header', /\bget(?:Request)?Header\(\s*\w+\s*,\s*['"`]([\w-]+)['"`]\s*\)$/],
];
/** What HTTP itself reads, so that a request with another value is another one, or none. */
const OF_HTTP =
  /^(?:host|connection|content-\w+|transfer-encoding|upgrade|expect|te|trailer|keep-alive|cookie|range|if-\w+)$/i;
const METHODS = /^(?:get|getAll|has|set|append|delete|entries|keys|values|forEach|size|toString)$/;
const WORDS_MAX = 12;
const LONGEST = 200;

const unwrapped = (node: Node): Node => {
  if (node.type === 'AwaitExpression') return unwrapped(node.argument);
  const isCast =
    node.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === 'String';
  const [only] = isCast ? node.arguments : [];
  return only ? unwrapped(only) : node;
};

const known = new WeakMap<SourceFile, ReadonlyMap<string, Holder>>();
/** The variables of a source that hold cookies, headers or parameters; looked for once. */
function holdersOf(source: SourceFile): ReadonlyMap<string, Holder> {
  const found = known.get(source) ?? holdersIn(source.text);
  known.set(source, found);
  return found;
}

/** Which part of a request an expression is; undefined when it is none. */
function readIn(node: Node, source: SourceFile): Omit<RequestWord, 'value'> | undefined {
  const value = unwrapped(resolve(unwrapped(node), source) ?? node);
  const text = withHolders(source.text.slice(value.start ?? 0, value.end ?? 0), holdersOf(source)).replace(
    /\??\.value$|\??\.to(?:Lower|Upper)Case\(\)$|\??\.trim\(\)$/,
    '',
  );
  for (const [place, pattern] of READS) {
    const [, name] = pattern.exec(text) ?? [];
    if (name && !METHODS.test(name) && !(place === 'header' && OF_HTTP.test(name))) return { place, name };
  }
  return undefined;
}

/** Texts that an expression may be: `process.env.KEY ?? 'preview'` may be the second. */
function textsOf(node: Node, source: SourceFile): string[] {
  const value = resolve(node, source);
  if (value?.type === 'LogicalExpression')
    return [...textsOf(value.left, source), ...textsOf(value.right, source)];
  if (value?.type === 'ConditionalExpression')
    return [...textsOf(value.consequent, source), ...textsOf(value.alternate, source)];
  if (value?.type === 'ArrayExpression')
    return value.elements.flatMap((each) => (each ? textsOf(each, source) : []));
  const text = constantOf(value, source);
  return text === undefined ? [] : [text];
}

/** Pairs of expressions that a source compares: `a === b`, `['x', 'y'].includes(a)`, `a.startsWith('x')`. */
function comparedIn(node: Node): [Node, Node] | undefined {
  if (node.type === 'BinaryExpression' && /^[!=]==?$/.test(node.operator)) return [node.left, node.right];
  if (node.type !== 'CallExpression' && node.type !== 'OptionalCallExpression') return undefined;
  const { callee } = node;
  const [first] = node.arguments;
  const isMember = callee.type === 'MemberExpression' || callee.type === 'OptionalMemberExpression';
  if (!first || !isMember || callee.property.type !== 'Identifier') return undefined;
  return /^(?:includes|startsWith|endsWith)$/.test(callee.property.name) ? [callee.object, first] : undefined;
}

/** `location.search.includes('preview=key')`: name and word at once. */
function pairIn(whole: Node, text: string, source: SourceFile): RequestWord | undefined {
  const [, name, value] = /^[?&]?([\w-]+)=([\w.~-]+)$/.exec(text) ?? [];
  const address = source.text.slice(whole.start ?? 0, whole.end ?? 0);
  return name && value && /(?:search|href|url)$/i.test(address) ? { place: 'query', name, value } : undefined;
}

/**
 * Reads what the sources of an app compare requests with.
 *
 * @returns each word once, the longest first: a key is longer than the name of a language
 */
export function requestWords(sources: readonly SourceFile[]): RequestWord[] {
  const words = new Map<string, RequestWord>();
  for (const source of sources)
    walk(source.tree, (node) => {
      const compared = comparedIn(node);
      if (!compared) return;
      for (const [side, other] of [compared, [...compared].reverse() as [Node, Node]]) {
        const texts = textsOf(other, source);
        for (const text of texts) {
          const pair = pairIn(side, text, source);
          if (pair) words.set(`query ${pair.name} ${pair.value}`, pair);
        }
        const read = texts.length ? readIn(side, source) : undefined;
        if (!read) continue;
        for (const value of texts)
          if (value.length <= LONGEST && /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/.test(value))
            words.set(`${read.place} ${read.name} ${value}`, { ...read, value });
      }
    });
  return [...words.values()].sort((one, next) => next.value.length - one.value.length).slice(0, WORDS_MAX);
}
