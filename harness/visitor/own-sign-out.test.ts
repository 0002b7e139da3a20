/** Sign-outs of an app's own, asked to lead elsewhere. */
import { afterAll, describe, expect, it } from 'vitest';
import { removeVariants, verdictsOn } from '../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const ID = 'sign-out/callback-url-own';
const LEAVE = (to: string) => `
  app.use('/leave', express.urlencoded({ extended: false }));
  app.post('/leave', (req, res) => {
    const to = ${to};
    res.clearCookie('authjs.session-token');
    res.redirect(303, to);
  });
  app.get('/home', (req, res) => res.send('<!doctype html><html lang="en"><title>Home</title><h1>Home</h1><form method="post" action="/leave"><input type="hidden" name="after" value="/home"><button>Sign out</button></form>'));
`;

describe('a sign-out of the app’s own', { timeout: 120_000 }, () => {
  const on = async (to: string) => {
    const { [ID]: found } = await verdictsOn([ID], { first: LEAVE(to), pages: { home: '/home' } });
    return found?.filter(Boolean).join(': ');
  };
  it('leads where it always does', async () => {
    expect(await on("req.body.returnTo?.startsWith('/home') ? req.body.returnTo : '/home'")).toBe('pass');
  });
  it('leads to another site of its owners', async () => {
    expect(await on("'https://www.example.com/bye'")).toBe('pass');
  });
  it('leads where its query says', async () => {
    expect(await on("req.query.returnTo ?? '/home'")).toBe(
      'fail: Redirected to https://evil.example/phish after the sign-out by /leave.',
    );
  });
  it('leads where its page was told, which writes that into its form', async () => {
    const page = LEAVE('req.body.after').replace(
      'value="/home">',
      "value=\"' + (req.query.returnTo ?? '/home') + '\">",
    );
    const { [ID]: found } = await verdictsOn([ID], { first: page, pages: { home: '/home' } });
    expect(found?.join(': ')).toBe(
      'fail: Redirected to https://evil.example/phish after the sign-out by /leave.',
    );
  });
  it('has Logto lead where its form says', async () => {
    const to =
      "process.env.AUTH_LOGTO_ISSUER + '/session/end?' + new URLSearchParams({ client_id: 'x', post_logout_redirect_uri: req.body.redirectTo ?? 'http://' + req.headers.host + '/' })";
    expect(await on(to)).toBe(
      'fail: Asked Logto to lead to https://evil.example/phish after the sign-out by /leave, as the request had said.',
    );
  });
});
