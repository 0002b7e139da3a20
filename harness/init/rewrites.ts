/** Addresses that the config of Next.js answers with the page of another one (`rewrites`; nextjs.org, next.config.js). */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ObjectExpression } from '@babel/types';
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

/** Addresses that lead to others within the app, by its build, else by its config. */
export function aliasesOf(folder: string, sources: readonly SourceFile[]): Alias[] {
  const built = rewritesBuilt(folder);
  if (built) return built;
  const names = ['js', 'mjs', 'cjs', 'ts', 'mts'].map((ending) => `next.config.${ending}`);
  const file = names.find((name) => existsSync(path.join(folder, name)));
  if (!file) return [];
  const config =
    sources.find((each) => each.file === file) ??
    readSource(file, readFileSync(path.join(folder, file), 'utf8'));
  if (!config) return [];
  const imported = [...config.imports.values()].flatMap(
    ({ from }) => config.links?.fileOf(from, config) ?? [],
  );
  return rewritesIn([config, ...imported.filter((each) => !CONFIG.test(each.file))]);
}
