/**
 * Which routes a guard in front of all of them closes: the middleware of Next.js, the hooks of SvelteKit, the middleware of
 * Astro, of Nuxt and of h3. Each is walked through for each route, once for a stranger and once for a member.
 */
import type { Node } from '@babel/types';
import { carriedIn } from './carried.ts';
import { Interpreter } from './interpret.ts';
import { Scope, SOMEBODY, type Thing } from './interpret-values.ts';
import { link } from './modules.ts';
import { listOf } from './provider.ts';
import { scopeAround } from './scope-around.ts';
import { type Found, homeOf, members, resolve, type SourceFile, walk } from './syntax.ts';
import { constantOf } from './texts.ts';
import type { Ending } from './ways.ts';

const GUARD_FILES =
  /^(?:src\/)?(?:middleware|proxy)\.[jt]s$|^src\/hooks\.server\.[jt]s$|^(?:src\/)?middleware\/index\.[jt]s$|^(?:app\/)?middleware\/[\w.-]+\.global\.[jt]s$|^server\/middleware\/[\w.-]+\.[jt]s$/;

const isFunction = (node: Node) =>
  /^(?:ArrowFunctionExpression|FunctionExpression|FunctionDeclaration|ObjectMethod)$/.test(node.type);

/** Functions of a file that stand inside no other one, and those named `authorized` wherever they stand. */
function guardsIn(source: SourceFile): Guard[] {
  const found: Guard[] = [];
  const isFront = GUARD_FILES.test(source.file);
  const handed = isFront ? handedOver(source) : [];
  walk(source.tree, (node, above) => {
    const parent = above.at(-1);
    const isOption = parent?.type === 'ObjectProperty' && parent.value === node;
    const key = node.type === 'ObjectMethod' ? node.key : isOption ? parent.key : undefined;
    const saysTruth = key?.type === 'Identifier' && key.name === 'authorized';
    // `callbacks: { authorized: isAllowed }`
    if (saysTruth && node.type === 'Identifier') found.push({ node, source, saysTruth });
    if (isFunction(node) && (saysTruth || (isFront && handed.length === 0 && !above.some(isFunction))))
      found.push({ node, source, saysTruth });
  });
  return [...found, ...handed.map((node) => ({ node, source, saysTruth: false }))];
}

/** What stands in front of pages, and whether its answer is a truth. */
interface Guard extends Found {
  saysTruth: boolean;
}

/** Names that a framework takes its guards by. */
const TAKEN = ['default', 'middleware', 'proxy', 'handle', 'onRequest'];

/** Functions of other files that a guard file hands to its framework: `sequence(auth, guard)`, `chain([withUser, withLocale])`. */
function handedOver(source: SourceFile): Node[] {
  const exported = TAKEN.flatMap((name) => {
    const found = source.links?.exported(name, source);
    return found ? [found] : [];
  });
  const inside = ({ node, source: home }: Found, depth: number): Node[] => {
    if (depth > 4) return [];
    const more = (each: Node) => inside({ node: each, source: home }, depth + 1);
    if (node.type === 'Identifier') {
      const found = home.links?.definition(node.name, home);
      return found && found.node !== node ? inside(found, depth + 1) : [];
    }
    if (isFunction(node)) return [node];
    if (node.type === 'ArrayExpression') return node.elements.flatMap((each) => (each ? more(each) : []));
    if (node.type !== 'CallExpression') return [];
    // What a function of the app makes of them is looked at as well: `withUser(next)`.
    return [node, ...node.arguments.flatMap(more)];
  };
  return exported.flatMap((each) => inside(each, 0)).filter((node) => node.loc);
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
  /** What SvelteKit calls the route: `/(app)/notes`. */
  route?: string | undefined;
  /** What its page says of itself (Nuxt). */
  meta?: Thing | undefined;
  source: SourceFile;
  sources: readonly SourceFile[];
}

/**
 * How somebody is sent away by a function of the app, who has no session; undefined where strangers may pass, or members do not.
 *
 * @param ending gives all ways in which the function ends
 * @param options.isOfRoute it stands at this route, and is there to close it: what else it lets pass (a key, a header) says nothing of the path
 */
function sentAway(
  { path, route, meta, source, sources }: Place,
  ending: (interpreter: Interpreter) => Set<Ending>,
  { isOfRoute = false, saysTruth = false } = {},
): 'redirect' | 'refuse' | undefined {
  const carried = carriedIn(sources);
  const ways = (session: null | typeof SOMEBODY) =>
    ending(new Interpreter({ path, route, meta, session, sources, carried }, source, saysTruth));
  const [strange, member] = [ways(null), ways(SOMEBODY)];
  const isSent = (endings: Set<Ending>) => endings.has('redirect') || endings.has('refuse');
  if (!isSent(strange) || !member.has('pass')) return undefined;
  // What it lets a few of the members alone see (a role, a plan) is closed to strangers all the same.
  if (strange.has('pass') && (!isOfRoute || isSent(member))) return undefined;
  return strange.has('redirect') ? 'redirect' : 'refuse';
}

/** Options of a route that hold what runs before it (Fastify, Elysia). */
const BEFORE = /^(?:onRequest|preParsing|preValidation|preHandler|beforeHandle)$/;

/** Functions among the arguments of a call: `guard`, `[guard, other]`, `{ preHandler: guard }`, and a name for either. */
function functionsOf(given: Node, source: SourceFile): Node[] {
  const held = /^(?:Identifier|TS\w+Expression)$/.test(given.type) ? resolve(given, source) : given;
  const node = held?.type === 'ArrayExpression' || held?.type === 'ObjectExpression' ? held : given;
  const more = (each: Node) => functionsOf(each, homeOf(each, source));
  if (node.type === 'ArrayExpression') return node.elements.flatMap((each) => (each ? more(each) : []));
  if (node.type !== 'ObjectExpression') return [node];
  return [...members(node)].flatMap(([name, value]) => (BEFORE.test(name) ? more(value) : []));
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
    for (const handler of handlers.flatMap((each) => functionsOf(each, homeOf(each, place.source)))) {
      const scope = scopeAround(handler, homeOf(handler, place.source));
      const sent = sentAway(place, (walker) => walker.endingsOfHandler(handler, scope), { isOfRoute });
      if (sent) return sent;
    }
  return undefined;
}

/** Whether all that runs at a route sends even members elsewhere: what is for those who are paused, or about to leave. */
export const sendsMembersAway = (handlers: readonly Node[], { path, source, sources }: Place): boolean =>
  handlers.some((handler) => {
    const world = { path, session: SOMEBODY, sources, carried: carriedIn(sources) } as const;
    const ways = new Interpreter(world, source).endingsOfHandler(handler, scopeAround(handler, source));
    return !ways.has('pass');
  });

/** Guards that a package makes, as they are called: `AuthGuard('session')`. */
const GUARDS_BY_NAME = /auth|session|logged|signed|member/i;

/**
 * How a guard of NestJS sends strangers away: the truth that its `canActivate` answers, or what that throws.
 *
 * @param guard its class, what makes one, or the call that gives one
 */
export function guardsSendAway(guard: Node, place: Place): 'redirect' | 'refuse' | undefined {
  const named = guard.type === 'NewExpression' || guard.type === 'CallExpression' ? guard.callee : guard;
  const name = named.type === 'Identifier' ? named.name : '';
  const found = name ? place.source.links?.definition(name, place.source) : undefined;
  const made = found?.node.type === 'ClassDeclaration' ? found.node : undefined;
  const method = made?.body.body.find(
    (each) =>
      each.type === 'ClassMethod' && each.key.type === 'Identifier' && each.key.name === 'canActivate',
  );
  if (!method || !found) return GUARDS_BY_NAME.test(name) ? 'refuse' : undefined;
  const scope = new Scope(undefined, found.source);
  return sentAway({ ...place, source: found.source }, (walker) => walker.endingsOf(method, scope), {
    isOfRoute: true,
    saysTruth: true,
  });
}

/** Runs before pages of Nuxt are drawn, and before nothing else. */
const BEFORE_PAGES = /^(?:app\/)?middleware\//;

interface Known {
  ids: ReadonlyMap<string, string>;
  metas: ReadonlyMap<string, Thing>;
  ofServer: ReadonlySet<string>;
}

/**
 * The routes that are closed to strangers and open to members, by what stands in front of all of them.
 *
 * @param routes paths that the app has
 * @param known.ids path → what its framework calls the route
 * @param known.metas path → what its page says of itself (Nuxt)
 * @param known.ofServer paths that no page draws (Nuxt): what stands in front of pages never sees them
 */
export function guardedPaths(
  sources: readonly SourceFile[],
  routes: readonly string[],
  { ids, metas, ofServer }: Partial<Known> = {},
): string[] {
  link(sources);
  const fronts = sources.filter(({ file }) => GUARD_FILES.test(file));
  if (fronts.length === 0) return [];
  const matchers = fronts.flatMap((source) => matcherOf(source) ?? []);
  const comesBy = (path: string) =>
    matchers.length === 0 || matchers.some((pattern) => matches(pattern, path));
  const guards = sources.flatMap(guardsIn);
  const closes = (path: string) =>
    guards.some(({ node, source, saysTruth }) => {
      if (ofServer?.has(path) && BEFORE_PAGES.test(source.file)) return false;
      const scope = new Scope(undefined, homeOf(node, source));
      const ending = (walker: Interpreter) =>
        isFunction(node) ? walker.endingsOf(node, scope) : walker.endingsOfHandler(node, scope);
      const place = { path, route: ids?.get(path), meta: metas?.get(path), source, sources };
      return sentAway(place, ending, { saysTruth });
    });
  return routes.filter((path) => comesBy(path) && closes(path));
}
