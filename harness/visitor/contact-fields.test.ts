import { expect, it } from 'vitest';
import { withContacts } from './contact-fields.ts';
import type { Form } from './forms.ts';

it('fields for a number and an address are told by their names', () => {
  const form: Form = {
    action: '/p',
    fields: { nick: 'x', phone: '', 'e-mail': '', id: '7' },
    multipart: false,
    texts: [],
  };
  expect(withContacts(form, { phone: '+12025550100', email: 'a@b.example' })?.fields).toEqual({
    nick: 'x',
    phone: '+12025550100',
    'e-mail': 'a@b.example',
    id: '7',
  });
  expect(withContacts({ ...form, fields: { nick: 'x' } }, { phone: '+1', email: 'a@b' })).toBeUndefined();
});
