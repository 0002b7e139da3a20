/** A guest book, in which strangers write as well, by a form that asks them for their name. */
import { afterAll, describe, expect, it } from 'vitest';
import { ID_OF_LOGTO, removeVariants, verdictsOn } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const ID = 'doors/written';
/** @param fields that a stranger is shown; none where they are shown no form */
const book = (fields: string) => `
  const entries = [];
  app.use(express.urlencoded({ extended: false }));
  const safe = (s) => String(s).replace(/[<&"]/g, '');
  app.get('/book', async (req, res) => {
    const user = (await readSession(req, config, res))?.user;
    const form = (inside) => '<form method="post" action="/book">' + inside + '<button>Sign the book</button></form>';
    const text = '<textarea name="body" required></textarea>';
    const shown = user ? form(text) : ${fields};
    res.send('<!doctype html><title>Orchard</title><h1>Guest book</h1>' + (user ? '<p>Signed in as ' + safe(user.name ?? user.id) + '</p>' : '') + entries.map((e) => '<p>' + safe(e) + '</p>').join('') + shown);
  });
  app.post('/book', (req, res) => { entries.push(req.body.body); res.redirect(303, '/book'); });`;
const verdictOn = async (fields: string) =>
  (
    await verdictsOn([ID], {
      first: book(fields),
      options: ID_OF_LOGTO,
      pages: { protected: ['/protected'], directories: ['/book'] },
    })
  )[ID];

describe('a guest book', { timeout: 240_000 }, () => {
  it('is quiet where strangers are shown a form that takes as much', async () => {
    expect((await verdictOn('form(\'<input name="name">\' + text)'))?.[0]).not.toBe('fail');
  });
  it('fails where none, or another, is shown to them', async () => {
    expect((await verdictOn("'<p>Sign in to write.</p>'"))?.[0]).toBe('fail');
    expect((await verdictOn('form(\'<input name="name">\')'))?.[0]).toBe('fail');
  });
});
