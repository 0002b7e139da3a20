import { expect, it } from 'vitest';
import { belowHandle, isOfPeople, leadsPublicly, saysProfile } from './addresses-of-people.ts';

it('kinds of addresses are of people by their words, or as declared', () => {
  expect(['/u/', '/@', '/blog/@', '/g/', '/orders/'].filter((kind) => isOfPeople(kind))).toEqual([
    '/u/',
    '/@',
    '/blog/@',
  ]);
  expect(isOfPeople('/g/', ['/g'])).toBe(true);
  expect(isOfPeople('/g/orders/', ['/g'])).toBe(false);
});

it('a page leads to what is public: where strangers see it, or its words say so', () => {
  const paths = new Set(['/g/ada-7f2', '/g/c0c66ea1-15b3-4db5-9d65-979fa000c93f', '/g/81221']);
  const link = (to: string, words: string) => `<p>By <a class="x" href="${to}"><b>${words}</b></a></p>`;
  expect(leadsPublicly(link('/g/ada-7f2', 'Ada'), paths, true)).toBe(true);
  expect(leadsPublicly(link('/g/ada-7f2', 'Ada'), paths, false)).toBe(false);
  expect(leadsPublicly(link('/g/ada-7f2', 'My public page'), paths, false)).toBe(true);
  expect(leadsPublicly(link('/g/eve-7f2', 'My public page'), paths, true)).toBe(false);
  // An id tells nothing: the link of a list that should not have been open leads to what should not be, either.
  expect(leadsPublicly(link('/g/81221', 'My public page'), paths, true)).toBe(false);
  expect(leadsPublicly(link('/g/c0c66ea1-15b3-4db5-9d65-979fa000c93f', 'Ada'), paths, true)).toBe(false);
});

it('what stands below a handle has a pattern, unless it is for its member alone by its name', () => {
  const patterns = (path: string) => belowHandle(path).map(({ pattern }) => pattern);
  expect(patterns('/portal/en/@plz-d82b09/followers')).toContain('/portal/en/@*/followers');
  expect(patterns('/cook-45f515/cookbook')).toEqual(['/*/cookbook']);
  expect(patterns('/cook-45f515/orders')).toEqual([]);
  expect(patterns('/u/17')).toEqual([]);
});

it('a page may say that it is a profile', () => {
  expect(saysProfile('<head><meta property="og:type" content="profile"></head>')).toBe(true);
  expect(saysProfile('<head><meta property="og:type" content="website"></head>')).toBe(false);
});
