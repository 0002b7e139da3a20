import { _baseTest, type PlaywrightTestOptions, test } from '@playwright/test';

/**
 * Playwright's own defaults of a browser context, as values that are no steps of a check: what it computes by functions
 * is a fixture, and each fixture, a value too, is two steps in every check, each with a stack and two messages to the
 * runner. They took a third of a worker's time. A check with `page` sees no difference.
 */
const DEFAULTS: Partial<Record<keyof PlaywrightTestOptions, unknown>> = {
  acceptDownloads: true,
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

const QUIET = { option: true, box: 'self' } as const;

/** For `test.extend`. A value that is `undefined` cannot be set: Playwright then takes its function. */
export const contextDefaults = {
  ...Object.fromEntries(Object.entries(DEFAULTS).map(([name, value]) => [name, [value, QUIET]])),
  baseURL: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture names from the pattern
    async ({}, use: (value: string | undefined) => Promise<void>) =>
      use(process.env.PLAYWRIGHT_TEST_BASE_URL),
    QUIET,
  ],
} as object;

/**
 * What checks are declared with. Playwright's `test` brings five fixtures of its own to each, whether a check has a `page` or
 * not, each with steps and stacks; the catalogue opens its browsers itself, so it takes what `test` is made of
 * (`_baseTest`). Own checks of an app may ask for a `page`, and whoever looks on (--ui, --debug) sees what `test` records.
 *
 * @param own value of CONFORMANCE_OWN_CHECKS
 * @param visible how somebody looks on
 */
export const playwrightTest = (own: string | undefined, visible: string | undefined): typeof test =>
  own === '[]' && !visible ? (_baseTest as typeof test) : (test.extend(contextDefaults) as typeof test);
