/**
 * Variables that hold the cookies, the headers or the parameters of a request, as Next.js has them read since 15, where all three
 * are awaited: `const jar = await cookies()`, `const list = await headers()`, `const asked = await searchParams`
 * (nextjs.org/docs/app/api-reference/functions/cookies, …/headers).
 */

const KINDS = ['cookies', 'headers', 'searchParams'] as const;
export type Holder = (typeof KINDS)[number];

/** What is assigned, up to its end: whatever is read of it at once names itself. */
const VALUE = String.raw`(?:await\s+|use\(\s*)?\(?\s*(?:[\w$]+\??\.)*(cookies|headers|searchParams)(?:\(\s*\))?\s*\)?(?:\s+as\s+[\w.<>]+)?\s*(?=[;,\n)]|$)`;
const ASSIGNED = new RegExp(
  String.raw`\b(?:const|let|var)\s+(\w+)\s*(?::\s*[\w.<>\s|]{1,60})?=\s*${VALUE}`,
  'g',
);
const ALL_AT_ONCE = /\[([^\][]{1,200})\]\s*=\s*await\s+Promise\.all\(\s*\[([^\][]{1,300})\]/g;
const ONE = /^\s*(?:[\w$]+\??\.)*(cookies|headers|searchParams)(?:\(\s*\))?\s*$/;

/** The variables of a source that hold one of them, each with what it holds. */
export function holdersIn(text: string): ReadonlyMap<string, Holder> {
  const found = new Map<string, Holder>();
  for (const [, name = '', kind] of text.matchAll(ASSIGNED)) found.set(name, kind as Holder);
  for (const [, names = '', values = ''] of text.matchAll(ALL_AT_ONCE)) {
    const given = values.split(',');
    for (const [at, name] of names.split(',').entries()) {
      const [, kind] = ONE.exec(given[at] ?? '') ?? [];
      if (kind && /^\s*\w+\s*$/.test(name)) found.set(name.trim(), kind as Holder);
    }
  }
  return found;
}

const CALLED: Record<Holder, string> = {
  cookies: 'cookies()',
  headers: 'headers()',
  searchParams: 'searchParams',
};

/**
 * A piece of a source with each such variable written out where something is read of it: `cookies().get('role')` for `jar.get('role')`.
 *
 * @param holders those of the whole source (default: of the piece)
 */
export function withHolders(text: string, holders = holdersIn(text)): string {
  if (holders.size === 0) return text;
  const read = new RegExp(String.raw`(?<![\w.$])(${[...holders.keys()].join('|')})(?=\??\.|\??\[)`, 'g');
  return text.replace(read, (whole, name: string) => {
    const kind = holders.get(name);
    return kind ? CALLED[kind] : whole;
  });
}
