/** How bodies of answers are read: whole, or, where they have no end, as far as they go by themselves. */
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** Bytes of an answer that are read; no page is as long, and one without an end would take all memory. */
const BODY_MAX = 64 * 1_048_576;

export class TooLong extends Error {}

/**
 * The whole body.
 *
 * @throws TooLong when it has no end
 */
export async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > BODY_MAX) throw new TooLong(`answered with more than ${BODY_MAX / 1_048_576} MB`);
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** Whether an answer is a stream of events, which stays open for as long as somebody listens (WHATWG HTML §9.2). */
export const isOfEvents = (headers: Record<string, string | string[] | undefined>): boolean =>
  /^text\/event-stream\b/i.test(String(headers['content-type'] ?? ''));

/** Milliseconds until the first event; what is told to whoever comes is told at once. */
const FIRST_MS = 1_500;
/** Milliseconds without another event after which those that came are the answer. */
const QUIET_MS = 300;
const EVENTS_MAX = 200;

/** The events that a stream begins with; then nobody listens any more. */
export async function eventsOf(body: Readable): Promise<string> {
  // Whoever leaves is told that they left.
  body.on('error', () => undefined);
  const chunks: Buffer[] = [];
  const events = body[Symbol.asyncIterator]();
  while (chunks.length < EVENTS_MAX) {
    const next = events.next().catch(() => undefined);
    const news = await Promise.race([next, sleep(chunks.length ? QUIET_MS : FIRST_MS, undefined)]);
    if (!news || news.done) break;
    chunks.push(news.value as Buffer);
  }
  body.destroy();
  return new TextDecoder().decode(Buffer.concat(chunks));
}
