/** The file of people: whom a run may sign in as, and which numbers of the operator may get messages. */
import { isValidPhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { z } from 'zod';
import { readGiven } from '../../reports/given-file.ts';
import { ConformanceError } from '../errors.ts';

const entrySchema = z.strictObject({
  phone: z.string(),
  /** Nobody at the tenant has this number yet: it may be signed up, with `allowSignUp`. */
  new: z.boolean().optional(),
  userId: z.string().optional(),
  name: z.string().nullable().optional(),
  username: z.string().nullable().optional(),
  email: z.string().nullable().optional(),
  picture: z.string().nullable().optional(),
});
export type PersonEntry = z.infer<typeof entrySchema>;

/** E.164 of what a person wrote; undefined when it is no number. Numbers of fiction count, too. */
export function phoneOf(text: string): string | undefined {
  const parsed = parsePhoneNumberFromString(text.replace(/^00/, '+'));
  if (!parsed) return undefined;
  return parsed.isPossible() || isValidPhoneNumber(parsed.number) ? parsed.number : undefined;
}

const wrong = (file: string, what: string) =>
  new ConformanceError({
    code: 'CONF_PEOPLE_FILE',
    what: `${file}: ${what}`,
    expected:
      'one phone number a line (with +, "new" behind it when nobody has it yet), or a JSON list of {"phone", "new"?, "name"?, "username"?, "email"?, "picture"?, "userId"?}',
    remedy: 'correct the file; docs/live.md has an example.',
    key: 'live.people',
  });

/** Lines: a number, perhaps `new`; `#` begins a remark. */
const fromLines = (text: string): unknown[] =>
  text.split(/\r?\n/).flatMap((line) => {
    const bare = line.replace(/#.*/, '').trim();
    if (!bare) return [];
    const [, phone = '', mark] = /^(.*?)(?:\s+(new))?$/.exec(bare) ?? [];
    return [{ phone, ...(mark && { new: true }) }];
  });

/**
 * Reads a file of people.
 *
 * @throws ConformanceError CONF_PEOPLE_FILE, which names the entry
 */
export function readPeople(file: string): PersonEntry[] {
  let text: string;
  try {
    text = readGiven(file);
  } catch (error) {
    throw wrong(file, (error as Error).message);
  }
  let raw: unknown;
  try {
    raw = /^\s*[[{]/.test(text) ? JSON.parse(text) : fromLines(text);
  } catch (error) {
    throw wrong(file, `it is no JSON: ${(error as Error).message}`);
  }
  const parsed = z.array(entrySchema).min(1, 'it names nobody').safeParse(raw);
  if (!parsed.success) throw wrong(file, z.prettifyError(parsed.error));
  const seen = new Set<string>();
  return parsed.data.map((entry, index) => {
    const phone = phoneOf(entry.phone);
    if (!phone)
      throw wrong(file, `entry ${index + 1}: "${entry.phone}" is no phone number with its country code`);
    if (seen.has(phone)) throw wrong(file, `entry ${index + 1}: ${phone} stands there twice`);
    seen.add(phone);
    return { ...entry, phone };
  });
}
