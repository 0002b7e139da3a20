/** Entries of a journal that keep what was sent as it was until somebody reads it: most of what is noted nobody ever does. */
import { redact, redactHeaders, redactText } from './redact.ts';

type Side = { headers: Record<string, string | string[]>; body: unknown };
/** What of an entry was on the wire. */
interface Sent {
  url: string;
  request: Side;
  response: Side;
}

const BODY_MAX = 16_384;
const clip = (body: unknown) =>
  typeof body === 'string' && body.length > BODY_MAX
    ? `${body.slice(0, BODY_MAX)}… (cut: it has ${body.length} characters)`
    : body;

const clipped = ({ headers, body }: Side) => ({ headers, body: clip(body) });
const redacted = ({ headers, body }: Side) => ({
  headers: redactHeaders(headers),
  body: redact(body),
});

/**
 * The same entry, whose address, request and response are redacted when they are first read; from then on they are plain
 * members. Bodies are kept up to 16,384 characters.
 */
export function lazilyRedacted<Entry extends Sent>(entry: Entry): Entry {
  const lazy = { ...entry, request: clipped(entry.request), response: clipped(entry.response) };
  const { url, request, response } = lazy;
  const make = {
    url: () => redactText(url),
    request: () => redacted(request),
    response: () => redacted(response),
  };
  for (const name of ['url', 'request', 'response'] as const) {
    const settle = (value: unknown) =>
      Object.defineProperty(lazy, name, { value, enumerable: true, configurable: true, writable: true });
    Object.defineProperty(lazy, name, {
      enumerable: true,
      configurable: true,
      get: () => {
        const value = make[name]();
        settle(value);
        return value;
      },
      set: settle,
    });
  }
  return lazy;
}

/** Whether nobody has read yet what was on the wire: what is registered as a secret until then is hidden in it. */
export const isUnread = (entry: Sent): boolean =>
  (['url', 'request', 'response'] as const).every(
    (name) => Object.getOwnPropertyDescriptor(entry, name)?.get,
  );

/** Takes the secrets that are known now out of an entry for good. */
export function settle({ url, request, response }: Sent): void {
  void [url, request, response];
}
