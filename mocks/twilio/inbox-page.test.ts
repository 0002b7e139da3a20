import { existsSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, chromium, type Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type CarrierLab, SERVICE, startCarrierLab } from './carrier-lab.ts';

let lab: CarrierLab;
beforeAll(async () => {
  lab = await startCarrierLab();
});
afterEach(() => lab.mock.inbox.clear());
afterAll(() => lab.close());
const ANN = '+12015550123';
const BOB = '+14155550100';
const text = (to: string, code: string) =>
  lab.call('/Messages.json', { To: to, MessagingServiceSid: SERVICE, Body: `Your sign-in code is ${code}.` });
const api = (path: string, method = 'GET') => fetch(`${lab.mock.origin}/inbox/api${path}`, { method });

describe('/inbox/api', () => {
  it('lists, searches, shows and deletes', async () => {
    await text(ANN, '111111');
    await text(BOB, '222222');
    expect(await (await api(`/messages?to=${ANN}`)).json()).toMatchObject([
      { code: '111111', template: 'SignIn' },
    ]);
    for (const search of ['222', '415 555', 'SIGN-IN code is 2'])
      expect(await (await api(`/messages?search=${encodeURIComponent(search)}`)).json()).toMatchObject([
        { to: BOB },
      ]);
    const [{ sid }] = await (await api('/messages')).json();
    const shown = await (await api(`/messages/${sid}`)).json();
    expect(shown).toMatchObject({
      priceClass: 'US SMS × 1',
      request: { form: { To: ANN } },
      answer: { status: 201, body: { status: 'accepted' } },
    });
    expect(await (await api(`/messages/${sid}`, 'DELETE')).json()).toEqual({ deleted: 1 });
    expect((await api(`/messages/${sid}`)).status).toBe(404);
    expect(await (await api('/messages', 'DELETE')).json()).toEqual({ deleted: 1 });
    expect(await (await api('/messages')).json()).toEqual([]);
  });
  it('waits for the next code to a number, and says what came instead', async () => {
    const wait = api(`/code?to=${encodeURIComponent(ANN)}`);
    await text(BOB, '222222');
    await text(ANN, '111111');
    expect(await (await wait).json()).toMatchObject({ code: '111111', template: 'SignIn' });
    const late = await api(`/wait?to=${encodeURIComponent('+12015550199')}&waitMs=20`);
    expect(late.status).toBe(408);
    expect((await late.json()).message).toMatch(/what did arrive since then: SignIn to/);
    expect((await api('/wait')).status).toBe(400);
  });
  it('streams what happens', async () => {
    const reader = ((await api('/stream')).body as ReadableStream<Uint8Array>).getReader();
    await text(ANN, '111111');
    let seen = '';
    while (!seen.includes('"status":"delivered"'))
      seen += new TextDecoder().decode((await reader.read()).value);
    await reader.cancel();
    expect(seen).toMatch(/event: message\ndata: .*"code":"111111"/);
  });
});

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/google-chrome', chromium.executablePath()].find(
  (path) => path && existsSync(path),
);
describe.skipIf(!CHROMIUM)('the page in Chromium (skipped where there is none)', () => {
  let engine: Browser;
  beforeAll(async () => {
    engine = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  }, 30_000);
  afterAll(() => engine?.close());
  const problems: string[] = [];
  const open = async (options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> => {
    const context = await engine.newContext({
      permissions: ['clipboard-read', 'clipboard-write'],
      ...options,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(5000);
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(`${lab.mock.origin}/inbox`);
    await page.locator('#live[data-state=live]').waitFor();
    return page;
  };
  const phone = (page: Page, number: string) => page.locator(`[data-number="${number}"]`);
  const faults = async (page: Page) =>
    (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);

  it('says what to do while nothing has arrived, then shows each message at once', async () => {
    const page = await open();
    await page.getByRole('heading', { name: 'No phone has got a message yet' }).waitFor();
    await text(ANN, '111111');
    await page.getByLabel('Code 1 1 1 1 1 1').waitFor();
    await text(BOB, '222222');
    await phone(page, BOB).getByLabel('1 new').waitFor();
    expect(await page.title()).toBe('(1) Inbox');
    await phone(page, BOB).click();
    await page.getByRole('button', { name: 'Copy code 222222' }).click();
    await page.getByText('Copied', { exact: true }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('222222');
    await page.locator('[data-status=delivered]').waitFor();
    await page.getByText('Details').click();
    await page.getByRole('heading', { name: 'Answer 201' }).waitFor();
    expect(await page.locator('.timeline li b').allTextContents()).toEqual([
      'accepted',
      'queued',
      'sending',
      'sent',
      'delivered',
    ]);
    await page.context().close();
  });

  it('works by keyboard: search, arrows, escape', async () => {
    await text(ANN, '111111');
    await text(BOB, '222222');
    const page = await open();
    await phone(page, ANN).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('415');
    await phone(page, ANN).waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await phone(page, ANN).waitFor();
    await phone(page, BOB).focus();
    await page.keyboard.press('ArrowDown');
    expect(await phone(page, ANN).getAttribute('aria-current')).toBe('true');
    expect(await phone(page, ANN).evaluate((node) => node === document.activeElement)).toBe(true);
    await page.context().close();
  });

  it('shows hostile texts as text', async () => {
    const body = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
    await lab.call('/Messages.json', { To: ANN, MessagingServiceSid: SERVICE, Body: body });
    const page = await open();
    expect(await page.locator('.text').textContent()).toBe(body);
    await page.context().close();
  });

  it.each([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['a phone', { viewport: { width: 360, height: 740 } }],
  ] as const)('has no axe violation in %s, empty and full', async (_name, options) => {
    const page = await open({ reducedMotion: 'reduce', ...options });
    expect(await faults(page)).toEqual([]);
    await text(ANN, '111111');
    await phone(page, ANN).click();
    await page.getByText('Details').click();
    await page.getByRole('heading', { name: 'Answer 201' }).waitFor();
    expect(await faults(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await page.context().close();
  });

  it('forgets a deleted thread and comes back to the empty state', async () => {
    await text(ANN, '111111');
    const page = await open();
    await page.getByRole('button', { name: 'Delete thread' }).click();
    await page.getByRole('heading', { name: 'No phone has got a message yet' }).waitFor();
    await page.context().close();
  });

  it('wrote no error to the console, so that nothing broke its content security policy', () => {
    expect(problems).toEqual([]);
  });
});
