/** The texts that expressions give without being run, and the environment variables that they read. */
import type { Node } from '@babel/types';
import {
  answersOf,
  calledName,
  followed,
  homeOf,
  keyOf,
  membersTaken,
  type SourceFile,
  walk,
} from './syntax.ts';

/** A text that is made of constant pieces and environment variables. */
export type Pieces = (string | { env: string })[];

const DEPTH_MAX = 12;

const ENVIRONMENT_NAME = /^[A-Z][A-Z0-9_]*$/;

/** The text that an expression gives, in constant pieces and environment variables; undefined when it is not plain. */
export function piecesOf(node: Node | null | undefined, given: SourceFile, depth = 0): Pieces | undefined {
  // Names may lead to themselves: `const path = clean(path)`.
  const value = depth > DEPTH_MAX ? undefined : followed(node, given);
  const source = value ? homeOf(value, given) : given;
  const more = (inner: Node | null | undefined) => piecesOf(inner, source, depth + 1);
  switch (value?.type) {
    case 'StringLiteral':
      return [value.value];
    case 'NumericLiteral':
      return [String(value.value)];
    case 'TemplateLiteral': {
      const parts = value.quasis.flatMap(({ value: { cooked } }, position) => {
        const inner = value.expressions[position];
        return [[cooked ?? ''], ...(inner ? [more(inner)] : [])];
      });
      return parts.every((part) => part !== undefined)
        ? parts.flat().filter((piece) => piece !== '')
        : undefined;
    }
    case 'BinaryExpression': {
      const [left, right] = [more(value.left), more(value.right)];
      return value.operator === '+' && left && right ? [...left, ...right] : undefined;
    }
    case 'LogicalExpression':
      return more(value.left) ?? more(value.right);
    case 'ConditionalExpression': {
      // `process.env.X ? process.env.X : 'y'`
      const [test, taken] = [more(value.test), more(value.consequent)];
      return test && JSON.stringify(test) === JSON.stringify(taken) ? taken : undefined;
    }
    case 'NewExpression': {
      if (value.callee.type !== 'Identifier' || value.callee.name !== 'URL') return undefined;
      const [place, base] = value.arguments.map((each) => more(each));
      return value.arguments.length === 1 ? place : base && place && [...base, ...place];
    }
    case 'MemberExpression':
    case 'OptionalMemberExpression': {
      if (/^(?:href|value)$/.test(keyOf(value.property) ?? '')) return more(value.object);
      // `env[name]` reads what the name stands for, if that is told.
      const name = value.computed ? constantOf(value.property, source, depth + 1) : keyOf(value.property);
      if (name && ENVIRONMENT_NAME.test(name) && isEnvironment(value.object, source)) return [{ env: name }];
      const setting = runtimeSetting(value, source);
      return setting === undefined ? undefined : [{ env: setting }];
    }
    case 'Identifier': {
      const origin = source.imports.get(value.name)?.from ?? '';
      return origin.startsWith('$env/') ? [{ env: value.name }] : undefined;
    }
    case 'CallExpression': {
      const [name] = value.arguments;
      // `process.env.X.trim()`, `url.replace(/\/$/, '')`
      if (value.callee.type === 'MemberExpression' && SAME.test(calledName(value)))
        return more(value.callee.object);
      if (name?.type === 'StringLiteral')
        return ENVIRONMENT_NAME.test(name.value) ? [{ env: name.value }] : undefined;
      if (value.arguments.length === 1) return more(name);
      return value.arguments.length === 0 ? answerPieces(value.callee, source, depth) : undefined;
    }
    default:
      return undefined;
  }
}

/** `wellKnown()`, of a function that answers one text. */
function answerPieces(callee: Node, source: SourceFile, depth: number): Pieces | undefined {
  const made = callee.type === 'Identifier' ? source.links?.definition(callee.name, source) : undefined;
  const [answer, ...more] = made && /Function/.test(made.node.type) ? answersOf(made.node) : [];
  return answer && made && more.length === 0 && depth < 5
    ? piecesOf(answer, made.source, depth + 1)
    : undefined;
}

/** Methods that leave a text what it says. */
const SAME = /^(?:toString|trim|trimEnd|replace|toLowerCase)$/;

const textOf = (node: Node, source: SourceFile) => source.text.slice(node.start ?? 0, node.end ?? 0);

/** `process.env`, `env` of `$env/dynamic/private`, and what a check of the environment answers: `schema.parse(process.env)`. */
function isEnvironment(holder: Node, source: SourceFile): boolean {
  if (/env$/i.test(textOf(holder, source))) return true;
  const made = followed(holder, source);
  if (made?.type !== 'CallExpression') return false;
  const home = homeOf(made, source);
  return made.arguments.some((each) => /^(?:process|import\.meta)\.env$/.test(textOf(each, home)));
}

/** `useRuntimeConfig().logto.issuer` → `NUXT_LOGTO_ISSUER`, which sets it (nuxt.com, Runtime Config). */
function runtimeSetting(node: Node, source: SourceFile, below: readonly string[] = []): string | undefined {
  if (below.length > DEPTH_MAX) return undefined;
  const value = followed(node, source) ?? node;
  if (value.type === 'MemberExpression' || value.type === 'OptionalMemberExpression') {
    const name = value.computed ? undefined : keyOf(value.property);
    return name ? runtimeSetting(value.object, homeOf(value, source), [name, ...below]) : undefined;
  }
  if (value.type !== 'CallExpression' || calledName(value) !== 'useRuntimeConfig') return undefined;
  return ['nuxt', ...below]
    .map((each) => each.replace(/([a-z\d])([A-Z])/g, '$1_$2'))
    .join('_')
    .toUpperCase();
}

/** The text that an expression gives where nobody sets the variables in it: `process.env.COOKIE ?? 'shop.session'`. */
export function defaultOf(node: Node | null | undefined, source: SourceFile, depth = 0): string | undefined {
  const value = depth > DEPTH_MAX ? undefined : followed(node, source);
  const other =
    value?.type === 'LogicalExpression'
      ? defaultOf(value.right, homeOf(value, source), depth + 1)
      : undefined;
  return constantOf(node, source) ?? other;
}

/** Constant text, or undefined. */
export function constantOf(node: Node | null | undefined, source: SourceFile, depth = 0): string | undefined {
  const pieces = piecesOf(node, source, depth);
  return pieces?.every((piece) => typeof piece === 'string') ? pieces.join('') : undefined;
}

const read = new WeakMap<SourceFile, Set<string>>();

/** Functions of a file that read the variable that they are told: `(key) => process.env[key]`. */
function readers(source: SourceFile): ReadonlySet<string> {
  const known = read.get(source);
  if (known) return known;
  const found = new Set<string>();
  read.set(source, found);
  walk(source.tree, (node, above) => {
    if (node.type !== 'MemberExpression' || !node.computed || node.property.type !== 'Identifier') return;
    const { name } = node.property;
    if (!/env$/i.test(textOf(node.object, source))) return;
    for (const [at, each] of above.entries()) {
      if (!('params' in each) || !(each.params as Node[]).some((one) => nameIn(one) === name)) continue;
      const holder = above[at - 1];
      const own = each.type === 'FunctionDeclaration' ? each.id?.name : undefined;
      const held = holder?.type === 'VariableDeclarator' ? nameIn(holder.id) : undefined;
      if (own ?? held) found.add((own ?? held) as string);
    }
  });
  return found;
}

const nameIn = (node: Node): string | undefined =>
  node.type === 'Identifier' ? node.name : node.type === 'AssignmentPattern' ? nameIn(node.left) : undefined;

/** Names of environment variables that a file reads. */
export function environmentNames(source: SourceFile): string[] {
  const names = new Set<string>();
  const own = readers(source);
  const isReader = (name: string) => {
    const found = source.links?.imported(name, source);
    const there = found && [...readers(found.source)].some((each) => source.imports.get(name)?.name === each);
    return own.has(name) || Boolean(there);
  };
  walk(source.tree, (node, above) => {
    // What nuxt.config says there is replaced when the server starts.
    if (above.some((each) => each.type === 'ObjectProperty' && keyOf(each.key) === 'runtimeConfig')) return;
    const name = node.type === 'CallExpression' ? calledName(node) : '';
    const isCall = name !== '' && (/env/i.test(name) || isReader(name));
    const taken = node.type === 'VariableDeclarator' ? membersTaken(node).map(([, value]) => value) : [];
    const isMember = node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression';
    for (const each of [...taken, ...(isCall || isMember ? [node] : [])])
      for (const piece of piecesOf(each, source) ?? [])
        if (typeof piece !== 'string' && !isRuntimeSetting(each, source)) names.add(piece.env);
  });
  for (const [local, { from }] of source.imports) if (from.startsWith('$env/static')) names.add(local);
  return [...names];
}

const isRuntimeSetting = (node: Node, source: SourceFile): boolean =>
  runtimeSetting(node, source) !== undefined;
