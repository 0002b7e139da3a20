import { describe, expect, it } from 'vitest';
import type { LabDescription } from '../../lab/lab-description.ts';
import type { Answer } from '../../user-agents/http.ts';
import {
  bareNames,
  claimsOfVictim,
  filledWithOffer,
  foreignTokens,
  NOTHING,
  unsignedTokens,
  usualPasswords,
  withPlus,
} from './offers.ts';
import { linksToFollow, triesBeside, waysBeside } from './routes.ts';
import { fieldsFor, kindOf } from './tries.ts';

const ada = { id: 'adaadaada001', name: 'Ada1', email: 'ada.1@people.example', phone: '+12025550101' };
const session = (user: Record<string, unknown>, ids: Record<string, string> = {}) => ({
  session: { user },
  ids: new Map(Object.entries(ids)),
});

describe('a session that was got without proof', () => {
  it('is chosen by whoever asked, where it says what the request said', () => {
    expect(kindOf(session({}, { 'session.user.id': 'adaadaada001' }), undefined, [ada.id])).toBe('chosen');
    expect(kindOf(session({}, { 'cookie.sub': 'guest-ada.1@people.example' }), undefined, [ada.email])).toBe(
      'chosen',
    );
    expect(kindOf(session({ email: ada.email }), session({ email: ada.email }), [ada.email])).toBe('chosen');
  });

  it('is fixed, where everybody gets the same person', () => {
    const developer = session({ name: 'Developer' }, { 'session.user.id': '1' });
    expect(kindOf(developer, developer, ['test'])).toBe('fixed');
    expect(kindOf(session({ name: 'Developer' }), session({ name: 'Developer' }), [])).toBe('fixed');
    expect(kindOf(developer, undefined, [])).toBe('fixed');
  });

  it('is a guest’s, where everybody gets somebody new, who may call themselves what they like', () => {
    const guest = (id: string) => session({ name: 'Ada1' }, { 'session.user.id': id });
    expect(kindOf(guest('g-1'), guest('g-2'), [ada.name])).toBe('guest');
  });
});

describe('what is offered', () => {
  it('fits the fields by what they ask for', () => {
    expect(
      filledWithOffer(
        ['username', 'email', 'phone', 'customer', 'password', 'code', 'idToken', 'csrfToken'],
        {
          told: '',
          who: ada,
          password: 'p',
          code: '000000',
          token: 't',
        },
      ),
    ).toEqual({
      username: ada.name,
      email: ada.email,
      phone: '12025550101',
      customer: ada.id,
      password: 'p',
      code: '000000',
      idToken: 't',
    });
  });

  it('is nothing, where nothing is offered', () => {
    expect(filledWithOffer(['username', 'email', 'password'], NOTHING[0] ?? { told: '' })).toEqual({
      password: '',
    });
  });

  it('writes a number with its plus as well', () => {
    expect(withPlus({ phone: '12025550101', code: '1' }, ada)).toEqual({ phone: '+12025550101', code: '1' });
  });

  it('holds a member in each bare name, no proof in any token, and says each in words of its own', () => {
    const claims = claimsOfVictim(ada, 'https://issuer.example/oidc', 'app');
    const tokens = [...unsignedTokens(claims), ...foreignTokens(claims)];
    for (const { token } of tokens) {
      const payload = token.split('.')[1] ?? token;
      expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ sub: ada.id });
    }
    const all = [...bareNames(ada), ...usualPasswords(ada), ...tokens].map(({ told }) => told);
    expect(new Set(all).size).toBe(all.length);
  });
});

const answer = (text: string, url = 'http://localhost:3000/auth/signin') =>
  ({ text, url: new URL(url) }) as Answer;

describe('where it is offered', () => {
  it('fields are read from the form of a provider alone', () => {
    const page =
      answer(`<form action="/auth/callback/dev" method="post"><input name="csrfToken"><input name="username"><select name="shop"></select></form>
<form action="/auth/signin/logto"><input name="other"></form>`);
    expect(fieldsFor([page], '/auth/callback/dev')).toEqual(['username', 'shop']);
    expect(fieldsFor([page], '/auth/callback/none')).toEqual([]);
  });

  it('links in an answer are followed when they hold a token and stay at the app', () => {
    const text = JSON.stringify({
      sent: true,
      dev: { link: '/login/link?token=abc' },
      other: 'https://evil.example/?token=1',
      home: '/',
    });
    expect(linksToFollow(text, 'http://localhost:3000')).toEqual(['/login/link?token=abc']);
    expect(linksToFollow('<a href="/x?token=1">', 'http://localhost:3000')).toEqual([]);
  });

  const lab = {
    app: { origin: 'http://localhost:3000', basePath: '/auth' },
    config: { pages: { ownOtp: { send: '/otp/send', verify: '/otp/verify' } } },
    routes: {
      paths: [
        { path: '/dev/users/:id/login', source: 'a.js' },
        { path: '/auth/signin', source: 'a.js' },
        { path: '/prices', source: 'a.js' },
        { path: '/sign-out', source: 'a.js' },
      ],
      posts: [
        { path: '/login/link', source: 'a.js' },
        { path: '/otp/verify', source: 'a.js' },
      ],
    },
  } as unknown as LabDescription;

  it('paths that read like a sign-in are tried, and neither Auth.js’ own nor those of declared codes', () => {
    const paths = waysBeside(lab, ada);
    expect(paths.slice(0, 2)).toEqual(['/dev/users/adaadaada001/login', '/login/link']);
    for (const left of ['/auth/signin', '/prices', '/sign-out', '/otp/verify'])
      expect(paths).not.toContain(left);
    expect(triesBeside(lab, ada, { token: 'token', told: 'it', guessed: true }).length).toBe(
      paths.length * 4,
    );
  });
});
