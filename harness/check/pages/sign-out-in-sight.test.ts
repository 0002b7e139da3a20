/** Ways to sign out that are in a page, or come into it later, beside words about them that are none. */
import { afterAll, describe, expect, it } from 'vitest';
import { passed, removeVariants, told, verdictsOn } from '../../../fixtures/verdicts-on-express.ts';
import { hasScripts } from './sign-out-in-sight.ts';

afterAll(removeVariants);

const ID = 'pages/sign-out-in-sight';

/** The verdict on a page of members with such a body and script, and a part of it that is asked for later. */
async function judged(
  body: string,
  script = '',
  { part = '', more = {} }: { part?: string; more?: object } = {},
) {
  const html = `<!doctype html><html lang="en"><title>Post</title>${body}${script && '<script type="module" src="/app.js"></script>'}</html>`;
  return told(
    [ID],
    await verdictsOn([ID], {
      guard: `    if (res.locals.session?.user) return res.send(${JSON.stringify(html)});
    res.redirect('/auth/signin');`,
      first: `  app.get('/app.js', (_req, res) => res.type('js').send(${JSON.stringify(script)}));
  app.get('/part', (_req, res) => setTimeout(() => res.send(${JSON.stringify(part)}), 1500));`,
      more,
    }),
  );
}

const ISLAND =
  "const { text } = await fetch('/part').then(async (r) => ({ text: await r.text() })); document.querySelector('header').innerHTML = text;";
const MENU =
  'const menu = document.querySelector(\'button\'); menu.onclick = () => menu.insertAdjacentHTML(\'afterend\', \'<div role="menu"><a role="menuitem" href="/auth/signout">Sign out</a></div>\');';
const HEADER = '<header>…</header><main>Messages</main>';

describe('a way to sign out', { timeout: 240_000 }, () => {
  it('may come with a part of the page that is sent later', async () =>
    expect(await judged(HEADER, ISLAND, { part: '<a href="/auth/signout">Sign out</a>' })).toEqual(
      passed([ID]),
    ));
  it('may be in a menu that a script draws', async () =>
    expect(await judged('<button aria-haspopup="menu">Ada</button><main>Messages</main>', MENU)).toEqual(
      passed([ID]),
    ));
  it('is no function of a script that nobody can press', async () =>
    expect((await judged(HEADER, 'const signOut = 1;'))[ID]).toBe(
      'warn: Shows no way to sign out at /protected.',
    ));
  it('is none where a later part has none', async () =>
    expect((await judged(HEADER, ISLAND, { part: '<a href="/">Home</a>' }))[ID]).toContain('warn'));
  it('is not looked for without a browser where scripts may draw it', async () =>
    expect((await judged(HEADER, ISLAND, { more: { browser: 'none' } }))[ID]).toContain('not judged'));
});

it.each([
  ['<script src="/a.js"></script>', true],
  ['<script>go()</script>', true],
  ['<script type="application/ld+json">{}</script>', false],
  ['<p>Hello</p>', false],
])('scripts in %s: %s', (html, expected) => expect(hasScripts(html)).toBe(expected));
