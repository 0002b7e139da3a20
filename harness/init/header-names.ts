/** Names of request headers that the sources of an app read, and that may say who is there. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { withHolders } from './request-holders.ts';
import { listSources } from './sources.ts';

/** How Next.js, Express, Hono, Nuxt, SvelteKit and Astro read one header. */
const READS = [
  /[hH]eaders(?:\(\))?\)?\s*\??\.get\(\s*['"`]([\w-]+)['"`]/g,
  /[hH]eaders(?:\(\))?\)?\s*\??\.?\[\s*['"`]([\w-]+)['"`]/g,
  /\breq(?:uest)?\??\.(?:get|header)\(\s*['"`]([\w-]+)['"`]/g,
  // Whatever it is called that holds them: headers of its own are written so.
  /\.(?:get|has|header)\(\s*['"`](x-[\w-]+)['"`]/gi,
  /\bget(?:Request)?Header\(\s*\w+\s*,\s*['"`]([\w-]+)['"`]/g,
];
/** What hosts, browsers and frameworks send, which names nobody. */
const OF_THE_WIRE =
  /^x-(?:forwarded|real|original|request|correlation|vercel|nextjs|middleware|invoke|matched|action|requested|sveltekit|amz|cache|http|trace|b3|content|frame|powered|csrf|xsrf|url|path|lang|locale)/i;
const NAMES_MAX = 12;

/**
 * Reads the sources below a folder.
 *
 * @returns names in small letters, each once
 */
export function headerNames(folder: string): string[] {
  const names = listSources(folder).flatMap((file) => {
    const text = withHolders(readFileSync(path.join(folder, file), 'utf8'));
    return READS.flatMap((pattern) => [...text.matchAll(pattern)].map(([, name = '']) => name.toLowerCase()));
  });
  return [...new Set(names)]
    .filter((name) => /^x-|user|member|account|role|tenant|identity/.test(name) && name !== 'user-agent')
    .filter((name) => !OF_THE_WIRE.test(name))
    .slice(0, NAMES_MAX);
}
