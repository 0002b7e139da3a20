/** Posts about things of others, in apps where that is what people do, and in one that gives out what it refuses elsewhere. */
import { afterAll, describe, expect, it } from 'vitest';
import { passed, removeVariants, told, verdictsOn } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const IDS = ['doors/posts-of-others', 'doors/other-member-asks-for-more', 'doors/changed-by-others'];
const member = `const session = await readSession(req, config, res);
    if (!session?.user) return res.status(401).json({ message: 'no' });
    const me = session.user.email ?? session.user.name;
    const name = session.user.name;`;
/** Private notes beside a board: whoever signs in has one of each. */
const BOARD = `  app.use(express.json());
  const notes = new Map();
  const posts = new Map();
  let next = 7000;
  const seed = (me, name) => {
    if ([...notes.values()].some(({ owner }) => owner === me)) return;
    notes.set('n' + (next += 13), { id: 'n' + next, owner: me, title: 'Note of ' + name, by: name });
    posts.set('p' + (next += 13), { id: 'p' + next, owner: me, title: 'Post of ' + name, author: name, likes: 0 });
  };
  app.get('/api/notes', async (req, res) => { ${member}
    seed(me, name);
    res.json([...notes.values()].filter(({ owner }) => owner === me).map(({ id, title, by }) => ({ id, title, by })));
  });
  app.get('/api/notes/:id', async (req, res) => { ${member}
    const note = notes.get(req.params.id);
    if (note?.owner !== me) return res.status(404).json({ message: 'gone' });
    res.json({ id: note.id, title: note.title, by: note.by });
  });
  app.get('/api/my/posts', async (req, res) => { ${member}
    seed(me, name);
    res.json([...posts.values()].filter(({ owner }) => owner === me));
  });
  app.get('/api/posts/:id', async (req, res) => { ${member}
    const post = posts.get(req.params.id);
    post ? res.json(post) : res.status(404).json({ message: 'gone' });
  });
  app.post('/api/posts/:id/likes', async (req, res) => { ${member}
    const post = posts.get(req.params.id);
    if (!post) return res.status(404).json({ message: 'gone' });
    post.likes += 1;
    res.json(post);
  });
  app.post('/api/posts', async (req, res) => { ${member}
    posts.set('p' + (next += 13), { id: 'p' + next, title: String(req.body?.title ?? ''), author: name, likes: 0 });
    res.status(201).location('/api/posts/p' + next).json({ id: 'p' + next });
  });
  app.post('/api/posts/lookup', async (req, res) => { ${member}
    res.json([...posts.values()].filter(({ id }) => [req.body?.ids ?? []].flat().includes(id)));
  });
`;
const TICKETS = (
  whose: string,
) => `${BOARD}  app.post('/api/notes/:id/tickets', async (req, res) => { ${member}
    const note = notes.get(req.params.id);
    if (!note${whose}) return res.status(404).json({ message: 'gone' });
    res.json({ url: '/download?note=' + note.id });
  });
  app.get('/download', (req, res) => {
    const note = notes.get(String(req.query.note));
    note ? res.json({ title: note.title, by: note.by }) : res.status(404).end();
  });
`;
const on = async (first: string) =>
  told(
    IDS,
    await verdictsOn(IDS, { first, pages: { api: ['/api/protected', '/api/notes', '/api/my/posts'] } }),
  );

describe('posts about things of others', { timeout: 240_000 }, () => {
  it('are what a board is for: likes, and a look at posts that everybody reads', async () => {
    expect(await on(BOARD)).toEqual(passed(IDS));
  });
  it('that ask for a ticket are answered to the owner alone', async () => {
    expect(await on(TICKETS(' || note.owner !== me'))).toEqual(passed(IDS));
    expect(await on(TICKETS(''))).toMatchObject({
      'doors/posts-of-others': expect.stringMatching(/^fail: .*tickets/),
    });
  });
});
