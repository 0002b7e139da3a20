import type { PlaywrightTestOptions } from '@playwright/test';

/**
 * Playwright's own defaults of a browser context, as values: what it computes by functions is a fixture, two steps in
 * every check, each with a stack. They took a third of a worker's time. A check with `page` sees no difference.
 * Those whose default is `undefined` cannot be set: Playwright then takes its function.
 */
const DEFAULTS: Partial<Record<keyof PlaywrightTestOptions, unknown>> = {
  acceptDownloads: true,
  baseURL: process.env.PLAYWRIGHT_TEST_BASE_URL,
  bypassCSP: false,
  clientCertificates: [],
  colorScheme: 'light',
  contrast: 'no-preference',
  deviceScaleFactor: 1,
  extraHTTPHeaders: {},
  forcedColors: 'none',
  hasTouch: false,
  ignoreHTTPSErrors: false,
  isMobile: false,
  javaScriptEnabled: true,
  locale: 'en-US',
  offline: false,
  reducedMotion: 'no-preference',
  screen: { width: 1280, height: 720 },
  serviceWorkers: 'allow',
  storageState: { cookies: [], origins: [] },
  viewport: { width: 1280, height: 720 },
};

/** For `test.extend`. */
export const contextDefaults = Object.fromEntries(
  Object.entries(DEFAULTS).map(([name, value]) => [name, [value, { option: true }]]),
) as object;
