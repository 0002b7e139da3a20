/** Apps that strangers can ask about a number or an address. */
import { afterAll, describe, expect, it } from 'vitest';
import { removeVariants, verdictsOn } from '../../../fixtures/verdicts-on-express.ts';
import { saidOf } from './known-contacts.ts';

afterAll(removeVariants);

const ID = 'ways-in/known-contacts';

it('an answer is compared without what is the own one of who was asked about', () => {
  const said = (text: string, own: string[]) => saidOf({ status: 200, text }, own);
  expect(said('{"phone":"+12025550100","known":true,"at":1712}', ['+12025550100'])).toBe(
    said('{"phone":"+12025550199","known":true,"at":1713}', ['+12025550199']),
  );
  expect(said('{"known":true}', [])).not.toBe(said('{"known":false}', []));
});

/** An app that keeps its members by number and address. */
const app = (routes: string) => `
  app.use(express.urlencoded({ extended: false }), express.json());
  const members = new Set();
  const digits = (text) => String(text ?? '').replace(/\\D/g, '');
  const asked = new Map();
  app.use(async (req, res, next) => {
    const user = req.headers.cookie ? (await readSession(req, config, res))?.user : undefined;
    if (user) members.add(digits(user.phone)).add(user.email);
    next();
  });
  ${routes}
`;
const options = `callbacks: {
  jwt: ({ token, profile }) => ({ ...token, sub: profile?.sub ?? token.sub, phone: profile?.phone_number ?? token.phone }),
  session: ({ session, token }) => ({ ...session, user: { ...session.user, id: token.sub, phone: token.phone } }) },
  providers: [Logto({ authorization: { params: { scope: 'openid profile email phone' } } })]`;
const on = async (routes: string) => (await verdictsOn([ID], { first: app(routes), options }))[ID];
const FORM = `app.get('/start', (_req, res) => res.send('<!doctype html><html lang="en"><h1>Start</h1><form method="post" action="/start"><input type="tel" name="phone"><button>Go on</button></form>'));`;

describe('a question about a number', { timeout: 240_000 }, () => {
  const told = ['warn', expect.stringContaining('Told a stranger whether a number')];
  it.each([
    [
      'in the query',
      "app.get('/api/users/exists', (req, res) => res.json({ exists: members.has(digits(req.query.phone)) }));",
    ],
    [
      'about an address',
      "app.post('/api/check-email', (req, res) => members.has(req.body.email) ? res.json({ ok: true }) : res.status(404).json({ ok: false }));",
    ],
    [
      'in the address',
      "app.get('/api/by-phone/:phone', (req, res) => res.json(members.has(digits(req.params.phone)) ? { next: 'sign-in' } : { next: 'sign-up' }));",
    ],
    [
      'in a form',
      `${FORM} app.post('/start', (req, res) => res.redirect(303, members.has(digits(req.body.phone)) ? '/auth/signin' : '/welcome'));`,
    ],
  ])('tells strangers who has an account: %s', async (_, routes) => {
    expect(await on(routes)).toEqual(told);
  });
  it.each([
    [
      'for members alone',
      "app.get('/api/users/exists', async (req, res) => (await readSession(req, config, res))?.user ? res.json({ exists: members.has(digits(req.query.phone)) }) : res.status(401).json({ error: 'no' }));",
    ],
    [
      'answered alike',
      `${FORM} app.post('/start', (req, res) => res.redirect(303, '/auth/signin?login_hint=' + digits(req.body.phone)));`,
    ],
    [
      'about the number itself',
      "app.get('/api/check-phone', (req, res) => res.json({ valid: digits(req.query.phone).length > 9, country: digits(req.query.phone).slice(0, 1) }));",
    ],
    [
      'that counts',
      "app.get('/api/phone', (req, res) => { asked.set('n', (asked.get('n') ?? 0) + 1); res.json({ left: asked.get('n') % 2 ? 'many' : 'few' }); });",
    ],
    [
      'that waits for who has asked before',
      "app.post('/api/register', (req, res) => { const known = asked.has(req.body.phone); asked.set(req.body.phone, 1); res.status(known ? 409 : 201).json({ done: !known }); });",
    ],
  ])('is none about accounts: %s', async (_, routes) => {
    expect(await on(routes)).toEqual(['pass', undefined]);
  });
  it('is not there in the plain app', async () => {
    expect((await on(''))?.[0]).toMatch(/pass|not applicable/);
  });
});
