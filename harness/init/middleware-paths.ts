/** What the matcher of a middleware of Next.js closes. */
import { type Evidence, evidenceIn, type Guards } from './guards.ts';
import { listOf } from './provider.ts';
import { type SourceFile, walk } from './syntax.ts';
import { constantOf } from './texts.ts';

/** Whether a middleware sends people without a session away, itself or by a function that it exports or calls. */
function redirectsStrangers(source: SourceFile, guards: Guards): boolean {
  const own = evidenceIn(source.tree, guards);
  const exported: Evidence[] = [];
  walk(source.tree, (node) => {
    const name =
      node.type === 'ExportSpecifier'
        ? node.local.name
        : node.type === 'ExportDefaultDeclaration' && node.declaration.type === 'Identifier'
          ? node.declaration.name
          : undefined;
    const guard = name && guards.get(name);
    if (guard) exported.push(guard);
  });
  return [own, ...exported].some(({ session, redirect }) => session && redirect);
}

/**
 * What the matcher of a middleware names: v4's `export { default } from 'next-auth/middleware'` guards it, and so does
 * v5's `export { auth as middleware }` once `callbacks.authorized` says who may pass (authjs.dev, Protecting Resources), or
 * `auth((request) => …)` with a redirect in it, in whatever file that stands.
 */
export function middlewarePaths(
  source: SourceFile,
  sources: readonly SourceFile[],
  guards: Guards,
): string[] {
  if (!/^(src\/)?(middleware|proxy)\.[jt]s$/.test(source.file)) return [];
  const exportsAuth = /\bauth\s+as\s+(middleware|proxy|default)\b/.test(source.text);
  const asks = exportsAuth && sources.some(({ text }) => /\bauthorized\b/.test(text));
  if (!asks && !/next-auth\/middleware/.test(source.text) && !redirectsStrangers(source, guards)) return [];
  let found: string[] = [];
  walk(source.tree, (node) => {
    if (node.type !== 'ObjectProperty' || node.key.type !== 'Identifier' || node.key.name !== 'matcher')
      return;
    const one = constantOf(node.value, source);
    found = one ? [one] : (listOf(node.value, source) ?? []);
  });
  return found.map((path) => path.replace(/\/:path\*$/, '')).filter((path) => /^\/[\w/-]+$/.test(path));
}
