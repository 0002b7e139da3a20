import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noChromium, startChromium } from '../fixtures/chromium.ts';
import { forWantOf } from '../fixtures/for-want-of.ts';
import { sampleChecks, sampleReport } from '../fixtures/reports/sample.ts';
import { buildReport, emptyReport } from './build.ts';
import { htmlReport } from './html/index.ts';
import { escapeHtml } from './html/tag.ts';
import { shippedLedger } from './ledger.ts';
import type { CheckResult, Report } from './model.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'conformance-html-'));
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
/** Written as it is mailed: one file, opened from the disk. */
function write(report: Report, name: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, htmlReport(report, { outputFolder: folder }));
  return pathToFileURL(file).href;
}

const EVIL = `</script><script>globalThis.hacked=1</script><img src=x onerror="globalThis.hacked=1">"'>&amp;<!--`;
const hostile = (): Report => {
  const [first] = sampleChecks().filter(({ exchanges }) => exchanges.length > 10);
  if (!first) throw new Error('the sample has no negative check');
  return buildReport({
    facts: {
      target: {
        name: EVIL,
        origin: `javascript:${EVIL}`,
        library: EVIL,
        framework: EVIL,
        provider: EVIL,
        versions: { [EVIL]: EVIL },
        features: [EVIL],
      },
      clauses: { evil: { label: EVIL, url: 'javascript:globalThis.hacked=1' } },
      findings: [{ code: EVIL, what: EVIL, expected: EVIL, remedy: EVIL }],
      usage: [
        {
          feature: EVIL,
          seen: 'yes',
          claimed: 'no',
          judged: true,
          note: EVIL,
          finding: { code: EVIL, what: EVIL, expected: EVIL, remedy: EVIL },
        },
      ],
      loosened: [{ key: EVIL, what: EVIL }],
      targetLog: [EVIL],
    },
    checks: [
      {
        ...first,
        id: `evil/${EVIL}`,
        suite: EVIL,
        title: EVIL,
        clauses: ['evil'],
        appMust: EVIL,
        otherwise: EVIL,
        fix: EVIL,
        verdict: 'fail',
        message: EVIL,
        detail: EVIL,
        log: [EVIL],
        rerun: EVIL,
        steps: [{ name: EVIL, outcome: EVIL, ok: false, from: 1, to: 99 }],
        attachments: [
          { name: EVIL, contentType: 'image/png', path: '../../../../etc/passwd' },
          { name: EVIL, contentType: 'text/html', path: `javascript:${EVIL}` },
        ],
        exchanges: first.exchanges.map((exchange) => ({
          ...exchange,
          method: EVIL,
          url: `http://x/${EVIL}`,
          faults: [EVIL],
          request: { headers: { [EVIL]: EVIL }, body: EVIL },
          response: { headers: {}, body: EVIL },
        })),
      },
    ],
  });
};

describe('the HTML report as a file', () => {
  const text = htmlReport(sampleReport(), { outputFolder: folder });
  it('holds 150 checks with their traffic in less than 3 MB', () =>
    expect(Buffer.byteLength(text)).toBeLessThan(3_000_000));
  it('asks the network for nothing', () => {
    expect(text).not.toMatch(/<(?:link|iframe|object|embed)\b|\bsrc="(?!data:)|@import|url\(/i);
    expect(/http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(text)?.[1]).toMatch(
      /^default-src &#39;none&#39;; img-src data:; /,
    );
  });
  it('names no link but to clauses, to the sources of duties and to itself', () => {
    const sources = shippedLedger().map(({ url }) => url);
    const links = [...text.matchAll(/href="([^"]+)"/g)].map(([, href]) => href as string);
    expect(
      links.filter((href) => !/^(?:#|https:\/\/example\.test\/)/.test(href) && !sources.includes(href)),
    ).toEqual([]);
  });
  it('tells what was seen, claimed and judged, and what the config loosens', () => {
    expect(text).toContain('<h2>Seen, claimed, judged</h2>');
    expect(text).toMatch(/<th scope="row">state<\/th><td>yes<\/td><td>no<\/td><td>yes<\/td>/);
    expect(text).toContain('CONF_CLAIM_UNSEEN');
    expect(text).toMatch(/Loosened by your config[\s\S]*2 entries accept failures/);
  });
  it('puts small pictures into the file and leaves big ones beside it', () => {
    mkdirSync(path.join(folder, 'attachments'), { recursive: true });
    writeFileSync(path.join(folder, 'attachments', 'small.png'), pixel);
    writeFileSync(path.join(folder, 'attachments', 'big.png'), Buffer.alloc(400_000));
    const [check] = sampleChecks();
    if (!check) throw new Error('the sample is empty');
    const page = htmlReport(
      buildReport({
        checks: [
          {
            ...check,
            attachments: ['small', 'big'].map((name) => ({
              name,
              contentType: 'image/png',
              path: `attachments/${name}.png`,
            })),
          },
        ],
      }),
      { outputFolder: folder },
    );
    expect(page).toContain(`src="data:image/png;base64,${pixel.toString('base64')}"`);
    expect(page).toContain('href="./attachments/big.png"');
  });
  it('escapes what could end a tag or an attribute', () =>
    expect(escapeHtml(`<a b="c" d='e'>&`)).toBe('&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;'));
});

describe('the HTML report in Chromium', forWantOf(noChromium), () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let errors: string[];
  const sample = write(sampleReport(), 'report.html');
  const phone = { width: 390, height: 844 };
  const check = (id: string) => page.locator(`details.check[id="${id}"]`);
  const shown = () => page.locator('.shown').textContent();

  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    context = await browser.newContext({ offline: true, viewport: { width: 1280, height: 900 } });
    page = await context.newPage();
    errors = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  });
  afterEach(async () => {
    await context.close();
    expect(errors).toEqual([]);
  });

  it('opens in under a second', async () => {
    await page.goto(sample);
    const { load, painted } = await page.evaluate(() => {
      const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
      return {
        load: navigation?.loadEventEnd ?? 0,
        painted: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
      };
    });
    expect(statSync(path.join(folder, 'report.html')).size).toBeGreaterThan(100_000);
    expect(Math.max(load, painted)).toBeLessThan(1_000);
  });
  it('opens the check that a link names, also when a filter hides it', async () => {
    await page.goto(`${sample}#id-token/aud-other-client`);
    expect(await check('id-token/aud-other-client').getAttribute('open')).not.toBeNull();
    await page.waitForFunction(
      () => document.activeElement?.parentElement?.id === 'id-token/aud-other-client',
    );
    await page.getByLabel('Text').fill('session/phone');
    expect(await shown()).toBe('1 of 150 checks');
    await page.evaluate(() => {
      location.hash = '#sign-out/csrf';
    });
    await check('sign-out/csrf').locator('.body').waitFor({ state: 'visible' });
    expect(await shown()).toBe('150 of 150 checks');
  });
  it('filters by verdict, level, severity and text, and says how many are left', async () => {
    await page.goto(sample);
    await page.getByRole('checkbox', { name: /^warn/ }).check();
    expect(await shown()).toBe('3 of 150 checks');
    await page.getByLabel('Severity').selectOption('minor');
    expect(await shown()).toBe('1 of 150 checks');
    await page.getByLabel('Text').fill('nothing has this');
    expect(await page.getByText('No check fits these filters.').isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Clear them' }).click();
    expect(await shown()).toBe('150 of 150 checks');
    await page.getByRole('list', { name: 'Checks by verdict' }).getByRole('link', { name: /fail/ }).click();
    expect(await shown()).toBe('3 of 150 checks');
  });
  it('draws the exchange on four lanes, marks the fault at the message it changed, and shows headers and bodies on demand', async () => {
    await page.goto(`${sample}#id-token/aud-other-client`);
    const box = check('id-token/aud-other-client');
    await box.getByRole('button', { name: 'Show the time line (30 messages)' }).click();
    const line = box.getByRole('group', { name: 'Time line of id-token/aud-other-client' });
    await line.waitFor();
    expect(await line.locator('.seq-head span').allTextContents()).toEqual([
      'Browser',
      'App',
      'Logto',
      'Twilio',
    ]);
    expect(await line.locator('.seq-step b').allTextContents()).toEqual(['control', 'fault', 'recovery']);
    expect(await line.locator('.fault-mark').allTextContents()).toEqual([
      '⚡ fault: id-token/aud-other-client',
    ]);
    const struck = line.locator('.faulty');
    expect(await struck.locator('summary').textContent()).toContain('App to Logto: POST /oidc/token');
    expect(await struck.locator('pre').count()).toBe(0);
    await struck.locator('summary').click();
    await struck.locator('pre').nth(1).waitFor();
    expect(await struck.locator('pre').allTextContents()).toEqual([
      expect.stringContaining('grant_type=authorization_code'),
      expect.stringContaining('"token_type": "Bearer"'),
    ]);
  });
  it('is used by keyboard alone', async () => {
    await page.goto(sample);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the checks');
    await page.keyboard.press('Enter');
    await page.keyboard.press('/');
    await page.keyboard.type('sign-out/');
    expect(await shown()).toBe('12 of 150 checks');
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    // What failed comes first.
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => location.hash === '#sign-out/csrf');
  });
  it('works where JavaScript does not: every check can be read', async () => {
    const plain = await browser.newContext({ javaScriptEnabled: false });
    const bare = await plain.newPage();
    await bare.goto(sample);
    await bare.locator('details.check[id="sign-out/csrf"] > summary').click();
    expect(await bare.locator('details.check[id="sign-out/csrf"] .did').isVisible()).toBe(true);
    await plain.close();
  });
  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
  ] as const)(
    'has no accessibility violation that axe finds (%s, %i px), open and closed',
    // Axe looks at thousands of elements, twice.
    { timeout: 120_000 },
    async (colorScheme, width) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${sample}#id-token/aud-other-client`);
      await check('id-token/aud-other-client').locator('[data-show]').click();
      await check('id-token/aud-other-client').locator('.seq summary').first().click();
      await page.evaluate(() => {
        for (const each of document.querySelectorAll('.suite'))
          (each as HTMLElement).style.contentVisibility = 'visible';
      });
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
        .analyze();
      expect(
        violations.map(
          ({ id, nodes }) =>
            `${id}: ${nodes
              .slice(0, 3)
              .map(({ html }) => html.slice(0, 200))
              .join(' | ')}`,
        ),
      ).toEqual([]);
    },
  );
  it('is no wider than a phone', async () => {
    await page.setViewportSize(phone);
    await page.goto(`${sample}#id-token/aud-other-client`);
    await check('id-token/aud-other-client').locator('[data-show]').click();
    await check('id-token/aud-other-client').locator('.faulty summary').click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(phone.width);
  });
  it.each([
    ['a full run', () => sampleReport()],
    ['a run that is all well', () => sampleReport(({ verdict }) => verdict === 'pass')],
    [
      'a run that fails everywhere',
      () => ({
        ...sampleReport(),
        checks: sampleReport().checks.map((each) => ({
          ...each,
          verdict: 'fail' as const,
          message: 'x '.repeat(2_000),
        })),
      }),
    ],
    [
      'a run that never began',
      () => emptyReport({ findings: [{ code: 'CONF_X', what: 'a', expected: 'b', remedy: 'c' }] }),
    ],
  ])('prints a certificate in which no word is cut: %s', async (_, make) => {
    const report = make();
    await page.goto(write(report, 'print.html'));
    await page.emulateMedia({ media: 'print' });
    const { text, cut } = await page.evaluate(() => {
      const root = document.querySelector('.certificate') as HTMLElement;
      const clips = [root, ...root.querySelectorAll<HTMLElement>('*')].filter(
        (each) =>
          getComputedStyle(each).overflow !== 'visible' &&
          (each.scrollHeight > each.clientHeight || each.scrollWidth > each.clientWidth),
      );
      // biome-ignore lint/performance/useDomNodeTextContent: what is printed, not what is in the DOM
      return { text: root.innerText.replace(/\s+/g, ' '), cut: clips.map(({ className }) => className) };
    });
    expect(cut).toEqual([]);
    const remarks = report.checks.filter(({ verdict }) => !['pass', 'not applicable'].includes(verdict));
    const wanted = remarks
      .flatMap(({ id, message = '' }) => [id, ...message.split(/[\s\x60]+/)])
      .filter(Boolean);
    const counts = new Map<string, number>();
    for (const word of text.split(/\s+/)) counts.set(word, (counts.get(word) ?? 0) + 1);
    expect(wanted.filter((word) => !text.includes(word))).toEqual([]);
    expect(counts.get('x') ?? 0).toBe(wanted.filter((word) => word === 'x').length);
    for (const needed of ['Scope and claims', 'Not covered', 'Name, signature', 'report.json, SHA-256'])
      expect(text).toContain(needed);
  });
  it('opens a picture in full size, and closes it by Escape', async () => {
    mkdirSync(path.join(folder, 'attachments'), { recursive: true });
    writeFileSync(path.join(folder, 'attachments', 'small.png'), pixel);
    const [first] = sampleChecks();
    const attachments = [{ name: 'end', contentType: 'image/png', path: 'attachments/small.png' }];
    await page.goto(
      write(buildReport({ checks: [{ ...(first as CheckResult), attachments }] }), 'picture.html'),
    );
    await page.locator('details.check > summary').click();
    await page.locator('[data-zoom]').click();
    await page.locator('dialog.zoomed').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog.zoomed').waitFor({ state: 'detached' });
  });
  it('runs nothing that a report holds, and reads no file outside its folder', async () => {
    const url = write(hostile(), 'hostile.html');
    await page.goto(url);
    await page.locator('details.check > summary').click();
    await page.locator('[data-show]').click();
    await page.locator('.seq summary').first().click();
    expect(await page.evaluate(() => (globalThis as { hacked?: number }).hacked)).toBeUndefined();
    expect(await page.locator('a[href^="javascript:" i]').count()).toBe(0);
    expect(readFileSync(new URL(url), 'utf8')).not.toContain('root:');
  });
  it('shows a run that never reached its checks', async () => {
    await page.goto(
      write(
        emptyReport({
          findings: [
            {
              code: 'CONF_TARGET_EXITED',
              what: 'the app ended with 1',
              expected: 'an app',
              remedy: 'read its log.',
            },
          ],
          targetLog: ['boom'],
        }),
        'empty.html',
      ),
    );
    for (const text of ['could not be judged', 'CONF_TARGET_EXITED', 'read its log.', 'boom'])
      expect(await page.locator('.screen').getByText(text).first().isVisible()).toBe(true);
  });
});
