/**
 * Which routes a guard in front of all of them closes: the middleware of Next.js, the hooks of SvelteKit, the middleware of
 * Astro, of Nuxt and of h3. Each is walked through for each route, once for a stranger and once for a member.
 */
import type { Node } from '@babel/types';
import { type Ending, Interpreter } from './interpret.ts';
import { SOMEBODY } from './interpret-values.ts';
import { listOf } from './provider.ts';
import { members, type SourceFile, walk } from './syntax.ts';
import { constantOf } from './texts.ts';

const GUARD_FILES =
  /^(?:src\/)?(?:middleware|proxy)\.[jt]s$|^src\/hooks\.server\.[jt]s$|^(?:src\/)?middleware\/index\.[jt]s$|^(?:app\/)?middleware\/[\w.-]+\.global\.[jt]s$|^server\/middleware\/[\w.-]+\.[jt]s$/;

const isFunction = (node: Node) =>
  /^(?:ArrowFunctionExpression|FunctionExpression|FunctionDeclaration|ObjectMethod)$/.test(node.type);

/** Functions of a file that stand inside no other one, and those named `authorized` wherever they stand. */
function guardsIn(source: SourceFile): Node[] {
  const found: Node[] = [];
  walk(source.tree, (node, above) => {
    if (!isFunction(node)) return;
    const parent = above.at(-1);
    const name =
      node.type === 'ObjectMethod' && node.key.type === 'Identifier'
        ? node.key.name
        : parent?.type === 'ObjectProperty' && parent.key.type === 'Identifier'
          ? parent.key.name
          : '';
    if (name === 'authorized' || (GUARD_FILES.test(source.file) && !above.some(isFunction))) found.push(node);
  });
  return found;
}

/** Whether a matcher of Next.js names a path (its documentation, Matching Paths); one that cannot be read names all. */
function matches(pattern: string, path: string): boolean {
  const expression = pattern
    .replace(/\/:\w+\*/g, '(?:/.*)?')
    .replace(/\/:\w+\+/g, '/.+')
    .replace(/:\w+\?/g, '[^/]*')
    .replace(/:\w+/g, '[^/]+');
  try {
    return new RegExp(`^${expression}$`).test(path);
  } catch {
    return true;
  }
}

/** What `config.matcher` says; undefined where all paths come by. */
function matcherOf(source: SourceFile): string[] | undefined {
  let found: string[] | undefined;
  walk(source.tree, (node) => {
    if (node.type !== 'ObjectProperty' || node.key.type !== 'Identifier' || node.key.name !== 'matcher')
      return;
    const one = constantOf(node.value, source);
    found = one ? [one] : listOf(node.value, source);
  });
  return found;
}

/** Where a function stands, and the address that it is walked through for. */
interface Place {
  path: string;
  source: SourceFile;
  sources: readonly SourceFile[];
}

/**
 * How somebody is sent away by a function of the app, who has no session; undefined where strangers may pass, or members do not.
 *
 * @param ending gives all ways in which the function ends
 * @param isOfRoute it stands at this route, and is there to close it: what else it lets pass (a key, a header) says nothing of the path
 */
function sentAway(
  { path, source, sources }: Place,
  ending: (interpreter: Interpreter) => Set<Ending>,
  isOfRoute = false,
): 'redirect' | 'refuse' | undefined {
  const ways = (session: null | typeof SOMEBODY) =>
    ending(new Interpreter({ path, session, sources }, source));
  const [strange, member] = [ways(null), ways(SOMEBODY)];
  const isSent = (endings: Set<Ending>) => endings.has('redirect') || endings.has('refuse');
  if (!isSent(strange) || !member.has('pass')) return undefined;
  if (isOfRoute ? isSent(member) : strange.has('pass')) return undefined;
  return strange.has('redirect') ? 'redirect' : 'refuse';
}

/** Options of a route that hold what runs before it (Fastify, Elysia). */
const BEFORE = /^(?:onRequest|preParsing|preValidation|preHandler|beforeHandle)$/;

/** Functions among the arguments of a call: `guard`, `[guard, other]`, `{ preHandler: guard }`. */
function functionsOf(node: Node): Node[] {
  if (node.type === 'ArrayExpression')
    return node.elements.flatMap((each) => (each ? functionsOf(each) : []));
  if (node.type !== 'ObjectExpression') return [node];
  return [...members(node)].flatMap(([name, value]) => (BEFORE.test(name) ? functionsOf(value) : []));
}

/**
 * How the functions that stand before a route, and its own, send strangers away from it.
 *
 * @param front stand before many routes
 * @param own stand at this one
 */
export function handlersSendAway(
  { front, own }: { front: readonly Node[]; own: readonly Node[] },
  place: Place,
): 'redirect' | 'refuse' | undefined {
  for (const [handlers, isOfRoute] of [
    [own, true],
    [front, false],
  ] as const)
    for (const handler of handlers.flatMap(functionsOf)) {
      const sent = sentAway(place, (walker) => walker.endingsOfHandler(handler), isOfRoute);
      if (sent) return sent;
    }
  return undefined;
}

/**
 * The routes that are closed to strangers and open to members, by what stands in front of all of them.
 *
 * @param routes paths that the app has
 */
export function guardedPaths(sources: readonly SourceFile[], routes: readonly string[]): string[] {
  const fronts = sources.filter(({ file }) => GUARD_FILES.test(file));
  if (fronts.length === 0) return [];
  const matchers = fronts.flatMap((source) => matcherOf(source) ?? []);
  const comesBy = (path: string) =>
    matchers.length === 0 || matchers.some((pattern) => matches(pattern, path));
  const guards = sources.flatMap((source) => guardsIn(source).map((node) => ({ node, source })));
  const closes = (path: string) =>
    guards.some(({ node, source }) =>
      sentAway({ path, source, sources }, (walker) => walker.endingsOf(node)),
    );
  return routes.filter((path) => comesBy(path) && closes(path));
}
