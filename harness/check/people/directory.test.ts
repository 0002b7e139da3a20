/** A directory in which members find the numbers of each other, on purpose or not. */
import { afterAll, describe, expect, it } from 'vitest';
import { judging, passed, removeVariants } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const IDS = [
  'doors/nobody',
  'doors/other-member',
  'people/in-turn',
  'session/two-people',
  'people/second-person',
  'laws/people-apart',
];
const DIRECTORY = `  const staff = new Map();
  const html = (body) => '<!doctype html><html lang="en"><title>Orchard</title><main>' + body + '</main>';
  const row = (u) => '<li><a href="/people/' + u.no + '">' + u.name + '</a> ' + u.email + '</li>';
  app.use(['/home', '/people'], async (req, res, next) => {
    const { user } = (await readSession(req, config, res)) ?? {};
    if (!user) return OPEN && req.baseUrl === '/people' ? next() : res.redirect('/auth/signin');
    if (!staff.has(user.id)) staff.set(user.id, { no: 4000 + staff.size * 17, name: user.name, email: user.email });
    res.set('cache-control', 'private, no-store');
    next();
  });
  app.get('/home', (req, res) => res.send(html('<h1>Home</h1><a href="/people">Numbers</a>')));
  app.get('/people', (req, res) => res.send(html('<h1>Numbers</h1><ul>' + [...staff.values()].map(row).join('') + '</ul>')));
  app.get('/people/:no', (req, res) => { const u = [...staff.values()].find(({ no }) => String(no) === req.params.no); res.status(u ? 200 : 404).send(html(u ? '<h1>' + u.name + '</h1><p>' + u.email + '</p>' : '<h1>Nobody</h1>')); });
`;
const protectedPages = ['/protected', '/home', '/people'];
const at = (open: boolean) => DIRECTORY.replace('OPEN', String(open));

describe('a directory of members', { timeout: 240_000 }, () => {
  it('is for members where it is declared', async () => {
    const on = judging(IDS, at(false), { pages: { protected: protectedPages, directories: ['/people'] } });
    expect(await on()).toEqual(passed(IDS));
  });
  it('is a leak where nobody has declared it', async () => {
    const verdicts = await judging(IDS, at(false), { pages: { protected: protectedPages } })();
    expect(verdicts['doors/other-member']).toMatch(/^fail: Opened \/people/);
    expect(verdicts['laws/people-apart']).toMatch(/^fail/);
  });
  it('is for no stranger, declared or not', async () => {
    const on = judging(IDS, at(true), {
      pages: { protected: ['/protected', '/home'], directories: ['/people'] },
    });
    const verdicts = await on();
    expect(verdicts['doors/nobody']).toMatch(/^fail: Opened \/people/);
    expect(verdicts['laws/people-apart']).toMatch(/^fail: .* to nobody in particular/);
  });
});
