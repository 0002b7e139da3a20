/** Pages and APIs that are for members with an e-mail address: who signs in by phone may have none. */
import { afterAll, expect, it } from 'vitest';
import { passed, removeVariants, told, verdictsOn } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const IDS = ['session/protected-page', 'session/protected-api', 'doors/id-token-as-bearer'];
const BILLING = `  app.get(['/billing', '/api/billing'], async (req, res) => {
    const session = await readSession(req, config, res);
    if (!session?.user) return req.path === '/billing' ? res.redirect('/auth/signin') : res.status(401).end();
    if (!session.user.email) return res.status(403).send('<!doctype html><title>No</title><p>Add an address first.</p>');
    if (req.path === '/billing') return res.send('<!doctype html><title>Billing</title><p>Plan: free</p>');
    res.json({ plan: 'free', seats: 3 });
  });`;

it('are judged by somebody who has one', { timeout: 180_000 }, async () => {
  const pages = { protected: ['/billing'], api: ['/api/billing'] };
  expect(told(IDS, await verdictsOn(IDS, { first: BILLING, pages }))).toEqual(passed(IDS));
});
