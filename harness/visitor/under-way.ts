/** What a page has set out to do, and not ended yet. */
import type { Page, Request } from '@playwright/test';

const READS = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Watches a page from now on for requests that change something: the next document, and what a script posts.
 *
 * @returns what waits until all of them are answered, or the limit (milliseconds) is over
 */
export function watchUnderWay(page: Page): (limitMs: number) => Promise<void> {
  const begun = new Set<Request>();
  let changed = () => {};
  page.on('request', (request) => {
    if (request.isNavigationRequest() || !READS.includes(request.method())) begun.add(request);
  });
  const end = (request: Request) => {
    begun.delete(request);
    changed();
  };
  page.on('requestfinished', end).on('requestfailed', end);
  return async (limitMs) => {
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<true>((resolve) => {
      timer = setTimeout(() => resolve(true), limitMs);
    });
    try {
      while (begun.size > 0) {
        const next = new Promise<false>((resolve) => {
          changed = () => resolve(false);
        });
        if (await Promise.race([next, over])) return;
      }
    } finally {
      clearTimeout(timer);
    }
  };
}
