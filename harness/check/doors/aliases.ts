/** Other addresses of a door: those that the config of the app rewrites to it. */
import type { Alias } from '../../lab/lab-description.ts';
import type { Ask } from './door.ts';

const PARAMETER = /(\/)?:(\w+)(\((?:[^()]|\([^()]*\))*\))?([*+?])?/g;
const plain = (text: string) => text.replace(/[.+*?^${}()|[\]\\]/g, '\\$&');

/** A pattern of Next.js (path-to-regexp) as an expression, with its parameters as groups. */
function expressionOf(pattern: string): RegExp {
  let made = '';
  let at = 0;
  for (const match of pattern.matchAll(PARAMETER)) {
    const [whole, slash = '', name = '', own, how] = match;
    made += plain(pattern.slice(at, match.index));
    at = match.index + whole.length;
    const one = own
      ? own.slice(1, -1).replace(/\((?!\?)/g, '(?:')
      : how === '*' || how === '+'
        ? '.+'
        : '[^/]+';
    const group = `${slash}(?<${name}>${one})`;
    made += how === '*' || how === '?' ? `(?:${group})?` : group;
  }
  return new RegExp(`^${made}${plain(pattern.slice(at))}$`);
}

/** What a parameter may be that nothing tells: the first word that its pattern lists, or the first of these that it takes. */
const WORDS = ['1', '2026', 'a', '11', '111', '2026-01-01', 'ab', 'a-b', 'a1'];
function guessed(own: string | undefined): string {
  const [, word] = /^\((?:\?:)?([\w-]+)(?:\||\))/.exec(own ?? '') ?? [];
  if (word || !own) return word ?? '1';
  return WORDS.find((each) => new RegExp(`^${own}$`).test(each)) ?? '1';
}

const filled = (pattern: string, values: Record<string, string | undefined>): string =>
  pattern.replace(PARAMETER, (_, slash = '', name: string, own?: string, how?: string) => {
    const value = values[name] ?? (how === '*' || how === '?' ? undefined : guessed(own));
    return value === undefined ? '' : slash + value;
  }) || '/';

const bare = (address: string) => address.split('?')[0] ?? '';

/** One address by the pattern of another; undefined where it does not fit, or where a pattern cannot be read. */
function translated(address: string, from: string, to: string): string | undefined {
  try {
    const match = expressionOf(bare(from)).exec(bare(address));
    return match ? filled(bare(to), match.groups ?? {}) : undefined;
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
