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

/** Number field beside a country picker, headings that are none, boxes of type number, buttons without a name, and a `div role=button` around the whole dialogue. */
const realPage = (t: { signIn: string; next: string; title: string }, app: string, asksPassword: string) =>
  `<!doctype html>
<div class="title">${t.signIn}</div>
<form id="first"><div role="button" tabindex="0">+1</div><input name="identifier" type="tel">
<button name="submit" type="submit">${t.signIn}</button></form>
<div id="password" hidden><input type="password" name="password"><a href="#" id="by-code" role="button">${asksPassword}</a></div>
<form id="second" hidden>${[0, 1, 2, 3, 4, 5].map((n) => `<input name="passcode_${n}" type="number">`).join('')}
<button type="button" id="again">${t.next}</button><div role="button" tabindex="0">Back</div></form>
<div id="modal" role="dialog" hidden><div role="button" tabindex="0"><div>${t.title}</div><p>No account found for +1 201. Create a new one?</p>
<button type="button" id="no">Cancel</button><button type="button" id="yes">${t.next}</button></div></div>
<script>
const $ = (id) => document.getElementById(id), show = (id) => { for (const e of ['first','password','second','modal']) $(e).hidden = e !== id };
const known = () => document.querySelector('[name=identifier]').value.endsWith('0101');
$('first').onsubmit = (e) => { e.preventDefault(); show(${asksPassword ? "'password'" : "'second'"}) };
$('by-code').onclick = (e) => { e.preventDefault(); show('second') };
$('modal').firstElementChild.onclick = () => {};
$('second').oninput = () => { const code = [...document.querySelectorAll('#second input')].map((e) => e.value).join('');
  if (code.length === 6) { if (code !== '123456') return; setTimeout(() => { if (known()) location.href = ${JSON.stringify('APP')}; else $('modal').hidden = false }, 300) } };
$('again').onclick = () => { document.body.textContent = 'The code was sent twice.' };
$('no').onclick = () => { document.title = 'cancelled' };
$('yes').onclick = (e) => { e.stopPropagation(); location.href = ${JSON.stringify('APP')} };
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
            title: read('description.reminder'),
          },
          `${origin(app)}/callback`,
          url.searchParams.has('password') ? read('action.sign_in_via_passcode') : '',
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

  it.each(['en', 'de', 'ja', 'ar'])(
    'presses what makes an account, and nothing around it (%s)',
    async (lang) => {
      expect(await pass(`lang=${lang}`, '+12015550199')).toBe(`${origin(app)}/callback`);
    },
    60_000,
  );

  it('takes the code where the page asks for a password first', async () => {
    expect(await pass('lang=en&password', '+12015550101')).toBe(`${origin(app)}/callback`);
  }, 60_000);
});

it.each(PAGE_LANGUAGES)('knows the controls of the page in %s', (language) => {
  const texts = pageTexts(language) as Record<string, unknown>;
  const read = (key: string) =>
    texts[key] ??
    key.split('.').reduce<unknown>((node, part) => (node as Record<string, unknown>)?.[part], texts);
  expect(String(read('action.continue'))).toMatch(nameOf('agree'));
  expect(String(read('action.sign_in'))).toMatch(nameOf('onward'));
  expect(`${read('description.reminder')} ${read('action.cancel')} ${read('action.continue')}`).not.toMatch(
    nameOf('agree'),
  );
});
