/** Doors that are found where the config names none. */
import { afterAll, expect, it } from 'vitest';
import { passed, removeVariants, told, verdictsOn } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const IDS = ['doors/id-token-as-bearer', 'sign-out/protected-closed', 'session/protected-not-shared'];
const API = 'session/protected-api';
/** Each member has an order of their own, which a page of theirs leads to. */
const ORDERS = `  const orders = new Map();
  const orderOf = ({ email, name }) => {
    const key = email ?? name;
    if (!orders.has(key)) orders.set(key, 5100 + orders.size * 7);
    return orders.get(key);
  };
  app.get('/orders', async (req, res) => {
    const { user } = (await readSession(req, config, res)) ?? {};
    if (!user) return res.redirect('/auth/signin');
    res.send('<!doctype html><h1>Orders</h1><a href="/api/orders/' + orderOf(user) + '">Order ' + orderOf(user) + '</a>');
  });
  app.get('/api/orders/:id', async (req, res) => {
    const { user } = (await readSession(req, config, res)) ?? {};
    if (!user) return res.status(401).json({ message: 'Not Authenticated' });
    if (orderOf(user) !== Number(req.params.id)) return res.status(404).json({ message: 'No such order' });
    res.json({ order: orderOf(user), of: user.name });
  });`;

it('are those of every member, and not what one of them has', { timeout: 120_000 }, async () => {
  const own = await verdictsOn([...IDS, API], { first: ORDERS, pages: { protected: [], api: [] } });
  expect(told(IDS, own)).toEqual(passed(IDS));
  expect(told([API], own)[API]).toMatch(/write pages: \{ api: \['\/api\/protected'\] \}/);
});
