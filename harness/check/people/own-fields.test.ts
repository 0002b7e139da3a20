/** What a member may write: settings as they like, and nothing of what they may do. */
import { afterAll, describe, expect, it } from 'vitest';
import { removeVariants, told, verdictsOn } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const ID = 'people/fields-not-written';
/** An API whose member reads and writes one object. */
const object = (path: string, first: string) => `  const kept = new Map();
  app.use('${path}', express.json(), async (req, res) => {
    const { user } = (await readSession(req, config, res)) ?? {};
    if (!user) return res.status(401).json({ message: 'Not Authenticated' });
    const key = user.email ?? user.name;
    if (!kept.has(key)) kept.set(key, ${first});
    if (req.method !== 'GET') Object.assign(kept.get(key), req.body);
    res.json(kept.get(key));
  });`;
const verdict = async (path: string, first: string) =>
  told(
    [ID],
    await verdictsOn([ID], {
      first: object(path, first),
      pages: { api: ['/api/protected', path] },
      more: { browser: 'none' },
    }),
  )[ID];

describe('a member', { timeout: 240_000 }, () => {
  it('keeps what they like in settings that nobody believes', async () =>
    expect(await verdict('/api/settings', "{ theme: 'light' }")).toBe('pass'));
  it('gives themselves no role', async () =>
    expect(await verdict('/api/settings', "{ theme: 'light', role: 'member' }")).toMatch(/^fail: .*role/));
  it('writes nothing into what the app tells of them', async () =>
    expect(await verdict('/api/me', '{ name: user.name }')).toMatch(/^fail: Wrote what a member sent/));
});

describe('a record whose write throws at what it does not know', { timeout: 240_000 }, () => {
  const first = (
    writes: string,
  ) => `  const kept = new Map(); const columns = [${writes}]; const roles = ['member', 'helper', 'staff'];
  app.use('/api/me', express.json(), async (req, res) => {
    const { user } = (await readSession(req, config, res)) ?? {};
    if (!user) return res.status(401).json({ message: 'Not Authenticated' });
    const row = kept.get(user.email) ?? { nickname: 'Robin', role: 'member' };
    kept.set(user.email, row);
    if (req.method !== 'GET') {
      for (const name of Object.keys(req.body)) if (!columns.includes(name)) return res.status(500).json({ message: 'no such column' });
      if (req.body.role !== undefined && !roles.includes(req.body.role)) return res.status(500).json({ message: 'CHECK constraint failed' });
      Object.assign(row, req.body);
    }
    if (row.role === 'staff') res.set('x-desk', 'open');
    res.json(row);
  });`;
  const on = async (writes: string) =>
    told(
      [ID],
      await verdictsOn([ID], {
        first: first(writes),
        pages: { api: ['/api/protected', '/api/me'] },
        more: { browser: 'none' },
      }),
    )[ID];
  it('gives its member no role', async () => expect(await on("'nickname'")).toBe('pass'));
  it('lets its member choose among roles that give no power', async () => {
    const chosen = `  const kept = new Map();
  app.use('/api/me', express.json(), async (req, res) => {
    const { user } = (await readSession(req, config, res)) ?? {};
    if (!user) return res.status(401).json({ message: 'Not Authenticated' });
    const row = kept.get(user.email) ?? { nickname: 'Robin', role: 'guest' };
    kept.set(user.email, row);
    if (req.method !== 'GET' && (req.body.role === 'guest' || req.body.role === 'host')) row.role = req.body.role;
    res.json(row);
  });`;
    const verdicts = await verdictsOn([ID], {
      first: chosen,
      pages: { api: ['/api/protected', '/api/me'] },
      more: { browser: 'none' },
    });
    expect(told([ID], verdicts)[ID]).toBe('pass');
  });
  it('gives its member the role that the sources know', async () =>
    expect(await on("'nickname', 'role'")).toBe(
      'fail: Wrote what a member sent by PATCH /api/me into their own record: role.',
    ));
});
