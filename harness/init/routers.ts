/** Routers of Express, Hono and their like: where they are mounted, and which functions stand before their routes. */
import path from 'node:path';
import type { CallExpression, Node } from '@babel/types';
import { moduleOf } from './module-names.ts';
import { calledName, members, type SourceFile, walk } from './syntax.ts';
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
  /** Routers that a function is called with, and that function: `async (app) => { app.get('/x', …); }`. */
  plugins: ReadonlyMap<string, Node>;
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
  const router = begins.type === 'Identifier' ? begins.name : holder;
  const options = callee.property.name === 'route' ? routeOptions(node, source) : undefined;
  if (options) return { router, ...options, handlers: [...node.arguments] };
  return {
    router,
    method: callee.property.name,
    path,
    handlers: node.arguments.slice(isPath(first) ? 1 : 0),
  };
}

/** `app.route({ method: 'GET', url: '/x', preHandler: guard, handler })` (Fastify). */
function routeOptions(
  node: CallExpression,
  source: SourceFile,
): { method: string; path: string } | undefined {
  const [first] = node.arguments;
  if (first?.type !== 'ObjectExpression') return undefined;
  const options = members(first);
  const path = constantOf(options.get('url') ?? options.get('path'), source);
  const method = options.get('method');
  const methods = method?.type === 'ArrayExpression' ? method.elements : [method];
  const names = methods.map((each) => (each ? constantOf(each, source) : undefined));
  return path?.startsWith('/') && names.includes('GET') ? { method: 'get', path } : undefined;
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
  const plugins = new Map<string, Node>();
  const bases = new Map<string, { of: string; path: string }>();
  walk(source.tree, (node, above) => {
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier') {
      const base = basePathIn(node.init, source);
      if (base) bases.set(node.id.name, base);
    }
    if (node.type !== 'CallExpression') return;
    const call = callOf(node, source, holderOf(node, above));
    if (!call) return;
    // Several functions of a file may each have a router of that name.
    const plugin = above.findLast((each) => routerOfPlugin(each) === call.router);
    const router = plugin ? `${call.router}@${plugin.start}` : call.router;
    if (plugin) plugins.set(router, plugin);
    found.push({ call: { ...call, router }, place: placeOf(node) });
  });
  const calls = found.sort((one, next) => one.place - next.place).map(({ call }) => call);
  const prefixOf = (router: string, depth = 0): string => {
    const base = bases.get(router);
    return base && depth < 5 ? prefixOf(base.of, depth + 1) + base.path : '';
  };
  return { calls, plugins, prefixOf };
}

/** Path below another: `/` adds nothing. */
export const below = (mount: string, own: string): string =>
  `${mount.replace(/\/$/, '')}${own === '/' && mount ? '' : own}` || '/';

/** File that an import of an app's own leads to, without its ending. */
const fileOf = (from: string, { file }: SourceFile) =>
  path.posix.join(path.posix.dirname(file), from).replace(/\.[cm]?[jt]sx?$/, '');

/** Functions that stand before all of a router, or before a path of it. */
export interface Front {
  /** Path that they stand before; none where that is every one. */
  at?: string;
  handlers: Node[];
}

export interface Mount {
  place: string;
  /** `requireUser` of `app.use('/api', requireUser, router)`. */
  before: Node[];
  /** What stood before the routers above when this one was mounted: `app.use('/account/*', requireUser)`, hooks of Fastify. */
  fronts: Front[];
}

/** What is mounted: by its name, and by the file that it comes from, if that is another one. */
interface Mounted {
  name: string;
  from?: string;
  /** A plugin that is written, or named, where it is mounted: the router is what it is called with. */
  plugin?: Node;
}

/** `router`, `notesRouter()`, `router.routes()`, `require('./notes')`, `import('./notes')`, `async (app) => …`. */
function mountedAs(node: Node | undefined, source: SourceFile): Mounted | undefined {
  if (!node) return undefined;
  const module = moduleOf(node, source.imports);
  if (node.type === 'Identifier')
    return {
      name: node.name,
      from: module?.from,
      plugin: module ? undefined : source.links?.definition(node.name, source)?.node,
    };
  if (/^(?:ArrowFunction|Function)Expression$/.test(node.type)) return { name: '', plugin: node };
  if (module) return { name: module.name, from: module.from };
  if (node.type !== 'CallExpression') return undefined;
  const { callee } = node;
  if (callee.type === 'MemberExpression' && /^(?:routes|middleware|callback)$/.test(calledName(node)))
    return mountedAs(callee.object, source);
  if (callee.type !== 'Identifier') return undefined;
  const from = source.imports.get(callee.name)?.from;
  return from ? { name: callee.name, from } : undefined;
}

/** The name under which a plugin knows the router that it is called with. */
function routerOfPlugin(plugin: Node | undefined): string | undefined {
  const [first] = plugin && 'params' in plugin ? (plugin.params as Node[]) : [];
  return first?.type === 'Identifier' ? first.name : undefined;
}

/** `{ prefix: '/account' }` of `app.register(routes, { prefix: '/account' })` (Fastify). */
const prefixIn = (options: Node | undefined, source: SourceFile): string =>
  options?.type === 'ObjectExpression' ? (constantOf(members(options).get('prefix'), source) ?? '') : '';

/** Routers stand in routers, each in front of the paths of the next. */
const NESTED_MAX = 4;

/** A function that is written where it is used may let most of them pass: it is walked through, and believed by nothing else. */
export const isNamed = (handler: Node) => !/Function/.test(handler.type);

/** What stands before what is called after a call of the same router. */
export function frontsBefore(position: number, { calls, prefixOf }: Routers): Front[] {
  const { router } = calls[position] as RouterCall;
  const above = calls.slice(0, position).flatMap(({ router: by, method, path: at, handlers }) => {
    if (method !== 'use' || (!at && by !== router)) return [];
    return [{ ...(at && { at: prefixOf(by) + at }), handlers }];
  });
  const hooks = calls.flatMap((each) =>
    each.router === router && each.method === 'addHook' ? [{ handlers: each.handlers.slice(1) }] : [],
  );
  return [...hooks, ...above];
}

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
  const wanted = routersOf(source).plugins.get(router);
  const found = sources.flatMap((each) =>
    routersOf(each).calls.flatMap(({ method, path: at = '', handlers, router: by }, position) => {
      if (!/^(use|route|register)$/.test(method)) return [];
      const isPlugin = method === 'register';
      const mounted = mountedAs(isPlugin ? handlers[0] : handlers.at(-1), each);
      if (!mounted) return [];
      const { name, from, plugin } = mounted;
      const exported = each.imports.get(name)?.name ?? name;
      const leads = from === undefined ? undefined : each.links?.fileOf(from, each);
      const isHere =
        each === source && !from && by !== router && (name === router || (isPlugin && plugin === wanted));
      const isFile =
        from !== undefined &&
        (leads ? leads === source || leadsOn(exported, leads, source) : isNear(from, each, own));
      const isIt = isPlugin
        ? leads?.links?.exported(exported === '*' ? 'default' : exported, leads)?.node === wanted
        : !held.has(exported) || exported === router;
      const isThere = isFile && isIt;
      if (!isHere && !isThere) return [];
      const outer =
        depth < NESTED_MAX ? mountsOf(by, each, sources, depth + 1) : [{ place: '', before: [], fronts: [] }];
      const place = (isPlugin ? prefixIn(handlers[1], each) : at).replace(/\/$/, '');
      const fronts = frontsBefore(position, routersOf(each));
      return outer.map((above) => ({
        place: above.place + routersOf(each).prefixOf(by) + place,
        before: [...above.before, ...(isPlugin ? [] : handlers.slice(0, -1))],
        fronts: [
          ...above.fronts,
          ...fronts.map((front) =>
            front.at === undefined ? front : { ...front, at: above.place + front.at },
          ),
        ],
      }));
    }),
  );
  return found.length ? found : [{ place: '', before: [], fronts: [] }];
}

/** A barrel leads on to the file of the router. */
const leadsOn = (name: string, barrel: SourceFile, source: SourceFile): boolean =>
  barrel.links?.exported(name, barrel)?.source === source;

const isNear = (from: string, each: SourceFile, own: string) =>
  from.startsWith('.') && [own, own.replace(/\/index$/, '')].includes(fileOf(from, each));
