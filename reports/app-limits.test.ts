import { describe, expect, it } from 'vitest';
import type { Exchange } from '../mocks/journal.ts';
import {
  isClosedForWork,
  isLimited,
  isLimitOfForm,
  isOwnLimit,
  limitedReason,
  limitTold,
  withLimits,
} from './app-limits.ts';
import type { CheckResult } from './model.ts';

const exchange = (
  status: number,
  headers: Record<string, string> = {},
  more: Partial<Exchange> = {},
): Exchange => ({
  seq: 1,
  at: '2026-11-28T00:00:00.000Z',
  durationMs: 1,
  scope: 's',
  from: 'browser',
  to: 'app',
  method: 'POST',
  url: 'http://localhost:3000/auth/signin/logto?x=1',
  status,
  request: { headers: {}, body: null },
  response: { headers, body: null },
  faults: [],
  facts: {},
  ...more,
});

describe('a limit of the app', () => {
  it.each([
    ['429', exchange(429), true],
    ['503 with Retry-After', exchange(503, { 'Retry-After': '10' }), true],
    ['503, which is a crash', exchange(503), false],
    ['403, which is a refusal', exchange(403, { 'retry-after': '10' }), false],
    ['429 of the issuer', exchange(429, {}, { to: 'issuer' }), false],
    ['429 of the issuer to the app', exchange(429, {}, { from: 'app', to: 'issuer' }), false],
    ['no answer', exchange(null as never), false],
  ])('%s', (_what, given, limited) => expect(isLimited(given)).toBe(limited));

  it.each([
    ['429 with Retry-After', exchange(429, { 'retry-after': '9' }), true],
    ['429 alone, which may be that of the carrier', exchange(429), false],
    ['503 with Retry-After, as the issuer is down', exchange(503, { 'retry-after': '9' }), false],
    ['503 with its limit', exchange(503, { 'retry-after': '9', 'RateLimit-Limit': '5' }), true],
  ])('where the issuer was made to fail: %s', (_what, given, own) => expect(isOwnLimit(given)).toBe(own));

  it('is told by method and path, and by what the app says of it', () => {
    expect(limitedReason(exchange(429))).toContain('it answered 429 to POST /auth/signin/logto)');
    expect(
      limitTold('x', exchange(429, { 'RateLimit-Policy': '"5-in-1min"', 'Retry-After': '60' })).what,
    ).toMatch(/its limit is "5-in-1min", and it asks to wait 60 s$/);
    expect(limitTold('x', exchange(429)).what).toMatch(/signin\/logto$/);
  });

  it('is none where a page is closed for work, and all others go on', () => {
    const at = (url: string, status: number, second: number, headers: Record<string, string> = {}) =>
      exchange(status, headers, { url, method: 'GET', at: `2026-11-28T00:00:0${second}.000Z` });
    const shop = at('http://localhost:3000/shop', 503, 1, { 'retry-after': '3600' });
    const page = at('http://localhost:3000/', 200, 2);
    expect(isClosedForWork(shop, [shop, page])).toBe(true);
    // Nothing else was answered after it; it had been open before; it names a limit; it is no page.
    expect(isClosedForWork(shop, [{ ...page, at: '2026-11-28T00:00:00.000Z' }, shop])).toBe(false);
    expect(isClosedForWork(shop, [at(shop.url, 200, 0), shop, page])).toBe(false);
    const limited = at(shop.url, 503, 1, { 'retry-after': '9', 'RateLimit-Limit': '5' });
    expect(isClosedForWork(limited, [limited, page])).toBe(false);
    expect(isClosedForWork({ ...shop, method: 'POST' }, [page])).toBe(false);
  });

  it('is that of one form, where all others are taken', () => {
    const at = (path: string, status: number, second: number, method = 'POST') =>
      exchange(
        status,
        {},
        { url: `http://localhost:3000${path}`, method, at: `2026-11-28T00:00:0${second}.000Z` },
      );
    const contact = at('/contact', 429, 2);
    const others = [at('/notes', 303, 1), at('/', 200, 3, 'GET')];
    expect(isLimitOfForm(contact, [...others, contact])).toBe(true);
    // Nothing else is posted; a sign-in is; something else is refused, too; a page is.
    expect(isLimitOfForm(contact, [contact, at('/', 200, 3, 'GET')])).toBe(false);
    expect(isLimitOfForm(contact, [contact, at('/auth/signin/logto', 200, 1), at('/', 200, 3, 'GET')])).toBe(
      false,
    );
    expect(isLimitOfForm(contact, [...others, contact, at('/notes', 429, 3)])).toBe(false);
    expect(isLimitOfForm(at('/', 429, 2, 'GET'), others)).toBe(false);
    expect(isLimitOfForm(at('/auth/signin/logto', 429, 2), others)).toBe(false);
  });

  it('is one finding, in the place of that of the smoke sign-in', () => {
    const check = (verdict: string, exchanges: Exchange[]) => ({ verdict, exchanges }) as CheckResult;
    const before = [
      limitTold('the smoke sign-in', exchange(429)),
      { ...limitTold('', exchange(429)), code: 'CONF_OTHER' },
    ];
    const found = withLimits(before, [
      check('blocked', [exchange(200), exchange(429)]),
      check('blocked', [exchange(429)]),
    ]);
    expect(found.map(({ code, what }) => [code, what.includes('the first of 2 checks')])).toEqual([
      ['CONF_OTHER', false],
      ['CONF_APP_LIMITS', true],
    ]);
    const headers = { 'x-conformance-clock': '86400' };
    const earlier = { at: '2026-11-01T00:00:00.000Z', request: { headers, body: null } };
    const moved = { ...check('pass', [exchange(200, {}, earlier)]), id: 'doors/after-the-end' };
    expect(withLimits([], [moved, check('blocked', [exchange(429)])])[0]?.remedy).toContain(
      'doors/after-the-end had moved the clock of the app before',
    );
    expect(found[1]?.remedy).not.toContain('clock');
    expect(withLimits(before, [check('pass', [exchange(429)]), check('blocked', [exchange(200)])])).toEqual(
      before,
    );
  });
});
