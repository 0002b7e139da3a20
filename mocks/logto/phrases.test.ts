import { describe, expect, it } from 'vitest';
import { acceptedLanguages, errorLanguage, pageLanguage, phrase } from './phrases.ts';

const accept = (header: string) => acceptedLanguages({ headers: { 'accept-language': header } });

describe('languages', () => {
  it('are taken in the order of their weights', () => {
    expect(accept('en;q=0.3, de-DE, fr;q=0.9')).toEqual(['de-DE', 'fr', 'en']);
    expect(accept('')).toEqual([]);
    expect(accept(';;,=;q=x')).toEqual(['=']);
  });

  it('of error messages must be written exactly so (recordings 125, 626)', () => {
    expect(errorLanguage(['fr-FR', 'fr'])).toBe('fr');
    expect(errorLanguage(['pt-br'])).toBe('pt-BR');
    expect(errorLanguage(['de-AT', 'xx', '*'])).toBe('en');
  });

  it('of pages may be a related one', () => {
    expect(pageLanguage(['de-AT'])).toBe('de');
    expect(pageLanguage(['pt'])).toBe('pt-PT');
    expect(pageLanguage(['xx'], 'ja')).toBe('ja');
    expect(pageLanguage(['*'])).toBe('en');
  });
});

describe('messages', () => {
  it('keep a placeholder that nothing was given for (recording 266)', () => {
    expect(phrase('errors', 'en', 'user.user_not_exist')).toBe('User with {{ identifier }} does not exist.');
    expect(phrase('errors', 'en', 'guard.invalid_input', { type: 'body' })).toBe(
      'The request body is invalid.',
    );
  });

  it('name a list as the language does', () => {
    const code = 'organization.role_names_not_found';
    expect(phrase('errors', 'en', code, { names: ['a', 'b', 'c'] })).toMatch(/detected: a, b, and c\./);
    expect(phrase('errors', 'fr', code, { names: ['a', 'b'] })).toMatch(/détectés : a et b\./);
    expect(phrase('errors', 'en', 'organization.require_membership')).toMatch(/must be a member/);
  });

  it('are their own code when nobody wrote them, whatever the code', () => {
    expect(phrase('errors', 'de', 'constructor.prototype')).toBe('constructor.prototype');
    expect(phrase('errors', 'uk-UA', 'auth.forbidden')).toBe(phrase('errors', 'en', 'auth.forbidden'));
  });
});
