/** What people select checks by: ids, suites, clauses, `@level`, `@severity`, globs; looked up before anything starts. */
import { closest } from '../config/closest.ts';
import { ConformanceError } from '../errors.ts';
import { clausesNamed, looksLikeClause } from './clause-spelling.ts';
import type { Selectable } from './shipped-catalogue.ts';

const LEVELS = ['must', 'should', 'may'];
const SEVERITIES = ['critical', 'serious', 'moderate', 'minor'];

export interface Selection {
  /** What was asked for, in the canonical spelling: what `grepOf` takes and the report tells. */
  select: string[];
  /** The checks that it selects, in the order of the catalogue. */
  ids: string[];
}

const quote = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Whether an id fits a glob: `*` stands for any part of it. */
export const fits = (glob: string, id: string): boolean =>
  new RegExp(`^${glob.split('*').map(quote).join('.*')}$`).test(id);

/**
 * Looks up what was asked for.
 *
 * @param select as typed; none selects all
 * @param checks what can be selected
 * @param commands names that somebody may have meant, who typed a word that is no suite
 * @throws ConformanceError CONF_SELECTION_UNKNOWN that says what it looks like
 */
export function resolveSelection(
  select: readonly string[],
  checks: readonly Selectable[],
  commands: readonly string[] = [],
): Selection {
  if (select.length === 0) return { select: [], ids: checks.map(({ id }) => id) };
  const found = select.map((text) => resolveOne(text.trim(), checks) ?? unknown(text, checks, commands));
  const ids = new Set(found.flatMap((each) => each.ids));
  return {
    select: [...new Set(found.flatMap((each) => each.select))],
    ids: checks.map(({ id }) => id).filter((id) => ids.has(id)),
  };
}

function resolveOne(text: string, checks: readonly Selectable[]): Selection | undefined {
  const those = (name: string, fit: (check: Selectable) => boolean): Selection | undefined => {
    const ids = checks.filter(fit).map(({ id }) => id);
    return ids.length ? { select: [name], ids } : undefined;
  };
  if (text.startsWith('@')) {
    const word = text.slice(1);
    if (LEVELS.includes(word)) return those(text, ({ level }) => level === word);
    if (SEVERITIES.includes(word)) return those(text, ({ severity }) => severity === word);
    // The tags of Playwright: `@session/no-token`, `@rfc6749/4.1.2`.
    return word.startsWith('@') ? undefined : resolveOne(word.replace(/\/(?=\d|#)/g, ' '), checks);
  }
  const name = text.replace(/\/$/, '');
  if (name.includes('*')) return those(name, ({ id }) => fits(name, id));
  const check = checks.find(({ id, formerly }) => id === name || formerly?.includes(name));
  if (check) return { select: [check.id], ids: [check.id] };
  const suite = those(name, ({ id }) => id.startsWith(`${name}/`));
  if (suite || !looksLikeClause(name)) return suite;
  const keys = clausesNamed(name, [...new Set(checks.flatMap(({ clauses }) => clauses))]);
  const cited = checks.filter(({ clauses }) => clauses.some((key) => keys.includes(key)));
  return cited.length ? { select: keys, ids: cited.map(({ id }) => id) } : undefined;
}

function unknown(text: string, checks: readonly Selectable[], commands: readonly string[]): never {
  const suites = [...new Set(checks.map(({ id }) => id.split('/')[0] as string))];
  const tags = [...LEVELS, ...SEVERITIES];
  const word = text.replace(/^@/, '');
  const near = tags.includes(word.toLowerCase())
    ? `@${word.toLowerCase()}`
    : (closest(text, [
        ...suites,
        ...checks.map(({ id }) => id),
        ...tags.map((tag) => `@${tag}`),
        ...commands,
      ]) ?? closest(text, [...new Set(checks.flatMap(({ clauses }) => clauses))]));
  throw new ConformanceError({
    code: 'CONF_SELECTION_UNKNOWN',
    what: `"${text}" selects no check`,
    expected: `a check id, a suite (${suites.join(', ')}), a clause such as "RFC 6749 4.1.2", ${tags.map((tag) => `@${tag}`).join(', ')}, or ids with *`,
    remedy: near
      ? `did you mean ${commands.includes(near) ? `the command \`authjs-conformance ${near}\`` : near}?`
      : 'look it up: `npx authjs-conformance list` shows all checks, `npx authjs-conformance --help` all commands.',
  });
}

/**
 * The part of a division that was asked for.
 *
 * @param text `2/4`
 * @throws ConformanceError CONF_SHARD_INVALID
 */
export function readShard(text: string | undefined): { current: number; total: number } | undefined {
  if (text === undefined) return undefined;
  const [, current = 0, total = 0] = (/^(\d{1,5})\/(\d{1,5})$/.exec(text.trim()) ?? []).map(Number);
  if (current >= 1 && current <= total) return { current, total };
  throw new ConformanceError({
    code: 'CONF_SHARD_INVALID',
    what: `"${text}" is no part of a run`,
    expected: 'which of how many parts, counted from 1, such as 2/4 (--shard)',
    remedy: total ? `take one of 1/${total} to ${total}/${total}.` : 'give two numbers: --shard 1/2.',
  });
}

/** Turns canonical selectors into the tags that Playwright looks for. */
export function grepOf(select: readonly string[]): string | undefined {
  if (select.length === 0) return undefined;
  return select
    .map((text) => {
      if (text.startsWith('@')) return `${quote(text)}(?=\\s|$)`;
      if (/\s/.test(text)) return `@${quote(text.replace(/\s+/g, '/').replace(/§/g, ''))}(?=[\\s/.]|$)`;
      if (text.includes('*')) return `@${text.split('*').map(quote).join('[^\\s]*')}(?=\\s|$)`;
      return text.includes('/') ? `@${quote(text)}(?=\\s|$)` : `@${quote(text)}/`;
    })
    .join('|');
}

/** Whether a selector names laws, which are judged at the end of a run and are no tests of Playwright. */
export const isOfLaws = (text: string): boolean => /^laws(\/|$)/.test(text);
