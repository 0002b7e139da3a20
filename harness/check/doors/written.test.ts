import { expect, it } from 'vitest';
import { formsIn } from '../../visitor/forms.ts';
import { takingLinks } from './takes-by-link.ts';
import { isForStrangers, linkOf } from './written.ts';

const page = new URL('http://localhost:3000/settings?tab=2');
const html = `<form action="/settings/name?from=page"><input name="nick"><input type="hidden" name="of" value="7"></form>
<form method="post" action="/settings"><input name="name"></form>`;

it('a form that says no method is a link', () => {
  const forms = formsIn(html, page, '/auth', 'get');
  expect(forms.map((form) => linkOf(form, 'Word1'))).toEqual(['/settings/name?from=page&nick=Word1&of=7']);
});

it('what is posted is not', () => {
  expect(formsIn(html, page, '/auth').map(({ action }) => action)).toEqual(['/settings']);
});

it('links take away what others do not have', () => {
  const links = `<a href="/tasks/81/delete">x</a><a href="/tasks/82?do=open">Open</a><a href="/notes/7">Löschen</a>
<a href="/account/delete">Delete</a><a href="/auth/signout?delete=1">Sign out</a><a href="https://other.example/delete/81">x</a>`;
  const others = '<a href="/tasks/99/delete">x</a><a href="/account/delete">Delete</a>';
  expect(takingLinks(links, page, others)).toEqual(['/tasks/81/delete', '/notes/7']);
});

it('a form is for strangers where theirs takes as much, and calls the same action', () => {
  const form = (texts: string[], fields: Record<string, string> = {}) => ({
    action: '/book',
    fields,
    multipart: false,
    texts,
  });
  expect(isForStrangers(form(['body']), [form(['name', 'body'])])).toBe(true);
  expect(isForStrangers(form(['body']), [form(['name'])])).toBe(false);
  expect(isForStrangers(form(['name'], { $ACTION_ID_a1: '' }), [form(['name'], { $ACTION_ID_b2: '' })])).toBe(
    false,
  );
});
