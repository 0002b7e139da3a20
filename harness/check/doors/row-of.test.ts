import { expect, it } from 'vitest';
import { rowOf } from './row-of.ts';

const page = (rows: string) =>
  `<!doctype html><title>Loans</title><main><h1>Loans 17</h1><ul>${rows}</ul></main>`;
const loan = (id: number, state: string) =>
  `<li><a href="/loans/${id}">Hammer</a> ${state}<form method="post" action="/loans/${id}/cancel"><button>Cancel</button></form></li>`;

it('a row says of its thing what no other row says', () => {
  const html = page(loan(17, 'asked') + loan(175, 'lent'));
  expect(rowOf(html, '17')).toBe('Hammer\nasked\nCancel');
  expect(rowOf(html, '175')).toContain('lent');
  expect(rowOf(html, '5')).toBeUndefined();
});
it('the inner one of rows counts, and a page without rows has none', () => {
  expect(rowOf(`<ul><li>Loans of May<ul>${loan(17, 'asked')}</ul></li></ul>`, '17')).not.toContain('May');
  expect(rowOf('<main><p>Loan 17 asked</p></main>', '17')).toBeUndefined();
});
it('a row says the same a moment later', () => {
  const at = (when: string) => rowOf(page(loan(17, `asked ${when}`)), '17');
  expect(new Set([at('just now'), at('3 seconds ago'), at('a minute ago')]).size).toBe(1);
  expect(rowOf(page(loan(17, 'cancelled just now')), '17')).not.toBe(at('just now'));
});
