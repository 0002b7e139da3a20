/** A board whose forms say in a hidden field who is writing. */
import { afterAll, describe, expect, it } from 'vitest';
import { ID_OF_LOGTO, removeVariants, verdictsOn } from '../../../fixtures/verdicts-on-express.ts';
import { signedBy } from './signed-as-another.ts';

afterAll(removeVariants);

it('a form is signed by another where a hidden field names its member', () => {
  const form = { action: '/board', fields: { body: 'x', author: '17' }, multipart: false, texts: ['body'] };
  expect(signedBy(form, ['17'], ['18'])?.fields).toEqual({ body: 'x', author: '18' });
  expect(signedBy(form, ['71'], ['18'])).toBeUndefined();
  expect(signedBy({ ...form, texts: ['body', 'author'] }, ['17'], ['18'])).toBeUndefined();
  for (const name of ['assignee', 'to', 'recipient'])
    expect(signedBy({ ...form, fields: { body: 'x', [name]: '17' } }, ['17'], ['18'])).toBeUndefined();
  for (const name of ['postedBy', 'user_id', 'from'])
    expect(signedBy({ ...form, fields: { body: 'x', [name]: '17' } }, ['17'], ['18'])).toBeDefined();
});

const ID = 'people/actions-of-others';
const board = (author: string, shown = "'<b>' + safe(names.get(p.by)) + '</b> '", field = 'author') => `
  const names = new Map(); const posts = [];
  app.use(express.urlencoded({ extended: false }));
  const safe = (s) => String(s).replace(/[<&"]/g, '');
  const member = (act) => async (req, res) => { const user = (await readSession(req, config, res))?.user; if (!user) return res.redirect(303, '/auth/signin'); names.set(user.id, user.name); return act(req, res, user.id); };
  app.get('/board', member((req, res, me) => res.send('<!doctype html><title>Orchard</title><h1>Board of the orchard</h1><ul>' + posts.map((p) => '<li>' + ${shown} + safe(p.body) + '</li>').join('') + '</ul><form method="post" action="/board"><input type="hidden" name="${field}" value="' + me + '"><textarea name="body" required></textarea><button>Say it</button></form>')));
  app.post('/board', member((req, res, me) => { if (!req.body.body) return res.status(422).send('body'); posts.push({ by: ${author}, body: req.body.body }); res.redirect(303, '/board'); }));`;
const verdictOn = async (first: string) =>
  (
    await verdictsOn([ID], {
      first,
      options: ID_OF_LOGTO,
      pages: { protected: ['/protected', '/board'], api: [] },
    })
  )[ID];

describe('a board', { timeout: 240_000 }, () => {
  it.each([
    ['members sign by their session', board('me')],
    ['nobody is named', board('req.body.author', "''")],
    ['a task is given to whom the form names', board('req.body.assignee', undefined, 'assignee')],
  ])('is quiet where %s', async (_, first) => {
    expect((await verdictOn(first))?.[0]).not.toBe('fail');
  });
  it('fails where the form says who has written it', async () => {
    const [verdict, message] = (await verdictOn(board('req.body.author'))) ?? [];
    expect([verdict, message]).toEqual([
      'fail',
      'Wrote in the name of another: what a member posted, with the id of another in a hidden field, stands at /board as said by that one.',
    ]);
  });
});
