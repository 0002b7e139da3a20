/** Profiles that everybody may look at, each at an address of its own to which its owner alone is led, with no list of members. */
import { afterAll, describe, expect, it } from 'vitest';
import { judging, passed, removeVariants } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const IDS = [
  'doors/nobody',
  'doors/other-member',
  'people/in-turn',
  'session/two-people',
  'laws/people-apart',
];
const PROFILES = `  const users = new Map(); let last;
  const nick = (id) => 'otter-' + (parseInt(id.replace(/\\W/g, '').slice(0, 6), 36) % 900000 + 1000);
  const html = (user, body) => '<!doctype html><html lang="en"><title>Orchard</title><nav><a href="/">Orchard</a>' + (user ? ' <a href="/@' + nick(user.id) + '">my page</a>' : '') + '</nav><main>' + body + '</main>';
  const me = async (req, res) => { const { user } = (await readSession(req, config, res)) ?? {}; if (user) { users.set(nick(user.id), user); last = user; } return user; };
  app.get('/home', async (req, res) => { const user = await me(req, res); if (!user) return res.redirect('/auth/signin'); res.set('cache-control', 'private, no-store').send(html(user, '<h1>Your orchard</h1><p>Nothing grows here yet</p>')); });
  app.get('/@:nick', async (req, res) => { const user = await me(req, res); const whose = users.get(req.params.nick); if (!whose) return res.status(404).send(html(user, '<h1>Nobody of that name</h1>')); res.send(html(user, '<h1>' + whose.name + '</h1><p>Grows apples since May</p>')); });
`;
const on = judging(IDS, PROFILES, { pages: { protected: ['/protected', '/home'] } });

describe('profiles', { timeout: 240_000 }, () => {
  it('name their owner to everybody', async () => {
    expect(await on()).toEqual(passed(IDS));
  });
  it('tell strangers nothing else', async () => {
    const verdicts = await on(["'<h1>' + whose.name", "'<h1>' + whose.email + ' ' + whose.name"]);
    expect(verdicts['doors/nobody']).toMatch(
      /^fail: Opened \/@otter-\d+: .* the email address of the member/,
    );
    expect(verdicts['laws/people-apart']).toMatch(/^fail/);
  });
  it('are of whoever has the address, and not of whoever came last', async () => {
    const verdicts = await on(["'<h1>' + whose.name", "'<h1>' + last.name"]);
    // Who came last when a check asked is chance; the law looks at all that was asked for.
    expect(verdicts['laws/people-apart']).toMatch(/^fail: Showed the name of one person/);
  });
});

describe('profiles at an address that says nothing of people', { timeout: 240_000 }, () => {
  const IN_GARDENS = PROFILES.replaceAll('/@', '/g/');
  const pages = { protected: ['/protected', '/home'] };
  it('are public where the link of their owner says so', async () => {
    const named = IN_GARDENS.replace('my page', 'My public page');
    expect(await judging(IDS, named, { pages })()).toEqual(passed(IDS));
  });
  it('are public where the config says so', async () => {
    expect(await judging(IDS, IN_GARDENS, { pages: { ...pages, profiles: ['/g'] } })()).toEqual(passed(IDS));
  });
  it('are doors left open where nothing does', async () => {
    const verdicts = await judging(IDS, IN_GARDENS, { pages })();
    expect(verdicts['doors/nobody']).toMatch(/^fail: Opened \/g\/otter-\d+: .* the name of the member/);
  });
});

describe('what stands below the page of a member', { timeout: 240_000 }, () => {
  const pages = { protected: ['/protected', '/home'] };
  const BELOW =
    `${PROFILES}  app.get('/@:nick/followers', async (req, res) => { const user = await me(req, res); const whose = users.get(req.params.nick); if (!whose) return res.status(404).send(html(user, '<h1>Nobody of that name</h1>')); res.send(html(user, '<h1>Followers of ' + whose.name + '</h1><p>Nobody yet</p>')); });
`.replace(
      '<p>Grows apples since May</p>',
      `<p>Grows apples since May</p><a href="/@' + req.params.nick + '/followers">Followers</a>`,
    );
  it('names them as their page does', async () => {
    expect(await judging(IDS, BELOW, { pages })()).toEqual(passed(IDS));
  });
  it('is a door left open where it is for them alone by its name', async () => {
    const orders = BELOW.replaceAll('/followers', '/orders');
    expect((await judging(IDS, orders, { pages })())['doors/nobody']).toMatch(
      /^fail: Opened \/@otter-\d+\/orders/,
    );
  });
  it('stands at the root, and is led to from a page for strangers', async () => {
    const book =
      `${PROFILES.replaceAll('/@', '/cooks-')}  app.get('/:nick/cookbook', async (req, res, next) => { const user = await me(req, res); const whose = users.get(req.params.nick); if (!whose) return next(); res.send(html(user, '<h1>Cookbook of ' + whose.name + '</h1>')); });
  app.get('/cooks', async (req, res) => { const user = await me(req, res); res.send(html(user, '<h1>Cookbooks</h1><ul>' + [...users.keys()].slice(-40).map((each) => '<li><a href="/' + each + '/cookbook">Cookbook</a>').join('') + '</ul>')); });
`
        .replace(/app\.get\('\/cooks-:nick'.*\n/, '')
        .replace(
          `<a href="/cooks-' + nick(user.id) + '">my page</a>`,
          `<a href="/' + nick(user.id) + '/cookbook">my cookbook</a> <a href="/cooks">all</a>`,
        );
    expect(await judging(IDS, book, { pages })()).toEqual(passed(IDS));
  });
});
