/** Where the options of Auth.js stand in the sources of an app, so that a report can name the line to change. */
import type { Node, ObjectExpression } from '@babel/types';
import { answerOf, lineOf, members, resolve, type SourceFile, walk } from './syntax.ts';

export interface OptionPlace {
  /** Path relative to the app, with `/`. */
  file: string;
  line: number;
}

/** Deeper members belong to what the option is given, not to Auth.js. */
const DEPTH_MAX = 5;

const OPTIONS = ['providers', 'callbacks', 'cookies', 'session', 'pages', 'adapter', 'events', 'jwt'];

/** An object that configures Auth.js: it lists providers, or holds several of its options. */
const isConfig = (object: ObjectExpression) => {
  const names = [...members(object).keys()];
  return names.includes('providers') || names.filter((name) => OPTIONS.includes(name)).length > 1;
};

/**
 * Finds options by their path: `callbacks.redirect`, `cookies.sessionToken.options.httpOnly`, `providers.checks` (of the
 * provider that names Logto, or the first); `''` is the config itself.
 */
export function optionPlaces(sources: readonly SourceFile[]): Record<string, OptionPlace> {
  const found: Record<string, OptionPlace> = {};
  for (const source of sources)
    walk(source.tree, (node) => {
      if (node.type === 'ObjectExpression' && isConfig(node)) note(node, '', source, found);
    });
  return found;
}

function note(
  object: ObjectExpression,
  path: string,
  source: SourceFile,
  found: Record<string, OptionPlace>,
): void {
  found[path] ??= { file: source.file, line: lineOf(object) };
  for (const property of object.properties) {
    if (property.type === 'SpreadElement') continue;
    const { key } = property;
    const name = key.type === 'Identifier' ? key.name : key.type === 'StringLiteral' ? key.value : undefined;
    if (!name) continue;
    const inner = path ? `${path}.${name}` : name;
    found[inner] ??= { file: source.file, line: lineOf(property) };
    if (property.type !== 'ObjectProperty' || inner.split('.').length >= DEPTH_MAX) continue;
    const value = resolve(property.value, source);
    if (inner === 'providers') provider(value, source, found);
    else if (value?.type === 'ObjectExpression') note(value, inner, source, found);
  }
}

function provider(list: Node | undefined, source: SourceFile, found: Record<string, OptionPlace>): void {
  if (list?.type !== 'ArrayExpression') return;
  const entries = list.elements.filter((entry) => entry !== null);
  const isLogto = (entry: Node) => /logto/i.test(source.text.slice(entry.start ?? 0, entry.end ?? 0));
  const entry = entries.find(isLogto) ?? entries[0];
  const value = resolve(entry, source);
  if (!value) return;
  found.providers = { file: source.file, line: lineOf(value) };
  const given = value.type === 'CallExpression' ? resolve(value.arguments[0], source) : value;
  const options = given?.type === 'ObjectExpression' ? given : resolve(answerOf(given), source);
  if (options?.type === 'ObjectExpression') note(options, 'providers', source, found);
}
