/** A list of nick names that everybody reads, in which one member has kept the name that Logto has. */
import { afterAll, describe, expect, it } from 'vitest';
import { judging, removeVariants } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const ID = 'people/in-turn';
const APP = `  const nicks = new Map([['1', 'Rosa'], ['2', 'Karl'], ['3', 'Agnes']]);
  const html = (body) => '<!doctype html><html lang="en"><title>Plots</title><a href="/members">Who gardens here</a><main>' + body + '</main>';
  app.get('/home', async (req, res) => {
    const { user } = (await readSession(req, config, res)) ?? {};
    if (!user) return res.redirect('/auth/signin');
    const kept = /^Ottilie/.test(user.name) && ![...nicks.values()].some((nick) => /^Ottilie/.test(nick));
    if (!nicks.has(user.id)) nicks.set(user.id, kept ? user.name : 'Gardener');
    res.set('cache-control', 'private, no-store').send(html('<h1>' + user.name + '</h1>'));
  });
  app.get('/members', (req, res) => res.send(html('<ul>' + [...nicks.values()].map((nick) => '<li>' + nick + '</li>').join('') + '</ul>')));
`;
const on = judging([ID], APP, { pages: { protected: ['/protected', '/home'] } });

describe('a list of nick names', { timeout: 240_000 }, () => {
  it('is no mix-up for the one who is called as at Logto', async () => {
    expect((await on())[ID]).toBe('pass');
  });
  it('is one where it is the page of whoever was there first', async () => {
    const first =
      "'<ul><li>Plots</li><li>Tools</li><li>' + ([...nicks.values()].find((nick) => /^Ottilie/.test(nick)) ?? 'Log in') + '</li></ul>'";
    const list = "'<ul>' + [...nicks.values()].map((nick) => '<li>' + nick + '</li>').join('') + '</ul>'";
    expect((await on([list, first]))[ID]).toMatch(
      /^fail: Showed a stranger the name of another at \/members/,
    );
  });
});
