/** Forms as a browser sends them. */
import { expect, it } from 'vitest';
import { formsIn, takingFormsIn, withWritten } from './forms.ts';

const page = new URL('http://localhost/notes');
const fieldsOf = (inside: string) =>
  formsIn(`<form method="post">${inside}</form>`, page, '/auth')[0]?.fields;

it.each([
  ['<select name="a"><option>one</option><option>two</option></select>', 'one'],
  ['<select name="a"><option value="">choose</option><option value="2">two</option></select>', '2'],
  ['<select name="a"><option value="1">one</option><option value="2" selected>two</option></select>', '2'],
  [
    '<select name="a"><option disabled>none</option><option>\n  some of\n it </option></select>',
    'some of it',
  ],
  ['<input name="a" type="radio" value="1"><input name="a" type="radio" value="2" checked>', '2'],
  ['<input name="a" type="radio" value="1"><input name="a" type="radio" value="2">', '1'],
  ['<input name="a" type="checkbox">', 'on'],
  ['<input name="a" type="number" min="5">', '5'],
  ['<input name="a" type="hidden">', ''],
  ['<input name="a" type="datetime-local">', '2030-01-01T12:00'],
  ['<input name="a" type="date" min="2031-05-01">', '2031-05-01'],
  ['<input name="a" type="month" max="2027-03">', '2027-03'],
  ['<input name="a" type="time">', '12:00'],
  ['<input name="a" type="color">', '#336699'],
  ['<input name="a" minlength="3">', 'xxx'],
  ['<textarea name="a">as it was</textarea>', 'as it was'],
])('%s', (inside, sent) => {
  expect(fieldsOf(inside)).toEqual({ a: sent });
});

it('a form that cancels takes something away', () => {
  const html = '<form method="post" action="/bookings/7/cancel"><button>Cancel</button></form>';
  expect(takingFormsIn(html, page, '/auth')).toHaveLength(1);
  expect(formsIn(html, page, '/auth')).toEqual([]);
});

it('what is too long for a text is not written into it', () => {
  const [form] = formsIn(
    '<form method="post"><input name="nick" maxlength="5"><textarea name="note"></textarea></form>',
    page,
    '/auth',
  );
  expect(form?.lengths).toEqual({ nick: 5 });
  expect(form && withWritten(form, () => 'Xanthippe')).toEqual({ nick: 'x', note: 'Xanthippe' });
});
