/** Paths that the sources of an app compare the beginning of an address with. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { listSources } from './sources.ts';

/** A file that looks at beginnings of addresses: by `startsWith`, `indexOf`, or the matcher of a middleware. */
const LOOKS = /\.startsWith\(|\.indexOf\(|\bmatcher\b/;
const PATH = /['"`](\/[a-z0-9][\w/-]{1,60})['"`]/gi;
const PREFIXES_MAX = 60;

/**
 * Reads the sources below a folder.
 *
 * @returns paths without a slash at their end, each once
 */
export function publicPrefixes(folder: string): string[] {
  const found = new Set<string>();
  for (const file of listSources(folder)) {
    const text = readFileSync(path.join(folder, file), 'utf8');
    if (LOOKS.test(text))
      for (const [, prefix = ''] of text.matchAll(PATH)) found.add(prefix.replace(/\/+$/, ''));
  }
  return [...found].slice(0, PREFIXES_MAX);
}
