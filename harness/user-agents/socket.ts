/** A WebSocket as a browser opens it, with cookies and an Origin, and what it is told without asking. */
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'undici';
import type { Exchange } from '../../mocks/journal.ts';
import { redact, redactHeaders, redactText } from '../../mocks/redact.ts';
import { agentFor } from './certificates.ts';
import { clip, type HttpAgent } from './http.ts';
import { LANGUAGE, USER_AGENT } from './user-agent.ts';

/** Milliseconds until a handshake is over, and until the first message. */
const FIRST_MS = 2_000;
/** Milliseconds without another message after which those that came are the answer. */
const QUIET_MS = 300;
const MESSAGES_MAX = 200;

export interface Heard {
  /** Whether the handshake was let through. */
  isOpen: boolean;
  /** Messages in order, a line each. */
  text: string;
}

/**
 * Opens a WebSocket and listens until it is quiet; it is written down like a request.
 *
 * @param agent whose cookies are sent
 * @param url by http or https
 * @param origin of the page that opens it (RFC 6455 §10.2)
 */
export async function listen(
  { jar, exchanges, raw }: Pick<HttpAgent, 'jar' | 'exchanges' | 'raw'>,
  url: URL,
  { origin, ca }: { origin: string; ca?: string | undefined },
): Promise<Heard> {
  const cookie = await jar.getCookieString(url.href);
  const headers = {
    'user-agent': USER_AGENT,
    'accept-language': LANGUAGE,
    origin,
    ...(cookie && { cookie }),
  };
  const startedAt = Date.now();
  const socket = new WebSocket(url.href.replace(/^http/, 'ws'), { headers, dispatcher: agentFor(url, ca) });
  const messages: string[] = [];
  let news: () => void = () => undefined;
  const next = () =>
    new Promise<void>((resolve) => {
      news = resolve;
    });
  const opened = new Promise<boolean>((resolve) => {
    socket.addEventListener('open', () => resolve(true));
    for (const end of ['error', 'close'] as const) socket.addEventListener(end, () => resolve(false));
  });
  socket.addEventListener('message', ({ data }) => {
    if (messages.length < MESSAGES_MAX) messages.push(String(data));
    news();
  });
  const isOpen = await Promise.race([opened, sleep(FIRST_MS, false)]);
  for (let heard = -1; isOpen && heard < messages.length && messages.length < MESSAGES_MAX; ) {
    heard = messages.length;
    await Promise.race([next(), sleep(heard ? QUIET_MS : FIRST_MS)]);
  }
  socket.close();
  const text = messages.join('\n');
  const exchange: Exchange = {
    seq: 0,
    at: new Date(startedAt).toISOString(),
    durationMs: Date.now() - startedAt,
    scope: exchanges.at(-1)?.scope ?? null,
    from: 'browser',
    to: 'app',
    method: 'GET',
    url: redactText(url.href),
    status: isOpen ? 101 : null,
    request: { headers: redactHeaders(headers), body: null },
    response: { headers: {}, body: redact(clip(text)) },
    faults: [],
    facts: {},
  };
  exchanges.push(exchange);
  raw.push({
    exchange,
    url: url.href,
    request: { headers, body: null },
    response: { headers: {}, body: text },
  });
  return { isOpen, text };
}
