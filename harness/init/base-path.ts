/** The path that the Auth.js routes of an app are mounted at, read from its sources. */
import type { Node } from '@babel/types';
import { member, type SourceFile, walk } from './syntax.ts';
import { constantOf } from './texts.ts';

const AUTH_CALL = /^(ExpressAuth|authHandler|Auth|NextAuth|QwikAuth\$?|SolidAuth)$/;

/** `/api/auth` of `app/api/auth/[...nextauth]/route.ts`, or of `app.use('/auth/*', ExpressAuth(…))`. */
export function mountPath(sources: readonly SourceFile[]): string | undefined {
  const below = nextBasePath(sources);
  for (const source of sources) {
    const file =
      /^(?:src\/)?(?:app|pages|routes|server(?=\/api))\/(.+?)\/\[\.\.\.\w*\](?:\/route)?\.[jt]sx?$/.exec(
        source.file,
      )?.[1];
    if (file && /auth/i.test(source.text)) return `${below}/${file.replace(/\([^)]*\)\//g, '')}`;
    const mounted = mountedIn(source);
    if (mounted) return mounted;
  }
  return undefined;
}

function mountedIn(source: SourceFile): string | undefined {
  let found: string | undefined;
  walk(source.tree, (node) => {
    if (found || node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return;
    const [first, ...handlers] = node.arguments;
    const mounts = handlers.some(
      (handler) =>
        handler.type === 'CallExpression' &&
        handler.callee.type === 'Identifier' &&
        AUTH_CALL.test(handler.callee.name),
    );
    const path = mounts ? constantOf(first as Node, source) : undefined;
    if (path?.startsWith('/')) found = path.replace(/\/?(\*\w*|\{\*\w+\}|:\w+\*)$/, '') || '/';
  });
  return found;
}

/** `basePath` of next.config.*, which stands before every path. */
export function nextBasePath(sources: readonly SourceFile[]): string {
  for (const source of sources) {
    if (!/^next\.config\.[cm]?[jt]s$/.test(source.file)) continue;
    let found = '';
    walk(source.tree, (node) => {
      if (node.type === 'ObjectExpression')
        found ||= constantOf(member(node, source, 'basePath'), source) ?? '';
    });
    return found;
  }
  return '';
}
