/** How the files of an app lead to each other: imports, aliases, barrels, defaults and what CommonJS exports. */
import path from 'node:path';
import type { Node } from '@babel/types';
import { moduleOf } from './module-names.ts';
import type { Found, Links, SourceFile } from './syntax.ts';

/** What a file gives away: a name of its own, a node, or a name of another file. */
type Export = { local: string } | { node: Node } | { from: string; name: string };

interface Exports {
  named: Map<string, Export>;
  /** Files that are given away whole: `export * from './guards'`. */
  stars: string[];
}

const ENDING = /(?:\.[cm]?[jt]sx?|\.astro|\.vue)$/;
const bareName = (file: string) => file.replace(ENDING, '');
/** Barrels lead to barrels. */
const DEPTH_MAX = 8;

/** Makes names of other files known to each file; once for each list of files. */
export function link(sources: readonly SourceFile[]): void {
  if (sources.every(({ links }) => links?.of === sources)) return;
  const links = new Modules(sources);
  for (const source of sources) source.links = links;
}

class Modules implements Links {
  readonly of: readonly SourceFile[];
  readonly #byName: ReadonlyMap<string, SourceFile>;
  readonly #byPlace: ReadonlyMap<string, SourceFile>;
  readonly #exports = new Map<SourceFile, Exports>();
  readonly #files = new Map<string, SourceFile | undefined>();
  readonly #led = new Map<SourceFile, Map<string, SourceFile | undefined>>();
  readonly #defined = new Map<SourceFile, Map<string, Found | undefined>>();
  constructor(sources: readonly SourceFile[]) {
    this.of = sources;
    this.#byName = new Map(sources.map((source) => [source.file, source]));
    const places = sources.flatMap((source) => {
      const place = bareName(source.file);
      return [[place, source] as const, [place.replace(/(?:^|\/)index$/, '') || '.', source] as const];
    });
    this.#byPlace = new Map(places.reverse());
  }

  homeOf(node: Node): SourceFile | undefined {
    const name = (node.loc as { filename?: string } | null | undefined)?.filename;
    return name === undefined ? undefined : this.#byName.get(name);
  }

  /** The file of the app that an import leads to. */
  fileOf(from: string, source: SourceFile): SourceFile | undefined {
    return once(this.#led, source, from, () => this.#lead(from, source));
  }

  #lead(from: string, source: SourceFile): SourceFile | undefined {
    const isNear = /^\.{1,2}(?:\/|$)/.test(from);
    const wanted = bareName(isNear ? path.posix.join(path.posix.dirname(source.file), from) : from);
    const key = isNear ? wanted : `:${wanted}`;
    if (!this.#files.has(key)) this.#files.set(key, isNear ? this.#at(wanted) : this.#byAlias(wanted));
    return this.#files.get(key);
  }

  #at = (place: string) => this.#byPlace.get(place.replace(/\/$/, '') || '.');

  /** `@/lib/auth`, `~/auth`, `$lib/auth`, `src/auth` and `@acme/auth`: whatever the end of them leads to, the nearest to the root. */
  #byAlias(from: string): SourceFile | undefined {
    if (OTHERS.test(from)) return undefined;
    const [, alias = '', rest = ''] = /^([@~#$]?[\w.-]*)(?:\/(.*))?$/.exec(from) ?? [];
    if (/^[@~#$]{1,2}$/.test(alias) || alias === '~~')
      return this.#below(rest, ['src/', 'app/', '', 'server/']);
    if (alias === '$lib') return this.#at(`src/lib/${rest}`) ?? this.#below(rest, ['lib/']);
    if (/^[@~#$]/.test(alias)) {
      const own = this.#below(from.slice(1), ['src/', 'app/', '']);
      return own ?? this.#packageOf(rest);
    }
    return this.#at(from) ?? this.#at(`src/${from}`);
  }

  #below(rest: string, folders: readonly string[]): SourceFile | undefined {
    const near = folders.map((folder) => this.#at(folder + rest)).find(Boolean);
    return near ?? this.#endingIn(`/${rest}`);
  }

  /** A package of the monorepo: `auth/session` of `@acme/auth/session`. */
  #packageOf(rest: string): SourceFile | undefined {
    const [name = '', ...inner] = rest.split('/');
    const within = inner.join('/');
    const ends = within ? [`/${name}/${within}`, `/${name}/src/${within}`] : [`/${name}`, `/${name}/src`];
    return ends.map((each) => this.#endingIn(each, true)).find(Boolean);
  }

  #endingIn(end: string, outside = false): SourceFile | undefined {
    const found = [...this.#byPlace].filter(
      ([place]) => `/${place}`.endsWith(end) && (!outside || place.startsWith('../')),
    );
    return found.sort(([one], [next]) => one.split('/').length - next.split('/').length)[0]?.[1];
  }

  /** What a name of a file stands for that another file makes. */
  imported(name: string, source: SourceFile): Found | undefined {
    const module = source.imports.get(name);
    const file = module && this.fileOf(module.from, source);
    return file && this.exported(module.name, file);
  }

  /** What a member of all of a module, or of an object of another file, is: `guards.requireUser`. */
  member(node: Node, source: SourceFile): Found | undefined {
    const module = moduleOf(node, source.imports);
    const file = module && this.fileOf(module.from, source);
    return file && this.exported(module.name, file);
  }

  /** What a name of a file is, there or where it comes from. */
  definition(name: string, source: SourceFile, depth = 0): Found | undefined {
    return once(this.#defined, source, name, () => this.#define(name, source, depth));
  }

  #define(name: string, source: SourceFile, depth: number): Found | undefined {
    const node = source.functions.get(name) ?? source.classes.get(name) ?? source.values.get(name);
    if (node && node.type !== 'Identifier') return { node, source };
    if (node?.type === 'Identifier' && node.name !== name && depth < DEPTH_MAX)
      return this.definition(node.name, source, depth + 1);
    return this.imported(name, source);
  }

  /** What a file gives away under a name. */
  exported(name: string, source: SourceFile, depth = 0): Found | undefined {
    if (depth > DEPTH_MAX) return undefined;
    const { named, stars } = this.#exportsOf(source);
    const own = named.get(name);
    if (own && 'node' in own)
      return own.node.type === 'Identifier'
        ? this.definition(own.node.name, source)
        : { node: own.node, source };
    if (own && 'local' in own) return this.definition(own.local, source);
    if (own) {
      const file = this.fileOf(own.from, source);
      return file && this.exported(own.name, file, depth + 1);
    }
    for (const from of name === 'default' ? [] : stars) {
      const file = this.fileOf(from, source);
      const found = file && this.exported(name, file, depth + 1);
      if (found) return found;
    }
    return undefined;
  }

  #exportsOf(source: SourceFile): Exports {
    const known = this.#exports.get(source) ?? exportsIn(source);
    this.#exports.set(source, known);
    return known;
  }
}

/** What was found of a name of a file is found once. */
function once<Value>(
  known: Map<SourceFile, Map<string, Value | undefined>>,
  source: SourceFile,
  name: string,
  find: () => Value | undefined,
): Value | undefined {
  const own = known.get(source) ?? new Map<string, Value | undefined>();
  known.set(source, own);
  if (!own.has(name)) {
    // Names that lead to each other end nowhere.
    own.set(name, undefined);
    own.set(name, find());
  }
  return own.get(name);
}

/** Packages that others publish, whose names look like aliases. */
const OTHERS = /^(?:@auth\/|@hono\/|@sveltejs\/|@sidebase\/|next-auth(?:\/|$)|next(?:\/|$)|node:)/;

const nameOf = (node: Node) =>
  node.type === 'Identifier' ? node.name : node.type === 'StringLiteral' ? node.value : '';

function exportsIn({ tree }: SourceFile): Exports {
  const found: Exports = { named: new Map(), stars: [] };
  const program = tree.type === 'File' ? tree.program.body : [];
  for (const statement of program) noteExports(statement, found);
  return found;
}

/** The modules that a file takes something from, gives on or runs. */
export function modulesOf({ tree, imports }: SourceFile): Set<string> {
  const program = tree.type === 'File' ? tree.program.body : [];
  const named = program.flatMap((statement) =>
    'source' in statement && statement.source ? [statement.source.value] : [],
  );
  return new Set([...named, ...[...imports.values()].map(({ from }) => from)]);
}

function noteExports(statement: Node, { named, stars }: Exports): void {
  if (statement.type === 'ExportAllDeclaration') stars.push(statement.source.value);
  if (statement.type === 'ExportDefaultDeclaration') named.set('default', { node: statement.declaration });
  if (statement.type === 'TSExportAssignment') named.set('default', { node: statement.expression });
  if (statement.type === 'ExpressionStatement') noteCommon(statement.expression, named);
  if (statement.type !== 'ExportNamedDeclaration') return;
  const { declaration, source } = statement;
  for (const each of statement.specifiers) {
    if (each.type !== 'ExportSpecifier') continue;
    const local = each.local.name;
    named.set(nameOf(each.exported), source ? { from: source.value, name: local } : { local });
  }
  if (!declaration) return;
  if (declaration.type === 'VariableDeclaration') {
    for (const { id, init } of declaration.declarations)
      if (id.type === 'Identifier' && init) named.set(id.name, { node: init });
  } else if ('id' in declaration && declaration.id?.type === 'Identifier')
    named.set(declaration.id.name, { node: declaration });
}

/** `module.exports = x`, `module.exports = { a, b }`, `exports.a = x`. */
function noteCommon(node: Node, named: Exports['named']): void {
  if (node.type !== 'AssignmentExpression' || node.left.type !== 'MemberExpression') return;
  const { object, property } = node.left;
  const isWhole = nameOf(object) === 'module' && nameOf(property) === 'exports';
  const isPart =
    nameOf(object) === 'exports' ||
    (object.type === 'MemberExpression' &&
      nameOf(object.object) === 'module' &&
      nameOf(object.property) === 'exports');
  if (isPart) named.set(nameOf(property), { node: node.right });
  if (!isWhole) return;
  named.set('default', { node: node.right });
  if (node.right.type !== 'ObjectExpression') return;
  for (const each of node.right.properties) {
    if (each.type === 'ObjectProperty') named.set(nameOf(each.key), { node: each.value });
    if (each.type === 'ObjectMethod') named.set(nameOf(each.key), { node: each });
  }
}
