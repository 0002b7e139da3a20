/** Sessions that say more than who somebody is: what else they say is another thing once `pages.onboarding` was sent. */
import { afterAll, expect, it } from 'vitest';
import { passed, removeVariants, told, verdictsOn } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const IDS = ['experience/configured', 'session/survives-reload'];

/** @param shown members of the user in the session; `done` says whether they have filled in what was asked */
const judged = async (shown: string) =>
  told(
    IDS,
    await verdictsOn(IDS, {
      first: `  globalThis.__done ??= new Set();
  app.post('/welcome', express.urlencoded({ extended: false }), async (req, res) => {
    const { user } = (await readSession(req, config, res)) ?? {};
    if (!user) return res.status(401).end();
    globalThis.__done.add(user.sub);
    res.redirect(303, '/');
  });
  app.get('/welcome', (req, res) => res.send('<!doctype html><html lang="en"><h1>Welcome</h1></html>'));`,
      options: `callbacks: {
        jwt: ({ token, profile }) => ({ ...token, sub: profile?.sub ?? token.sub }),
        session: ({ session, token }) => {
          const done = Boolean(globalThis.__done?.has(token.sub));
          return { ...session, user: { ...session.user, sub: token.sub, ${shown} } };
        },
      }`,
      pages: { onboarding: [{ path: '/welcome', fields: { nickname: 'Grace', terms: 'on' } }] },
      more: { browser: 'none' },
    }),
  );

it('say that the terms were taken, by what name, and what is open since', { timeout: 240_000 }, async () => {
  const shown = "onboarded: done, nickname: done ? 'Grace' : null, plan: done ? 'trial' : 'none'";
  expect(await judged(shown)).toEqual(passed(IDS));
});

it('do not say that somebody else is there since', { timeout: 240_000 }, async () => {
  const verdicts = await judged("onboarded: done, id: done ? 'member-of-' + token.sub : 'newcomer'");
  expect(verdicts['experience/configured']).toContain('fail: Shows another person than at first (user.id)');
  expect(verdicts['session/survives-reload']).toContain('fail: Shows another user.id at the next request');
});
