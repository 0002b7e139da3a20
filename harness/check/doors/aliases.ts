/** Other addresses of a door: those that the config of the app rewrites to it. */
import { compile, type Key, match, parse } from 'path-to-regexp';
import type { Alias } from '../../lab/lab-description.ts';
import type { Ask } from './door.ts';

/** What a parameter may be that nothing tells: the first word that its pattern lists, or the first of these that it takes. */
const WORDS = ['1', '2026', 'a', '11', '111', '2026-01-01', 'ab', 'a-b', 'a1'];
function guessed({ pattern }: Key): string {
  const [, word] = /^(?:\?:)?([\w-]+)(?:\||$)/.exec(pattern) ?? [];
  return word ?? WORDS.find((each) => new RegExp(`^(?:${pattern})$`).test(each)) ?? '1';
}

/** A pattern of Next.js (path-to-regexp 6) with what was found by another, and guesses for what that one did not hold. */
function filled(pattern: string, found: Record<string, unknown>): string {
  const guesses = parse(pattern).flatMap((token) =>
    typeof token === 'string' || token.modifier === '?' || token.modifier === '*'
      ? []
      : [[String(token.name), token.modifier === '+' ? [guessed(token)] : guessed(token)] as const],
  );
  const known = Object.entries(found).filter(([, value]) => value !== undefined);
  return compile(pattern)({ ...Object.fromEntries(guesses), ...Object.fromEntries(known) }) || '/';
}

const bare = (address: string) => address.split('?')[0] ?? '';

/** One address by the pattern of another; undefined where it does not fit, or where a pattern cannot be read. */
function translated(address: string, from: string, to: string): string | undefined {
  try {
    const found = match(bare(from), { strict: true, sensitive: true })(bare(address));
    return found ? filled(bare(to), { ...found.params }) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether an address is one of those that a pattern stands for: `/notes/7` of `/notes/:id`. */
export const fits = (pattern: string, address: string): boolean =>
  translated(address, pattern.replace(/\*$/, ':rest*'), '/') !== undefined;

/** The address that an alias leads to; undefined where none of them fits. */
export const ledTo = (address: string, aliases: readonly Alias[] = []): string | undefined =>
  aliases.map(({ from, to }) => translated(address, from, to)).find((each) => each !== undefined);

/** The requests that lead to an address by its aliases. */
export function asksByAlias(address: string, aliases: readonly Alias[] = []): Ask[] {
  const query = address.slice(bare(address).length);
  return aliases.flatMap(({ from, to, has = [] }): Ask[] => {
    const alias = translated(address, to, from);
    // A pattern without a name, which nothing fills.
    if (alias === undefined || alias === bare(address) || /[()]/.test(alias)) return [];
    const of = (place: string) => has.filter((each) => each.place === place);
    const more = new URLSearchParams(query);
    for (const { name, value } of of('query')) more.set(name, value);
    const cookie = of('cookie').map(({ name, value }) => `${name}=${value}`);
    const headers = {
      ...Object.fromEntries(of('header').map(({ name, value }) => [name, value])),
      ...(cookie.length && { cookie: cookie.join('; ') }),
    };
    return [
      {
        path: more.size ? `${alias}?${more}` : alias,
        ...(Object.keys(headers).length && { headers }),
      },
    ];
  });
}
