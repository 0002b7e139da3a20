/** Addresses of an API that answer nobody who asks for them as they are. */
import type { Node } from '@babel/types';
import { followed, members, type SourceFile, walk } from './syntax.ts';

/** What a file of a router by file exports for each method (Next.js, SvelteKit, Astro). */
const METHODS = /^(?:GET|HEAD|OPTIONS|POST|PUT|PATCH|DELETE|ALL|fallback)$/;

const METHOD_NAME = /^(?:GET|HEAD|OPTIONS|POST|PUT|PATCH|DELETE)$/i;

/** Whether a call is given a function for each method, and none for GET: `withMember({ POST: … })`. */
function takesNoGet(node: Node, source: SourceFile): boolean {
  const made = followed(node, source);
  return (
    made?.type === 'CallExpression' &&
    made.arguments.some((argument) => {
      const held = followed(argument, source);
      const names = held?.type === 'ObjectExpression' ? [...members(held).keys()] : [];
      return (
        names.length > 0 &&
        names.every((name) => METHOD_NAME.test(name)) &&
        !names.some((name) => /^(?:get|head)$/i.test(name))
      );
    })
  );
}

/**
 * Whether the handlers of a file answer no GET: it exports others alone, hands others alone to what it exports, or names others and refuses the rest with 405. Nothing is
 * read there, by members neither.
 */
export function readsNothing(source: SourceFile): boolean {
  const { tree, text } = source;
  let isOfOthers = false;
  const exported = new Set<string>();
  let byDefault = false;
  walk(tree, (node, above) => {
    if (above.length > 4) return;
    if (node.type === 'ExportDefaultDeclaration') {
      byDefault = true;
      isOfOthers = takesNoGet(node.declaration, source);
    }
    if (node.type === 'ExportAllDeclaration') byDefault = true;
    if (node.type === 'ExportSpecifier')
      exported.add(node.exported.type === 'Identifier' ? node.exported.name : node.exported.value);
    if (node.type !== 'ExportNamedDeclaration') return;
    const { declaration } = node;
    if (declaration?.type === 'FunctionDeclaration' && declaration.id) exported.add(declaration.id.name);
    if (declaration?.type === 'VariableDeclaration')
      for (const { id } of declaration.declarations) {
        if (id.type === 'Identifier') exported.add(id.name);
        if (id.type === 'ObjectPattern')
          for (const each of id.properties)
            if (each.type === 'ObjectProperty' && each.value.type === 'Identifier')
              exported.add(each.value.name);
      }
  });
  const methods = [...exported].filter((name) => METHODS.test(name));
  if (methods.length > 0) return !methods.some((name) => /^(?:GET|ALL|fallback)$/.test(name));
  if (isOfOthers) return true;
  return (
    byDefault &&
    /\b405\b/.test(text) &&
    /['"](?:POST|PUT|PATCH|DELETE)['"]/.test(text) &&
    !/['"]GET['"]|\bGET\b/.test(text)
  );
}
