import { describe, expect, it } from 'vitest';
import { foreignAddresses, foreignByPath, oddAddresses, sentTo } from './leads-away.ts';

const url = new URL('http://localhost:3000/login');
const page = (text: string, headers: Record<string, string> = {}) => ({
  url,
  text,
  headers: { 'content-type': 'text/html; charset=utf-8', ...headers },
});
const hosts = (answer: ReturnType<typeof page>) => sentTo(answer).map(({ host }) => host);

describe('where an answer sends a browser', () => {
  it.each([
    ['a refresh in the page', page('<meta http-equiv="refresh" content="0; url=//evil.example/">')],
    ['a refresh in a header', page('', { refresh: '0;url=https://evil.example/' })],
    ['a script', page('<script>window.location.href = "https://evil.example/"</script>')],
    ['a call in a script', page("<script>location.replace('https:\\/\\/evil.example\\/')</script>")],
    [
      'a redirect in a stream of Next.js',
      page('1:E{"digest":"NEXT_REDIRECT;replace;https://evil.example/;307;"}'),
    ],
  ])('is seen in %s', (_where, answer) => {
    expect(hosts(answer)).toEqual(['evil.example']);
  });

  it('is seen in a redirect', () => {
    const location = new URL('/\\evil.example/', url);
    expect(sentTo({ ...page(''), location })[0]?.host).toBe('evil.example');
  });

  it('is nowhere for a link, a field or data', () => {
    const to = 'https://evil.example/';
    expect(
      hosts(
        page(
          `<a href="${to}">x</a><input value="${to}"><script type="application/json">{"callbackUrl":"${to}"}</script>`,
        ),
      ),
    ).toEqual([]);
    expect(hosts({ ...page(`location.href = "${to}"`, { 'content-type': 'application/json' }) })).toEqual([]);
  });
});

it('names foreign addresses only, as a browser reads them', () => {
  for (const address of [...foreignAddresses(url.origin), ...oddAddresses()])
    expect(new URL(address, url).hostname, address).toMatch(/(^|\.)evil\.example$/);
});

it('names addresses of one’s own whose path alone is foreign', () => {
  for (const address of foreignByPath(url.origin)) {
    const { origin, pathname, search } = new URL(address, url);
    expect([address, origin]).toEqual([address, url.origin]);
    expect(new URL(pathname + search, url).hostname).toBe('evil.example');
  }
});
