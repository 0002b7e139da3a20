/** Accounts that a script of a page deletes by an API. */
import { afterAll, describe, expect, it } from 'vitest';
import { judging, removeVariants } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const ID = 'people/deleted-account';
const APP = `  const gone = new Set();
  const member = async (req, res, next) => { const user = (await readSession(req, config, res))?.user; if (user && !gone.has(user.email)) { res.locals.user = user; return next(); } res.status(401).json({ error: 'sign in first' }); };
  app.use(['/protected', '/api/protected'], member);
  app.get('/api/me', member, (req, res) => res.json({ name: res.locals.user.name }));
  app.get('/api/notes', member, (req, res) => res.json({ notes: ['The first note of ' + res.locals.user.name] }));
  app.delete('/api/me', member, (req, res) => { gone.add(res.locals.user.email); res.status(204).end(); });
`;
const on = judging([ID], APP, { pages: { protected: [], api: ['/api/notes'] } });

describe('an account that is deleted by an API', { timeout: 120_000 }, () => {
  it('ends the sessions of other devices', async () => {
    expect((await on())[ID]).toMatch(/^pass/);
  });
  it('is warned where it leaves them', async () => {
    expect((await on(['gone.add(res.locals.user.email); ', '']))[ID]).toMatch(
      /^warn: Still showed .+ to a second device of a member who had deleted their account on the first \(DELETE \/api\/me\)/,
    );
  });
  it('is none where a handler looks at no method', async () => {
    const asEver = await on([
      "app.delete('/api/me', member, (req, res) => { gone.add(res.locals.user.email); res.status(204).end(); });",
      "app.delete('/api/me', member, (req, res) => res.json({ name: res.locals.user.name }));",
    ]);
    expect(asEver[ID]).toMatch(/^not applicable/);
  });
});
