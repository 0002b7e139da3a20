/** The table of routes of an app in the framework mode of React Router, and the files that Remix reads in its place. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { CallExpression, Node } from '@babel/types';
import { Evaluator } from './evaluate.ts';
import { flatRoutes, type TabledRoute } from './flat-routes.ts';
import { Scope } from './interpret-values.ts';
import { answersOf, calledName, homeOf, members, resolve, type SourceFile } from './syntax.ts';
import { constantOf } from './texts.ts';

export interface RouteTable {
  /** File that the table stands in, or the folder that tells it. */
  source: string;
  routes: TabledRoute[];
  /** Folder of the app, which files are named from. */
  app: string;
  /** What in the table could not be read, each with its line. */
  unread: string[];
}

const DEPTH_MAX = 12;

const readText = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');
const ENDINGS = ['.ts', '.tsx', '.js', '.jsx', '.mjs', '.mts'];
const fileAt = (folder: string, bare: string): string | undefined =>
  ENDINGS.map((ending) => bare + ending).find((each) => existsSync(path.join(folder, each)));

/** What the config of React Router says of where the app is: `appDirectory`, `basename`. */
function settings(folder: string): { app: string; base: string } {
  const file = fileAt(folder, 'react-router.config') ?? fileAt(folder, 'remix.config');
  const text =
    (file ? readText(path.join(folder, file)) : '') + readText(path.join(folder, 'vite.config.ts'));
  const named = (name: string) => new RegExp(`\\b${name}\\s*:\\s*['"\`]([^'"\`$]+)`).exec(text)?.[1];
  const app = (named('appDirectory') ?? 'app').replace(/^\.?\/|\/$/g, '');
  return { app, base: (named('basename') ?? '').replace(/\/$/, '') };
}

const within = (folder: string, own: string): string[] =>
  existsSync(path.join(folder, own))
    ? readdirSync(path.join(folder, own), { recursive: true, encoding: 'utf8' }).map((each) =>
        each.split(path.sep).join('/'),
      )
    : [];

/** What stands before a part of the table: an address, and the files around it. */
interface Place {
  path: string;
  above: string[];
}

/** An address below another one; one that names all of it already stands for itself. */
const joined = (place: string, own: string): string =>
  place !== '/' && own.startsWith(`${place}/`)
    ? own
    : `${place.replace(/\/$/, '')}/${own.replace(/^\/|\/$/g, '')}`.replace(/(.)\/$/, '$1');

/** What tells routes where a function is asked for them. */
const DEFINES = /^(?:route|index|layout|flatRoutes|defineRoutes)$/;

const isFunction = (node: Node): boolean => /^(?:ArrowFunction|Function)Expression$/.test(node.type);

class Reader {
  readonly routes: TabledRoute[] = [];
  readonly unread: string[] = [];
  readonly #folder: string;
  readonly #app: string;
  constructor(folder: string, app: string) {
    this.#folder = folder;
    this.#app = app;
  }

  /** Reads an entry, a list of them, or whatever gives them. */
  read(given: Node | null | undefined, place: Place, source: SourceFile, depth = 0): void {
    const node = given && resolve(given, source);
    if (!node || depth > DEPTH_MAX) return;
    const home = homeOf(node, source);
    const more = (each: Node | null | undefined) => this.read(each, place, home, depth + 1);
    if (node.type === 'ArrayExpression')
      for (const each of node.elements) more(each?.type === 'SpreadElement' ? each.argument : each);
    else if (node.type === 'AwaitExpression') more(node.argument);
    else if (node.type === 'ConditionalExpression') {
      more(node.consequent);
      more(node.alternate);
    } else if (node.type === 'LogicalExpression') more(node.right);
    else if (node.type === 'ObjectExpression') this.#object(members(node), place, home, depth);
    else if (node.type === 'CallExpression') this.#call(node, place, home, depth);
    else if (isFunction(node)) this.#body(node, place, home, depth);
    else this.#skip(node, home);
  }

  /** `(route) => { route('settings', 'settings.tsx', () => { … }); }` (Remix, `routes` of its config). */
  #body(made: Node, place: Place, source: SourceFile, depth: number): void {
    const body = 'body' in made ? (made.body as Node) : made;
    const statements = body.type === 'BlockStatement' ? body.body : [body];
    for (const each of statements) {
      const held =
        each.type === 'ExpressionStatement'
          ? [each.expression]
          : each.type === 'VariableDeclaration'
            ? each.declarations.map(({ init }) => init)
            : each.type === 'ReturnStatement'
              ? [each.argument]
              : [each as Node];
      for (const one of held) {
        const call = one?.type === 'AwaitExpression' ? one.argument : one;
        if (call?.type !== 'CallExpression') continue;
        if (DEFINES.test(calledName(call))) this.#call(call, place, source, depth + 1);
        // What is answered are routes; what stands alone may be anything.
        else if (each.type === 'ReturnStatement' || each === body) this.#skip(call, source);
      }
    }
  }

  #skip({ loc }: Node, { file }: SourceFile): void {
    this.unread.push(loc ? `${file}:${loc.start.line}` : file);
  }

  /** `{ path: 'orders', file: 'orders.tsx', children: […] }` */
  #object(own: Map<string, Node>, place: Place, source: SourceFile, depth: number): void {
    const said = own.get('path');
    const address = said ? this.#text(said, source) : '';
    const file = this.#file(own.get('file'), source, false);
    if (address === undefined) this.#skip(said as Node, source);
    else
      this.#add(
        address,
        file,
        { place, children: own.get('children'), isLayout: !said && !own.has('index') },
        source,
        depth,
      );
  }

  #call(node: CallExpression, place: Place, source: SourceFile, depth: number): void {
    const local = calledName(node);
    const name = source.imports.get(local)?.name ?? local;
    const [first, second] = node.arguments;
    const isNear = isRelative(local, source);
    const children = node.arguments
      .slice(1)
      .findLast((each) => resolve(each, source)?.type === 'ArrayExpression' || isFunction(each));
    const isBare =
      first?.type === 'NullLiteral' || (first?.type === 'Identifier' && first.name === 'undefined');
    const address = /^(?:route|prefix)$/.test(name) && !isBare ? this.#text(first, source) : '';
    if (address === undefined) this.#skip(node, source);
    else if (name === 'index' || name === 'layout') {
      const file = this.#file(first, source, isNear);
      this.#add('', file, { place, children, isLayout: name === 'layout' }, source, depth);
    } else if (name === 'route') {
      const file = this.#file(second, source, isNear);
      this.#add(address, file, { place, children, isLayout: isBare }, source, depth);
    } else if (name === 'prefix')
      this.read(second, { ...place, path: joined(place.path, address) }, source, depth + 1);
    else if (/^(?:flat|auto)Routes$/.test(name)) this.#flat(node, place, source);
    else if (/^(?:remixRoutesOptionAdapter|defineRoutes)$/.test(name))
      this.read(first, place, source, depth + 1);
    else this.#answer(node, place, source, depth);
  }

  /** `flatRoutes({ rootDirectory })`, `flatRoutes('routes', defineRoutes)` of remix-flat-routes, and `autoRoutes()`. */
  #flat(node: CallExpression, place: Place, source: SourceFile): void {
    const [first, second] = node.arguments;
    const options = first?.type === 'ObjectExpression' ? members(first) : new Map<string, Node>();
    const convention = calledName(node) === 'autoRoutes' ? 'nested' : second === undefined ? 'own' : 'hybrid';
    const folder =
      this.#text(convention === 'hybrid' ? first : options.get('rootDirectory'), source) ?? 'routes';
    const own = `${this.#app}/${folder}`;
    for (const each of flatRoutes(within(this.#folder, own), own, convention))
      this.routes.push({
        ...each,
        ...(each.path !== undefined && { path: joined(place.path, each.path) }),
        above: [...place.above, ...each.above],
      });
  }

  /** What a function of the app answers. */
  #answer(node: CallExpression, place: Place, source: SourceFile, depth: number): void {
    const made =
      node.callee.type === 'Identifier' ? source.links?.definition(node.callee.name, source) : undefined;
    const [answer, ...others] = made && /Function/.test(made.node.type) ? answersOf(made.node) : [];
    if (made && answer && others.length === 0) this.read(answer, place, made.source, depth + 1);
    else this.#skip(node, source);
  }

  #add(
    own: string,
    file: string | undefined,
    { place, children, isLayout = false }: { place: Place; children?: Node | undefined; isLayout?: boolean },
    source: SourceFile,
    depth: number,
  ): void {
    const address = joined(place.path, own);
    this.routes.push({ ...(!isLayout && { path: address }), ...(file && { file }), above: place.above });
    if (children)
      this.read(
        children,
        { path: address, above: file ? [...place.above, file] : place.above },
        source,
        depth + 1,
      );
  }

  /** A text, also one that a function of the app makes: `buildPath(ROUTES, 'home.tsx')`. */
  #text(node: Node | null | undefined, source: SourceFile): string | undefined {
    const value = node && resolve(node, source);
    if (value?.type !== 'CallExpression') return constantOf(node, source);
    const world = { path: '', session: null, sources: source.links?.of ?? [source] };
    const made = new Evaluator(world, source).eval(value, new Scope(undefined, source));
    return typeof made === 'string' ? made : undefined;
  }

  #file(node: Node | null | undefined, source: SourceFile, isNear: boolean): string | undefined {
    const named = this.#text(node, source);
    if (named === undefined) return undefined;
    const folder = isNear ? path.posix.dirname(source.file) : this.#app;
    return path.posix.join(folder, named);
  }
}

/** Names of `const { route, index } = relative(import.meta.dirname)`: their files are named from there. */
const isRelative = (name: string, { text }: SourceFile): boolean =>
  [...text.matchAll(/\{([^{}]*)\}\s*=\s*relative\(/g)].some(([, names = '']) =>
    new RegExp(`\\b${name}\\b`).test(names),
  );

/** What Remix and React Router call the outermost file of an app. */
const rootOf = (folder: string, app: string): string | undefined => fileAt(folder, `${app}/root`);

/**
 * The table of routes of an app; undefined where its framework has none.
 *
 * @param sources of the app, linked
 */
export function routeTable(folder: string, sources: readonly SourceFile[]): RouteTable | undefined {
  const { app, base } = settings(folder);
  const root = rootOf(folder, app);
  const file = fileAt(folder, `${app}/routes`);
  const text = file ? readText(path.join(folder, file)) : '';
  const isTable =
    /react-router\/(?:dev\/routes|fs-routes)|react-router-auto-routes|remix-run\/(?:route-config|fs-routes)|\bRouteConfig\b/.test(
      text,
    );
  const around = (routes: readonly TabledRoute[]) =>
    routes.map((each) => ({ ...each, above: root ? [root, ...each.above] : each.above }));
  if (file && (isTable || root)) {
    const source = sources.find((each) => each.file === file);
    const given = source?.links?.exported('default', source)?.node;
    if (!source || !given) return { source: file, app, routes: [], unread: [file] };
    const reader = new Reader(folder, app);
    reader.read(given, { path: base || '/', above: [] }, source);
    return { source: file, app, routes: around(reader.routes), unread: reader.unread };
  }
  const own = `${app}/routes`;
  const files = within(folder, own);
  if (!root || files.length === 0 || files.some((each) => /(?:^|\/)__root\./.test(each))) return undefined;
  return { source: own, app, routes: around(flatRoutes(files, own)), unread: [] };
}
