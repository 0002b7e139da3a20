/** Names of the parameters of addresses that the sources of an app read. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { withHolders } from './request-holders.ts';
import { listSources } from './sources.ts';

/** How Express, Hono, Next.js, Nuxt, SvelteKit and Astro read one parameter. */
const READS = [
  /(?:[sS]earchParams|URLSearchParams\([^)]*\)|\bparams|\bquery)\)?\s*(?:\(\))?\s*\??\.get(?:All)?\(\s*['"`]([\w-]+)/g,
  /\bquery\??\.([A-Za-z_]\w*)/g,
  // NestJS: `@Query('to') to: string`.
  /@Query\(\s*['"`]([\w-]+)/g,
  /\bquery\)?\??\[\s*['"`]([\w-]+)/g,
  /\.query\(\s*['"`]([\w-]+)/g,
  /getQuery\([^)]*\)\??\.([A-Za-z_]\w*)/g,
  /searchParams\)?\??\.([A-Za-z_]\w*)/g,
];
/** `const { error, callbackUrl: to = '/' } = await searchParams`, and the same in the signature of a page. */
const TAKES_APART = [
  /\{([^{}]{1,300})\}\s*(?::[^=]{1,80})?=\s*(?:await\s+)?[\w.$()]*?(?:[sS]earchParams|[qQ]uery)\b/g,
  /searchParams\s*:\s*\{([^{}]{1,300})\}/g,
];
const METHODS =
  /^(?:get|getAll|has|set|append|delete|entries|keys|values|forEach|size|sort|toString|then|map|filter)$/;
const NAMES_MAX = 40;

/** What holds all parameters: `const [words] = useSearchParams()`, `const asked = getQuery(event)`. */
const HOLDS =
  /\b(?:const|let|var)\s+\[?\s*(\w+)[^=;{}\n]*=\s*(?:await\s+)?(?:useSearchParams\(|useRoute\(\)\.query|getQuery\(|(?:new URL\([^;\n]*\)|[\w.$]+)\.searchParams\b|[\w.$]*\breq(?:uest)?\.query\b|new URLSearchParams\()/g;
const readFrom = (holder: string) =>
  new RegExp(`\\b${holder}\\??\\.(?:get(?:All)?\\(\\s*['"\`]([\\w-]+)|([A-Za-z_]\\w*)\\b(?!\\s*\\())`, 'g');

const holdersIn = (text: string): string[] => [
  ...new Set([...text.matchAll(HOLDS)].flatMap(([, holder]) => holder ?? [])),
];

/** Names of the parameters that a piece of code reads. */
export const parameterNamesIn = (text: string): string[] => [...new Set(namesIn(text))];

const namesIn = (source: string): string[] => {
  const text = withHolders(source);
  return [
    ...holdersIn(text).flatMap((holder) =>
      [...text.matchAll(readFrom(holder))].map(([, got, member]) => got ?? member),
    ),
    ...READS.flatMap((pattern) => [...text.matchAll(pattern)].map(([, name]) => name)),
    ...TAKES_APART.flatMap((pattern) =>
      [...text.matchAll(pattern)].flatMap(([, inner = '']) =>
        inner.split(/[,;]/).map((part) => /^\s*['"]?([A-Za-z_][\w-]*)/.exec(part)?.[1]),
      ),
    ),
  ].filter((name): name is string => Boolean(name) && !METHODS.test(name as string));
};

/**
 * Reads the sources below a folder.
 *
 * @returns names, those that are read in most places first
 */
export function parameterNames(folder: string): string[] {
  const counts = new Map<string, number>();
  for (const file of listSources(folder))
    for (const name of new Set(namesIn(readFileSync(path.join(folder, file), 'utf8'))))
      counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([name]) => name)
    .slice(0, NAMES_MAX);
}
