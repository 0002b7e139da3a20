import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { noChromium, startChromium } from '../../fixtures/chromium.ts';
import { forWantOf } from '../../fixtures/for-want-of.ts';
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

describe('the page in Chromium', forWantOf(noChromium), () => {
  let engine: Browser;
  beforeAll(async () => {
    engine = await startChromium();
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

  it('copies the latest code by key, grouped or not, and tells so', async () => {
    await lab.call('/Messages.json', {
      To: ANN,
      MessagingServiceSid: SERVICE,
      Body: 'Your sign-in code is 482 913.',
    });
    const page = await open();
    expect(await page.locator('.text b').textContent()).toBe('482 913');
    await page.keyboard.press('c');
    await page.getByText('Code copied').first().waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('482913');
    await page.context().close();
  });

  it('shows what was refused and what was never delivered, with code and reason, live', async () => {
    const page = await open();
    await text('+15002161000', '111111');
    const refused = page.locator('.failed');
    await refused.getByText('Refused by the carrier').waitFor();
    expect(await refused.locator('.error-code').textContent()).toBe('21610');
    expect(await refused.locator('.reason').textContent()).toContain(
      'Attempt to send to unsubscribed recipient',
    );
    expect(await refused.getByRole('link', { name: 'About 21610' }).getAttribute('href')).toBe(
      'https://www.twilio.com/docs/errors/21610',
    );
    await refused.getByText('Details').click();
    await page.getByRole('heading', { name: 'Answer 400' }).waitFor();
    await text('+15003000300', '222222');
    await phone(page, '+15003000300').click();
    await page.getByText('Taken, but never delivered').waitFor();
    await lab.call('/Messages.json', { MessagingServiceSid: SERVICE, Body: 'x' });
    await phone(page, 'No number').click();
    await page.getByText("A 'To' phone number is required.").last().waitFor();
    await page.getByRole('button', { name: 'Delete thread' }).click();
    await phone(page, 'No number').waitFor({ state: 'detached' });
    await page.reload();
    await phone(page, '+15002161000').waitFor();
    expect(await page.locator('.phone').count()).toBe(2);
    await page.context().close();
  });

  it('names both templates when a text fits two, and what Logto had asked for', async () => {
    const page = await open();
    const message = {
      from: null,
      body: 'Code 1234',
      code: '1234',
      segments: 1,
      encoding: 'GSM-7' as const,
      at: new Date().toISOString(),
      scope: null,
      status: 'accepted',
    };
    const both = { template: null, templates: ['SignIn', 'BindMfa'], usageType: null };
    lab.mock.inbox.add({ ...message, ...both, sid: 'SM1', to: ANN });
    await page.getByText('Sign-in or Add second factor').waitFor();
    const asked = { template: 'Generic', templates: ['Generic'], usageType: 'MfaVerification' };
    lab.mock.inbox.add({ ...message, ...asked, sid: 'SM2', to: ANN });
    await page.getByText('Second factor (Generic text)').waitFor();
    await page.context().close();
  });

  it('takes a search of its help before the list is there', async () => {
    let release = () => {};
    const typed = new Promise<void>((resolve) => {
      release = resolve;
    });
    const other = await engine.newPage();
    const errors: string[] = [];
    other.on('pageerror', ({ message }) => errors.push(message));
    await other.route('**/inbox/api/errors', async (route) => {
      await typed;
      await route.continue();
    });
    await other.goto(`${lab.mock.origin}/inbox#help`);
    await other.getByRole('searchbox', { name: 'Search errors' }).fill('unsubscribed');
    release();
    await other.getByRole('button', { name: '+15002161000, copy' }).waitFor();
    expect(errors).toEqual([]);
    await other.close();
  });

  it('lists in its help each number that causes an error', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'a number that causes an error' }).click();
    const help = page.getByRole('dialog', { name: 'Help' });
    await help.getByText('This scheme is ours').waitFor();
    await help.getByRole('searchbox', { name: 'Search errors' }).fill('unsubscribed');
    await help.getByRole('button', { name: '+15002161000, copy' }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('+15002161000');
    expect(await help.getByText("Twilio's magic number, as To").count()).toBe(1);
    expect(await faults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'hidden' });
    await page.keyboard.press('?');
    await help.waitFor();
    await page.goto('about:blank');
    await page.goto(`${lab.mock.origin}/inbox#help`);
    await help.waitFor();
    await page.context().close();
  });

  it('leaves whoever reads further up where they are when a message arrives', async () => {
    for (let n = 0; n < 12; n++) await text(ANN, String(100_000 + n));
    const page = await open();
    const top = () => page.locator('#scroller').evaluate((node) => node.scrollTop);
    await page.getByLabel('Code 1 0 0 0 1 1').waitFor();
    expect(await top()).toBeGreaterThan(0);
    await page.locator('#scroller').evaluate((node) => node.scrollTo({ top: 0 }));
    await page.locator('details summary').first().focus();
    await text(ANN, '200000');
    await page.getByLabel('Code 2 0 0 0 0 0').waitFor({ state: 'attached' });
    expect(await top()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('SUMMARY');
    await page.context().close();
  });

  it('keeps up with 600 messages to 300 phones', async () => {
    const page = await open();
    const add = (n: number) =>
      lab.mock.inbox.add({
        sid: `SM${n}`,
        to: `+1415555${String(n % 300).padStart(4, '0')}`,
        from: null,
        body: `Your sign-in code is ${100_000 + n}.`,
        code: String(100_000 + n),
        template: 'SignIn',
        templates: ['SignIn'],
        usageType: null,
        segments: 1,
        encoding: 'GSM-7',
        at: new Date().toISOString(),
        scope: null,
        status: 'accepted',
      });
    for (let n = 0; n < 600; n++) add(n);
    await page.locator('[data-number="+14155550299"] .last-code', { hasText: '100599' }).waitFor();
    expect(await page.locator('.phone').count()).toBe(300);
    expect(await page.locator('.phone strong').first().textContent()).toBe('+1 415 555 0299');
    await page.context().close();
  });

  it('shows both copies of a message that came twice', async () => {
    const page = await open();
    const scope = await lab.scopes.open();
    lab.scopes.bind('phone', BOB, scope.id);
    lab.scopes.arm(scope.id, ['delivery/twice']);
    await text(BOB, '111111');
    lab.scopes.close(scope.id);
    await page.getByText('copy 2').waitFor();
    expect(await page.getByLabel('Code 1 1 1 1 1 1').count()).toBe(2);
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
    await lab.call('/Messages.json', { To: ANN, MessagingServiceSid: 'MG1', Body: 'x' });
    await text(ANN, '111111');
    await phone(page, ANN).click();
    await page.getByLabel('Code 1 1 1 1 1 1').waitFor();
    await page.getByText('Details').last().click();
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
