/** The texts that expressions give without being run, and the environment variables that they read. */
import type { Node } from '@babel/types';
import { calledName, environmentTaken, followed, homeOf, keyOf, type SourceFile, walk } from './syntax.ts';

/** A text that is made of constant pieces and environment variables. */
export type Pieces = (string | { env: string })[];

const ENVIRONMENT_NAME = /^[A-Z][A-Z0-9_]*$/;

/** The text that an expression gives, in constant pieces and environment variables; undefined when it is not plain. */
export function piecesOf(node: Node | null | undefined, given: SourceFile): Pieces | undefined {
  const value = followed(node, given);
  const source = value ? homeOf(value, given) : given;
  switch (value?.type) {
    case 'StringLiteral':
      return [value.value];
    case 'NumericLiteral':
      return [String(value.value)];
    case 'TemplateLiteral': {
      const parts = value.quasis.flatMap(({ value: { cooked } }, position) => {
        const inner = value.expressions[position];
        return [[cooked ?? ''], ...(inner ? [piecesOf(inner, source)] : [])];
      });
      return parts.every((part) => part !== undefined)
        ? parts.flat().filter((piece) => piece !== '')
        : undefined;
    }
    case 'BinaryExpression': {
      const [left, right] = [piecesOf(value.left, source), piecesOf(value.right, source)];
      return value.operator === '+' && left && right ? [...left, ...right] : undefined;
    }
    case 'LogicalExpression':
      return piecesOf(value.left, source) ?? piecesOf(value.right, source);
    case 'MemberExpression':
    case 'OptionalMemberExpression': {
      // `env[name]` reads what the name stands for, if that is told.
      const name = value.computed ? constantOf(value.property, source) : keyOf(value.property);
      const holder = source.text.slice(value.object.start ?? 0, value.object.end ?? 0);
      return name && ENVIRONMENT_NAME.test(name) && /env$/i.test(holder) ? [{ env: name }] : undefined;
    }
    case 'Identifier': {
      const origin = source.imports.get(value.name)?.from ?? '';
      return origin.startsWith('$env/') ? [{ env: value.name }] : undefined;
    }
    case 'CallExpression': {
      const [name] = value.arguments;
      if (name?.type === 'StringLiteral')
        return ENVIRONMENT_NAME.test(name.value) ? [{ env: name.value }] : undefined;
      return value.arguments.length === 1 ? piecesOf(name, source) : undefined;
    }
    default:
      return undefined;
  }
}

/** Constant text, or undefined. */
export function constantOf(node: Node | null | undefined, source: SourceFile): string | undefined {
  const pieces = piecesOf(node, source);
  return pieces?.every((piece) => typeof piece === 'string') ? pieces.join('') : undefined;
}

/** Names of environment variables that a file reads. */
export function environmentNames(source: SourceFile): string[] {
  const names = new Set<string>();
  walk(source.tree, (node) => {
    const isCall = node.type === 'CallExpression' && /env/i.test(calledName(node));
    const taken = node.type === 'VariableDeclarator' ? environmentTaken(node).map(([, value]) => value) : [];
    const isMember = node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression';
    for (const piece of [...taken, ...(isCall || isMember ? [node] : [])].flatMap(
      (each) => piecesOf(each, source) ?? [],
    ))
      if (typeof piece !== 'string') names.add(piece.env);
  });
  for (const [local, { from }] of source.imports) if (from.startsWith('$env/static')) names.add(local);
  return [...names];
}
