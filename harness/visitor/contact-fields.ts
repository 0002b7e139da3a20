/** Fields for a phone number or an e-mail address, in forms of apps. */
import type { Person } from '../../mocks/people.ts';
import type { Form } from './forms.ts';

const NUMBER = /phone|mobile|^tel|msisdn|^number$|handy|telefon|cell/i;
const ADDRESS = /e?[-_]?mail/i;

/** A number and an address, as they are written: E.164 with or without its plus. */
export type Contacts = Pick<Person, 'phone' | 'email'>;

/** The values for those of the names that are of a number or an address. */
export const contactsFor = (names: readonly string[], { phone, email }: Contacts): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name): [string, string][] =>
      ADDRESS.test(name) ? [[name, email ?? '']] : NUMBER.test(name) ? [[name, phone]] : [],
    ),
  );

/** A form with somebody in its fields for a number or an address; undefined where it has no such field. */
export function withContacts(form: Form, about: Contacts): Form | undefined {
  const fields = contactsFor(Object.keys(form.fields), about);
  return Object.keys(fields).length > 0 ? { ...form, fields: { ...form.fields, ...fields } } : undefined;
}
