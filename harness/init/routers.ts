/** Routers of Express, Hono and their like: where they are mounted, and which functions stand before their routes. */
import path from 'node:path';
import type { CallExpression, Node } from '@babel/types';
import { type SourceFile, walk } from './syntax.ts';
import { constantOf } from './texts.ts';

/** A call of a method of a router: `app.get('/x', …)`. */
export interface RouterCall {
  /** Name of the variable that the method was called on, or that holds what a chain of calls makes; none where nothing tells. */
  router: string;
  method: string;
  /** Constant first argument that is a path; `*` and `/*` too. */
  path: string | undefined;
  /** All other arguments. */
  handlers: Node[];
}

export interface Routers {
  calls: RouterCall[];
  /** What stands before the paths of a router, by `basePath` of Hono. */
  prefixOf(router: string): string;
}

const isPath = (text: string | undefined) => text !== undefined && /^(\/|\*$)/.test(text);

/** What a chain of calls begins with: `new Hono()` of `new Hono().use(guard).get('/x', …)`. */
function beginningOf(node: Node): Node {
  const isMore = node.type === 'CallExpression' && node.callee.type === 'MemberExpression';
  return isMore && node.callee.type === 'MemberExpression' ? beginningOf(node.callee.object) : node;
}

/** `/x` of `router.route('/x').get(…).post(…)` (expressjs.com, app.route()): a path without a handler is that of what follows. */
function routeBefore(node: Node, source: SourceFile): string | undefined {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return undefined;
  const { object, property } = node.callee;
  if (property.type === 'Identifier' && property.name === 'route' && node.arguments.length === 1)
    return constantOf(node.arguments[0], source);
  return routeBefore(object, source);
}

/**
 * @param holder name of what holds the result of the chain that the call stands in: each method of a router answers the router
 */
function callOf(node: CallExpression, source: SourceFile, holder: string): RouterCall | undefined {
  const { callee } = node;
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return undefined;
  const begins = beginningOf(callee.object);
  const first = constantOf(node.arguments[0], source);
  const before = isPath(first) ? undefined : routeBefore(callee.object, source);
  const path = isPath(first) ? first : isPath(before) ? before : undefined;
  return {
    router: begins.type === 'Identifier' ? begins.name : holder,
    method: callee.property.name,
    path,
    handlers: node.arguments.slice(isPath(first) ? 1 : 0),
  };
}

/** Where a call stands in its source: the methods of a chain in the order in which they are called. */
const placeOf = ({ callee }: CallExpression): number =>
  (callee.type === 'MemberExpression' ? callee.property.start : callee.start) ?? 0;

/** Name of what holds the value of a node: the variable that is declared with it, or `default` of what is exported. */
function holderOf(node: Node, above: readonly Node[]): string {
  for (const [at, each] of [...above].reverse().entries()) {
    const inner = at === 0 ? node : above[above.length - at];
    if (each.type === 'VariableDeclarator')
      return each.init === inner && each.id.type === 'Identifier' ? each.id.name : '';
    if (each.type === 'ExportDefaultDeclaration') return 'default';
    const isChain =
      (each.type === 'MemberExpression' && each.object === inner) ||
      (each.type === 'CallExpression' && each.callee === inner) ||
      /^TS\w+Expression$/.test(each.type);
    if (!isChain) return '';
  }
  return '';
}

/** `new Hono().basePath('/v1')` → the name it is called on, if any, and `/v1`. */
function basePathIn(
  node: Node | null | undefined,
  source: SourceFile,
): { of: string; path: string } | undefined {
  if (node?.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return undefined;
  const { object, property } = node.callee;
  const own = property.type === 'Identifier' && property.name === 'basePath';
  const within = basePathIn(object, source);
  const path = own ? (constantOf(node.arguments[0], source) ?? '').replace(/\/$/, '') : '';
  if (!own && !within) return undefined;
  return {
    of: within?.of ?? (object.type === 'Identifier' ? object.name : ''),
    path: `${within?.path ?? ''}${path}`,
  };
}

const read = new WeakMap<SourceFile, Routers>();

/** The routers of one file, read once. */
export function routersOf(source: SourceFile): Routers {
  const known = read.get(source) ?? readRouters(source);
  read.set(source, known);
  return known;
}

function readRouters(source: SourceFile): Routers {
  const found: { call: RouterCall; place: number }[] = [];
  const bases = new Map<string, { of: string; path: string }>();
  walk(source.tree, (node, above) => {
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier') {
      const base = basePathIn(node.init, source);
      if (base) bases.set(node.id.name, base);
    }
    if (node.type !== 'CallExpression') return;
    const call = callOf(node, source, holderOf(node, above));
    if (call) found.push({ call, place: placeOf(node) });
  });
  const calls = found.sort((one, next) => one.place - next.place).map(({ call }) => call);
  const prefixOf = (router: string, depth = 0): string => {
    const base = bases.get(router);
    return base && depth < 5 ? prefixOf(base.of, depth + 1) + base.path : '';
  };
  return { calls, prefixOf };
}

/** Path below another: `/` adds nothing. */
export const below = (mount: string, own: string): string =>
  `${mount.replace(/\/$/, '')}${own === '/' && mount ? '' : own}` || '/';

/** File that an import of an app's own leads to, without its ending. */
const fileOf = (from: string, { file }: SourceFile) =>
  path.posix.join(path.posix.dirname(file), from).replace(/\.[cm]?[jt]sx?$/, '');

export interface Mount {
  place: string;
  /** `requireUser` of `app.use('/api', requireUser, router)`. */
  before: Node[];
}

/** `router`, `notesRouter()`, `require('./notes')`: what is mounted, by its name or by the file that it comes from. */
function mountedAs(node: Node | undefined, source: SourceFile): { name: string; from?: string } | undefined {
  if (node?.type === 'Identifier') return { name: node.name, from: source.imports.get(node.name)?.from };
  if (node?.type !== 'CallExpression' || node.callee.type !== 'Identifier') return undefined;
  const { name } = node.callee;
  const [first] = node.arguments;
  if (name === 'require') return first?.type === 'StringLiteral' ? { name, from: first.value } : undefined;
  const from = source.imports.get(name)?.from;
  return from ? { name, from } : undefined;
}

/** Routers stand in routers, each in front of the paths of the next. */
const NESTED_MAX = 4;

/**
 * Where the routers of a file are mounted, by `app.use('/api', router)` here or in the file that imports it, and where those
 * are mounted in their turn.
 *
 * @returns one place for each mount, with what stands there before the router; the root where there is none
 */
export function mountsOf(
  router: string,
  source: SourceFile,
  sources: readonly SourceFile[],
  depth = 0,
): Mount[] {
  const own = source.file.replace(/\.[cm]?[jt]sx?$/, '');
  // A file may hold several routers, each mounted by its name.
  const held = new Set(routersOf(source).calls.flatMap(({ router: by, path: at }) => (at ? [by] : [])));
  const found = sources.flatMap((each) =>
    routersOf(each).calls.flatMap(({ method, path: place = '', handlers, router: by }) => {
      if (!/^(use|route)$/.test(method)) return [];
      const mounted = mountedAs(handlers.at(-1), each);
      if (!mounted) return [];
      const { name, from } = mounted;
      const isHere = each === source && !from && name === router && by !== router;
      const exported = each.imports.get(name)?.name ?? name;
      const isThere =
        from?.startsWith('.') &&
        [own, own.replace(/\/index$/, '')].includes(fileOf(from, each)) &&
        (!held.has(exported) || exported === router);
      if (!isHere && !isThere) return [];
      const outer = depth < NESTED_MAX ? mountsOf(by, each, sources, depth + 1) : [{ place: '', before: [] }];
      return outer.map((above) => ({
        place: above.place + routersOf(each).prefixOf(by) + place.replace(/\/$/, ''),
        before: [...above.before, ...handlers.slice(0, -1)],
      }));
    }),
  );
  return found.length ? found : [{ place: '', before: [] }];
}
