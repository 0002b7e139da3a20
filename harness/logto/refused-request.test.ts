/** Authorization requests of an app that Logto refuses, as a browser meets them. */
import { afterAll, describe, expect, it } from 'vitest';
import { removeVariants, told, verdictsOn } from '../../fixtures/verdicts-on-express.ts';
import { refusedWords } from './refused-request.ts';

afterAll(removeVariants);

const ID = 'phone-otp/browser-journey';

/** What the journey says of an app whose button leads to Logto by an address of its own. */
const journeyWith = async (change: string) =>
  told(
    [ID],
    await verdictsOn([ID], {
      first: `  app.get('/', (_req, res) => res.send('<!doctype html><html lang="en"><title>Home</title><a href="/login">Sign in</a><a href="/auth/signout">Sign out</a></html>'));
  app.get('/login', async (req, res) => {
    const origin = 'http://' + req.headers.host;
    const csrf = await fetch(origin + '/auth/csrf');
    const cookie = csrf.headers.getSetCookie().map((each) => each.split(';')[0]).join('; ');
    const { csrfToken } = await csrf.json();
    const answer = await fetch(origin + '/auth/signin/logto', {
      method: 'POST', redirect: 'manual', headers: { cookie },
      body: new URLSearchParams({ csrfToken, callbackUrl: origin }),
    });
    for (const each of [...csrf.headers.getSetCookie(), ...answer.headers.getSetCookie()]) res.append('set-cookie', each);
    const url = new URL(answer.headers.get('location'));
    ${change}
    res.redirect(url.href);
  });`,
    }),
  )[ID];

describe('a button that asks Logto for', { timeout: 240_000 }, () => {
  it.each([
    ['what is right', '', /^pass$/],
    [
      'a way back that is not registered',
      "url.searchParams.set('redirect_uri', 'http://null/auth/callback/logto');",
      /^fail: Sends people to Logto with the redirect URI http:\/\/null\/auth\/callback\/logto; registered is http:\/\/localhost:\d+\/auth\/callback\/logto\. Logto answered invalid_redirect_uri/,
    ],
    [
      'another client',
      "url.searchParams.set('client_id', 'of-the-staging-tenant');",
      /^fail: Sends people to Logto with the client id "of-the-staging-tenant"; its own is /,
    ],
    [
      'tokens at once, which is told on the way back',
      "url.searchParams.set('response_type', 'token');",
      /^fail: Sends people to Logto with a request that is refused there\. Logto answered unsupported_response_type: .*response_type=token/,
    ],
    [
      'nothing in particular',
      "url.searchParams.delete('client_id');",
      /^fail: Sends people to Logto with a request that is refused there\. Logto answered invalid_request: .*client_id/,
    ],
  ])('%s', async (_what, change, expected) => expect(await journeyWith(change)).toMatch(expected));
});

it('names what was asked for', () => {
  const asked = new URLSearchParams('client_id=app&scope=openid+orders&state=secret');
  expect(refusedWords({ asked, error: 'invalid_scope', description: 'requested scope is not allowed' })).toBe(
    'Sends people to Logto with a request that is refused there. Logto answered invalid_scope: requested scope is not allowed. It asked with scope=openid orders.',
  );
});
