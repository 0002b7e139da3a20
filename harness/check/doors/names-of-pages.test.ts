/** A guard that looks at the cookie first, and a page that looks at the session: whoever is sent away by the page is told its name. */
import { afterAll, describe, expect, it } from 'vitest';
import { passed, removeVariants, told, verdictsOn } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const IDS = ['doors/nobody', 'doors/cookie-any-value', 'doors/cookie-broken'];
const page = (
  beside: string,
) => `    if (!/session-token=/.test(req.headers.cookie ?? '')) return res.redirect('/auth/signin');
    const shell = '<!doctype html><html lang="en"><title>The Library · Plotline</title>';
    if (!res.locals.session?.user) return res.status(307).location('/auth/signin').send(shell${beside});
    res.send(shell + '<h1>Your shelves</h1><p>Shelf 12 004: 381 books are lent to others</p>');`;

describe('a page that sends strangers away after it was begun', { timeout: 240_000 }, () => {
  it('may name itself', async () => {
    expect(told(IDS, await verdictsOn(IDS, { guard: page('') }))).toEqual(passed(IDS));
  });
  it('shows nothing of what is on it', async () => {
    const beside = " + '<p>Shelf 12 004: 381 books are lent to others</p>'";
    const verdicts = await verdictsOn(IDS, { guard: page(beside) });
    expect(verdicts['doors/cookie-any-value']).toEqual(['fail', expect.stringContaining('Shelf 12 004')]);
  });
});
