import { describe, expect, it } from 'vitest';
import { languagesIn } from './languages.ts';

describe('the languages of an app', () => {
  it('are named by the sources', () => {
    expect(
      languagesIn("const locales = ['en', 'pt-BR'] as const; export const routing = { defaultLocale: 'nb' }"),
    ).toEqual(['nb', 'en', 'pt-BR']);
    expect(languagesIn('export const locales: string[] = ["en"];')).toEqual(['en']);
    expect(languagesIn("const names = ['ab', 'cd'];")).toEqual([]);
  });
});
