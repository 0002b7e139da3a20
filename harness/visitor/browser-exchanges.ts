/** What Chromium sends, in the form of the journal, so that a journey has the same time line as any other check. */
import { setTimeout } from 'node:timers/promises';
import type { APIResponse, BrowserContext, Request } from '@playwright/test';
import type { Exchange, Lane } from '../../mocks/journal.ts';
import { lazilyRedacted } from '../../mocks/lazily-redacted.ts';
import { clip } from '../user-agents/clip.ts';
import type { RawExchange } from '../user-agents/raw-exchange.ts';

/** Milliseconds that evidence may keep a verdict waiting. */
const SETTLE_MS = 3_000;

/** Pages and what scripts ask for; pictures, styles and scripts say nothing about a sign-in. */
const TOLD = new Set(['document', 'fetch', 'xhr']);

/** Answers by which an app limits how often it is asked (reports/app-limits.ts). */
const LIMITS = new Set([429, 503]);

/** Playwright joins cookies that are set together by line breaks, where no secret would be found in the second. */
function together(headers: { name: string; value: string }[]): Record<string, string | string[]> {
  const all: Record<string, string | string[]> = {};
  for (const { name, value } of headers) {
    const key = name.toLowerCase();
    if (key === 'set-cookie') all[key] = [...(all[key] ?? []), ...value.split('\n')];
    else all[key] = all[key] === undefined ? value : `${all[key]}, ${value}`;
  }
  return all;
}

/** Where the exchanges of a browser go. */
export interface BrowserEvidence {
  exchanges: Exchange[];
  raw: { push(entry: { raw: RawExchange; person: string | null }): void };
}

/**
 * Writes down every exchange of a browser context, redacted, into a list.
 *
 * @param exchanges the list that is filled; entries come in the order in which they end
 * @returns `noteAnswer` for requests that are sent past the pages, and `settle`, to be awaited before the context closes
 */
export function recordBrowser(
  context: BrowserContext,
  options: BrowserEvidence & {
    /** Digits of the number of whoever is in front of it; null for somebody whom nobody knows. */
    person: string | null;
    scope: string;
    laneOf(origin: string): Lane;
  },
) {
  const { exchanges, raw, person, scope, laneOf } = options;
  const open = new Set<Promise<void>>();
  const note = (
    { method, url, status }: Pick<Exchange, 'method' | 'url' | 'status'>,
    startedAt: number,
    sides: Pick<Exchange, 'request' | 'response'>,
  ) => {
    const exchange: Exchange = lazilyRedacted({
      seq: 0,
      at: new Date(startedAt).toISOString(),
      durationMs: Math.max(0, Math.round(Date.now() - startedAt)),
      scope,
      from: 'browser',
      to: laneOf(new URL(url).origin),
      method,
      url,
      status,
      request: sides.request,
      response: { headers: sides.response.headers, body: clip(sides.response.body) },
      faults: [],
      facts: {},
    });
    exchanges.push(exchange);
    const text = (body: unknown) => (typeof body === 'string' ? body : '');
    raw.push({
      person,
      raw: {
        exchange,
        url,
        request: { ...sides.request, body: text(sides.request.body) },
        response: { ...sides.response, body: text(sides.response.body) },
      },
    });
  };
  const ended = async (request: Request): Promise<void> => {
    if (!/^https?:/.test(request.url())) return;
    // A page whose script was refused to it is drawn by nobody.
    if (!TOLD.has(request.resourceType()) && !LIMITS.has((await request.response())?.status() ?? 0)) return;
    const startedAt = request.timing().startTime > 0 ? request.timing().startTime : Date.now();
    const response = await request.response().catch(() => null);
    const headers = await request.allHeaders().catch(() => request.headers());
    // A redirect has no body, and the one of a page that was left is gone.
    const body = response ? await response.text().catch(() => null) : (request.failure()?.errorText ?? null);
    note({ method: request.method(), url: request.url(), status: response?.status() ?? null }, startedAt, {
      request: { headers, body: request.postData() },
      response: { headers: together((await response?.headersArray().catch(() => undefined)) ?? []), body },
    });
  };
  const onEnd = (request: Request) => {
    const work = ended(request).catch(() => undefined);
    open.add(work);
    void work.then(() => open.delete(work));
  };
  context.on('requestfinished', onEnd);
  context.on('requestfailed', onEnd);
  return {
    /**
     * Adds an answer that was asked for with the cookies of the context, but by no page.
     *
     * @param cookies those that were sent: they say for whom the request speaks
     */
    async noteAnswer(
      answer: APIResponse,
      startedAt: number,
      cookies: readonly { name: string; value: string }[],
    ): Promise<void> {
      const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
      note({ method: 'GET', url: answer.url(), status: answer.status() }, startedAt, {
        request: { headers: { ...(cookie && { cookie }) }, body: null },
        response: { headers: together(answer.headersArray()), body: await answer.text() },
      });
    },
    settle: async (): Promise<void> => {
      await Promise.race([Promise.all(open), setTimeout(SETTLE_MS, undefined, { ref: false })]);
    },
  };
}
