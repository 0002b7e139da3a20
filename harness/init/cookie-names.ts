/** Names of the cookies of its own that the sources of an app read. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { withHolders } from './request-holders.ts';
import { listSources } from './sources.ts';

/** How Next.js, SvelteKit, Astro, Express, Hono and Nuxt read one cookie, and how it is read by hand. */
const READS = [
  /[cC]ookies(?:\(\))?\)?\s*\??\.(?:get|has)\(\s*['"`]([\w.-]+)['"`]/g,
  /[cC]ookies\)?\??\.?\[\s*['"`]([\w.-]+)['"`]/g,
  /\bcookies\??\.([A-Za-z_]\w*)(?!\w*\s*\()/g,
  /\bgetCookie\(\s*\w+\s*,\s*['"`]([\w.-]+)['"`]/g,
  /\buseCookie(?:<[^>]*>)?\(\s*['"`]([\w.-]+)['"`]/g,
  // `/(?:^|; )cart=([^;]+)/.exec(request.headers.cookie)`
  /(?:; ?|\\s\*|\?)\)?([\w.-]+)=\(\[\^;/g,
];
/** `const { user, cart: kept } = cookiesOf(request)`, and the same of `request.cookies` and `cookie.parse(…)`. */
const TAKES_APART = /\{([^{}]{1,200})\}\s*=\s*(?:await\s+)?[\w.]*[cC]ookies?\w*(?:\.\w+)?\b/g;
/** What Auth.js sets itself, and what the objects that hold cookies can do. */
const OF_AUTHJS = /^(?:__(?:Secure|Host)-)?(?:authjs|next-auth)\./;
const METHODS = /^(?:get|getAll|set|has|delete|size|toString|forEach|map|find|filter|some|length|serialize)$/;
const NAMES_MAX = 12;

/**
 * Reads the sources below a folder.
 *
 * @returns names, each once, as they are written
 */
export function cookieNames(folder: string): string[] {
  const names = listSources(folder).flatMap((file) => {
    const text = withHolders(readFileSync(path.join(folder, file), 'utf8'));
    const apart = [...text.matchAll(TAKES_APART)].flatMap(([, inner = '']) =>
      inner.split(',').flatMap((part) => /^\s*['"]?([A-Za-z_][\w.-]*)/.exec(part)?.[1] ?? []),
    );
    return [
      ...apart,
      ...READS.flatMap((pattern) => [...text.matchAll(pattern)].map(([, name = '']) => name)),
    ];
  });
  return [...new Set(names)]
    .filter((name) => !OF_AUTHJS.test(name) && !METHODS.test(name))
    .slice(0, NAMES_MAX);
}
