/** All paths an app answers, as far as its folders, its sources and its build tell: candidates for doors. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Node } from '@babel/types';
import type { LoadedConfig } from '../config/load-config.ts';
import type { AppRoutes } from '../lab/lab-description.ts';
import { cookieNames } from './cookie-names.ts';
import { fileFieldsIn } from './file-fields.ts';
import { filesIn, type Listed } from './folder-routes.ts';
import { handlerPaths } from './handler-paths.ts';
import { headerNames } from './header-names.ts';
import { languagesIn } from './languages.ts';
import { listedRoutes } from './listed-routes.ts';
import { markupTexts } from './markup-texts.ts';
import { ownerWords } from './owner-words.ts';
import { parameterNames } from './parameter-names.ts';
import { postedProcedures } from './posted-procedures.ts';
import { findProcedures } from './procedures.ts';
import { publicPrefixes } from './public-prefixes.ts';
import { requestWords } from './request-words.ts';
import { aliasesOf } from './rewrites.ts';
import { roleWords } from './role-words.ts';
import { readSources } from './sources.ts';
import type { SourceFile } from './syntax.ts';
import { type Does, textOfHandlers, whatItDoes } from './what-routes-do.ts';

/** A handler of the Pages Router answers all methods: it names those that it knows. */
const namesPost = (source: string, text: string): boolean =>
  /(?:^|\/)pages\/api\//.test(source) && /\bPOST\b/.test(text);

const EXPORTS_POST =
  /\bexport\s+(?:(?:async\s+)?(?:function|const)\s+(?:POST|onPost)\b|\{[^}]*\bPOST\b[^}]*\})|FileRoute\(.*\)[\s\S]*\bPOST\s*[:(]/;

/** Routes by file that answer POST: they export a function of that name (Next.js, SvelteKit, Astro), or name it. */
const postedByFile = (folder: string, routes: readonly Listed[]): { path: string; source: string }[] =>
  routes
    .filter(({ source, above, takes }) => {
      if (above || takes) return takes !== undefined;
      const text = /\.[jt]sx?$/.test(source) ? readFileSync(path.join(folder, source), 'utf8') : '';
      return namesPost(source, text) || EXPORTS_POST.test(text);
    })
    .map(({ path: address, source }) => ({ path: address, source }));

/** What stands in a file that takes webhooks of Logto: their header, or the names of their events (Logto, "Webhooks events"). */
const OF_EVENTS =
  /logto-signature-sha-256|['"`](?:User\.(?:Created|Deleted|Data\.Updated|SuspensionStatus\.Updated)|Post(?:SignIn|Register|ResetPassword))['"`]/;

/** A part of an address that may be left out: `[[lang=lang]]` of SvelteKit, `[[...slug]]` of Next.js. */
const OPTIONAL = /\/\[\[[^/\]]+\]\]/g;
/** A part that holds a language, as guides of i18n for routers by file name it. */
const LANGUAGE = /\/\[(?:lang|locale|lng|language)(?:=\w+)?\]/;

/** The addresses of a route that need no value: without the parts that may be left out, and with a language of the app. */
const plainOf = (route: AppRoutes['paths'][number], locales: readonly string[]): AppRoutes['paths'] => {
  const short = route.path.replace(OPTIONAL, '') || '/';
  const [locale] = locales;
  const spoken = locale && LANGUAGE.test(short) ? [short.replace(LANGUAGE, `/${locale}`)] : [];
  return [route.path, short, ...spoken].map((each) =>
    each === route.path ? route : { ...route, path: each },
  );
};

/** Files that answer programs, in frameworks with routes by file. */
const FOR_PROGRAMS = /(?:^|\/)(?:route|\+server)\.[jt]s$|(?:^|\/)api\/|^server\//;

/** What the file of a route does, with the files of the app that it imports: a form, a helper. */
function doneByFile(folder: string, file: string, sources: readonly SourceFile[]): Does {
  const place = path.join(folder, file);
  if (!existsSync(place) || !/\.\w+$/.test(file)) return {};
  const text = readFileSync(place, 'utf8');
  const source = sources.find((each) => each.file === file);
  const near = [...(source?.imports.values() ?? [])].flatMap(({ from }) =>
    source ? (source.links?.fileOf(from, source)?.text ?? []) : [],
  );
  const isPage = !FOR_PROGRAMS.test(file);
  const { endsSession } = whatItDoes(text, isPage);
  // What stands in a helper may be called by others alone.
  const { endsSession: _, ...all } = whatItDoes([text, ...near].join('\n'), isPage);
  return { ...all, ...(endsSession && { endsSession }) };
}

function doneByHandlers(handlers: readonly Node[], file: string, sources: readonly SourceFile[]): Does {
  const source = sources.find((each) => each.file === file);
  return source ? whatItDoes(textOfHandlers(handlers, source)) : {};
}

const FILES_MAX = 20;

/** Text files in the folders that frameworks serve as they are: scripts, manifests, lists for robots. */
const servedFiles = (folder: string): string[] =>
  ['public', 'static']
    .flatMap((own) => filesIn(path.join(folder, own)))
    .filter((file) => /\.(?:m?js|map|txt|xml|webmanifest|env)$/i.test(file))
    .map((file) => `/${file}`)
    .slice(0, FILES_MAX);

const readJson = <Value>(file: string): Value | undefined => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Value;
  } catch {
    return undefined;
  }
};

/** What `next build` leaves in `.next` (packages/next/src/build of vercel/next.js). */
function nextBuild(folder: string): AppRoutes {
  const inBuild = (file: string) => path.join(folder, '.next', file);
  const app = readJson<Record<string, string>>(inBuild('app-path-routes-manifest.json')) ?? {};
  const pages = readJson<Record<string, string>>(inBuild('server/pages-manifest.json')) ?? {};
  const routes = readJson<{ basePath?: string; i18n?: { locales?: string[] } }>(
    inBuild('routes-manifest.json'),
  );
  const prerendered = readJson<{ routes?: Record<string, unknown> }>(inBuild('prerender-manifest.json'));
  const basePath = routes?.basePath ?? '';
  const named = (found: Iterable<string>, file: string) =>
    [...found]
      .filter((each) => !/(^|\/)_|\/(404|500)$/.test(each))
      .map((each) => ({ path: basePath + each, source: `.next/${file}` }));
  const buildId = existsSync(inBuild('BUILD_ID'))
    ? readFileSync(inBuild('BUILD_ID'), 'utf8').trim()
    : undefined;
  return {
    paths: [
      ...named(Object.values(app), 'app-path-routes-manifest.json'),
      ...named(Object.keys(pages), 'server/pages-manifest.json'),
      ...named(Object.keys(prerendered?.routes ?? {}), 'prerender-manifest.json'),
    ],
    ...(buildId && { buildId }),
    ...(routes?.i18n?.locales && { locales: routes.i18n.locales }),
  };
}

/**
 * Reads the folder of a started app; undefined for an app that is only known by its URL.
 *
 * @returns each path once, with the place it was read first
 */
export function findAppRoutes({ config, folder }: LoadedConfig): AppRoutes | undefined {
  if (!config.target.command) return undefined;
  const own = path.resolve(folder, config.target.cwd ?? '.');
  try {
    const build = nextBuild(own);
    const sources = readSources(own);
    const { routes: byFile, own: ofItsOwn, unread } = listedRoutes(own, sources);
    const named = (isAsked: boolean) => ofItsOwn.filter((each) => each.isAsked === isAsked);
    const read = byFile.filter(({ takes }) => takes !== 'posts alone');
    const all = [
      ...read.map(({ path: address, source, values, id }) => ({
        path: address,
        source,
        ...(values && { values }),
        ...(id && { id }),
        ...doneByFile(own, source, sources),
      })),
      ...handlerPaths(sources).map(({ path: address, file, handlers }) => ({
        path: address,
        source: file,
        ...doneByHandlers(handlers, file, sources),
      })),
      ...named(true).map(({ path: address, file, handlers }) => ({
        path: address,
        source: file,
        ...doneByHandlers(handlers, file, sources),
      })),
      ...build.paths,
    ];
    const ofEvents = new Set(sources.flatMap(({ file, text }) => (OF_EVENTS.test(text) ? [file] : [])));
    const takingFiles = new Map(sources.map(({ file, text }) => [file, fileFieldsIn(text)]));
    const posts = [
      ...handlerPaths(sources, /^post$/).map(({ path: address, file }) => ({ path: address, source: file })),
      ...postedByFile(own, byFile),
      ...named(false).map(({ path: address, file }) => ({ path: address, source: file })),
    ].map((each) => {
      const fileFields = takingFiles.get(each.source);
      return {
        ...each,
        ...(ofEvents.has(each.source) && { takesEvents: true as const }),
        ...(fileFields && { fileFields }),
      };
    });
    const writes = new Set(
      handlerPaths(sources, /^(?:put|patch|delete)$/).map(({ path: address }) => address),
    );
    const locales = [
      ...new Set([...(build.locales ?? []), ...sources.flatMap(({ text }) => languagesIn(text))]),
    ];
    const first = new Map<string, AppRoutes['paths'][number]>();
    for (const each of all.flatMap((route) => plainOf(route, locales)))
      if (!first.has(each.path)) first.set(each.path, each);
    const [headers, cookies, words] = [headerNames(own), cookieNames(own), requestWords(sources)];
    const [files, prefixes, markup] = [servedFiles(own), publicPrefixes(own), markupTexts(own)];
    const aliases = aliasesOf(own, sources);
    const roles = roleWords(sources.map(({ text }) => text));
    const owners = ownerWords(sources.map(({ text }) => text));
    const called = findProcedures(
      sources,
      byFile.map(({ path: address }) => address),
    );
    const posted = postedProcedures(
      sources,
      [...first.keys()],
      posts.map(({ path: address }) => address),
    );
    const calls =
      posted.length > 0
        ? { endpoint: '', ...called, procedures: [...(called?.procedures ?? []), ...posted] }
        : called;
    return {
      ...build,
      ...(files.length && { files }),
      ...(prefixes.length && { prefixes }),
      ...(markup.length && { markup }),
      ...(headers.length && { headers }),
      ...(cookies.length && { cookies }),
      ...(words.length && { words }),
      ...(locales.length && { locales }),
      paths: [...first.values()],
      parameters: parameterNames(own),
      ...(unread.length && { unread }),
      ...(aliases.length && { aliases }),
      ...(roles.length && { roles }),
      ...(owners.length && { owners }),
      ...(writes.size && { writes: [...writes] }),
      ...(posts.length && { posts }),
      ...(calls && { calls }),
    };
  } catch {
    // A folder that cannot be read takes nothing from the run: doors are found in the config and by links as well.
    return undefined;
  }
}
