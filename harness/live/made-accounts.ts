/** Accounts that runs made at a tenant, written down before they are: a run that is killed leaves nobody behind unknown. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Management } from './management.ts';

/** In the folder of the reports. */
const FILE = 'live-accounts.jsonl';

interface Made {
  issuer: string;
  phone: string;
  /** When it was about to be made (milliseconds of the epoch). */
  at: number;
  /** It is gone again. */
  gone?: true;
}

const fileIn = (out: string) => path.resolve(out, FILE);

export function noteAccount(out: string, made: Made): void {
  mkdirSync(path.resolve(out), { recursive: true });
  appendFileSync(fileIn(out), `${JSON.stringify(made)}\n`, { mode: 0o600 });
}

/** A run that was killed may have written half a line. */
const readLines = (file: string): Made[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((line) => {
          try {
            return [JSON.parse(line) as Made];
          } catch {
            return [];
          }
        })
    : [];

/** Seconds that the clock of a tenant may differ from ours. */
const SKEW_MS = 300_000;

/**
 * Removes the account with a number, when it is younger than the moment at which it was about to be made: a number that
 * somebody had before is left alone.
 *
 * @returns whether nobody has the number (any more)
 */
export async function removeByPhone(management: Management, phone: string, at: number): Promise<boolean> {
  const query = new URLSearchParams({
    'search.primaryPhone': phone.replace(/\D/g, ''),
    'mode.primaryPhone': 'exact',
  });
  const { body } = await management.call<{ id: string; createdAt: number }[]>('GET', `/api/users?${query}`);
  for (const { id, createdAt } of body) {
    if (createdAt < at - SKEW_MS) return false;
    await management.call('DELETE', `/api/users/${encodeURIComponent(id)}`, { allow: [404] });
  }
  return true;
}

/** Removes everybody whom runs have made at a tenant and not removed; the file goes when nobody is left. */
export async function removeMadeAccounts(
  management: Management,
  out: string,
  issuer: string,
): Promise<{ removed: number; left: number }> {
  const file = fileIn(out);
  const all = readLines(file);
  // A number that was given out again stands there more than once: the last line counts.
  const last = new Map(all.flatMap((each) => (each.issuer === issuer ? [[each.phone, each]] : [])));
  const open = [...last.values()].filter((each) => !each.gone);
  let removed = 0;
  for (const { phone, at } of open) if (await removeByPhone(management, phone, at)) removed += 1;
  if (removed === open.length && all.every((each) => each.issuer === issuer)) rmSync(file, { force: true });
  return { removed, left: open.length - removed };
}
