/** Codes from a capture endpoint that runs in another process (`capture serve`). */
import { ConformanceError } from '../../errors.ts';
import { createWire, type Wire } from '../wire.ts';
import { CAPTURE_SERVICE } from './capture-server.ts';
import type { CodeSource, Deliver, Received } from './source.ts';

/** Milliseconds of one question; a long wait is several. */
const TURN_MS = 20_000;

/**
 * @param url origin of the endpoint
 * @throws ConformanceError CONF_CAPTURE_UNKNOWN when somebody else listens there, CONF_CAPTURE_TOKEN
 */
export async function captureClient(
  { url, token }: { url: string; token: string },
  deliver: Deliver,
  wire: Wire = createWire({ to: 'carrier' }),
): Promise<CodeSource> {
  const { origin } = new URL(url);
  const health = await wire.ask(`${origin}/health`).catch(() => undefined);
  if ((health?.json() as { service?: string } | undefined)?.service !== CAPTURE_SERVICE)
    throw new ConformanceError({
      code: 'CONF_CAPTURE_UNKNOWN',
      what: `no capture endpoint answers at ${origin}`,
      expected: '`npx authjs-conformance capture serve` there (--capture, live.capture.url)',
      remedy: 'start it, or leave --capture out: the run serves an endpoint of its own then.',
      key: 'live.capture.url',
    });
  const ask = (to: string, since: string, waitMs: number) =>
    wire.ask(
      `${origin}/code?${new URLSearchParams({ to: to.replace(/\D/g, ''), since, waitMs: String(waitMs) })}`,
      {
        headers: { authorization: `Bearer ${token}` },
        limitMs: waitMs + 10_000,
      },
    );
  const { status } = await ask('+10000', new Date().toISOString(), 0);
  if (status === 401)
    throw new ConformanceError({
      code: 'CONF_CAPTURE_TOKEN',
      what: `the capture endpoint at ${origin} has another token`,
      expected: 'the token that `capture serve` was started with (CONFORMANCE_CAPTURE_TOKEN)',
      remedy: 'export the same CONFORMANCE_CAPTURE_TOKEN for both.',
    });
  return {
    name: `the capture endpoint at ${origin}`,
    tellsType: true,
    tellsText: false,
    messageMs: 15_000,
    async fetch({ to, since, limitMs }) {
      for (const until = Date.now() + limitMs; Date.now() < until; ) {
        const answer = await ask(to, since, Math.min(TURN_MS, until - Date.now()));
        if (answer.status === 200) return deliver(answer.json() as Received);
      }
    },
    close: async () => {},
  };
}
