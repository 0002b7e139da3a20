/** The source files of an app that may say how Auth.js is set up. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { link, modulesOf } from './modules.ts';
import { readSource, type SourceFile } from './syntax.ts';
import { packagesOf } from './workspace.ts';

const SKIPPED =
  /^(node_modules|\..*|build|dist|out|coverage|conformance-results|public|static|__tests__|test|tests|e2e)$/;
const SOURCE = /(?<!\.d)\.[cm]?[jt]sx?$|\.astro$|\.vue$/;
const TEST = /\.(test|spec|stories)\.[cm]?[jt]sx?$|^conformance\.config\./;

/** What a file must mention, or be called by, to be worth parsing; files that are routes by their folder may name nothing but a guard of another file. */
const RELEVANT =
  /trailingSlash|locales|defaultLocale|\b(?:langs|languages|supportedLngs)\b|auth|session|logto|listen|serve|env|matcher|basePath|providers|definePageMeta|(?:public|protected|private|guarded|open)_?(?:paths|routes|pages|prefixes)|\brouter\b|react-router|RouteConfig|@Controller|@nestjs\/|createServer|trpc|json-?rpc|\btype\s+(?:Query|Mutation)\b|^(?:\S*\/)?(?:pages|routes|server\/(?:api|routes))\/\S+\.[jt]sx?\n|^(?:\S*\/)?(?:page|layout|route|\+server|\+(?:page|layout)\.server)\.[jt]sx?\n|\.(?:get|post|put|patch|delete|all|use|route)\(\s*['"`]\//i;

/** What guards of other files, and barrels that lead to them, mention beside. */
const GUARDS =
  /user|member|viewer|redirect|\b40[13]\b|unauthori|forbidden|export\s*(?:\*|\{[^}]*\}\s*from)|module\.exports/i;
/** A file that runs in the browser guards nothing. */
const IN_BROWSER = /^(?:\s|\/\/.*\n|\/\*[\s\S]*?\*\/)*['"]use client['"]/;

/** Packages that say what people may send: the shapes of what an app takes often have a file, or a package, of their own. */
const SCHEMAS = '(?:zod|valibot|yup|joi|arktype|superstruct|@sinclair/typebox|drizzle-zod)';
const SCHEMA_PACKAGE = new RegExp(`^${SCHEMAS}$`);
const IMPORTS_SCHEMAS = new RegExp(`from\\s+['"]${SCHEMAS}['"/]`);

const mayTell = (file: string, text: string): boolean =>
  RELEVANT.test(`${file}\n${text}`) ||
  IMPORTS_SCHEMAS.test(text) ||
  (GUARDS.test(text) && !IN_BROWSER.test(text));

/** Larger files are generated ones. */
const BYTES_MAX = 300_000;
const FILES_MAX = 4000;

/** Paths of the source files below a folder, relative to it; nested packages of a monorepo are left out. */
export function listSources(folder: string): string[] {
  const found: string[] = [];
  const visit = (relative: string) => {
    for (const entry of readdirSync(path.join(folder, relative), { withFileTypes: true })) {
      if (found.length >= FILES_MAX) return;
      const inner = relative ? `${relative}/${entry.name}` : entry.name;
      if (entry.isDirectory()) {
        const nested = existsSync(path.join(folder, inner, 'package.json'));
        if (!SKIPPED.test(entry.name) && !nested) visit(inner);
      } else if (SOURCE.test(entry.name) && !TEST.test(entry.name)) {
        if (statSync(path.join(folder, inner)).size <= BYTES_MAX) found.push(inner);
      }
    }
  };
  visit('');
  return found.sort((a, b) => a.split('/').length - b.split('/').length || a.localeCompare(b));
}

/** Packages that set Auth.js up, or have providers for those that do. */
const AUTH_PACKAGE =
  /^(?:@auth\/|next-auth$|@hono\/auth-js$|auth-astro$|start-authjs$|@sidebase\/nuxt-auth$)/;

/**
 * Folders of the packages of the app's monorepo that use Auth.js, or one of those that do, and those of schemas: what members may
 * call, and with what, often stands there.
 */
function packagesThatTell(folder: string): string[] {
  const packages = packagesOf(folder);
  const found = new Set<string>();
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const { name, dependencies } of packages)
      if (
        Object.keys(dependencies).some(
          (each) => AUTH_PACKAGE.test(each) || SCHEMA_PACKAGE.test(each) || found.has(each),
        )
      )
        found.add(name);
  }
  return packages.filter(({ name }) => found.has(name)).map((each) => each.folder);
}

/** Reads and parses the files of an app that can be, those of the packages of its monorepo that use Auth.js or hold schemas, and what they import from elsewhere. */
export function readSources(folder: string): SourceFile[] {
  const sources = [folder, ...packagesThatTell(folder)].flatMap((place) =>
    listSources(place).flatMap((file) => readOne(nameIn(folder, path.join(place, file)), folder)),
  );
  sources.push(...importedFromElsewhere(sources, folder));
  link(sources);
  return sources;
}

const nameIn = (folder: string, place: string) => path.relative(folder, place).split(path.sep).join('/');

const ELSEWHERE_MAX = 200;
const ENDINGS = ['', '.ts', '.tsx', '.js', '.mjs', '.cjs', '.jsx', '.mts', '.cts'];

/** Files beside the folder of an app to which its own files lead by relative paths, and those to which these lead. */
function importedFromElsewhere(sources: readonly SourceFile[], folder: string): SourceFile[] {
  const known = new Set(sources.map(({ file }) => file));
  const found: SourceFile[] = [];
  const visit = (source: SourceFile): void => {
    for (const from of modulesOf(source)) {
      if (!from.startsWith('.') || found.length >= ELSEWHERE_MAX) continue;
      const place = path.posix.join(path.posix.dirname(source.file), from);
      const file = place.startsWith('../') ? fileAt(place, folder) : undefined;
      if (!file || known.has(file)) continue;
      known.add(file);
      for (const each of readOne(file, folder)) {
        found.push(each);
        visit(each);
      }
    }
  };
  for (const source of sources) visit(source);
  return found;
}

/** The source file that an import leads to, whatever ending it is written with. */
function fileAt(place: string, folder: string): string | undefined {
  const bare = place.replace(/\.[cm]?js$/, '');
  const names = [place, bare, `${bare}/index`].flatMap((name) => ENDINGS.map((ending) => name + ending));
  return names.find((name) => {
    if (!SOURCE.test(name) || /(?:^|\/)node_modules\//.test(name)) return false;
    const stats = statSync(path.join(folder, name), { throwIfNoEntry: false });
    return stats?.isFile() && stats.size <= BYTES_MAX;
  });
}

function readOne(file: string, folder: string): SourceFile[] {
  const text = readFileSync(path.join(folder, file), 'utf8');
  if (!mayTell(file, text)) return [];
  const script = file.endsWith('.astro')
    ? frontmatterOf(text)
    : file.endsWith('.vue')
      ? scriptsOf(text)
      : text;
  const source = readSource(file, script);
  return source ? [source] : [];
}

/** The script part of an Astro page. */
const frontmatterOf = (text: string) => /^\s*---\n([\s\S]*?)\n---/.exec(text)?.[1] ?? '';

/** The script parts of a Vue component, at the lines where they stand. */
const scriptsOf = (text: string) =>
  text
    .split(/(<script[^>]*>[\s\S]*?<\/script>)/)
    .map((part) =>
      part.startsWith('<script')
        ? part.replace(/^<script[^>]*>|<\/script>$/g, '')
        : part.replace(/[^\n]/g, ''),
    )
    .join('');
