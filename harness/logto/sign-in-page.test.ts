/** The driver on a page that is built as the real one is (facts of a real Logto 1.42, measured beside the mock). */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noChromium, startChromium } from '../../fixtures/chromium.ts';
import { forWantOf } from '../../fixtures/for-want-of.ts';
import { PAGE_LANGUAGES, pageTexts } from '../../mocks/logto/phrases.ts';
import { nameOf } from './page-texts.ts';
import { passSignInPage } from './sign-in-page.ts';

interface Texts {
  signIn: string;
  next: string;
  agree: string;
  cancel: string;
  title: string;
  byCode: string;
  authorize: string;
}

/**
 * Number field beside a country picker, headings that are none, boxes of type number, buttons without a name, a `div
 * role=button` around each whole dialogue, and links without an address (packages/experience of Logto 1.42: SmartInputField,
 * VerificationCode, AcModal, TextLink).
 *
 * @param asks what the tenant asks for beside the code: `password` first; `terms` before the code is sent
 *   (agreeToTermsPolicy Manual); `terms-at-registration`, of whoever is new; `consent` at the end
 */
const realPage = (t: Texts, app: string, asks: ReadonlySet<string>) =>
  `<!doctype html>
<div class="title">${t.signIn}</div>
<form id="first"><div role="button" tabindex="0"><span>+1</span></div><input name="identifier" type="tel">
<div role="radio" aria-checked="false" tabindex="0" ${asks.has('terms') ? '' : 'hidden'}><span>I have read and agree to the</span> <a href="https://terms.example" target="_blank">Terms</a></div>
<button name="submit" type="submit"><span><span></span>${t.signIn}</span></button><input hidden type="submit"></form>
<div id="password" hidden><input type="password" name="password"><button name="submit" type="submit">${t.next}</button>
<a class="link" id="by-code" rel="noopener"><svg></svg>${t.byCode}</a></div>
<form id="second" hidden>${[0, 1, 2, 3, 4, 5].map((n) => `<input name="passcode_${n}" data-id="${n}" type="number" autocomplete="off">`).join('')}
<button type="button" id="again">${t.next}</button><div role="button" tabindex="0">Back</div></form>
<div id="consent" hidden><button type="button">${t.cancel}</button><button type="button" id="authorize">${t.authorize}</button></div>
<div id="modals"></div>
<script>
const $ = (id) => document.getElementById(id), show = (id) => { for (const e of ['first','password','second','consent']) $(e).hidden = e !== id };
const known = () => document.querySelector('[name=identifier]').value.endsWith('0101');
const asks = ${JSON.stringify([...asks])};
// The next dialogue is drawn together with the end of the one before.
const modal = (text, yes) => new Promise((resolve) => {
  const box = document.createElement('div');
  box.innerHTML = '<div role="dialog"><div role="button" tabindex="0"><div>${t.title}<button type="button"><svg></svg></button></div><p>' + text
    + '</p><button type="button">${t.cancel}</button><button type="button">' + yes + '</button></div></div>';
  const [, no, agree] = box.querySelectorAll('button');
  no.onclick = () => { document.title = 'cancelled'; box.remove() };
  agree.onclick = (e) => { e.stopPropagation(); resolve(); Promise.resolve().then(() => Promise.resolve()).then(() => box.remove()) };
  $('modals').append(box);
});
$('first').onsubmit = async (e) => { e.preventDefault();
  if (asks.includes('terms')) await modal('By continuing you agree to the terms.', '${t.agree}');
  show(asks.includes('password') ? 'password' : 'second') };
$('by-code').onclick = (e) => { e.preventDefault(); show('second') };
const leave = () => { if (asks.includes('consent')) show('consent'); else location.href = 'APP' };
$('second').oninput = () => { const code = [...document.querySelectorAll('#second input')].map((e) => e.value).join('');
  if (code !== '123456') return; setTimeout(async () => { if (known()) return leave();
    await modal('No account found for +1 201. Create a new one?', '${t.next}');
    if (asks.includes('terms-at-registration')) await modal('By continuing you agree to the terms.', '${t.agree}');
    leave() }, 300) };
$('again').onclick = () => { document.body.textContent = 'The code was sent twice.' };
$('authorize').onclick = () => { location.href = 'APP' };
</script>`.replaceAll('APP', app);

describe('in Chromium', forWantOf(noChromium), () => {
  let engine: Browser;
  let issuer: Server;
  const app = createServer((_request, response) => response.end('<h1>app</h1>'));
  const origin = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  beforeAll(async () => {
    await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
    issuer = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://x');
      const texts = pageTexts(url.searchParams.get('lang') as 'en') as Record<string, never>;
      const read = (key: string): string =>
        key
          .split('.')
          .reduce<never>(
            (node, part) => node?.[part],
            (texts[key] ? { [key]: texts[key] } : texts) as never,
          ) ?? texts[key];
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(
        realPage(
          {
            signIn: read('action.sign_in'),
            next: read('action.continue'),
            agree: read('action.agree'),
            cancel: read('action.cancel'),
            title: read('description.reminder'),
            byCode: read('action.sign_in_via_passcode'),
            authorize: read('action.authorize'),
          },
          `${origin(app)}/callback`,
          new Set(url.searchParams.getAll('asks')),
        ),
      );
    });
    await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
    engine = await startChromium();
  }, 60_000);
  afterAll(async () => {
    await engine?.close();
    for (const server of [app, issuer]) {
      server.closeAllConnections();
      server.close();
    }
  });

  const pass = async (query: string, phone: string) => {
    const page = await engine.newPage();
    await page.goto(`${origin(issuer)}/sign-in?${query}`);
    await passSignInPage({ page, phone, readCode: async () => '123456' });
    const url = page.url();
    await page.close();
    return url;
  };

  it('signs a known person in', async () => {
    expect(await pass('lang=en', '+12015550101')).toBe(`${origin(app)}/callback`);
  }, 60_000);

  it.each(PAGE_LANGUAGES)(
    'presses what makes an account, and nothing around it (%s)',
    async (lang) => {
      expect(await pass(`lang=${lang}`, '+12015550199')).toBe(`${origin(app)}/callback`);
    },
    60_000,
  );

  it.each([
    ['en', 'a password first', 'asks=password', '+12015550101'],
    ['ko', 'a password first', 'asks=password', '+12015550101'],
    ['en', 'to agree to its terms before the code', 'asks=terms', '+12015550101'],
    ['fr', 'to agree to its terms before the code', 'asks=terms', '+12015550199'],
    ['en', 'for its terms and a password', 'asks=terms&asks=password', '+12015550101'],
    ['en', 'for its terms when somebody is new', 'asks=terms-at-registration', '+12015550199'],
    ['pt-BR', 'for its terms when somebody is new', 'asks=terms-at-registration', '+12015550199'],
    ['en', 'for consent to an application of others', 'asks=consent', '+12015550199'],
  ])(
    'in %s, passes a page that asks %s (%s)',
    async (lang, _what, query, phone) => {
      expect(await pass(`lang=${lang}&${query}`, phone)).toBe(`${origin(app)}/callback`);
    },
    60_000,
  );
});

it.each(PAGE_LANGUAGES)('knows the controls of the page in %s', (language) => {
  const texts = pageTexts(language) as Record<string, unknown>;
  const read = (key: string) =>
    texts[key] ??
    key.split('.').reduce<unknown>((node, part) => (node as Record<string, unknown>)?.[part], texts);
  expect(String(read('action.continue'))).toMatch(nameOf('agree'));
  expect(String(read('action.agree'))).toMatch(nameOf('agree'));
  expect(String(read('action.sign_in'))).toMatch(nameOf('onward'));
  expect(String(read('action.sign_in_via_passcode'))).toMatch(nameOf('byCode'));
  expect(String(read('action.authorize'))).toMatch(nameOf('authorize'));
  expect(`${read('description.reminder')} ${read('action.cancel')} ${read('action.continue')}`).not.toMatch(
    nameOf('agree'),
  );
});
