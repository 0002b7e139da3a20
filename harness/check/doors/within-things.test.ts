/** Tasks of projects, which their page alone shows: taken away by its forms, and by its links. */
import { afterAll, describe, expect, it } from 'vitest';
import { judging, removeVariants } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const IDS = ['doors/changed-by-others', 'doors/written-by-link'];
const APP = `  app.use(express.urlencoded({ extended: true }));
  const projects = []; const tasks = [];
  const safe = (s) => String(s).replace(/[<&"]/g, '');
  const html = (body) => '<!doctype html><html lang="en"><title>Plans</title><main>' + body + '</main>';
  const member = (act) => async (req, res) => { const user = (await readSession(req, config, res))?.user; return user ? act(req, res, user.name) : res.redirect(303, '/auth/signin'); };
  const mine = (id, me) => projects.find((p) => p.id === id && p.by === me);
  app.get('/plans', member((req, res, me) => res.send(html('<h1>Your plans</h1><ul>' + projects.filter((p) => p.by === me).map((p) => '<li><a href="/plans/' + p.id + '">' + safe(p.title) + '</a>').join('') + '</ul><form method="post" action="/plans"><input name="title" required><button>Plan</button></form>'))));
  app.post('/plans', member((req, res, me) => { const p = { id: crypto.randomUUID(), by: me, title: String(req.body.title) }; projects.push(p); res.redirect(303, '/plans/' + p.id); }));
  app.get('/plans/:id', member((req, res, me) => { const p = mine(req.params.id, me); if (!p) return res.status(404).send(html('<h1>There is no such plan here</h1>'));
    /* opened */
    res.send(html('<h1>' + safe(p.title) + '</h1><ul>' + tasks.filter((t) => t.of === p.id).map((t) => '<li>' + safe(t.title) + ' <form method="post" action="/done"><input type="hidden" name="task" value="' + t.id + '"><button>Delete</button></form>' /* link */).join('') + '</ul><form method="post" action="/tasks"><input type="hidden" name="plan" value="' + p.id + '"><input name="title" required><button>Add</button></form>')); }));
  app.post('/tasks', member((req, res, me) => { const p = mine(req.body.plan, me); if (!p) return res.status(404).end(); tasks.push({ id: crypto.randomUUID(), of: p.id, title: String(req.body.title) }); res.redirect(303, '/plans/' + p.id); }));
  app.post('/done', member((req, res, me) => { const at = tasks.findIndex((t) => t.id === req.body.task && mine(t.of, me)); if (at >= 0) tasks.splice(at, 1); res.redirect(303, '/plans'); }));
`;
const on = judging(IDS, APP, { pages: { protected: ['/protected', '/plans'], api: [] } });
const LINK: [string, string] = ['/* link */', "+ '<a href=\"?remove=' + t.id + '\">Remove</a>'"];

describe('an app whose projects hold tasks', { timeout: 240_000 }, () => {
  it('is quiet where only their member takes them away, and a link to that asks first', async () => {
    const verdicts = await on(LINK);
    expect(verdicts).toEqual({ 'doors/changed-by-others': 'pass', 'doors/written-by-link': 'pass' });
  });
  it('fails where the form of a task takes that of anybody', async () => {
    const verdicts = await on(['t.id === req.body.task && mine(t.of, me)', 't.id === req.body.task']);
    expect(verdicts['doors/changed-by-others']).toMatch(
      /^fail: Let another member take away .* gone from \/plans\/[\w-]+ after they posted the form/,
    );
  });
  it('warns where the page of a project takes a task away that its address names', async () => {
    const verdicts = await on(LINK, [
      '/* opened */',
      'const at = tasks.findIndex((t) => t.id === req.query.remove && t.of === p.id); if (at >= 0) tasks.splice(at, 1);',
    ]);
    expect(verdicts['doors/written-by-link']).toMatch(
      /^warn: Took away from a member what a link of their own page names, when their browser only fetched it ahead/,
    );
  });
});
