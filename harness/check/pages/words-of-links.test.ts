import { afterAll, describe, expect, it } from 'vitest';
import { removeVariants, told, verdictsOn } from '../../../fixtures/verdicts-on-express.ts';
import { SAYS, saidIn, sentenceFor } from './words-of-links.ts';

afterAll(removeVariants);

describe('a sentence on a page', () => {
  const sentence = sentenceFor(0);
  const sent = { error: sentence, message: sentenceFor(1) };

  it.each([
    ['as text', `<p role="alert">${sentence}</p>`],
    ['in parts, and in capitals', `<p>Error: <!-- -->${sentence.toUpperCase().replace(' ', '\n  ')}</p>`],
    ['in a part that React streams', `<div hidden id="S:0"><b>${sentence}</b></div>`],
    ['at a button', `<button>${sentence}</button>`],
  ])('is said %s', (_, html) => expect(saidIn(html, sent)).toBe('error'));

  it.each([
    ['in an attribute', `<p title="${sentence}" data-x="${sentence}"></p>`],
    ['in a field', `<input value="${sentence}"><textarea>${sentence}</textarea>`],
    ['in a link', `<a href="/help?message=${encodeURIComponent(sentence)}">Help</a>`],
    ['in data for scripts', `<script>self.__next_f.push(["${sentence}"])</script>`],
    ['where nobody sees it', `<p hidden>${sentence}</p><p style="display: none">${sentence}</p>`],
    ['as a part of an address', `<code>/login?error=${sentence}&amp;x=1</code>`],
    ['in part', `<p>${sentence.slice(0, 20)}…</p>`],
  ])('is not said %s', (_, html) => expect(saidIn(html, sent)).toBeUndefined());

  it('names its parameter', () => {
    expect(saidIn(`<p>${sentenceFor(1)}</p>`, sent)).toBe('message');
    expect(new Set(SAYS.map((_, index) => sentenceFor(index))).size).toBe(SAYS.length);
  });
});

// https://github.com/nextauthjs/next-auth/security/advisories/GHSA-pgjx-7f9g-9463
describe('a page around the sign-in', { timeout: 240_000 }, () => {
  const ID = 'pages/words-of-links';
  const verdictOf = async (shown: string, options = "pages: { signIn: '/login', error: '/oops' }") =>
    told(
      [ID],
      await verdictsOn([ID], {
        options,
        first: `  const safe = (text) => String(text ?? '').replace(/[&<>"]/g, (sign) => '&#' + sign.charCodeAt(0) + ';');
  const TEXTS = { AccessDenied: 'You are not invited.', access_denied: 'You said no.' };
  app.get(['/login', '/oops'], (req, res) => res.send('<!doctype html><h1>Sign in</h1>' + ${shown}));`,
      }),
    )[ID];

  it('of Auth.js says words of its own', async () => expect(await verdictOf("''", '')).toBe('pass'));

  it('says what the link says', async () =>
    expect(await verdictOf("safe(req.path === '/login' && req.query.message)")).toMatch(
      /^warn: Said at \/login what a link says in its parameter message: "Ring Mister/,
    ));

  it('says it where it knows the error', async () =>
    expect(
      await verdictOf(
        "(req.path === '/oops' && TEXTS[req.query.error] ? safe(req.query.error_description) : '')",
      ),
    ).toMatch(/^warn: Said at \/oops .* parameter error_description/));

  it('says whatever the error is', async () =>
    expect(await verdictOf("'Error: ' + safe(req.query.error)")).toMatch(/^warn: .* parameter error:/));

  it('may repeat a code of one word, and has texts for others', async () =>
    expect(
      await verdictOf(
        "'<p>' + (TEXTS[req.query.error] ?? (/^\\w{1,40}$/.test(req.query.error) ? 'Error: ' + req.query.error : 'Try again')) + '</p>'",
      ),
    ).toBe('pass'));

  it('may keep it for a link, or a field', async () =>
    expect(
      await verdictOf(
        "'<a href=\"/help?message=' + encodeURIComponent(req.query.message ?? '') + '\">Help</a><input name=\"note\" value=\"' + safe(req.query.message) + '\">'",
      ),
    ).toBe('pass'));
});
