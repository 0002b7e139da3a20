/** What people write is kept under something that another one may have as well: the name they show, the end of their number. */
import { afterAll, expect, it } from 'vitest';
import { removeVariants, verdictsOn } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const IDS = ['people/same-name', 'people/number-alike'];
const app = (key: string, cachedBy?: string) => `  app.use(express.urlencoded({ extended: false }));
  const notes = new Map();
  const pages = new Map();
  app.get('/notes', async (req, res) => {
    const session = await readSession(req, config, res);
    if (!session?.user) return res.redirect('/auth/signin?callbackUrl=/notes');
    const own = notes.get(${key}) ?? [];
    const kept = pages.get(${cachedBy ?? 'undefined'});
    if (kept) return res.send(kept);
    const page = '<!doctype html><html lang="en"><h1>Notes</h1><ul>' + own.map((text) => '<li>' + text + '</li>').join('') + '</ul><form method="post" action="/notes"><input name="text"><button>Add</button></form>';
    ${cachedBy ? `pages.set(${cachedBy}, page);` : ''}
    res.send(page);
  });
  app.post('/notes', async (req, res) => {
    const session = await readSession(req, config, res);
    if (!session?.user) return res.redirect('/auth/signin');
    notes.set(${key}, [...(notes.get(${key}) ?? []), String(req.body.text).replace(/\\W/g, '')]);
    ${cachedBy ? `pages.delete(${cachedBy});` : ''}
    res.redirect(303, '/notes');
  });
`;
const options = `callbacks: {
  jwt: ({ token, profile }) => ({ ...token, sub: profile?.sub ?? token.sub, phone: profile?.phone_number ?? token.phone }),
  session: ({ session, token }) => ({ ...session, user: { ...session.user, id: token.sub, phone: token.phone } }) }`;
const on = async (key: string, cachedBy?: string) => {
  const verdicts = await verdictsOn(IDS, {
    first: app(key, cachedBy),
    options: `${options}, providers: [Logto({ authorization: { params: { scope: 'openid profile email phone' } } })]`,
    pages: { protected: ['/protected', '/notes'] },
  });
  return IDS.map((id) => verdicts[id]);
};

it.each([
  ['their id', 'session.user.id', 'pass', 'pass'],
  ['the name they show', 'session.user.name', 'fail', 'pass'],
  ['the last digits of their number', 'String(session.user.phone).slice(-8)', 'pass', 'fail'],
])('%s', { timeout: 240_000 }, async (_, key, byName, byNumber) => {
  const told = (verdict: string) =>
    verdict === 'pass' ? ['pass', undefined] : ['fail', expect.stringContaining('had written, at /notes')];
  expect(await on(key)).toEqual([told(byName), told(byNumber)]);
});

it('pages that are kept by the name they show, until something is written', {
  timeout: 240_000,
}, async () => {
  const [byName] = await on('session.user.id', 'session.user.name');
  expect(byName).toEqual(['fail', expect.stringContaining('had written, at /notes')]);
  expect(await on('session.user.id', 'session.user.id')).toEqual([
    ['pass', undefined],
    ['pass', undefined],
  ]);
});
