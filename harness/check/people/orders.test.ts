/** Pages of things that name their owner and nobody else are no profiles: an order is its buyer's. */
import { afterAll, describe, expect, it } from 'vitest';
import { judging, passed, removeVariants } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const IDS = ['doors/nobody', 'doors/other-member', 'laws/people-apart'];
const ORDERS = `  const orders = new Map();
  const html = (body) => '<!doctype html><html lang="en"><title>Orchard</title><main>' + body + '</main>';
  const me = async (req, res) => { const { user } = (await readSession(req, config, res)) ?? {}; if (user && !orders.has(user.id)) orders.set(user.id, { no: 'QX' + (4000 + orders.size * 17), of: user.id, name: user.name }); res.set('cache-control', 'private, no-store'); return user; };
  app.get('/home', async (req, res) => { const user = await me(req, res); if (!user) return res.redirect('/auth/signin'); res.send(html('<h1>Your orchard</h1><a href="/parcels/' + orders.get(user.id).no + '">Your parcel</a>')); });
  app.get('/parcels/:no', async (req, res) => { const user = await me(req, res); const o = [...orders.values()].find(({ no, of }) => no === req.params.no && of === user?.id); if (!o) return res.status(404).send(html('<h1>No such parcel</h1>')); res.send(html('<h1>Parcel for ' + o.name + '</h1><p>Six pounds of Cox apples and a knife</p>')); });
`;
const on = judging(IDS, ORDERS, { pages: { protected: ['/protected', '/home'] } });

describe('parcels', { timeout: 240_000 }, () => {
  it('are shown to whom they go', async () => {
    expect(await on()).toEqual(passed(IDS));
  });
  it('are no profiles, though each names its owner alone to everybody', async () => {
    const verdicts = await on([' && of === user?.id', '']);
    expect(verdicts['doors/nobody']).toMatch(/^fail: Opened \/parcels\/QX\d+/);
    expect(verdicts['laws/people-apart']).toMatch(/^fail/);
  });
});
