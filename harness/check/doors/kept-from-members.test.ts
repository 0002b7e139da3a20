/** Pages that need a session, and that some members are not shown, or that lead them on. */
import { afterAll, describe, expect, it } from 'vitest';
import {
  ID_OF_LOGTO,
  passed,
  removeVariants,
  told,
  verdictsOn,
} from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const IDS = ['session/protected-page', 'session/protected-api', 'doors/id-token-as-bearer'];
const member = `const session = await readSession(req, config, res);
    if (!session?.user) return res.redirect('/auth/signin?callbackUrl=' + encodeURIComponent(req.originalUrl));
    const me = join(session.user);`;
const TEAMS = `  app.use(express.urlencoded({ extended: true }));
  const users = new Map(); let next = 4000;
  const join = ({ id }) => { if (!users.has(id)) users.set(id, { team: 't' + (next += 17) }); return users.get(id); };
  const html = (body) => '<!doctype html><html lang="en"><title>Orchard</title><main>' + body + '</main>';
  app.get('/settings', async (req, res) => { ${member} res.redirect('/settings/profile'); });
  app.get('/settings/profile', async (req, res) => { ${member} res.send(html('<h1>Profile</h1><form method="post"><input name="name"><button>Save</button></form>')); });
  app.get('/home', async (req, res) => { ${member} res.redirect(307, '/t/' + me.team); });
  app.get('/t/:team', async (req, res) => { ${member} if (me.team !== req.params.team) return res.status(404).send(html('<h1>Not found</h1>')); res.send(html('<h1>Your team</h1>')); });
  app.get('/start', async (req, res) => { ${member} if (!me.ready) return res.redirect('/onboarding'); res.send(html('<h1>Ready</h1>')); });
  app.get('/onboarding', async (req, res) => { ${member} res.send(html('<h1>Welcome</h1><form method="post"><input name="name" required><button>Go on</button></form>')); });
  app.post('/onboarding', async (req, res) => { ${member} me.ready = true; res.redirect(303, '/start'); });
  app.get('/billing', async (req, res) => { ${member} res.redirect('/pricing'); });
  app.get('/pricing', (req, res) => res.send(html('<h1>Pro: 5 a month</h1>')));
  app.get('/reports', async (req, res) => { ${member} res.status(402).send(html('<h1>Reports are part of Pro</h1>')); });
  app.get('/checkout', async (req, res) => { ${member} res.redirect('https://pay.example/c/1'); });
  app.get('/admin', async (req, res) => { ${member} res.status(403).send(html('<h1>For administrators</h1>')); });
  app.get('/staff', async (req, res) => { ${member} res.status(404).send(html('<h1>Not found</h1>')); });
  app.get('/lost', async (req, res) => res.redirect('/auth/signin'));
  app.get('/api/tasks', async (req, res) => { const session = await readSession(req, config, res); res.status(session?.user ? 412 : 401).json({ message: session?.user ? 'choose a nickname first' : 'no session' }); });
  app.get('/api/admin', async (req, res) => { const session = await readSession(req, config, res); res.status(session?.user ? 403 : 401).json({ message: session?.user ? 'administrators only' : 'no session' }); });
`;

const on = async (pages: { protected?: string[]; api?: string[] }) =>
  told(IDS, await verdictsOn(IDS, { first: TEAMS, options: ID_OF_LOGTO, pages }));

describe('pages that not every member is shown', { timeout: 180_000 }, () => {
  it('pass where they lead members on to pages that strangers are not shown', async () => {
    expect(await on({ protected: ['/settings', '/home', '/start'] })).toEqual(passed(IDS));
  });
  it('are not judged where they are for some, want to be paid for, or lead to what everybody sees', async () => {
    const verdicts = await on({
      protected: ['/protected', '/billing', '/reports', '/checkout', '/admin', '/staff'],
      api: ['/api/protected', '/api/admin', '/api/tasks'],
    });
    expect(verdicts).toEqual({
      'session/protected-page': expect.stringMatching(
        /^not judged: \/billing leads its members to \/pricing, \/reports wants to be paid for first \(402\), \/checkout leads its members to https:\/\/pay\.example, \/admin refuses this member \(403\), \/staff is not found by this member \(404\), and leads strangers away;/,
      ),
      'session/protected-api': expect.stringMatching(
        /^not judged: \/api\/admin refuses this member \(403\), \/api\/tasks refuses this member \(412\), and strangers in another way \(401\);/,
      ),
      'doors/id-token-as-bearer': 'pass',
    });
  });
  it('fail where all that the config names is refused, or where members are led to where strangers sign in', async () => {
    expect((await on({ protected: ['/admin'], api: ['/api/admin'] }))['session/protected-page']).toBe(
      'fail: Refused /admin to a person with a session: 403 at /admin.',
    );
    expect((await on({ protected: ['/protected', '/lost'] }))['session/protected-page']).toBe(
      'fail: Refused /lost to a person with a session: 302 at /lost.',
    );
  });
});
