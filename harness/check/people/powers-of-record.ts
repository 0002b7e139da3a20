/** Powers that a record of a member tells, asked for one by one: a write that throws at what it does not know says nothing of what it does. */
import type { LabDescription } from '../../lab/lab-description.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { send } from '../doors/send.ts';

type RecordOfMember = Record<string, unknown>;

const ROLE = /^(?:role|access_?level|account_?type|user_?type|tier|plan)$/i;
const FLAG = /^(?:is_?)?(?:admin|staff|super_?user|moderator|verified|premium)$/i;
const LIST = /^(?:roles|permissions|scopes|privileges)$/i;
/** Roles that nobody takes for themselves; members of a market may choose whether they buy or sell. */
const HIGH = /admin|super|staff|root|moderator|operator|employee/i;
const RAISES_MAX = 8;
const METHODS = ['PATCH', 'PUT'] as const;

/**
 * What a member could write into their record to have more than they do.
 *
 * @param roles as the sources call them
 */
export function raisesOf(
  record: RecordOfMember,
  roles: readonly string[],
): { name: string; value: unknown }[] {
  const words = [...new Set([...roles.filter((role) => HIGH.test(role)), 'admin'])];
  return Object.entries(record)
    .flatMap(([name, value]) => {
      if (typeof value === 'string' && ROLE.test(name))
        return words.filter((word) => word !== value).map((word) => ({ name, value: word as unknown }));
      if ((value === false || value === 0) && FLAG.test(name))
        return [{ name, value: (value === 0 ? 1 : true) as unknown }];
      if (Array.isArray(value) && LIST.test(name))
        return words
          .filter((word) => !value.includes(word))
          .map((word) => ({ name, value: [...value, word] as unknown }));
      return [];
    })
    .slice(0, RAISES_MAX);
}

const recordIn = (text: string): RecordOfMember | undefined => {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    return JSON.parse(text) as RecordOfMember;
  } catch {
    return undefined;
  }
};

const recordAt = async (member: Visitor, path: string): Promise<RecordOfMember | undefined> => {
  const { status, text } = await member.get(path);
  return status < 300 ? recordIn(text) : undefined;
};

/**
 * Writes each power into the record at a path: alone, and with all that stood there.
 *
 * @param before what stood there when nothing had been written: what an app keeps since is whatever it was sent
 * @returns how it was written, and what; undefined where none was
 */
export async function raisedAt(
  member: Visitor,
  { path, before, headers }: { path: string; before: string; headers: Record<string, string> },
  { app, routes }: Pick<LabDescription, 'app' | 'routes'>,
): Promise<string | undefined> {
  const record = recordIn(before);
  if (!record) return undefined;
  for (const { name, value } of raisesOf(record, routes?.roles ?? []))
    for (const method of METHODS)
      for (const json of [{ [name]: value }, { ...record, [name]: value }]) {
        await send(member, app.origin, { path, method, headers, json });
        const now = (await recordAt(member, path))?.[name];
        if (
          JSON.stringify(now) === JSON.stringify(value) &&
          JSON.stringify(record[name]) !== JSON.stringify(now)
        )
          return `${method} ${path} into their own record: ${name}`;
      }
  return undefined;
}
