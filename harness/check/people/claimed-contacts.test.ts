/** Members of apps who write the number and the address of others into their profile. */
import { afterAll, describe, expect, it } from 'vitest';
import { removeVariants, verdictsOn } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const IDS = ['people/claimed-contacts', 'people/contacts-not-written'];

/**
 * An app whose members have orders, and a profile with a number.
 *
 * @param given.owner whose an order is
 * @param given.account the key of a member's account
 * @param given.path of the profile; data below `/api`
 */
interface Given {
  owner?: string;
  account?: string;
  path?: string;
  session?: string;
  label?: string;
  signIn?: string;
}
const app = ({
  owner = 'member.sub',
  account = 'user.id',
  path = '/profile',
  session = '',
  label = '',
}: Given) => `
  app.use(express.urlencoded({ extended: false }), express.json());
  const orders = []; const accounts = new Map();
  const digits = (text) => String(text ?? '').replace(/\\D/g, '');
  const signedIn = async (req, res, next) => {
    const user = (await readSession(req, config, res))?.user;
    if (!user) return req.path.startsWith('/api') ? res.status(401).json({ error: 'no' }) : res.redirect('/auth/signin');
    const key = ${account};
    if (!accounts.has(key)) accounts.set(key, { sub: user.id, name: user.name, phone: user.phone, proven: user.phone });
    Object.assign(res.locals, { member: accounts.get(key), user });
    next();
  };
  const write = ({ phone, nick, email }, member) => { if (email) member.entered = email; if (phone) member.phone = digits(phone); if (nick) member.nick = String(nick).replace(/\\W/g, ''); ${session} };
  app.get('/orders', signedIn, (_req, res) => {
    const { member, user } = res.locals;
    const own = orders.filter((order) => order.owner === ${owner});
    res.send('<!doctype html><html lang="en"><h1>Orders</h1><p>${label}</p><ul>' + own.map(({ text }) => '<li>' + text + '</li>').join('') + '</ul><form method="post" action="/orders"><input name="text"><button>Order</button></form><a href="/profile">Profile</a>');
  });
  app.post('/orders', signedIn, (req, res) => {
    const { member } = res.locals;
    orders.push({ owner: ${owner}, text: String(req.body.text).replace(/\\W/g, '') });
    res.redirect(303, '/orders');
  });
  ${
    path.startsWith('/api')
      ? `app.get('${path}', signedIn, (_req, res) => res.json({ name: res.locals.member.name, phone: res.locals.member.phone }));
  app.patch('${path}', signedIn, (req, res) => { write(req.body, res.locals.member); res.json({ ok: true }); });`
      : `app.get('${path}', signedIn, (_req, res) => res.send('<!doctype html><html lang="en"><h1>Profile</h1><form method="post" action="${path}"><input name="nick" value="' + (res.locals.member.nick ?? '') + '"><input type="tel" name="phone" value="' + res.locals.member.phone + '"><input type="email" name="email" value="' + (res.locals.member.entered ?? '') + '"><button>Save</button></form>'));
  app.post('${path}', signedIn, (req, res) => { write(req.body, res.locals.member); res.redirect(303, '${path}'); });`
  }
`;
const optionsWith = (signIn = '') => `callbacks: { ${signIn}
  jwt: ({ token, profile }) => ({ ...token, sub: profile?.sub ?? token.sub, phone: profile?.phone_number ?? token.phone }),
  session: ({ session, token }) => ({ ...session, user: { ...session.user, id: token.sub, phone: (globalThis.written ?? {})[token.sub] ?? token.phone } }) },
  providers: [Logto({ authorization: { params: { scope: 'openid profile email phone' } } })]`;
const on = async (given: Given) => {
  const { path = '/profile' } = given;
  const verdicts = await verdictsOn(IDS, {
    first: app(given),
    options: optionsWith(given.signIn),
    pages: {
      protected: ['/protected', '/orders', ...(path.startsWith('/api') ? [] : [path])],
      api: ['/api/protected', ...(path.startsWith('/api') ? [path] : [])],
    },
  });
  return IDS.map((id) => verdicts[id]);
};
const PASS = ['pass', undefined];

describe('a number that a member has only written', { timeout: 240_000 }, () => {
  it('gives nothing where orders are found by the sub, or by what is proven', async () => {
    expect(await on({})).toEqual([PASS, PASS]);
    expect(await on({ owner: 'member.proven', path: '/api/me' })).toEqual([PASS, PASS]);
  });
  it.each(['/profile', '/api/me'])(
    'gives the orders of another where they are found by it: %s',
    async (path) => {
      expect(await on({ owner: 'digits(member.phone)', path })).toEqual([
        ['fail', expect.stringContaining('Believed a member')],
        PASS,
      ]);
    },
  );
  it('opens an account that somebody new has later', async () => {
    // The account is found by the number that it has, whoever entered it.
    const account = `[...accounts].find(([, { phone, sub }]) => sub !== user.id && phone === digits(user.phone) && ![...accounts.values()].some((each) => each.sub === user.id))?.[0] ?? user.id`;
    const sticky = `(globalThis.found ??= new Map()).get(user.id) ?? (globalThis.found.set(user.id, ${account}), globalThis.found.get(user.id))`;
    const [verdict] = await on({ account: sticky });
    expect(verdict).toEqual(['fail', expect.stringContaining('Gave somebody new the account')]);
  });
  it('may make a name of the address, and refuse who comes later with it', async () => {
    const label = "' + String(member.entered ?? user.email).split('@')[0] + '";
    expect(await on({ label })).toEqual([PASS, PASS]);
    const refuses = `globalThis.taken = new Set([...(globalThis.taken ?? []), digits(member.phone)]);`;
    const signIn = 'signIn: ({ profile }) => !globalThis.taken?.has(String(profile.phone_number)), ';
    expect(await on({ label, session: refuses, signIn })).toEqual([PASS, PASS]);
  });
  it('is noted where the session says it', async () => {
    expect(await on({ session: '(globalThis.written ??= {})[member.sub] = member.phone;' })).toEqual([
      PASS,
      ['note', expect.stringContaining('as the phone number of its member')],
    ]);
  });
});

it('an address that is written to let somebody read is no claim', { timeout: 240_000 }, async () => {
  const first = `
  app.use(express.urlencoded({ extended: false }));
  const notes = []; const readers = new Map();
  const signedIn = async (req, res, next) => {
    const user = (await readSession(req, config, res))?.user;
    if (!user) return res.redirect('/auth/signin');
    res.locals.user = user; next();
  };
  app.get('/notes', signedIn, (_req, res) => {
    const { id, email } = res.locals.user;
    const shown = notes.filter(({ owner }) => owner === id || (readers.get(owner) ?? []).includes(email));
    res.send('<!doctype html><html lang="en"><h1>Notes</h1><ul>' + shown.map(({ text }) => '<li>' + text + '</li>').join('') + '</ul><form method="post" action="/notes"><input name="text"><button>Add</button></form><form method="post" action="/readers"><input type="email" name="email"><button>Let somebody read</button></form>');
  });
  app.post('/notes', signedIn, (req, res) => { notes.push({ owner: res.locals.user.id, text: String(req.body.text).replace(/\\W/g, '') }); res.redirect(303, '/notes'); });
  app.post('/readers', signedIn, (req, res) => { const { id } = res.locals.user; readers.set(id, [...(readers.get(id) ?? []), String(req.body.email)]); res.redirect(303, '/notes'); });
`;
  const verdicts = await verdictsOn(IDS, {
    first,
    options: optionsWith(),
    pages: { protected: ['/protected', '/notes'], api: ['/api/protected'] },
  });
  for (const id of IDS)
    expect(verdicts[id]).toEqual(['not applicable', expect.stringContaining('shows a phone number')]);
});
