/** The source files of an app that may say how Auth.js is set up. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { link } from './modules.ts';
import { readSource, type SourceFile } from './syntax.ts';
import { packagesOf } from './workspace.ts';

const SKIPPED =
  /^(node_modules|\..*|build|dist|out|coverage|conformance-results|public|static|__tests__|test|tests|e2e)$/;
const SOURCE = /(?<!\.d)\.[cm]?[jt]sx?$|\.astro$|\.vue$/;
const TEST = /\.(test|spec|stories)\.[cm]?[jt]sx?$|^conformance\.config\./;

/** What a file must mention, or be called by, to be worth parsing. */
const RELEVANT =
  /trailingSlash|locales|defaultLocale|auth|session|logto|listen|serve|env|matcher|basePath|providers|definePageMeta|(?:public|protected|private|guarded|open)_?(?:paths|routes|pages|prefixes)|\brouter\b|react-router|RouteConfig|@Controller|@nestjs\/|createServer|trpc|json-?rpc|\btype\s+(?:Query|Mutation)\b|^(?:\S*\/)?(?:page|layout|route|\+server|\+(?:page|layout)\.server)\.[jt]sx?\n|\.(?:get|post|put|patch|delete|all|use|route)\(\s*['"`]\//i;

/** What guards of other files, and barrels that lead to them, mention beside. */
const GUARDS =
  /user|member|viewer|redirect|\b40[13]\b|unauthori|forbidden|export\s*(?:\*|\{[^}]*\}\s*from)|module\.exports/i;
/** A file that runs in the browser guards nothing. */
const IN_BROWSER = /^(?:\s|\/\/.*\n|\/\*[\s\S]*?\*\/)*['"]use client['"]/;

const mayTell = (file: string, text: string): boolean =>
  RELEVANT.test(`${file}\n${text}`) || (GUARDS.test(text) && !IN_BROWSER.test(text));

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

/** Reads and parses the files of an app, those that can be, and those of the packages of its monorepo that use Auth.js. */
export function readSources(folder: string): SourceFile[] {
  const packages = packagesOf(folder).filter(({ dependencies }) =>
    Object.keys(dependencies).some((name) => AUTH_PACKAGE.test(name)),
  );
  const sources = [folder, ...packages.map((each) => each.folder)].flatMap((place) =>
    listSources(place).flatMap((file) => {
      const name = path.relative(folder, path.join(place, file)).split(path.sep).join('/');
      return readOne(name, path.join(place, file));
    }),
  );
  link(sources);
  return sources;
}

function readOne(file: string, place: string): SourceFile[] {
  const text = readFileSync(place, 'utf8');
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
