/** The providers of an app, however their list is made: by conditions, spreads, pushes, functions, in whatever file. */
import type { CallExpression, Node } from '@babel/types';
import { type Provider, providerOf } from './provider.ts';
import {
  answersOf,
  calledName,
  followed,
  homeOf,
  members,
  resolve,
  type SourceFile,
  walk,
} from './syntax.ts';

/** Lists are made of lists. */
const DEPTH_MAX = 8;

/** Methods that answer what their list holds, or some of it. */
const SAME = /^(?:filter|flat|slice|map|flatMap|sort|toSorted|reverse|toReversed|concat)$/;
const ADDS = /^(?:push|unshift)$/;

/** All providers that a list may hold, each id once: the one that says most of it. */
export function providersIn(list: Node | null | undefined, source: SourceFile): Provider[] {
  const found = new Map<string, Provider>();
  for (const each of listed(list, source, 0)) {
    const known = found.get(each.id);
    if (!known || said(each) > said(known)) found.set(each.id, each);
  }
  return [...found.values()];
}

const said = ({ issuer, clientId, clientSecret, checks, profile }: Provider) =>
  [issuer, clientId, clientSecret, checks, profile].filter(Boolean).length;

/** Both sides of a choice, and the right one of `isOn && x`. */
function sidesOf(node: Node): Node[] | undefined {
  if (node.type === 'ConditionalExpression') return [node.consequent, node.alternate];
  if (node.type === 'LogicalExpression')
    return node.operator === '&&' ? [node.right] : [node.left, node.right];
  return node.type === 'AwaitExpression' ? [node.argument] : undefined;
}

function listed(given: Node | null | undefined, source: SourceFile, depth: number): Provider[] {
  if (!given || depth > DEPTH_MAX) return [];
  const node = followed(given, source);
  if (!node) return [];
  const home = homeOf(node, source);
  const more = (each: Node | null | undefined) => listed(each, home, depth + 1);
  const added = given.type === 'Identifier' ? addedTo(given.name, home, depth) : [];
  const sides = sidesOf(node);
  if (sides) return [...sides.flatMap(more), ...added];
  if (node.type === 'ArrayExpression') {
    const held = node.elements.flatMap((each) =>
      each?.type === 'SpreadElement' ? more(each.argument) : entries(each, home, depth + 1),
    );
    return [...held, ...added];
  }
  if (node.type === 'CallExpression') return [...calledList(node, home, depth), ...added];
  return added;
}

/** `a.concat(b).filter(Boolean)`, `Object.values(all)`, `providersFor(env)`. */
function calledList(node: CallExpression, source: SourceFile, depth: number): Provider[] {
  const more = (each: Node | null | undefined) => listed(each, source, depth + 1);
  const { callee } = node;
  const name = calledName(node);
  if (callee.type === 'MemberExpression' && SAME.test(name))
    return [
      ...more(callee.object),
      ...(name === 'concat' ? node.arguments.flatMap((each) => more(each)) : []),
    ];
  if (callee.type === 'MemberExpression' && name === 'values') {
    const held = followed(node.arguments[0], source);
    return held?.type === 'ObjectExpression'
      ? [...members(held).values()].flatMap((each) => entries(each, homeOf(held, source), depth + 1))
      : [];
  }
  const made = functionOf(callee, source);
  return made ? answersOf(made).flatMap((each) => listed(each, homeOf(each, source), depth + 1)) : [];
}

const isFunction = (node: Node | undefined): node is Node =>
  node !== undefined && /Function|ObjectMethod/.test(node.type);

/** The function of the app that is called. */
function functionOf(callee: Node, source: SourceFile): Node | undefined {
  const named =
    callee.type === 'Identifier' ? source.links?.definition(callee.name, source)?.node : undefined;
  const made = named ?? followed(callee, source);
  return isFunction(made) ? made : undefined;
}

/** What stands in one place of a list: a provider, or one of several. */
function entries(given: Node | null | undefined, source: SourceFile, depth: number): Provider[] {
  if (!given || depth > DEPTH_MAX) return [];
  const node = followed(given, source);
  const home = node ? homeOf(node, source) : source;
  const sides = node && sidesOf(node);
  if (sides) return sides.flatMap((each) => entries(each, home, depth + 1));
  const provider = providerOf(given, source);
  if (provider) return [provider];
  const made = node?.type === 'CallExpression' ? functionOf(node.callee, home) : undefined;
  return made ? answersOf(made).flatMap((each) => entries(each, homeOf(each, home), depth + 1)) : [];
}

/** What is added to a list after it was made: `providers.push(Logto)`, `providers = [...providers, Logto]`. */
function addedTo(name: string, source: SourceFile, depth: number): Provider[] {
  const found: Provider[] = [];
  walk(source.tree, (node) => {
    if (
      node.type === 'CallExpression' &&
      node.callee.type === 'MemberExpression' &&
      ADDS.test(calledName(node))
    ) {
      const to = node.callee.object;
      if (to.type === 'Identifier' && to.name === name) found.push(...pushed(node, source, depth));
    }
    if (node.type !== 'AssignmentExpression' || node.left.type !== 'Identifier' || node.left.name !== name)
      return;
    if (node.right.type !== 'Identifier') found.push(...listed(node.right, source, depth + 3));
  });
  return found;
}

const pushed = (node: CallExpression, source: SourceFile, depth: number) =>
  node.arguments.flatMap((each) =>
    each.type === 'SpreadElement'
      ? listed(each.argument, source, depth + 3)
      : entries(each, source, depth + 1),
  );

/** What is added to the list of a config where it stands: `authOptions.providers.push(…)`. */
export function addedToConfigs(sources: readonly SourceFile[]): Provider[] {
  return sources.flatMap((source) => {
    const found: Provider[] = [];
    walk(source.tree, (node) => {
      if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return;
      const to = resolve(node.callee.object, source);
      if (!ADDS.test(calledName(node)) || !/^(?:Optional)?MemberExpression$/.test(to?.type ?? '')) return;
      const { property } = to as Node & { type: 'MemberExpression' };
      if (property.type === 'Identifier' && property.name === 'providers')
        found.push(...pushed(node, source, 0));
    });
    return found;
  });
}
