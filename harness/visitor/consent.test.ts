import { describe, expect, it } from 'vitest';
import { changeOfPersonIn, consentFormOf } from './consent.ts';

const url = new URL('http://127.0.0.1:3301/consent?app_id=a');
const page = (text: string, status = 200, at = url) => consentFormOf({ url: at, status, text });

describe('the form of a consent page', () => {
  it('is filled in with the first organization', () => {
    const form = page(
      '<form method="post" action="/consent?app_id=a"><select name="organizationId"><option value="one">1</option><option value="two">2</option></select></form>',
    );
    expect([form?.url.href, form?.fields]).toEqual([url.href, { organizationId: 'one' }]);
  });

  it('is nothing that another page, another status or a search box has', () => {
    const text = '<form method="post" action="/consent"></form>';
    expect(page(text, 400)).toBeUndefined();
    expect(page(text, 200, new URL('/sign-in', url))).toBeUndefined();
    expect(page('<form action="/search"></form>')).toBeUndefined();
  });
});

describe('the form that signs the person before out of Logto', () => {
  const resume = new URL('http://127.0.0.1:3301/oidc/auth/0123456789abcdefghijk');
  const form = (action: string) =>
    `<form method="post" action="${action}"><input type="hidden" name="xsrf" value="x"/><input type="hidden" name="logout" value="yes"/></form>`;

  it('is sent as it stands', () => {
    const text = form('http://127.0.0.1:3301/oidc/session/end/confirm');
    expect(changeOfPersonIn({ url: resume, status: 200, text })).toEqual({
      url: new URL('http://127.0.0.1:3301/oidc/session/end/confirm'),
      fields: { xsrf: 'x', logout: 'yes' },
    });
  });

  it('is nothing that another page has, or a form that leads elsewhere', () => {
    const text = form('/oidc/session/end/confirm');
    expect(changeOfPersonIn({ url: new URL('/sign-in', resume), status: 200, text })).toBeUndefined();
    expect(changeOfPersonIn({ url: resume, status: 400, text })).toBeUndefined();
    expect(changeOfPersonIn({ url: resume, status: 200, text: form('/callback') })).toBeUndefined();
  });
});
