/** What changes with whoever comes, and is the same for all who look. */
import { afterAll, expect, it } from 'vitest';
import {
  ID_OF_LOGTO,
  passed,
  removeVariants,
  told,
  verdictsOn,
} from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const IDS = ['people/second-person', 'people/number-alike', 'people/same-name'];
const guard = (footer: string) => `    if (res.locals.session?.user) {
      const { user } = res.locals.session;
      seen.add(user.id);
      return res.send(protectedPage(res.locals.session).replace('</main>', '</main><footer>' + ${footer} + '</footer>'));
    }
    res.redirect(\`/auth/signin?callbackUrl=\${encodeURIComponent(req.originalUrl)}\`);`;
const first = '  const seen = new Set(); let turn = 0;';
const on = async (footer: string) =>
  told(IDS, await verdictsOn(IDS, { first, guard: guard(footer), options: ID_OF_LOGTO }));

it.each([
  ['the newest member', "seen.size + ' members, newest: member-48' + [...seen].at(-1).slice(0, 6)"],
  ['one of two offers', "(turn++ % 2 ? 'Offer 4711: apples' : 'Offer 4712: pears')"],
])('%s is nobody’s', { timeout: 180_000 }, async (_, footer) => {
  expect(await on(footer)).toEqual(passed(IDS));
});

const BOARD = `  const users = new Map(); let next = 4000;
  const join = (user) => { if (!users.has(user.id)) { next += 17; users.set(user.id, { id: next, nick: user.name.toLowerCase().replace(/[^a-z0-9]+/g, '-') + '-' + next, name: user.name, email: user.email }); } return users.get(user.id); };
  const html = (body) => '<!doctype html><html lang="en"><title>Board</title><main>' + body + '</main>';
  app.use(async (req, res, next) => { const session = req.path.startsWith('/auth') ? null : await readSession(req, config, res); if (session?.user) join(session.user); next(); });
  app.get('/members', (req, res) => res.send(html('<h1>Members</h1><ul>' + [...users.values()].slice(-20).map((u) => '<li><a href="/members/' + u.nick + '">' + u.nick + '</a>').join('') + '</ul>')));
  app.get('/members/:nick', (req, res) => { const u = [...users.values()].find((u) => u.nick === req.params.nick); if (!u) return res.status(404).send(html('<h1>No such member</h1>')); res.send(html('<h1>' + u.name.replace(/[<&"]/g, '') + '</h1><p>Member since May</p>')); });
  app.get('/api/people', async (req, res) => { const session = await readSession(req, config, res); if (!session?.user) return res.status(401).json({ message: 'no' }); res.json([...users.values()].slice(0, 8).map((u) => ({ id: 'u' + u.id, name: u.name }))); });
`;
const PEOPLE = [
  'laws/people-apart',
  'session/two-people',
  'people/in-turn',
  'doors/other-member',
  'people/number-alike',
  'people/second-person',
];

it('names in addresses of profiles, and the first few of a list, give nobody away', {
  timeout: 240_000,
}, async () => {
  const on = async (from = '', to = '') =>
    told(PEOPLE, await verdictsOn(PEOPLE, { first: BOARD.replace(from, to), options: ID_OF_LOGTO }));
  expect(await on()).toEqual(passed(PEOPLE));
  expect((await on('<p>Member since May</p>', "<p>' + u.email + '</p>"))['laws/people-apart']).toMatch(
    /^fail: .*\/members\//,
  );
});
