import { expect, it } from 'vitest';
import { linksInData } from './data-links.ts';

const base = new URL('http://localhost:3000/api/teams');

it('addresses in data are found by the name of their member, on the same origin', () => {
  const data = {
    items: [{ id: 1, href: '/api/teams/1', links: { self: 'http://localhost:3000/api/teams/1?full=1' } }],
    avatarUrl: 'https://images.example/1.png',
    callback: 'javascript:x',
    note: '/not/an/address',
  };
  expect(linksInData(JSON.stringify(data), base)).toEqual(['/api/teams/1', '/api/teams/1?full=1']);
});
it('what is no JSON names none', () => expect(linksInData('<a href="/x">x</a>', base)).toEqual([]));
