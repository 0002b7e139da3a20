import { describe, expect, it } from 'vitest';
import { inOtherLanguages, spokenIn } from './languages.ts';

describe('addresses with a language in front', () => {
  it('are asked for in the others, and without any', () => {
    expect(inOtherLanguages('/sv/account?tab=1', ['sv', 'nb'])).toEqual([
      '/nb/account?tab=1',
      '/en/account?tab=1',
      '/de/account?tab=1',
      '/fr/account?tab=1',
      '/es/account?tab=1',
      '/en-US/account?tab=1',
      '/account?tab=1',
    ]);
  });
  it('are those of known languages only', () => {
    expect(inOtherLanguages('/me/orders', [])).toEqual([]);
    expect(inOtherLanguages('/account', ['en'])).toEqual([]);
  });
  it('fill the segment of the router by the language that the config speaks', () => {
    expect(spokenIn('/[lang]/orders', ['/de/account'], ['en', 'de'])).toBe('/de/orders');
    expect(spokenIn('/:locale/orders', [], ['en'])).toBe('/en/orders');
    expect(spokenIn('/[id]/orders', ['/de/account'], [])).toBe('/[id]/orders');
  });
});
