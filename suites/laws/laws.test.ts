import { expect, it } from 'vitest';
import { APP, answer, history, ISSUER, named, outcomeOf, seen } from '../../fixtures/told-by-laws.ts';
import type { HistoryExchange } from '../../harness/check/law.ts';
import { laws } from './index.ts';

/** An answer that sends a browser on with an ID token as its hint. */
const hintIn = (where: 'header' | 'body', origin: string, type = 'text/x-component') => {
  const address = `${origin}/oidc/session/end?id_token_hint=1&client_id=app`;
  return {
    ...seen('ID token', { isHint: true, where }),
    response: {
      headers: {
        'content-type': type,
        ...(where === 'header' && { 'x-action-redirect': `${address};push` }),
      },
      body: where === 'body' ? JSON.stringify({ type: 'redirect', location: address }) : '',
    },
  };
};

const cookie = (flags: string) => answer({ 'set-cookie': `authjs.session-token=‹cookie #1›; ${flags}` });
const authorize = (query: string) => ({
  to: 'issuer' as const,
  url: `${ISSUER}/oidc/auth?client_id=a&redirect_uri=${encodeURIComponent(`${APP}/auth/callback/logto`)}&${query}`,
});
const toIssuer = { location: `${ISSUER}/oidc/session/end?x=1` };

/** Law, what breaks it, and what is right though it looks alike. */
const CASES: [id: string, broken: Partial<HistoryExchange>[], right: Partial<HistoryExchange>[]][] = [
  ['laws/tokens-kept', [seen('access token')], [answer(toIssuer, seen('ID token', { where: 'address' }))]],
  [
    'laws/tokens-kept',
    [{ facts: { cookiesInBody: 'theme __Secure-authjs.session-token' } }],
    [{ facts: { cookiesInBody: 'theme basket' } }],
  ],
  // The body of a redirect says again what its address says.
  [
    'laws/tokens-kept',
    [answer(toIssuer, { ...seen('ID token'), status: 303 })],
    [
      answer(toIssuer, {
        status: 303,
        sightings: [
          ...(seen('ID token', { where: 'address' }).sightings ?? []),
          ...(seen('ID token').sightings ?? []),
        ],
      }),
    ],
  ],
  // A page that is called with a token may say it again; what the callback was sent is not for pages.
  [
    'laws/tokens-kept',
    [
      {
        url: `${APP}/auth/callback/logto`,
        sightings: [
          ...(seen('ID token', { side: 'request', where: 'body' }).sightings ?? []),
          ...(seen('ID token').sightings ?? []),
        ],
      },
    ],
    [
      {
        url: `${APP}/enter`,
        sightings: [
          ...(seen('ID token', { side: 'request', where: 'address' }).sightings ?? []),
          ...(seen('ID token').sightings ?? []),
        ],
      },
    ],
  ],
  // A redirect that keeps the address it was called by, for a locale or for after the sign-in, hands nothing over.
  [
    'laws/no-token-in-address',
    [seen('ID token', { where: 'address' })],
    [
      {
        url: `${APP}/en/enter?token=x`,
        sightings: [
          ...(seen('ID token', { side: 'request', where: 'address' }).sightings ?? []),
          ...(seen('ID token', { where: 'address' }).sightings ?? []),
        ],
      },
    ],
  ],
  // Apps have sessions of their own, and say why they refuse.
  [
    'laws/session-members-declared',
    [{ url: `${APP}/auth/session`, facts: { sessionMembers: 'user plan', userMembers: '' } }],
    [
      { url: `${APP}/api/checkout/session`, facts: { sessionMembers: 'plan', userMembers: '' } },
      { url: `${APP}/auth/session`, status: 429, facts: { sessionMembers: 'error', userMembers: '' } },
    ],
  ],
  // The named front end of an app may read its answers, another origin may not.
  [
    'laws/no-foreign-origin',
    ['https://evilapp.otters.example'].map((origin) => ({
      request: { headers: { origin }, body: null },
      ...answer({ 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' }),
    })),
    ['https://evil.example', 'https://app.otters.example'].map((origin) => ({
      request: { headers: { origin }, body: null },
      ...answer({
        'access-control-allow-origin': 'https://app.otters.example',
        'access-control-allow-credentials': 'true',
      }),
    })),
  ],
  // What is out of order, or closed for work, is so for everybody.
  [
    'laws/no-crash',
    [
      { url: `${APP}/weather`, status: 502 },
      { url: `${APP}/weather`, status: 200 },
    ],
    [
      { url: `${APP}/weather`, status: 502 },
      { url: `${APP}/weather`, status: 502, request: { headers: { 'x-odd': '1' }, body: null } },
    ],
  ],
  // So does a header, or JSON, that says where scripts shall go; a page is no redirect, and another site is no issuer.
  [
    'laws/tokens-kept',
    [hintIn('header', 'https://evil.example')],
    [hintIn('header', ISSUER), hintIn('body', ISSUER, 'application/json')],
  ],
  ['laws/tokens-kept', [hintIn('body', ISSUER, 'text/html')], []],
  ['laws/tokens-kept', [seen('ID token', { isHint: true })], []],
  [
    'laws/client-secret-kept',
    [seen('client secret', { owner: null })],
    [seen('client secret', { side: 'request' })],
  ],
  [
    'laws/client-secret-kept',
    [seen('secret of its sessions', { owner: null })],
    [seen('secret of its sessions', { owner: null, side: 'request' })],
  ],
  [
    'laws/no-person-in-address',
    [seen('phone number', { where: 'elsewhere' })],
    [seen('user id', { where: 'elsewhere' }), seen('phone number')],
  ],
  [
    'laws/verifier-kept',
    [seen('code verifier', { where: 'script cookie' })],
    [seen('code verifier', { side: 'request' })],
  ],
  [
    'laws/one-time-codes-kept',
    [seen('one-time code')],
    [
      {
        sightings: [
          ...(seen('one-time code').sightings ?? []),
          ...(seen('one-time code', { side: 'request' }).sightings ?? []),
        ],
      },
    ],
  ],
  [
    'laws/authorization-code-kept',
    [seen('authorization code')],
    [seen('authorization code', { side: 'request', where: 'address' })],
  ],
  ['laws/people-apart', [{ ...seen('email address'), entitled: ['eve'] }], [seen('email address')]],
  [
    'laws/people-apart',
    [{ ...seen('phone number'), entitled: [] }],
    [{ ...seen('phone number', { side: 'request' }), entitled: [] }],
  ],
  // What somebody has said is no news to them later, as in their last searches; to others it is.
  [
    'laws/people-apart',
    [
      { ...seen('email address', { side: 'request', where: 'address' }), entitled: ['eve'] },
      { ...seen('email address'), entitled: ['grace'], at: '2026-11-25T00:00:02.000Z' },
    ],
    [
      { ...seen('email address', { side: 'request', where: 'address' }), entitled: ['eve'] },
      { ...seen('email address'), entitled: ['eve'], at: '2026-11-25T00:00:02.000Z' },
    ],
  ],
  // An id that another member has written into a note is no news of the app; what its owner has written is.
  [
    'laws/people-apart',
    [
      { ...seen('user id', { side: 'request' }), method: 'POST', entitled: ['ada'] },
      { ...seen('user id'), entitled: ['grace'], at: '2026-11-25T00:00:02.000Z' },
    ],
    [
      { ...seen('user id', { side: 'request' }), method: 'POST', entitled: ['eve', 'ada'] },
      { ...seen('user id'), entitled: ['grace'], at: '2026-11-25T00:00:02.000Z' },
    ],
  ],
  ['laws/no-list-of-names', [named('/team', ['eve', 'grace'])], [named('/board', ['eve'])]],
  // What names several to everybody is a forum; one name there is somebody's page.
  ['laws/people-apart', [named('/home', [], [])], [named('/forum', ['eve'], []), named('/forum', [], [])]],
  // A page for members that names several others is a list; one that names one other, or more than names, is none.
  [
    'laws/people-apart',
    [named('/board', ['eve'])],
    [named('/team', ['eve', 'grace']), named('/team', ['eve']), named('/team/eve', ['eve'])],
  ],
  [
    'laws/personal-not-shared',
    [answer({ 'cache-control': 'public, max-age=60' }, seen('user id'))],
    [answer({ 'cache-control': 'public, max-age=0, must-revalidate' }, seen('user id'))],
  ],
  [
    'laws/personal-not-shared',
    [answer({ 'cache-control': 's-maxage=60' }, seen('user id'))],
    [
      answer(
        { 'cache-control': 's-maxage=60' },
        {
          sightings: [
            ...(seen('user id', { side: 'request', where: 'address' }).sightings ?? []),
            ...(seen('user id').sightings ?? []),
          ],
        },
      ),
    ],
  ],
  [
    'laws/personal-not-shared',
    [
      answer({
        'cache-control': 'public, s-maxage=60',
        'set-cookie': 'authjs.session-token=‹cookie #1›; Path=/',
      }),
    ],
    [
      answer({
        'cache-control': 's-maxage=31536000',
        'set-cookie': 'authjs.session-token=‹cookie #1›; Path=/',
      }),
      answer({ 'cache-control': 'public, max-age=60', 'set-cookie': 'authjs.session-token=; Max-Age=0' }),
      answer({ 'cache-control': 'public, max-age=60', 'set-cookie': 'theme=dark' }),
    ],
  ],
  [
    'laws/no-person-in-address',
    [answer({ location: `${APP}/?phone=x` }, seen('phone number', { where: 'address' }))],
    [answer(toIssuer, seen('phone number', { where: 'address' }))],
  ],
  [
    'laws/session-cookie-steady',
    [cookie('Path=/; HttpOnly; SameSite=Lax'), cookie('Path=/')],
    [
      cookie('Path=/; HttpOnly; Max-Age=10'),
      cookie('HttpOnly; Path=/; Expires=Thu, 01 Jan 2099 00:00:00 GMT'),
      cookie('Max-Age=0'),
      {
        ...cookie('Path=/; HttpOnly; Secure'),
        request: { headers: { 'x-forwarded-proto': 'https' }, body: null },
      },
    ],
  ],
  ['laws/no-stack-trace', [seen('stack trace', { owner: null })], [{}]],
  [
    'laws/no-crash',
    [{ status: 500 }],
    [
      { status: 500, provoked: true },
      { status: 500, url: `${APP}/auth/error` },
    ],
  ],
  [
    'laws/keeps-running',
    [{ facts: { endedApp: 'the app ended with exit code 1' }, provoked: true }],
    [{}, { status: null }],
  ],
  [
    'laws/no-foreign-origin',
    [
      {
        request: { headers: { origin: 'https://evil.example' }, body: null },
        ...answer({
          'access-control-allow-origin': 'https://evil.example',
          'access-control-allow-credentials': 'true',
        }),
      },
    ],
    [
      {
        request: { headers: { origin: 'https://evil.example' }, body: null },
        ...answer({ 'access-control-allow-origin': '*' }),
      },
    ],
  ],
  [
    'laws/address-forgets-code',
    [
      answer(
        { location: `${APP}/welcome?code=x` },
        { status: 302, ...seen('authorization code', { where: 'address' }) },
      ),
    ],
    [
      answer(
        { location: `${APP}/auth/callback/logto?code=x` },
        { status: 302, ...seen('authorization code', { where: 'address' }) },
      ),
    ],
  ],
  [
    'laws/address-forgets-code',
    [
      answer(
        { 'content-type': 'text/html' },
        seen('authorization code', { side: 'request', where: 'address' }),
      ),
    ],
    [
      answer(
        { location: `${APP}/` },
        { status: 302, ...seen('authorization code', { side: 'request', where: 'address' }) },
      ),
    ],
  ],
  [
    'laws/no-token-in-address',
    [answer({ location: `${APP}/?t=x` }, { status: 302, ...seen('access token', { where: 'address' }) })],
    [answer(toIssuer, { status: 302, ...seen('ID token', { where: 'address' }) })],
  ],
  [
    'laws/no-token-in-address',
    [{ from: 'app', to: 'issuer', url: '/oidc/me?access_token=‹access token #1›' }],
    [{ from: 'app', to: 'issuer', url: '/oidc/me' }],
  ],
  [
    'laws/authorization-requests',
    [authorize('response_type=code&scope=openid&scope=profile')],
    [authorize('response_type=code&scope=openid%20profile&resource=a&resource=b')],
  ],
  [
    'laws/authorization-requests',
    [authorize('response_type=code&scope=profile')],
    [
      authorize('response_type=code&scope=openid'),
      { ...authorize('response_type=token&scope=x'), provoked: true },
    ],
  ],
  [
    'laws/scopes-declared',
    [authorize('response_type=code&scope=openid%20roles')],
    [authorize('response_type=code&scope=openid%20profile')],
  ],
  [
    'laws/no-password-grant',
    [{ from: 'app', facts: { grantType: 'password' } }],
    [{ from: 'app', facts: { grantType: 'authorization_code' } }],
  ],
  [
    'laws/session-members-declared',
    [
      {
        url: `${APP}/auth/session`,
        facts: { sessionMembers: 'user expires', userMembers: 'name sub roles' },
      },
    ],
    [
      {
        url: `${APP}/auth/session`,
        facts: { sessionMembers: 'user expires', userMembers: 'name email image id' },
      },
    ],
  ],
];

it.each(CASES)('%s names what breaks it, and is quiet about what is right', (id, broken, right) => {
  expect(outcomeOf(id, history(...broken))).toMatchObject([{ what: expect.stringMatching(/\.$/) }]);
  expect(outcomeOf(id, history(...right))).toEqual([]);
});

it('has a case for every law', () => {
  expect(laws.map(({ meta }) => meta.id).filter((id) => !CASES.some(([each]) => each === id))).toEqual([]);
});

it('lets an app hand out access tokens that it declares, and no others', () => {
  const given = history(seen('access token'));
  const declared = { ...given.declared, features: ['token-in-session'] };
  expect(outcomeOf('laws/tokens-kept', { ...given, declared })).toEqual([]);
  expect(outcomeOf('laws/tokens-kept', { ...history(seen('refresh token')), declared })).toHaveLength(1);
});
