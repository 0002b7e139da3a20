import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noChromium, startChromium } from '../fixtures/chromium.ts';
import { forWantOf } from '../fixtures/for-want-of.ts';
import { type Mocks, startMocks } from './index.ts';

describe('the dashboard in Chromium', forWantOf(noChromium), () => {
  let browser: Browser;
  let mocks: Mocks;
  let page: Page;
  beforeAll(async () => {
    browser = await startChromium();
    mocks = await startMocks({
      extendControl: (app) =>
        app.get('/settings', async () => ({ settings: { AUTH_LOGTO_SECRET: 'x'.repeat(200) } })),
    });
    page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
    await page.goto(`${mocks.control.origin}/#${mocks.control.token}`);
    await page.getByRole('list', { name: 'Faults' }).getByRole('checkbox').first().waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await mocks?.close();
  });

  it('arms faults of this browser, whose cookie the issuer reads', async () => {
    await page.getByLabel('Find').fill('id-token/expired');
    await page.getByRole('checkbox', { name: /^id-token\/expired / }).check();
    await page.getByText('Armed: id-token/expired.').waitFor();
    const cookies = await page.context().cookies(mocks.issuer.origin);
    const scope = cookies.find(({ name }) => name === 'conformance_scope')?.value;
    expect(mocks.scopes.armed('id-token', scope)).toEqual(['id-token/expired']);
    await page.getByRole('button', { name: 'Clock + 1 min' }).click();
    await page.getByText('1 min ahead').waitFor();
    await page.getByRole('button', { name: 'Heal the mocks' }).click();
    await page.getByText('Nothing is armed.').waitFor();
    expect(mocks.scopes.armed('id-token', scope)).toEqual([]);
  });
  it('knows after a reload what is armed, and how far the clock is ahead', async () => {
    await page.getByLabel('Find').fill('token/status-500');
    await page.getByRole('checkbox', { name: /^token\/status-500 / }).check();
    await page.getByText('Armed: token/status-500.').waitFor();
    await page.getByRole('button', { name: '+ 10 min' }).click();
    await page.getByText(/1[01] min ahead/).waitFor();
    await page.reload();
    await page.getByText('Armed: token/status-500.').waitFor();
    expect(await page.getByRole('checkbox', { name: /^token\/status-500 / }).isChecked()).toBe(true);
    await page.getByText(/1[01] min ahead/).waitFor();
    await page.getByRole('button', { name: 'Heal the mocks' }).click();
    await page.getByText('Nothing is armed.').waitFor();
    expect(mocks.scopes.all().flatMap(({ faults }) => faults)).toEqual([]);
  });
  it('opens an exclusive scope for faults of discovery', async () => {
    await page.getByLabel('Find').fill('discovery/status-500');
    await page.getByRole('checkbox', { name: /^discovery\/status-500 / }).check();
    await page.getByText('Armed: discovery/status-500.').waitFor();
    expect(mocks.scopes.armed('discovery')).toEqual(['discovery/status-500']);
    await page.getByRole('button', { name: 'Heal the mocks' }).click();
    await page.getByText('Nothing is armed.').waitFor();
  });
  it('says what to do without the token of the run, and keeps it out of the address', async () => {
    expect(page.url()).not.toContain(mocks.control.token);
    const stranger = await (await browser.newContext()).newPage();
    await stranger.goto(mocks.control.origin);
    await stranger.getByRole('button', { name: 'Make up a person' }).click();
    await stranger.getByText(/needs the token of the run/).waitFor();
    await stranger.close();
  });
  it('makes people up', async () => {
    await page.getByLabel('Name').fill('Grace Hopper');
    await page.getByLabel('E-mail').fill('grace.hopper.of.the.navy@people.example');
    await page.getByRole('button', { name: 'Make up a person' }).click();
    await page.getByText(/Sign in with \+1\d+\./).waitFor();
    expect(await page.getByText('Grace Hopper, known to Logto').isVisible()).toBe(true);
  });
  it('shows exchanges as they happen, with headers and bodies on demand', async () => {
    await fetch(`${mocks.issuer.issuer}/.well-known/openid-configuration`);
    const row = page.locator('#journal details').filter({ hasText: 'openid-configuration' }).first();
    await row.locator('summary').click();
    await row.locator('pre').nth(1).waitFor();
    expect(await row.locator('pre').nth(1).textContent()).toContain('token_endpoint');
  });
  it.each([320, 390, 768, 1280])(
    'cuts nothing at %i px, and axe finds nothing',
    { timeout: 120_000 },
    async (width) => {
      await page.setViewportSize({ width, height: 900 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      const env = page.locator('#env');
      expect(await env.evaluate((each) => each.scrollWidth <= each.clientWidth)).toBe(true);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
    },
  );
});
