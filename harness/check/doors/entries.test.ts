import { expect, it } from 'vitest';
import { entriesOf, isEntryAmongSeveral } from './entries.ts';

const link = (handle: string, name: string) => `<a href="/u/${handle}">${name}</a>`;
const board = (...people: string[]) =>
  `<ol>${people.map((name) => `<li>${link(name.toLowerCase(), name)} 12 points</li>`).join('')}</ol>`;
const page = (main: string, header = '<a href="/">Club</a>', end = '') =>
  `<!doctype html><html><body><header>${header}</header><main>${main}</main>${end}</body></html>`;

it('whoever is linked beside others is an entry of their list', () => {
  const html = page(board('Ada', 'Eve', 'Grace'));
  expect(isEntryAmongSeveral(html, 'Ada')).toBe(true);
  // In two lists, and with a picture that is called after its owner.
  const seller = (name: string) => `<li><small><img alt="x">${link(name.toLowerCase(), name)}</small></li>`;
  const both = page(
    `<ul>${['Ada', 'Ada', 'Eve', 'Hedy'].map(seller).join('')}</ul>${board('Ada', 'Eve', 'Grace')}`,
  );
  expect(isEntryAmongSeveral(both, 'Ada')).toBe(true);
  expect(isEntryAmongSeveral(html, 'Hedy')).toBe(false);
});

it('somebody who is greeted is none, whatever list stands below', () => {
  const { of } = entriesOf(page(board('Ada', 'Eve', 'Grace'), link('hedy', 'Hedy')))('Hedy') ?? {};
  expect(of).toBe(1);
  expect(isEntryAmongSeveral(page(board('Ada', 'Eve', 'Grace'), link('ada', 'Ada')), 'Ada')).toBe(false);
  expect(isEntryAmongSeveral(page(board('Ada', 'Eve', 'Grace'), '<b>Ada</b>'), 'Ada')).toBe(false);
  expect(isEntryAmongSeveral(page(board('Ada', 'Eve', 'Grace'), '<input value="Ada">'), 'Ada')).toBe(false);
});

it('two may be somebody and whom they were taken for, and orders are no people', () => {
  expect(isEntryAmongSeveral(page(board('Ada', 'Eve')), 'Ada')).toBe(false);
  expect(entriesOf(page(board('Ada', 'Eve')))('Ada')).toMatchObject({ of: 2 });
  const menu = `${link('ada', 'Ada')}${link('new', 'Invite')}${link('settings', 'Settings')}`;
  expect(isEntryAmongSeveral(page('', menu), 'Ada')).toBe(false);
  const orders = page(board('Ada', 'Eve', 'Grace').replaceAll('/u/', '/orders/'));
  expect(isEntryAmongSeveral(orders, 'Ada')).toBe(false);
});

it('data of the page may say each entry once more, and nobody else', () => {
  const data = (...names: string[]) => `<script>hydrate(${JSON.stringify(names)})</script>`;
  const on = (...names: string[]) =>
    isEntryAmongSeveral(page(board('Ada', 'Eve', 'Grace'), '', data(...names)), 'Ada');
  expect(on('Ada', 'Eve', 'Grace')).toBe(true);
  expect(on('Ada', 'Ada', 'Eve', 'Grace')).toBe(false);
});

it('data alone are no page', () => {
  expect(entriesOf('[{"name":"Ada"}]')('Ada')).toBeUndefined();
});
