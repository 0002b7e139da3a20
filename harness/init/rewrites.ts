/** Addresses that are answered with the page of another one: `rewrites` of Next.js (nextjs.org, next.config.js), `reroute` of SvelteKit. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Node, ObjectExpression } from '@babel/types';
import type { Alias } from '../lab/lab-description.ts';
import { members, readSource, resolve, type SourceFile, walk } from './syntax.ts';
import { constantOf } from './texts.ts';

const CONFIG = /^next\.config\.[cm]?[jt]s$/;

/** A condition of a rewrite: what a request has to hold. */
interface Condition {
  type?: string | undefined;
  key?: string | undefined;
  value?: string | undefined;
}

const WITHIN = /^\/(?!\/)/;

/** The alias of a rewrite; undefined where it leads out of the app, or wants what no request of ours has. */
function aliasOf(source: unknown, destination: unknown, has: readonly Condition[]): Alias | undefined {
  if (typeof source !== 'string' || typeof destination !== 'string') return undefined;
  const isMet = has.every(({ type, key }) => key && /^(?:query|header|cookie)$/.test(type ?? ''));
  if (!WITHIN.test(source) || !WITHIN.test(destination) || !isMet || source === destination) return undefined;
  const wanted = has.map(({ type, key, value }) => ({
    place: type as 'query' | 'header' | 'cookie',
    name: key as string,
    value: /^[\w .~-]+$/.test(value ?? '') ? (value as string) : '1',
  }));
  return { from: source, to: destination, ...(wanted.length && { has: wanted }) };
}

/** `{ source: '/me', destination: '/account' }`; a redirect has `permanent` or `statusCode` as well, and leads to where the guard is. */
function aliasIn(node: ObjectExpression, source: SourceFile): Alias | undefined {
  const own = members(node);
  if (!own.has('source') || !own.has('destination') || own.has('permanent') || own.has('statusCode'))
    return undefined;
  const list = resolve(own.get('has'), source);
  const conditions = list?.type === 'ArrayExpression' ? list.elements : [];
  const has = conditions.map((each): Condition => {
    const made = each && resolve(each, source);
    const given = made?.type === 'ObjectExpression' ? members(made) : new Map();
    const text = (name: string) => constantOf(given.get(name), source);
    return { type: text('type'), key: text('key'), value: text('value') };
  });
  return aliasOf(constantOf(own.get('source'), source), constantOf(own.get('destination'), source), has);
}

/** The rewrites that the config of an app names, in whatever file of it they stand. */
export function rewritesIn(sources: readonly SourceFile[]): Alias[] {
  return sources.flatMap((source) => {
    const found: Alias[] = [];
    walk(source.tree, (node) => {
      const alias = node.type === 'ObjectExpression' ? aliasIn(node, source) : undefined;
      if (alias) found.push(alias);
    });
    return found;
  });
}

interface Manifest {
  rewrites?: Rewrite[] | Partial<Record<'beforeFiles' | 'afterFiles' | 'fallback', Rewrite[]>>;
}
interface Rewrite {
  source?: string;
  destination?: string;
  has?: Condition[];
}

/** The same as `next build` has kept them (`routes-manifest.json`). */
function rewritesBuilt(folder: string): Alias[] | undefined {
  const file = path.join(folder, '.next/routes-manifest.json');
  if (!existsSync(file)) return undefined;
  const { rewrites = [] } = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  const all = Array.isArray(rewrites) ? rewrites : Object.values(rewrites).flat();
  return all.flatMap((each) => aliasOf(each.source, each.destination, each.has ?? []) ?? []);
}

/** The first of some files that is there, read. */
function fileOf(folder: string, bare: string, sources: readonly SourceFile[]): SourceFile | undefined {
  const names = ['js', 'mjs', 'cjs', 'ts', 'mts'].map((ending) => `${bare}.${ending}`);
  const file = names.find((name) => existsSync(path.join(folder, name)));
  if (!file) return undefined;
  return (
    sources.find((each) => each.file === file) ??
    readSource(file, readFileSync(path.join(folder, file), 'utf8'))
  );
}

/**
 * What `reroute` of SvelteKit answers (svelte.dev, Hooks): tables of addresses, `if (url.pathname === '/me') return '/account'`. A
 * hook that looks at `event.url` sees the alias, and the page is that of the other address.
 */
function rerouted(source: SourceFile): Alias[] {
  if (!/\breroute\b/.test(source.text)) return [];
  const found: Alias[] = [];
  const add = (from: unknown, to: unknown) => {
    const alias = aliasOf(from, to, []);
    if (alias) found.push(alias);
  };
  walk(source.tree, (node) => {
    if (node.type === 'ObjectProperty' && node.key.type === 'StringLiteral')
      add(node.key.value, constantOf(node.value, source));
    if (node.type !== 'IfStatement' || node.test.type !== 'BinaryExpression') return;
    const from = [node.test.left, node.test.right].map((each) => constantOf(each as Node, source));
    const then = node.consequent.type === 'BlockStatement' ? node.consequent.body[0] : node.consequent;
    if (then?.type === 'ReturnStatement')
      add(
        from.find((each) => each?.startsWith('/')),
        constantOf(then.argument, source),
      );
  });
  return found;
}

/** Addresses that lead to others within the app, by its build, else by its config. */
export function aliasesOf(folder: string, sources: readonly SourceFile[]): Alias[] {
  const hooks = fileOf(folder, 'src/hooks', sources);
  if (hooks) return rerouted(hooks);
  const built = rewritesBuilt(folder);
  if (built) return built;
  const config = fileOf(folder, 'next.config', sources);
  if (!config) return [];
  const imported = [...config.imports.values()].flatMap(
    ({ from }) => config.links?.fileOf(from, config) ?? [],
  );
  return rewritesIn([config, ...imported.filter((each) => !CONFIG.test(each.file))]);
}
