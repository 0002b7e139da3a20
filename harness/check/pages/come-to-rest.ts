/** When a page that is drawn by scripts has done what it does by itself. */
import type { Page } from '@playwright/test';
import { exceed } from '../../user-agents/pace.ts';

/** Milliseconds within which a page must have come to rest; one that never does is judged as it is then. */
const REST_MS = 4_000;

/**
 * Waits until nothing is on its way any more.
 *
 * @param within stretches milliseconds to what this machine needs for them
 */
export const comeToRest = (page: Page, within: (ms: number) => number): Promise<void> =>
  page.waitForLoadState('networkidle', { timeout: within(REST_MS) }).catch(exceed);
