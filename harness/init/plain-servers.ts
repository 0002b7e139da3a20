/**
 * Routes of servers over node:http alone (and `Bun.serve`, `Deno.serve`): tables by path or by method and path, lists of routes,
 * comparisons of the address, and switches over it.
 */
import type { Node } from '@babel/types';
import { keyOf, members, resolve, type SourceFile, walk } from './syntax.ts';
import { constantOf } from './texts.ts';

export interface PlainRoute {
  path: string;
  method: string;
  file: string;
  /** What answers there; the whole of what looks at the address, where that compares it. */
  handler: Node;
}

/** What an app listens with that has no router. */
export const SERVES = /\bcreate(?:Secure)?Server\s*\(|\b(?:Bun|Deno)\.serve\s*\(/;
const METHOD = /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|ALL)$/;
const ADDRESS = /^(?:(GET|POST|PUT|PATCH|DELETE|ALL)\s+)?(\/[\w\-./:*[\]{}]*)$/;
/** What holds the address of a request, by its name. */
const HOLDS_ADDRESS = /(?:path(?:name)?|url|route)$/i;

const textOf = (node: Node, { text }: SourceFile): string => text.slice(node.start ?? 0, node.end ?? 0);
const isHandler = (node: Node | undefined): node is Node =>
  node !== undefined &&
  /Function|ObjectMethod|^(?:Identifier|MemberExpression|CallExpression)$/.test(node.type);
const isFunction = (node: Node): boolean => /Function|ObjectMethod|ClassMethod/.test(node.type);

/** An address that a pattern stands for: `/^\/notes\/(\d+)$/` is `/notes/:id`. */
function ofPattern(pattern: string): string | undefined {
  const plain = pattern
    .replace(/^\^|\/\?\$$|\$$/g, '')
    .replaceAll('\\/', '/')
    .replace(/\((?:\?<\w+>)?(?:\[[^\]]*\]|\\[dw]|\.)[^)]*\)|\[[^\]]*\][+*]|\\[dw][+*]/g, ':id');
  return /^\/[\w\-./:]*$/.test(plain) ? plain : undefined;
}

/** Method and address of a text or a pattern, as `GET /desk`. */
function addressOf(
  node: Node | null | undefined,
  source: SourceFile,
): { method: string; path: string } | undefined {
  const value = node && resolve(node, source);
  if (value?.type === 'RegExpLiteral') {
    const path = ofPattern(value.pattern);
    return path === undefined ? undefined : { method: '', path };
  }
  const [, method = '', path] = ADDRESS.exec((node && constantOf(node, source)) ?? '') ?? [];
  return path === undefined ? undefined : { method, path };
}

/** The methods of `{ GET: show, POST: make }`, or one function for all. */
function handlersIn(node: Node | undefined, source: SourceFile): { method: string; handler: Node }[] {
  const value = node && resolve(node, source);
  if (value?.type === 'ObjectExpression') {
    const own = [...members(value)].filter(([name]) => METHOD.test(name.toUpperCase()));
    return own.map(([name, handler]) => ({ method: name.toUpperCase(), handler }));
  }
  return isHandler(node) ? [{ method: '', handler: node }] : [];
}

const HANDLES = /^(?:handler|handle|run|action|fn|callback|controller|answer|respond|render)$/;

/** Entries of tables and lists: `'GET /desk': desk`, `['/desk', desk]`, `['GET', '/desk', desk]`, `{ method, path, handler }`. */
function entriesIn(node: Node, source: SourceFile): { method: string; path: string; handler: Node }[] {
  if (node.type === 'ObjectProperty' || node.type === 'ObjectMethod') {
    const key = node.computed ? undefined : keyOf(node.key);
    const [, method = '', path] = ADDRESS.exec(key ?? '') ?? [];
    if (path === undefined) return [];
    const value = node.type === 'ObjectMethod' ? node : node.value;
    return handlersIn(value, source).map((each) => ({ ...each, path, method: each.method || method }));
  }
  if (node.type === 'ArrayExpression') {
    const [first, second, third] = node.elements as (Node | null)[];
    const method = (first && constantOf(first, source)) ?? '';
    const isLong = METHOD.test(method) && third;
    const at = addressOf(isLong ? second : first, source);
    const handler = isLong ? third : second;
    if (!at || !handler) return [];
    return handlersIn(handler, source).map((each) => ({
      ...at,
      ...each,
      method: each.method || (isLong ? method : at.method),
    }));
  }
  if (node.type !== 'ObjectExpression') return [];
  const own = members(node);
  const at = addressOf(
    own.get('path') ?? own.get('pathname') ?? own.get('url') ?? own.get('pattern'),
    source,
  );
  const handler = [...own].find(([name, value]) => HANDLES.test(name) && isHandler(value))?.[1];
  if (!at || !handler) return [];
  return [{ path: at.path, method: constantOf(own.get('method'), source) ?? at.method, handler }];
}

/** `pathname === '/desk'`, `/^\/notes\/(\d+)$/.test(pathname)`: the address, and what holds it. */
function comparedIn(node: Node, source: SourceFile): { path: string; method: string } | undefined {
  const holds = (each: Node) => HOLDS_ADDRESS.test(textOf(each, source));
  if (node.type === 'BinaryExpression' && /^===?$/.test(node.operator))
    return holds(node.left)
      ? addressOf(node.right, source)
      : holds(node.right)
        ? addressOf(node.left, source)
        : undefined;
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return undefined;
  const { object, property } = node.callee;
  const [first] = node.arguments;
  const name = keyOf(property);
  if (!first || (name !== 'test' && name !== 'exec' && name !== 'match')) return undefined;
  const [pattern, given] = name === 'match' ? [first, object] : [object, first];
  return resolve(pattern, source)?.type === 'RegExpLiteral' && holds(given)
    ? addressOf(pattern, source)
    : undefined;
}

/** The method that is asked for beside an address: `req.method === 'POST' && pathname === '/hook'`. */
function methodBeside(above: readonly Node[], source: SourceFile): string {
  const around = above.filter(({ type }) => type === 'LogicalExpression' || type === 'IfStatement');
  for (const each of [...around].reverse()) {
    const test = each.type === 'IfStatement' ? each.test : each;
    const [, method] =
      /\bmethod\s*===?\s*['"`](GET|POST|PUT|PATCH|DELETE)['"`]/.exec(textOf(test, source)) ?? [];
    if (method) return method;
  }
  return '';
}

/** @param compares comparisons of an address are routes as well */
function routesIn(source: SourceFile, compares: boolean): PlainRoute[] {
  const found: PlainRoute[] = [];
  const add = ({ path, method, handler }: { path: string; method: string; handler: Node }) =>
    found.push({ path, method: method.toUpperCase(), handler, file: source.file });
  walk(source.tree, (node, above) => {
    for (const each of entriesIn(node, source)) add(each);
    if (!compares) return;
    const outermost = above.find(isFunction);
    const compared = outermost && comparedIn(node, source);
    if (compared)
      add({ ...compared, method: compared.method || methodBeside(above, source), handler: outermost });
    if (node.type !== 'SwitchStatement' || !outermost) return;
    const asked = textOf(node.discriminant, source).replace(/[`}\s)]+$/, '');
    if (!HOLDS_ADDRESS.test(asked)) return;
    for (const { test } of node.cases) {
      const at = addressOf(test, source);
      if (at) add({ ...at, handler: outermost });
    }
  });
  return found;
}

/**
 * The routes of an app over node:http, each once.
 *
 * @param compares comparisons of an address are routes as well; else tables alone are
 */
export function plainRoutes(sources: readonly SourceFile[], compares: boolean): PlainRoute[] {
  const known = new Set<string>();
  return sources
    .flatMap((source) => routesIn(source, compares))
    .filter(({ path, method }) => {
      const isNew = !known.has(`${method} ${path}`);
      known.add(`${method} ${path}`);
      return isNew;
    });
}
