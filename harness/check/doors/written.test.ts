import { expect, it } from 'vitest';
import { formsIn } from '../../visitor/forms.ts';
import { linkOf } from './written.ts';

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
