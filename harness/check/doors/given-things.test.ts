/** Plots of an allotment, of which each member is given one when they come first. */
import { afterAll, describe, expect, it } from 'vitest';
import { judging, removeVariants } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const IDS = ['doors/changed-by-others', 'doors/read-by-others'];
const APP = `  app.use(express.urlencoded({ extended: true }));
  const plots = [];
  const safe = (s) => String(s).replace(/[<&"]/g, '');
  const html = (body) => '<!doctype html><html lang="en"><title>Plots</title><main>' + body + '</main>';
  const member = (act) => async (req, res) => { const user = (await readSession(req, config, res))?.user; if (!user) return res.redirect(303, '/auth/signin'); let own = plots.find((p) => p.by === user.name); if (!own) plots.push((own = { id: 200 + plots.length, by: user.name, note: 'Nothing grows yet', talk: [] })); return act(req, res, own); };
  app.get('/mine', member((req, res, own) => res.send(html('<h1>Allotment</h1><a href="/plots/' + own.id + '">My plot</a>'))));
  app.get('/plots/:id', member((req, res, own) => { const plot = plots.find((p) => p.id === Number(req.params.id)); if (!plot || !(plot === own)) return res.status(404).send(html('<h1>There is no such plot here</h1>')); res.send(html('<h1>Plot</h1><p>' + safe(plot.note) + '</p><ul>' + plot.talk.map((t) => '<li>' + safe(t)).join('') + '</ul><form method="post" action="/plots/' + plot.id + '"><input name="note" required><button>Save</button></form>')); }));
  app.post('/plots/:id', member((req, res, own) => { const plot = plots.find((p) => p.id === Number(req.params.id)); if (!plot || !(plot.by === own.by)) return res.status(404).send(html('<h1>There is no such plot here</h1>')); plot.note = String(req.body.note); res.redirect(303, '/plots/' + plot.id); }));
`;
const on = judging(IDS, APP, { pages: { protected: ['/protected', '/mine'], api: [] } });
const SHOWN: [string, string] = ['!(plot === own)', 'false'];
const TAKEN: [string, string] = ['!(plot.by === own.by)', 'false'];

describe('an app that gives each member something', { timeout: 240_000 }, () => {
  it('is quiet where nobody else reads or writes it', async () => {
    const verdicts = await on();
    for (const id of IDS) expect(verdicts[id]).toMatch(/^(?:pass|not applicable)/);
  });
  it('fails where the page of it is shown to another, form and all', async () => {
    expect((await on(SHOWN))['doors/read-by-others']).toMatch(
      /^fail: Showed another member what belongs to a member: \/plots\/\d+ holds what its member has written/,
    );
  });
  it('fails where its form takes what another says', async () => {
    expect((await on(TAKEN))['doors/changed-by-others']).toMatch(
      /^fail: Let another member write over what belongs to a member/,
    );
  });
  it('is quiet where all members write to each other there', async () => {
    const verdicts = await on(SHOWN, TAKEN, ['plot.note = String', 'plot.talk.push']);
    for (const id of IDS) expect(verdicts[id]).toMatch(/^(?:pass|not applicable)/);
  });
});
