/** Routers of Express, Hono and their like: where they are mounted, and which functions stand before their routes. */
import path from 'node:path';
import type { CallExpression, Node } from '@babel/types';
import { constantOf, type SourceFile, walk } from './syntax.ts';

/** A call of a method of a router: `app.get('/x', …)`. */
export interface RouterCall {
  /** Name of the variable that the method was called on. */
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

function callOf(node: CallExpression, source: SourceFile): RouterCall | undefined {
  const { callee } = node;
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return undefined;
  const first = constantOf(node.arguments[0], source);
  const hasPath = isPath(first);
  return {
    router: callee.object.type === 'Identifier' ? callee.object.name : '',
    method: callee.property.name,
    path: hasPath ? first : undefined,
    handlers: node.arguments.slice(hasPath ? 1 : 0),
  };
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

/** The routers of one file. */
export function routersOf(source: SourceFile): Routers {
  const calls: RouterCall[] = [];
  const bases = new Map<string, { of: string; path: string }>();
  walk(source.tree, (node) => {
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier') {
      const base = basePathIn(node.init, source);
      if (base) bases.set(node.id.name, base);
    }
    if (node.type !== 'CallExpression') return;
    const call = callOf(node, source);
    if (call) calls.push(call);
  });
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

/**
 * Where the routers of a file are mounted, by `app.use('/api', router)` here or in the file that imports it.
 *
 * @returns one place for each mount, with what stands there before the router; the root where there is none
 */
export function mountsOf(router: string, source: SourceFile, sources: readonly SourceFile[]): Mount[] {
  const own = source.file.replace(/\.[cm]?[jt]sx?$/, '');
  const found = sources.flatMap((each) =>
    routersOf(each).calls.flatMap(({ method, path: place, handlers, router: by }) => {
      const last = handlers.at(-1);
      if (!/^(use|route)$/.test(method) || !place || last?.type !== 'Identifier') return [];
      const from = each.imports.get(last.name)?.from;
      const isHere = each === source && last.name === router;
      const isThere =
        from?.startsWith('.') && [own, own.replace(/\/index$/, '')].includes(fileOf(from, each));
      if (!isHere && !isThere) return [];
      return [
        { place: routersOf(each).prefixOf(by) + place.replace(/\/$/, ''), before: handlers.slice(0, -1) },
      ];
    }),
  );
  return found.length ? found : [{ place: '', before: [] }];
}
