/** What reached the phones: kept by number, handed out to whoever waits for it. */
import { maskPhone } from '../redact.ts';
import { digitsOf } from './numbers.ts';

export interface InboxMessage {
  sid: string;
  to: string;
  from: string | null;
  body: string;
  /** The one-time code in it. */
  code: string | null;
  /** Usage type of the connector template it was made from. */
  template: string | null;
  segments: number;
  encoding: 'GSM-7' | 'UCS-2';
  /** ISO 8601 time at which it reached the phone. */
  at: string;
  scope: string | null;
  /** Status of the message at Twilio, kept up to date. */
  status: string;
}

export interface InboxQuery {
  to?: string;
  /** ISO 8601; only messages at or after it. */
  since?: string;
  /** Text that must stand in the number or the body. */
  search?: string;
}

export type InboxEvent =
  | { type: 'message'; message: InboxMessage }
  | { type: 'status'; sid: string; status: string }
  | { type: 'deleted'; sids: string[] };

export interface Inbox {
  list(query?: InboxQuery): InboxMessage[];
  /**
   * The first message to a number since a time, now or as soon as it arrives.
   * @throws Error at the limit (milliseconds), which says what did arrive
   */
  waitFor(query: {
    to: string;
    since?: string;
    limitMs: number;
    scope?: string;
    signal?: AbortSignal;
  }): Promise<InboxMessage>;
  add(message: InboxMessage): void;
  /** Tells the copies of a message its new status. */
  update(sid: string, change: { status: string }): void;
  delete(sid: string): boolean;
  clear(to?: string): void;
  /** Told each message as it arrives. */
  subscribe(listener: (message: InboxMessage) => void): () => void;
  /** Told everything that changes. */
  watch(listener: (event: InboxEvent) => void): () => void;
}

const MESSAGES_MAX = 20_000;

/** @param max messages kept for certain; up to a tenth more stay until the oldest leave together */
/** Milliseconds of an ISO 8601 time in any offset; texts of different precision cannot be compared as texts. */
function timeOf(since: string): number {
  if (since === '') return 0;
  const time = Date.parse(since);
  if (Number.isNaN(time))
    throw Object.assign(new Error(`"${since}" is no ISO 8601 time (since)`), { statusCode: 400 });
  return time;
}

export function createInbox(max = MESSAGES_MAX): Inbox {
  let messages: InboxMessage[] = [];
  const byPhone = new Map<string, InboxMessage[]>();
  const bySid = new Map<string, InboxMessage[]>();
  const watchers = new Set<(event: InboxEvent) => void>();
  const tell = (event: InboxEvent) => {
    for (const watcher of [...watchers]) watcher(event);
  };
  const put = (index: Map<string, InboxMessage[]>, key: string, message: InboxMessage) => {
    const thread = index.get(key);
    if (thread) thread.push(message);
    else index.set(key, [message]);
  };

  /** Keeps some messages; both indexes are built anew, which costs no more than looking at each message once. */
  const keep = (left: InboxMessage[]) => {
    messages = left;
    byPhone.clear();
    bySid.clear();
    for (const message of left) {
      put(byPhone, digitsOf(message.to), message);
      put(bySid, message.sid, message);
    }
  };
  const drop = (gone: readonly InboxMessage[]) => {
    if (gone.length === 0) return;
    const leaving = new Set(gone);
    keep(messages.filter((message) => !leaving.has(message)));
    tell({ type: 'deleted', sids: [...new Set(gone.map(({ sid }) => sid))] });
  };

  const list = ({ to, since = '', search = '' }: InboxQuery = {}) => {
    const wanted = search.trim().toLowerCase();
    const number = digitsOf(wanted);
    return (to === undefined ? messages : (byPhone.get(digitsOf(to)) ?? [])).filter(
      (message) =>
        Date.parse(message.at) >= timeOf(since) &&
        (!wanted ||
          (number !== '' && digitsOf(message.to).includes(number) && /^[+\d\s().-]+$/.test(wanted)) ||
          message.body.toLowerCase().includes(wanted)),
    );
  };
  const arrived = (since: string) => {
    const others = list({ since })
      .slice(-5)
      .map((message) => `${message.template ?? 'a message'} to ${maskPhone(message.to)} at ${message.at}`);
    return others.length
      ? `what did arrive since then: ${others.join('; ')}`
      : 'nothing at all arrived since then';
  };

  const watch: Inbox['watch'] = (listener) => {
    watchers.add(listener);
    return () => watchers.delete(listener);
  };
  const subscribe: Inbox['subscribe'] = (listener) =>
    watch((event) => {
      if (event.type === 'message') listener(event.message);
    });

  return {
    list,
    watch,
    subscribe,
    waitFor({ to, since = '', limitMs, scope, signal }) {
      const phone = digitsOf(to);
      const fits = (message: InboxMessage) =>
        digitsOf(message.to) === phone &&
        Date.parse(message.at) >= timeOf(since) &&
        (scope === undefined || message.scope === scope);
      const found = list({ to, since }).find(fits);
      if (found) return Promise.resolve(found);
      return new Promise((resolve, reject) => {
        const end = () => {
          clearTimeout(timer);
          stop();
          signal?.removeEventListener('abort', leave);
        };
        const leave = () => {
          end();
          reject(new Error('nobody waits any more'));
        };
        const stop = subscribe((message) => {
          if (!fits(message)) return;
          end();
          resolve(message);
        });
        const timer = setTimeout(() => {
          end();
          reject(new Error(`no message reached ${maskPhone(to)} within ${limitMs} ms; ${arrived(since)}`));
        }, limitMs);
        signal?.addEventListener('abort', leave, { once: true });
      });
    },
    add(message) {
      messages.push(message);
      put(byPhone, digitsOf(message.to), message);
      put(bySid, message.sid, message);
      // A tenth at once, so that each message is looked at a few times, however many pass through.
      if (messages.length > max + max / 10) keep(messages.slice(-max));
      tell({ type: 'message', message });
    },
    update(sid, { status }) {
      const copies = bySid.get(sid) ?? [];
      for (const message of copies) message.status = status;
      if (copies.length) tell({ type: 'status', sid, status });
    },
    delete(sid) {
      const gone = bySid.get(sid) ?? [];
      drop([...gone]);
      return gone.length > 0;
    },
    clear(to) {
      drop([...list({ to })]);
    },
  };
}
