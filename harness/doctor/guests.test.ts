/** An app that gives a session to whoever comes by. */
import { afterAll, expect, it } from 'vitest';
import { passed, removeVariants, told, verdictsOn } from '../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const IDS = [
  'callback/session',
  'id-token/aud-other-client',
  'session/protected-page',
  'sign-out/session-gone',
];
/** Members are told by their type; a guest is made of whoever opens a page without a session, as that of an error is. */
const options = `providers: [Logto, { id: 'guest', name: 'Guest', type: 'credentials', credentials: {}, authorize: () => ({ id: 'g' + Math.random(), email: 'guest-' + Math.floor(Math.random() * 1e6), type: 'guest' }) }],
  pages: { signIn: '/login', error: '/login' },
  callbacks: { jwt: ({ token, user }) => ({ ...token, type: user ? (user.type ?? 'regular') : token.type }), session: ({ session, token }) => ({ ...session, user: { ...session.user, type: token.type } }) }`;
const first = `  app.get(['/', '/login', '/protected'], async (req, res, next) => {
    const session = await readSession(req, config, res);
    if (session?.user) return session.user.type === 'guest' && req.path === '/protected' ? res.redirect('/login') : req.path === '/login' ? res.send('<!doctype html><title>Sign in</title><h1>Sign in</h1><form method="post" action="/auth/signin/logto"><button>Sign in</button></form>') : next();
    const origin = 'http://' + req.headers.host;
    const csrf = await fetch(origin + '/auth/csrf');
    const { csrfToken } = await csrf.json();
    const made = await fetch(origin + '/auth/callback/guest', { method: 'POST', redirect: 'manual', headers: { 'content-type': 'application/x-www-form-urlencoded', cookie: csrf.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ') }, body: new URLSearchParams({ csrfToken, callbackUrl: origin }) });
    for (const cookie of made.headers.getSetCookie()) if (/session-token/.test(cookie)) res.append('set-cookie', cookie);
    res.redirect(req.originalUrl);
  });`;

it('has signed in nobody by that', { timeout: 240_000 }, async () => {
  const verdicts = told(IDS, await verdictsOn(IDS, { first, options }));
  expect(verdicts).toEqual(passed(IDS));
});
