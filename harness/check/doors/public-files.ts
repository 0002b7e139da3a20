/** Files that anybody is served: scripts of public pages, what sources and folders name, and where settings for scripts usually are. */
import { parse } from 'parse5';
import type { LabDescription } from '../../lab/lab-description.ts';
import { attribute, elements, LEFT_ALONE } from '../../visitor/forms.ts';
import type { Grounds } from './door.ts';

/** Where builds and servers leave settings for scripts (seen in public repositories). */
const USUAL = [
  '/config.js',
  '/env.js',
  '/env-config.js',
  '/runtime-config.js',
  '/__ENV.js',
  '/config.json',
  '/api/config',
  '/api/env',
  '/.env',
];
const TEXT = /\.(?:m?js|map|txt|xml|webmanifest|env)$/i;
const NAMED_MAX = 20;
const SCRIPTS_MAX = 20;

/** Scripts on the same origin that a page loads. */
export function scriptsIn(html: string, page: URL): string[] {
  return [...elements(parse(html))].flatMap((element) => {
    const from = element.tagName === 'script' ? attribute(element, 'src') : undefined;
    if (!from || !URL.canParse(from, page)) return [];
    const url = new URL(from, page);
    return url.origin === page.origin ? [url.pathname + url.search] : [];
  });
}

/**
 * Paths of files, each once. A stranger may ask for all of them: what they hold is seen by the laws.
 *
 * @param publicPages bodies of pages that strangers see
 */
export function publicFilesOf(
  publicPages: Iterable<string>,
  { app, routes }: Pick<LabDescription, 'app' | 'routes'>,
): string[] {
  const named = [...(routes?.files ?? []), ...(routes?.paths ?? []).map(({ path }) => path)].filter(
    (path) => TEXT.test(path) && !/[[*:]/.test(path) && !LEFT_ALONE.test(path),
  );
  const scripts = [...publicPages].flatMap((page) => scriptsIn(page, new URL(app.origin)));
  return [
    ...new Set([
      ...[...new Set(named)].slice(0, NAMED_MAX),
      ...[...new Set(scripts)].slice(0, SCRIPTS_MAX),
      ...USUAL,
    ]),
  ];
}

/** Larger scripts are frameworks, and what is built of them. */
const SCRIPT_MAX = 100_000;
/** `location.search.includes('preview=key')`, and `searchParams.get('preview') === 'key'` */
const COMPARED = [
  /["'`][?&]?([A-Za-z][\w-]*)=([\w.~-]{4,64})["'`]/g,
  /\.get\(\s*["'`]([\w-]+)["'`]\s*\)\s*={2,3}\s*["'`]([\w.~-]{4,64})["'`]/g,
];

/** Parameters that a script looks for in the address, with the word that it wants there. */
export const wordsInScript = (script: string): NonNullable<Grounds['words']>[number][] =>
  script.length > SCRIPT_MAX
    ? []
    : COMPARED.flatMap((pattern) =>
        [...script.matchAll(pattern)].map(([, name = '', value = '']) => ({
          place: 'query' as const,
          name,
          value,
        })),
      );
