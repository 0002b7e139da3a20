/** Places that are the member's own by their name, in apps that keep them for each, for all, and for those who have something together. */
import { afterAll, describe, expect, it } from 'vitest';
import { ID_OF_LOGTO, removeVariants, verdictsOn } from '../../../fixtures/verdicts-on-express.ts';
import { isShownAsOwn, ownness, unspoken } from './own-places.ts';

afterAll(removeVariants);

const ID = 'people/own-places';
const APP = { origin: 'http://localhost:3000', basePath: '/auth' };

describe('whose a place is', () => {
  it('is told by its address, or its heading', () => {
    for (const path of ['/api/me/notes', '/my-notes', '/mine', '/de/warenkorb', '/api/cart'])
      expect(ownness(path, '')).toBe('wholly');
    for (const path of ['/profile', '/account', '/en/settings', '/api/profile'])
      expect(ownness(path, '')).toBe('by-form');
    for (const path of [
      '/company/profile',
      '/notes',
      '/mystery',
      '/team/settings',
      '/profile/team',
      '/admin/settings',
    ])
      expect(ownness(path, '<h1>Notes</h1>')).toBeUndefined();
    expect(ownness('/notes', '<h1>My notes</h1>')).toBe('wholly');
    expect(ownness('/notes', '<h1>Meine Notizen</h1>')).toBe('wholly');
    expect(ownness('/notes', '<h1>My team’s notes</h1>')).toBeUndefined();
    expect(ownness('/notes', '<h1>Mythology</h1>')).toBeUndefined();
  });
  it('is told by no language', () => {
    expect(unspoken('/my/board', ['en', 'my'])).toBe('/board');
    expect(unspoken('/my', ['my'])).toBe('/');
    expect(unspoken('/my/notes', ['en'])).toBe('/my/notes');
    expect(unspoken('/my/notes')).toBe('/my/notes');
  });
  it('a record is one’s own where a field of a person, in a form or in data, is filled in', () => {
    const form = (name: string, value = 'word') =>
      `<form method="post" action="/x"><input name="${name}" value="${value}"></form>`;
    expect(isShownAsOwn('/profile', form('motto'), 'word', APP)).toBe(true);
    expect(isShownAsOwn('/account', form('nickname'), 'word', APP)).toBe(true);
    expect(isShownAsOwn('/account', form('vat'), 'word', APP)).toBe(false);
    expect(isShownAsOwn('/settings', form('title'), 'word', APP)).toBe(false);
    expect(isShownAsOwn('/profile', `<p>word</p>${form('motto', '')}`, 'word', APP)).toBe(false);
    expect(isShownAsOwn('/api/account', '{"user":{"nickname":"word"}}', 'word', APP)).toBe(true);
    expect(isShownAsOwn('/api/account', '{"company":"word"}', 'word', APP)).toBe(false);
  });
});

/** Pages of an app that keep what is written there by a key. */
const page = (path: string, { key, shown, more = '' }: { key: string; shown: string; more?: string }) => `
  const kept = new Map();
  app.use(express.urlencoded({ extended: false }), express.json());
  app.use(['${path}', '/news'], async (req, res, next) => {
    res.locals.user = (await readSession(req, config, res))?.user;
    if (res.locals.user) return next();
    req.baseUrl.startsWith('/api') ? res.status(401).json({ error: 'no' }) : res.redirect('/auth/signin');
  });
  app.get('${path}', (req, res) => {
    const { user } = res.locals;
    const own = kept.get(${key}) ?? [];
    const last = own.at(-1) ?? { text: '', by: '' };
    ${shown}
  });
  app.all('${path}', (req, res) => {
    const { user } = res.locals;
    const text = String(req.body?.text ?? req.body?.nickname ?? '').replace(/\\W/g, '');
    kept.set(${key}, [...(kept.get(${key}) ?? []), { text, by: user.name }]);
    res.redirect(303, '${path}');
  });
  ${more}
`;
const html = (heading: string, inside: string, field = '<input name="text">') =>
  `res.send('<!doctype html><html lang="en"><h1>${heading}</h1><p>' + user.name + '</p>${inside}<form method="post">${field}<button>Save</button></form>');`;
const LIST = "' + own.map(({ text }) => '<li>' + text + '</li>').join('') + '";
const SIGNED = "' + own.map(({ text, by }) => '<li>' + text + ', ' + by + '</li>').join('') + '";
const FIELD = (name: string) => `<input name="${name}" value="' + last.text + '">`;
const EACH = 'user.id';
const ALL = 'user.key';
const DOMAIN = "user.email.split('@')[1]";

const on = async (path: string, given: { key: string; shown: string; more?: string }) =>
  (
    await verdictsOn([ID], {
      first: page(path, given),
      options: ID_OF_LOGTO,
      pages: {
        protected: path.startsWith('/api') ? ['/protected'] : ['/protected', path],
        api: ['/api/protected', ...(path.startsWith('/api') ? [path] : [])],
      },
    })
  )[ID];

describe('a place that is the own one of a member by its name', { timeout: 240_000 }, () => {
  const failed = ['fail', expect.stringContaining('Keeps one place for two people')];
  it.each([
    ['a profile', '/profile', html('Profile', '', FIELD('nickname'))],
    ['a list of notes', '/my-notes', html('Notes', LIST)],
    ['a list that its heading calls one’s own', '/notes', html('My notes', LIST)],
    ['a record of an API', '/api/me', 'res.json({ name: user.name, nickname: last.text });'],
  ])('is kept for all by an id that nobody has: %s', async (_, path, shown) => {
    expect(await on(path, { key: ALL, shown })).toEqual(failed);
    expect(await on(path, { key: EACH, shown })).toEqual(['pass', undefined]);
  });
  it.each([
    ['a board that names who writes', '/my-feed', ALL, html('Feed', SIGNED)],
    ['a page for all', '/notes', ALL, html('Notes', LIST)],
    ['an account of a company', '/account', ALL, html('Account', '', FIELD('text'))],
    ['what colleagues have together', '/profile', DOMAIN, html('Profile', '', FIELD('nickname'))],
  ])('is none where people have something together: %s', async (_, path, key, shown) => {
    const [verdict, message] = (await on(path, { key, shown })) ?? [];
    expect([verdict, message]).not.toEqual(failed);
    expect(['pass', 'not applicable']).toContain(verdict);
  });
  it('shows what stands elsewhere as well', async () => {
    const more = `app.get('/news', (_req, res) => res.send('<!doctype html><h1>News</h1>' + [...kept.values()].flat().map(({ text }) => text).join(', ')));`;
    const verdict = await on('/my-page', {
      key: ALL,
      shown: html('Page', `<a href="/news">News</a>${LIST}`),
      more,
    });
    expect(verdict?.[0]).not.toBe('fail');
  });
});

const PROFILE = (key: string) => `
  const kept = new Map();
  app.use('/api/profile', express.json(), async (req, res, next) => {
    res.locals.user = (await readSession(req, config, res))?.user;
    res.locals.user ? next() : res.status(401).json({ error: 'no' });
  });
  const own = (user) => kept.get(${key}) ?? { name: null, language: 'en', since: 'the first day' };
  app.get('/api/profile', (req, res) => res.json(own(res.locals.user)));
  app.put('/api/profile', (req, res) => {
    const { user } = res.locals;
    const { name, language = 'en' } = req.body ?? {};
    if (!['en', 'de'].includes(language)) return res.status(400).json({ error: 'language' });
    kept.set(${key}, { ...own(user), ...(name !== undefined && { name: String(name) }), language });
    res.json({ done: true });
  });`;

describe('a record of an API that refuses the whole where one of its texts is wrong', {
  timeout: 120_000,
}, () => {
  const on = async (key: string) => {
    const { [ID]: found } = await verdictsOn([ID], {
      first: PROFILE(key),
      pages: { protected: [], api: ['/api/profile'] },
    });
    return found?.join(': ');
  };
  it('is each member’s own', async () => {
    expect(await on('user.email')).toBe('pass: ');
  });
  it('is kept for all of them together', async () => {
    expect(await on("'all'")).toMatch(/^fail: Keeps one place for two people: \/api\/profile/);
  });
});
