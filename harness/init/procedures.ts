/** Procedures of tRPC, as its routers in the sources tell: their names, what they take, and where they are called. */
import type { CallExpression, Node } from '@babel/types';
import type { Procedure, ProcedureCalls } from '../lab/procedure.ts';
import { chainedProcedures } from './chained-procedures.ts';
import { inputsOf } from './procedure-inputs.ts';
import { answerOf, calledName, members, resolve, type SourceFile, walk } from './syntax.ts';

/** A router, by the name that it has in its file; `default` where it is exported without one. */
interface Router {
  name: string;
  source: SourceFile;
  object: Node;
}

const MEMBERS_MAX = 200;
const DEPTH_MAX = 6;

const calledMember = (
  node: Node | undefined,
): { call: CallExpression; name: string; of: Node } | undefined =>
  node?.type === 'CallExpression' &&
  node.callee.type === 'MemberExpression' &&
  node.callee.property.type === 'Identifier'
    ? { call: node, name: node.callee.property.name, of: node.callee.object }
    : undefined;

/** The calls of a chain, the first one first, and what it begins with: `protectedProcedure.input(…).query(…)`. */
export function chainOf(node: Node | undefined): {
  root: Node | undefined;
  calls: { name: string; arguments: Node[] }[];
} {
  const calls: { name: string; arguments: Node[] }[] = [];
  let at = node;
  for (let each = calledMember(at); each; each = calledMember(at)) {
    calls.unshift({ name: each.name, arguments: each.call.arguments });
    at = each.of;
  }
  return { root: at, calls };
}

/** Names of what a procedure begins with that say that nobody has to be signed in. */
const PUBLIC = /public|open|guest|anon|unprotected|optional|^t$|^procedure$|^base/i;

/** Names of what a procedure begins with that say that members are answered, and not a few of them. */
const FOR_MEMBERS =
  /^(?!.*(?:admin|staff|owner|super|role)).*(?:protect|auth|private|member|user|session|logged|signed)/i;
/** What a function says that refuses some of them, or has no answer for those who have nothing yet. */
const REFUSES =
  /\bthrow\b|TRPCError|OrThrow|assert|\binvariant\b|\b(?:require|ensure|must|check|can|guard|verify|has)[A-Z]\w*\(|admin|role|permission/i;

/** The procedure that a chain ends as: `query` or `mutation`; undefined where it is none. */
function procedureOf(
  node: Node | undefined,
  source: SourceFile,
  sources: readonly SourceFile[],
): Omit<Procedure, 'name'> | undefined {
  const { root, calls } = chainOf(resolve(node, source));
  const kind = calls.at(-1)?.name;
  if (kind !== 'query' && kind !== 'mutation') return undefined;
  // A method of that name on a database or a client is no procedure: those are given a function to run.
  const [run] = calls.at(-1)?.arguments ?? [];
  if (!run || !/Function|Identifier|MemberExpression/.test(run.type)) return undefined;
  const begins = endOf(root);
  const inputs = calls.flatMap(({ name, arguments: [schema] }) =>
    name === 'input' && schema ? [inputsOf(schema, source, sources)] : [],
  );
  return {
    kind,
    source: source.file,
    ...(!PUBLIC.test(begins) && { isGuarded: true }),
    ...(FOR_MEMBERS.test(begins) &&
      !PUBLIC.test(begins) &&
      /Function/.test(run.type) &&
      !REFUSES.test(textOf(run, source)) && { answersMembers: true }),
    ...(inputs.some((each) => each === undefined)
      ? { isUnread: true }
      : inputs.length > 0 && { inputs: inputs.flatMap((each) => each ?? []) }),
  };
}

/** `router({ … })`, `createTRPCRouter({ … })`, `t.router({ … })`: a call of that name with an object of members. */
function routerObject(node: Node | undefined, source: SourceFile): Node | undefined {
  const value = resolve(node, source);
  if (value?.type !== 'CallExpression') return undefined;
  const name = calledName(value);
  if (!/router$/i.test(name)) return undefined;
  const object = resolve(value.arguments[0], source);
  return object?.type === 'ObjectExpression' ? object : undefined;
}

function routersIn(source: SourceFile): Router[] {
  const found: Router[] = [];
  for (const [name, value] of source.values) {
    const object = routerObject(value, source);
    if (object) found.push({ name, source, object });
  }
  walk(source.tree, (node) => {
    if (node.type !== 'ExportDefaultDeclaration') return;
    const object = routerObject(node.declaration, source);
    if (object && !found.some((each) => each.object === object))
      found.push({ name: 'default', source, object });
  });
  return found;
}

/** The last name of what a chain begins with: `protectedProcedure` of `t.protectedProcedure`. */
export const endOf = (root: Node | undefined): string =>
  root?.type === 'Identifier'
    ? root.name
    : root?.type === 'MemberExpression' && root.property.type === 'Identifier'
      ? root.property.name
      : '';

const withoutEnding = (file: string) => file.replace(/(?:\/index)?\.[cm]?[jt]sx?$/, '');

/** The router that a name of a file means: its own, or the one that it imports under that name. */
function routerNamed(name: string, source: SourceFile, routers: readonly Router[]): Router | undefined {
  const own = routers.find((each) => each.source === source && each.name === name);
  if (own) return own;
  const imported = source.imports.get(name);
  if (!imported) return undefined;
  const isFrom = (each: Router) =>
    withoutEnding(each.source.file).endsWith(
      imported.from.replace(/^(?:\.{1,2}\/|[~@#]\w*\/)+/, '').replace(/\.[cm]?[jt]sx?$/, ''),
    );
  const named = routers.filter(
    (each) => each.name === imported.name || (imported.name === 'default' && isFrom(each)),
  );
  return named.find(isFrom) ?? (named.length === 1 ? named[0] : undefined);
}

/** The router of a dynamic import: `lazy(() => import('./routers/user'))`. */
const isLazy = (node: Node | undefined, source: SourceFile): boolean =>
  node?.type === 'CallExpression' && /^lazy$/.test(textOf(node.callee, source));
const textOf = (node: Node, { text }: SourceFile) => text.slice(node.start ?? 0, node.end ?? 0);

function lazilyMeant(
  node: Node | undefined,
  source: SourceFile,
  routers: readonly Router[],
): Router | undefined {
  if (!isLazy(node, source) || node?.type !== 'CallExpression') return undefined;
  const from = /import\(\s*['"`]([^'"`]+)['"`]/.exec(textOf(node, source))?.[1];
  const called = /\.then\(.*?\b(\w+)\s*\)?\s*$/s.exec(
    textOf(answerOf(node.arguments[0]) ?? node, source),
  )?.[1];
  const bare = from?.replace(/^(?:\.{1,2}\/|[~@#]\w*\/)+/, '').replace(/\.[cm]?[jt]sx?$/, '');
  const there = routers.filter((each) => bare && withoutEnding(each.source.file).endsWith(bare));
  return (
    there.find(({ name }) => name === called) ?? there.find(({ name }) => name === 'default') ?? there[0]
  );
}

/** Where the handler of tRPC stands, as the sources write it: `endpoint: '/api/trpc'`, the address of its client, its folder. */
export function endpointOf(
  sources: readonly SourceFile[],
  paths: readonly string[] = [],
): string | undefined {
  const byFile = paths.flatMap((each) => /^(.*)\/\[(?:\.\.\.)?trpc\]$/.exec(each)?.[1] ?? []);
  const written = sources.flatMap(({ text }) => [
    ...[...text.matchAll(/\bendpoint\s*:\s*['"`](\/[\w\-/]+)['"`]/g)].map(([, place]) => place ?? ''),
    ...[...text.matchAll(/['"`}](\/[\w\-/]*trpc)(?:\/\*)?['"`]/g)].map(([, place]) => place ?? ''),
  ]);
  return [...byFile, ...written].map((place) => place.replace(/\/$/, '')).find(Boolean);
}

/**
 * Reads the procedures of an app: those of routers that stand in no other router, below the names that they have there.
 *
 * @param paths addresses that the folders of the app tell, with `[trpc]` among them
 * @returns undefined for an app without tRPC
 * @see https://trpc.io/docs/rpc for the addresses
 */
export function findProcedures(
  sources: readonly SourceFile[],
  paths: readonly string[] = [],
): ProcedureCalls | undefined {
  if (!sources.some(({ text }) => /@trpc\/server/.test(text))) return undefined;
  const routers = sources.flatMap(routersIn);
  const found = new Map<string, Procedure>();
  const nested = new Set<Router>();
  const enter = (object: Node, source: SourceFile, prefix: string, depth: number): void => {
    if (object.type !== 'ObjectExpression' || depth > DEPTH_MAX) return;
    for (const property of object.properties)
      if (property.type === 'SpreadElement') {
        const spread = resolve(property.argument, source);
        const either =
          spread?.type === 'ConditionalExpression'
            ? [spread.consequent, spread.alternate]
            : [spread?.type === 'LogicalExpression' ? spread.right : spread];
        for (const one of either) {
          const inner = resolve(one, source);
          if (inner?.type === 'ObjectExpression') enter(inner, source, prefix, depth + 1);
        }
      }
    for (const [name, value] of members(object)) {
      if (found.size >= MEMBERS_MAX) return;
      const own = `${prefix}${name}`;
      const procedure = procedureOf(value, source, sources);
      if (procedure) {
        found.set(own, { name: own, ...procedure });
        continue;
      }
      const router =
        value.type === 'Identifier'
          ? routerNamed(value.name, source, routers)
          : lazilyMeant(value, source, routers);
      const inner = routerObject(value, source) ?? resolve(value, source);
      if (router) {
        nested.add(router);
        enter(router.object, router.source, `${own}.`, depth + 1);
      } else if (inner?.type === 'ObjectExpression') enter(inner, source, `${own}.`, depth + 1);
    }
  };
  // A first walk tells which routers stand in others.
  for (const { object, source } of routers) enter(object, source, '', 0);
  found.clear();
  for (const router of routers) if (!nested.has(router)) enter(router.object, router.source, '', 0);
  for (const procedure of chainedProcedures(sources)) found.set(procedure.name, procedure);
  if (found.size === 0) return undefined;
  const isWrapped = sources.some(({ text }) => /\btransformer\b/.test(text) && /superjson/i.test(text));
  return {
    endpoint: endpointOf(sources, paths) ?? '/api/trpc',
    ...(isWrapped && { isWrapped }),
    procedures: [...found.values()],
  };
}

/** Queries that every member has an answer of, by their names. */
const OF_EVERY_MEMBER = /(?:^|\.)(?:get)?(?:me|my\w*|mine|self|who_?am_?i|current\w*|profile|session)$/i;
const OWN_MAX = 2;

/** Addresses of queries that show members what is theirs, and strangers nothing; where none is called so, those of others that refuse no member. */
export function ownQueries(calls: ProcedureCalls | undefined): string[] {
  const plain = (calls?.procedures ?? []).filter(
    ({ kind, isGuarded, isUnread, posted, inputs = [] }) =>
      kind === 'query' && !posted && isGuarded && !isUnread && inputs.every(({ isOptional }) => isOptional),
  );
  const own = plain.filter(({ name }) => OF_EVERY_MEMBER.test(name));
  const found = own.length > 0 ? own : plain.filter(({ answersMembers }) => answersMembers);
  return found.slice(0, OWN_MAX).map(({ name }) => `${calls?.endpoint}/${name}`);
}
