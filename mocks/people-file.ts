/** People from a file, for `authjs-conformance mocks --people people.json`: numbers, claims and roles. */
import { z } from 'zod';
import type { User } from './logto/tenant.ts';
import { newId } from './logto/tenant.ts';

const text = z.string().min(1);
const person = z.strictObject({
  phone: z
    .string()
    .regex(/^\+[1-9]\d{4,14}$/, 'must be a number in E.164, such as +12015550101')
    .optional()
    .describe('phone number in E.164'),
  id: z
    .string()
    .regex(/^[a-z0-9]{1,12}$/, 'must be one to twelve of a-z and 0-9')
    .optional()
    .describe('user id at Logto (default: a new one)'),
  name: text.optional(),
  username: z
    .string()
    .regex(/^[A-Za-z_]\w*$/, 'must be letters, digits and _, and begin with none of the digits')
    .optional(),
  email: z.email().optional(),
  picture: z.url().optional(),
  profile: z.record(z.string(), z.unknown()).optional().describe('standard claims, such as familyName'),
  customData: z.record(z.string(), z.unknown()).optional(),
  roles: z.array(text).optional().describe('names of roles; those that are new are made'),
  suspended: z.boolean().optional(),
});
export type PersonInFile = z.infer<typeof person>;

/** A phone number, an address or a user name is one person's. */
const peopleSchema = z.array(person).superRefine((people, context) => {
  const seen = new Map<string, number>();
  for (const [at, one] of people.entries()) {
    if (!one.phone && !one.email && !one.username)
      context.addIssue({
        code: 'custom',
        path: [at],
        message: 'needs a phone, an email or a username to sign in with',
      });
    for (const key of ['phone', 'id', 'username', 'email'] as const) {
      const value = one[key];
      if (value === undefined) continue;
      const name = `${key} ${key === 'email' ? value.toLowerCase() : value}`;
      const first = seen.get(name);
      if (first === undefined) seen.set(name, at);
      else context.addIssue({ code: 'custom', path: [at, key], message: `is that of [${first}], too` });
    }
  }
});

/**
 * Reads what a file holds.
 *
 * @throws z.ZodError with the path of each mistake; SyntaxError when the text is no JSON
 */
export const readPeople = (source: string): PersonInFile[] => peopleSchema.parse(JSON.parse(source));

/** The users that Logto knows when it starts. */
export const usersOf = (people: readonly PersonInFile[]): (Partial<User> & { id: string })[] =>
  people.map(({ phone, email, picture, suspended, id = newId.user(), ...rest }) => ({
    id,
    ...rest,
    ...(phone && { primaryPhone: phone.slice(1) }),
    ...(email && { primaryEmail: email }),
    ...(picture && { avatar: picture }),
    ...(suspended !== undefined && { isSuspended: suspended }),
  }));
