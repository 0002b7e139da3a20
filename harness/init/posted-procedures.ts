/** Procedures that are called by POST alone: oRPC, JSON-RPC and GraphQL, as the sources tell them. */
import type { Node } from '@babel/types';
import type { Procedure, ProcedureInput } from '../lab/procedure.ts';
import { proceduresOfSchema, schemaIn } from './graphql-schema.ts';
import { inputsOf } from './procedure-inputs.ts';
import { chainOf, endOf } from './procedures.ts';
import { members, resolve, type SourceFile, walk } from './syntax.ts';
import { constantOf } from './texts.ts';

const DEPTH_MAX = 6;
const MEMBERS_MAX = 200;

/** What a procedure does whose name begins so: it reads. All others may write. */
const READS =
  /^(?:get|list|find|fetch|all|mine|me|my|self|who_?[aA]m_?[iI]|search|read|show|view|latest|recent|count|by|current|load|query|browse|history|details?|stats|summary|profile|info|status|version|ping|health|hello)(?![a-z])/;

const kindOf = (name: string): Procedure['kind'] =>
  READS.test(name.split(/[._/]/).at(-1) ?? name) ? 'query' : 'mutation';

/** The object that a name of a file means, also in the file that it comes from. */
function objectMeant(
  node: Node | undefined,
  source: SourceFile,
  sources: readonly SourceFile[],
  depth = 0,
): { object: Node; source: SourceFile } | undefined {
  const own = resolve(node, source);
  if (own?.type === 'ObjectExpression') return { object: own, source };
  if (own?.type === 'CallExpression') {
    // `os.router({ … })`, `base.prefix('/x').router({ … })`.
    const last = chainOf(own).calls.at(-1);
    const inner = last?.name === 'router' ? resolve(last.arguments[0], source) : undefined;
    return inner?.type === 'ObjectExpression' ? { object: inner, source } : undefined;
  }
  if (own?.type !== 'Identifier') return undefined;
  const imported = source.imports.get(own.name);
  if (!imported || depth > DEPTH_MAX) return undefined;
  const place = imported.from.replace(/^(?:\.{1,2}\/|[~@#$]\w*\/)+/, '').replace(/\.[cm]?[jt]sx?$/, '');
  const holders = sources.filter((each) => each !== source && each.values.has(imported.name));
  const there =
    holders.find(({ file }) => file.replace(/(?:\/index)?\.[cm]?[jt]sx?$/, '').endsWith(place)) ?? holders[0];
  return there && objectMeant(there.values.get(imported.name), there, sources, depth + 1);
}

/** Names of what a procedure begins with that say that nobody has to be signed in. */
const PUBLIC = /public|open|guest|anon|unprotected|optional|^os$|^o$|^base|^pub/i;

/** The procedures of the routers that a handler of oRPC is given (orpc.unnoq.com, RPC Protocol). */
function orpcIn(sources: readonly SourceFile[]): Procedure[] {
  if (!sources.some(({ text }) => /@orpc\/server/.test(text))) return [];
  const endpoint =
    sources.flatMap(({ text }) =>
      /@orpc\/|RPCHandler|rpc/i.test(text)
        ? [...text.matchAll(/\bprefix\s*:\s*['"`](\/[\w\-/]*)['"`]/g)].map(([, place = '']) => place)
        : [],
    )[0] ?? '/rpc';
  const found = new Map<string, Procedure>();
  const enter = (object: Node, source: SourceFile, prefix: string, depth: number): void => {
    if (object.type !== 'ObjectExpression' || depth > DEPTH_MAX) return;
    for (const [name, value] of members(object)) {
      if (found.size >= MEMBERS_MAX) return;
      const own = `${prefix}${name}`;
      const meant = resolve(value, source);
      const { root, calls } = chainOf(meant);
      if (calls.at(-1)?.name === 'handler') {
        const inputs = calls.flatMap(({ name: called, arguments: [schema] }) =>
          called === 'input' && schema ? [inputsOf(schema, source, sources)] : [],
        );
        const begins = endOf(root);
        found.set(own, {
          name: own,
          kind: kindOf(own),
          source: source.file,
          ...(begins && !PUBLIC.test(begins) && { isGuarded: true as const }),
          ...(inputs.some((each) => each === undefined)
            ? { isUnread: true as const }
            : inputs.length > 0 && { inputs: inputs.flatMap((each) => each ?? []) }),
          posted: { style: 'orpc', endpoint: endpoint.replace(/\/$/, '') },
        });
        continue;
      }
      const inner = objectMeant(value, source, sources);
      if (inner) enter(inner.object, inner.source, `${own}.`, depth + 1);
    }
  };
  for (const source of sources)
    walk(source.tree, (node) => {
      if (node.type !== 'NewExpression' || node.callee.type !== 'Identifier') return;
      if (node.callee.name !== 'RPCHandler') return;
      const router = objectMeant(node.arguments[0], source, sources);
      if (router) enter(router.object, router.source, '', 0);
    });
  return [...found.values()];
}

const METHOD_NAME = /^[a-z]\w*(?:[._/][a-z]\w*)+$/i;

/** What a method of JSON-RPC takes, as far as its function takes it apart: `(member, { id, text }) => …`. */
function takenApart(node: Node | undefined): ProcedureInput[] {
  const found: ProcedureInput[] = [];
  if (node)
    walk(node, (each, above) => {
      if (!/Function|ObjectMethod/.test(each.type) || above.some(({ type }) => /Function/.test(type))) return;
      for (const parameter of (each as { params?: Node[] }).params ?? []) {
        const pattern = parameter.type === 'AssignmentPattern' ? parameter.left : parameter;
        if (pattern.type !== 'ObjectPattern') continue;
        for (const property of pattern.properties)
          if (property.type === 'ObjectProperty' && property.key.type === 'Identifier')
            found.push({ name: property.key.name, type: 'any' });
      }
    });
  return found;
}

/** The methods of a JSON-RPC 2.0 server: of a table by names with a dot, and those that are added to one (jsonrpc.org). */
function jsonRpcIn(sources: readonly SourceFile[], posts: readonly string[]): Procedure[] {
  const [endpoint] = posts.filter((each) => /rpc/i.test(each) && !/[:*[]/.test(each));
  const speak = sources.filter(
    ({ text }) => /['"`]2\.0['"`]|json-rpc/i.test(text) && /json-?rpc/i.test(text),
  );
  if (!endpoint || speak.length === 0) return [];
  const found = new Map<string, Procedure>();
  const add = (name: string, node: Node | undefined, source: SourceFile) => {
    if (found.size >= MEMBERS_MAX) return;
    const inputs = takenApart(resolve(node, source) ?? node);
    found.set(name, {
      name,
      kind: kindOf(name),
      source: source.file,
      ...(inputs.length > 0 && { inputs }),
      posted: { style: 'json-rpc', endpoint },
    });
  };
  for (const source of speak)
    walk(source.tree, (node) => {
      if (node.type === 'ObjectProperty' || node.type === 'ObjectMethod') {
        const name = node.key.type === 'StringLiteral' ? node.key.value : '';
        if (METHOD_NAME.test(name)) add(name, node.type === 'ObjectProperty' ? node.value : node, source);
      }
      if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return;
      const { property } = node.callee;
      const name = constantOf(node.arguments[0], source);
      if (property.type === 'Identifier' && property.name === 'addMethod' && name)
        add(name, node.arguments[1], source);
    });
  return [...found.values()];
}

/** The texts of a file that hold types of GraphQL: those of TypeScript stand in no text. */
function schemaTexts({ tree, text }: SourceFile): string[] {
  if (!/\btype\s+(?:Query|Mutation)\b/.test(text)) return [];
  const found: string[] = [];
  walk(tree, (node) => {
    const own =
      node.type === 'TemplateLiteral'
        ? node.quasis.map(({ value }) => value.cooked ?? '').join(' ')
        : node.type === 'StringLiteral'
          ? node.value
          : '';
    if (/\b(?:type|input|enum|interface)\s+\w+[^{}=]*\{/.test(own)) found.push(own);
  });
  return found;
}

/** The fields of a schema that is written in the sources, as graphql-yoga, Apollo and their like take it. */
function graphqlIn(sources: readonly SourceFile[], paths: readonly string[]): Procedure[] {
  const texts = sources.flatMap((source) => schemaTexts(source).map((text) => ({ text, file: source.file })));
  const [first] = texts;
  if (!first) return [];
  const written = sources.flatMap(({ text }) =>
    [...text.matchAll(/\b(?:graphqlEndpoint|path)\s*:\s*['"`](\/[\w\-/]*graphql)['"`]/gi)].map(
      ([, place = '']) => place,
    ),
  );
  const endpoint = [...written, ...paths.filter((each) => /\/graphql$/i.test(each))][0] ?? '/graphql';
  return proceduresOfSchema(schemaIn(texts.map(({ text }) => text).join('\n')), endpoint, first.file);
}

/**
 * Reads what an app answers by POST to calls with a name.
 *
 * @param paths addresses that the app answers, as folders and sources tell
 * @param posts those of them that take posts
 */
export const postedProcedures = (
  sources: readonly SourceFile[],
  paths: readonly string[],
  posts: readonly string[],
): Procedure[] => [
  ...orpcIn(sources),
  ...jsonRpcIn(sources, posts),
  ...graphqlIn(sources, [...paths, ...posts]),
];
