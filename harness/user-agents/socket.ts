/** A WebSocket as a browser opens it, with cookies and an Origin, and what it is told. */
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'undici';
import type { Exchange } from '../../mocks/journal.ts';
import { redact, redactHeaders, redactText } from '../../mocks/redact.ts';
import { agentFor } from './certificates.ts';
import { clip } from './clip.ts';
import type { HttpAgent } from './http.ts';
import { LANGUAGE, USER_AGENT } from './user-agent.ts';

/** Milliseconds until a handshake is over, and until the first message. */
const FIRST_MS = 2_000;
/** Milliseconds without another message after which those that came are the answer. */
const QUIET_MS = 300;
const MESSAGES_MAX = 200;
/** Milliseconds until the next thing is said where nothing is answered. */
const TURN_MS = 150;
/** Socket.IO takes nothing before it has said that somebody is connected, or why not. */
const CONNECT = '40';
/** Subprotocols of GraphQL over WebSockets, the older one last (github.com/enisdenjo/graphql-ws, PROTOCOL.md). */
const OF_GRAPHQL = ['graphql-transport-ws', 'graphql-ws'];

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
 * @param options.origin of the page that opens it (RFC 6455 §10.2)
 * @param options.says what the page says, one thing after the other
 */
export async function listen(
  { jar, exchanges, raw }: Pick<HttpAgent, 'jar' | 'exchanges' | 'raw'>,
  url: URL,
  { origin, ca, says = [] }: { origin: string; ca?: string | undefined; says?: readonly string[] },
): Promise<Heard> {
  const cookie = await jar.getCookieString(url.href);
  const headers = {
    'user-agent': USER_AGENT,
    'accept-language': LANGUAGE,
    origin,
    ...(cookie && { cookie }),
  };
  const startedAt = Date.now();
  const protocols = says.some((each) => each.includes('"connection_init"')) ? OF_GRAPHQL : [];
  const dispatcher = agentFor(url, ca);
  const socket = new WebSocket(url.href.replace(/^http/, 'ws'), { protocols, headers, dispatcher });
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
  for (const each of isOpen ? says : []) {
    const answered = next();
    if (socket.readyState === WebSocket.OPEN) socket.send(each);
    await Promise.race([answered, sleep(TURN_MS)]);
    const end = Date.now() + FIRST_MS;
    while (each === CONNECT && Date.now() < end && !messages.some((text) => /^4[04]\{/.test(text)))
      await Promise.race([next(), sleep(TURN_MS)]);
  }
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
    request: {
      headers: redactHeaders(headers),
      body: says.length ? redact(clip(says.join('\n'))) : null,
    },
    response: { headers: {}, body: redact(clip(text)) },
    faults: [],
    facts: {},
  };
  exchanges.push(exchange);
  raw.push({
    exchange,
    url: url.href,
    request: { headers, body: says.length ? says.join('\n') : null },
    response: { headers: {}, body: text },
  });
  return { isOpen, text };
}
