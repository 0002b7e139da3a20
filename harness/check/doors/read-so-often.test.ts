/** Things that are gone when they were read so often, beside things that strangers take away. */
import { afterAll, describe, expect, it } from 'vitest';
import { removeVariants, verdictsOn } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const ID = 'doors/changed-by-others';
const member = `const session = await readSession(req, config, res);
    if (!session?.user) return res.status(401).json({ message: 'no' });
    const me = session.user.email ?? session.user.name;`;
const notes = (reads: number, more: string) => `  const notes = new Map();
  let next = 7000;
  const mine = (me) => [...notes.values()].filter(({ owner }) => owner === me);
  app.get('/api/notes', async (req, res) => { ${member}
    if (mine(me).length === 0) notes.set('n' + (next += 13), { id: 'n' + next, owner: me, title: 'Note of ' + me, left: ${reads} });
    res.json(mine(me).map(({ id, title }) => ({ id, title })));
  });
  app.get('/api/notes/:id', async (req, res) => { ${member}
    const note = notes.get(req.params.id);
    if (note?.owner !== me || note.left <= 0) return res.status(404).json({ message: 'gone' });
    note.left -= 1;
    res.json({ id: note.id, title: note.title });
  });
${more}`;
const verdictOf = async (first: string) =>
  (await verdictsOn([ID], { first, pages: { api: ['/api/protected', '/api/notes'] } }))[ID];

describe('a note', { timeout: 120_000 }, () => {
  it('that may be read four times was taken away by nobody: not judged', async () => {
    expect(await verdictOf(notes(4, ''))).toEqual(['not judged', expect.stringMatching(/n7\d+ was gone/)]);
  });
  it('that anybody may delete is taken away', async () => {
    const open = `  app.delete('/api/notes/:id', (req, res) => res.status(notes.delete(req.params.id) ? 204 : 404).end());`;
    expect(await verdictOf(notes(99, open))).toEqual(['fail', expect.stringMatching(/take away/)]);
  });
});
