import { describe, expect, it } from 'vitest';
import { waysOutOf } from './ways-out.ts';

const UP = '../'.repeat(12);

describe('ways out of a folder', () => {
  it('are tried where an address ends in a value, or in a file', () => {
    expect(waysOutOf('/files/17', '/files/:id')[0]).toBe(`/files/${UP.replaceAll('/', '%2f')}etc%2fpasswd`);
    expect(waysOutOf('/exports/june.csv')).toHaveLength(4);
  });

  it('are tried with all parts where an address takes the rest', () => {
    expect(waysOutOf('/docs/x', '/docs/[...path]')).toContain(`/docs/${UP}etc/passwd`);
  });

  it('are tried in parameters that name a file, and no others', () => {
    const ways = waysOutOf('/open?file=x&sort=name');
    expect(ways).toHaveLength(4);
    expect(new URLSearchParams(ways[0]?.split('?')[1]).get('file')).toBe(`${UP}etc/passwd`);
    expect(ways.every((way) => way.includes('sort=name'))).toBe(true);
  });

  it('are tried nowhere else', () => {
    expect(waysOutOf('/orders?page=2', undefined)).toHaveLength(4);
    expect(waysOutOf('/orders?sort=asc')).toEqual([]);
    expect(waysOutOf('/orders/17/lines', '/orders/:id/lines')).toEqual([]);
  });
});
