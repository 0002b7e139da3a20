import { expect, it } from 'vitest';
import { actingLinks } from './acted-by-link.ts';

const base = new URL('http://app.example/people');
const links = (html: string) => actingLinks(html, base);

it.each([
  ['Follow', '/follow/ada'],
  ['Unfollow Ada', '/unfollow/ada'],
  ['Unsubscribe', '/letters/stop'],
  ['Accept the invitation', '/accept?id=7'],
])('a link that says "%s" does something', (said, to) =>
  expect(links(`<a href="${to}">${said}</a>`)).toEqual([to]),
);

it.each([
  ['Follow requests', '/requests'],
  ['Subscribe to a plan', '/plans'],
  ['How to block somebody who is a nuisance to you', '/help'],
  ['Sign out', '/logout'],
  ['Notes', '/notes'],
])('a link that says "%s" leads somewhere', (said, to) =>
  expect(links(`<a href="${to}">${said}</a>`)).toEqual([]),
);

it('is one of the app itself', () =>
  expect(
    links(
      '<a href="https://social.example/app">Follow us</a><a href="https://social.example/app">Follow</a>',
    ),
  ).toEqual([]));
