import { expect, it } from 'vitest';
import type { Form } from '../../visitor/forms.ts';
import { crossedForm } from './forms-of-others.ts';

const form = (action: string, fields: Record<string, string>): Form => ({
  action,
  fields: { text: '', ...fields },
  multipart: false,
  texts: ['text'],
});

it('the form of a thing names that of another by its address, with the token of its own', () =>
  expect(
    crossedForm(form('/notes/22', { _csrf: 'own1' }), form('/notes/17', { _csrf: 'other1' })),
  ).toMatchObject({
    action: '/notes/17',
    fields: { _csrf: 'own1' },
  }));
it('or by a hidden field', () =>
  expect(crossedForm(form('/share', { note: '22' }), form('/share', { note: '17' }))?.fields.note).toBe(
    '17',
  ));
it('a form that names no thing is the same for both', () =>
  expect(
    crossedForm(form('/share', { _csrf: 'own1' }), form('/share', { _csrf: 'other1' })),
  ).toBeUndefined());
