/** Right habits of apps at the door: how they sign people out at Logto, and a sign-in page that starts at once. */
import { afterAll, describe, expect, it } from 'vitest';
import { passed, removeVariants, told, verdictsOn } from '../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

/** A page that asks first; its form, which is posted with a token, ends the session here and at Logto. */
const leaves = (
  back: string,
) => `  app.get('/leave', (_, res) => res.cookie('leave', 't0k3n', { httpOnly: true }).send(
    '<form method="post" action="/leave"><input type="hidden" name="token" value="t0k3n"><button>Sign out</button></form>'));
  app.post('/leave', async (req, res) => {
    let body = '';
    for await (const part of req) body += part;
    if (!/leave=t0k3n/.test(req.headers.cookie ?? '') || body !== 'token=t0k3n') return res.status(403).end();
    res.clearCookie('authjs.session-token');
    res.redirect(303, process.env.AUTH_LOGTO_ISSUER + '/session/end?' + new URLSearchParams({
      client_id: process.env.AUTH_LOGTO_ID, state: 'x7', post_logout_redirect_uri: 'http://' + req.headers.host + '${back}' }));
  });
  app.get('/bye', (_, res) => res.send('<h1>Bye</h1>'));`;

const RETURNS = 'sign-out/rp-returns';
const ways = (back: string, ids: string[], pages = {}) =>
  verdictsOn(ids, {
    first: leaves(back),
    pages: { signOut: '/leave', ...pages },
    more: { features: ['rp-logout'] },
  });

describe('an app that signs out at Logto by a form of its own', { timeout: 120_000 }, () => {
  it('and comes back to a page of its own is judged, and right', async () => {
    const ids = [RETURNS, 'sign-out/rp-identified', 'sign-out/rp-issuer-500', 'sign-out/rp-state-missing'];
    expect(told(ids, await ways('/bye', ids))).toEqual(passed(ids));
  });

  it.each([
    ['is not registered', '/bye', { signedOut: ['/'] }, 'fail', /it sent http.*\/bye/],
    ['is registered with its query', '/bye?from=logto', { signedOut: ['/bye?from=logto'] }, 'pass', /^$/],
    ['may be registered or not', '/bye?from=logto', {}, 'not judged', /pages\.signedOut/],
    ['is not there', '/nowhere', {}, 'fail', /\/nowhere, which was answered with 404/],
  ])('comes back to a page that %s', async (_, back, pages, verdict, message) => {
    const [got, why = ''] = (await ways(back, [RETURNS], pages))[RETURNS] ?? [];
    expect([got, why]).toEqual([verdict, expect.stringMatching(message)]);
  });
});

it('a sign-in page that starts at once has no control to name', { timeout: 120_000 }, async () => {
  const id = 'redirect/sign-in-controls-named';
  const start = `fetch('/auth/csrf').then((it) => it.json()).then(({ csrfToken }) => { f.csrfToken.value = csrfToken; f.submit(); })`;
  const verdicts = await verdictsOn([id], {
    first: `  app.get('/enter', (_, res) => res.send(${JSON.stringify(
      `<form id="f" method="post" action="/auth/signin/logto"><input type="hidden" name="csrfToken"></form><script>${start}</script>`,
    )}));`,
    pages: { signIn: '/enter' },
  });
  expect(verdicts[id]).toEqual(['not applicable', expect.stringContaining('sends people on')]);
});
