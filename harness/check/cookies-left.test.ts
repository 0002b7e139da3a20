/** Sign-outs of the app's own, from a session that fills several cookies. */
import { afterAll, describe, expect, it } from 'vitest';
import { passed, removeVariants, told, verdictsOn } from '../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const ID = 'sign-out/cookie-cleared';

/** The verdict on an app that signs out by a route of its own, to which its page leads so. */
const judged = async (control: string, names: string) =>
  told(
    [ID],
    await verdictsOn([ID], {
      first: `  app.get('/', (_req, res) => res.send(${JSON.stringify(`<!doctype html><html lang="en"><title>Home</title><a href="/auth/signin">Sign in</a>${control}</html>`)}));
  app.post('/leave', (req, res) => {
    const names = (req.headers.cookie ?? '').split('; ').map((each) => each.split('=')[0]);
    for (const name of names.filter((name) => ${names})) res.clearCookie(name);
    res.redirect(303, '/');
  });`,
    }),
  );

const FORM = '<form method="post" action="/leave"><button>Sign out</button></form>';
const SCRIPT =
  "<button onclick=\"fetch('/leave', { method: 'POST' }).then(() => location.reload())\">Sign out</button>";
const ALL = "name.startsWith('authjs.session-token')";
const PLAIN = "name === 'authjs.session-token'";

describe('a sign-out of the app itself', { timeout: 240_000 }, () => {
  it.each([
    ['a form', FORM],
    ['a script', SCRIPT],
  ])('by %s takes all parts of the session', async (_what, control) =>
    expect(await judged(control, ALL)).toEqual(passed([ID])),
  );
  it.each([
    ['a form', FORM],
    ['a script', SCRIPT],
  ])('by %s that knows the plain name alone leaves them', async (_what, control) =>
    expect((await judged(control, PLAIN))[ID]).toMatch(
      /^fail: Left authjs\.session-token\.0, authjs\.session-token\.1.* in the browser after its own sign-out/,
    ),
  );
});
