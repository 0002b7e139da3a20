/** Reads the body of an answer as far as it is needed: pages whole, downloads their beginning, streams what they say first. */
import type { Readable } from 'node:stream';

/** Bytes of an answer that are read; no page is as long, and one without an end would take all memory. */
const BODY_MAX = 64 * 1_048_576;
/** Bytes of a download that are read. */
const DOWNLOAD_MAX = 4 * 1_048_576;
/** Milliseconds until a stream says something; what it says of a person, it says when it is opened. */
const STREAM_MS = 1_500;
/** Milliseconds without another word after which what a stream has said is the answer. */
const QUIET_MS = 300;

/** An answer has more bytes than a page can have. */
export class TooLong extends Error {}

type Headers = Record<string, string | string[] | undefined>;

const typeOf = (headers: Headers) => String(headers['content-type'] ?? '').toLowerCase();

/** Whether an answer goes on for as long as somebody listens (server-sent events, lines of JSON, pictures of a camera). */
export const isStream = (headers: Headers): boolean =>
  /^(text\/event-stream|application\/(x-)?(ndjson|jsonlines|stream\+json)|multipart\/x-mixed-replace)\b/.test(
    typeOf(headers),
  );

/** Whether an answer is a file to keep, or nothing that can be read as text: no script runs in it, and no page shows it. */
export const isDownload = (headers: Headers): boolean =>
  /^\s*attachment\b/i.test(String(headers['content-disposition'] ?? '')) ||
  /^(?!image\/svg)(image|audio|video|font)\/|^application\/(octet-stream|pdf|gzip|x-tar|[\w.+-]*zip[\w.+-]*)\b/.test(
    typeOf(headers),
  );

/**
 * The text of a body. A stream is left when it falls silent, or after a moment, a download after its first 4 MB: neither is a fault of the app.
 *
 * @throws TooLong when something else has more than 64 MB
 */
export async function textOf(body: Readable, headers: Headers): Promise<string> {
  const [stream, download] = [isStream(headers), isDownload(headers)];
  const chunks: Buffer[] = [];
  let length = 0;
  let isOver = false;
  const leave = () => {
    isOver = true;
    body.destroy();
  };
  // What is left half-way says so by an error of its own.
  if (stream || download) body.on('error', () => {});
  const whole = stream ? setTimeout(leave, STREAM_MS) : undefined;
  let quiet: NodeJS.Timeout | undefined;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > BODY_MAX && !download)
        throw new TooLong(`answered with more than ${BODY_MAX / 1_048_576} MB`);
      chunks.push(chunk);
      clearTimeout(quiet);
      if (stream) quiet = setTimeout(leave, QUIET_MS);
      if (download && length >= DOWNLOAD_MAX) {
        leave();
        break;
      }
    }
  } catch (error) {
    if (!isOver) throw error;
  } finally {
    clearTimeout(whole);
    clearTimeout(quiet);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}
