/** Addresses that nobody links to, and that the sources of an app name. */
import { afterAll, describe, expect, it } from 'vitest';
import { removeVariants, verdictsOn } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const AWAY = 'pages/leads-away';
const OUT = 'sign-out/links-sign-nobody-out';
const KNOWN = 'ways-in/known-contacts';
/** More pages than are looked at. */
const PAGES = Array.from(
  { length: 45 },
  (_, n) => `app.get('/page-${n}', (_req, res) => res.send('page ${n}'));`,
).join('\n');
const app = (routes: string) => `
  const members = new Set();
  const digits = (text) => String(text ?? '').replace(/\\D/g, '');
  app.use(async (req, res, next) => {
    const user = req.headers.cookie ? (await readSession(req, config, res))?.user : undefined;
    if (user) members.add(digits(user.phone));
    next();
  });
  ${PAGES}
  ${routes}
`;
const options = `callbacks: {
  jwt: ({ token, profile }) => ({ ...token, sub: profile?.sub ?? token.sub, phone: profile?.phone_number ?? token.phone }),
  session: ({ session, token }) => ({ ...session, user: { ...session.user, id: token.sub, phone: token.phone } }) },
  providers: [Logto({ authorization: { params: { scope: 'openid profile email phone' } } })]`;

describe('what stands in the sources alone', { timeout: 240_000 }, () => {
  it('is asked for with the parameters that it reads', async () => {
    const told = await verdictsOn([AWAY, OUT, KNOWN], {
      options,
      first: app(`
        app.get('/out', (req, res) => res.redirect(String(req.query.u ?? '/')));
        app.get('/api/leave', (_req, res) => { res.clearCookie('authjs.session-token'); res.json({ ok: true }); });
        app.get('/api/who', (req, res) => res.json({ member: members.has(digits(req.query.phone)) }));`),
    });
    expect(told).toEqual({
      [AWAY]: ['fail', expect.stringContaining('from /out to https://evil.example')],
      [OUT]: ['fail', expect.stringContaining('opened /api/leave')],
      [KNOWN]: ['warn', expect.stringContaining('GET /api/who')],
    });
  });
  it('is left alone where it asks, stays at home, or says the same of everybody', async () => {
    const told = await verdictsOn([AWAY, OUT, KNOWN], {
      options,
      first: app(`
        app.get('/out', (req, res) => {
          const to = new URL(String(req.query.u ?? '/'), 'http://' + req.headers.host);
          res.redirect(to.host === req.headers.host ? to.href : '/');
        });
        app.get('/api/leave', (_req, res) => { res.clearCookie('flow'); res.json({ ok: true }); });
        app.get('/api/who', (req, res) => res.json({ sent: Boolean(req.query.phone) }));`),
    });
    expect(Object.values(told).map(([verdict]) => verdict)).toEqual(['pass', 'pass', 'pass']);
  });
});
