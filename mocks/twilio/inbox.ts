/** What reached the phones: kept by number, handed out to whoever waits for it. */
import { maskPhone } from '../redact.ts';

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
  status: string;
}

export interface InboxQuery {
  to?: string;
  /** ISO 8601; only messages at or after it. */
  since?: string;
  /** Text that must stand in the number or the body. */
  search?: string;
}

export interface Inbox {
  list(query?: InboxQuery): InboxMessage[];
  /**
   * The first message to a number since a time, now or as soon as it arrives.
   * @throws Error at the limit (milliseconds), which says what did arrive
   */
  waitFor(query: { to: string; since?: string; limitMs: number; scope?: string }): Promise<InboxMessage>;
  add(message: InboxMessage): void;
  delete(sid: string): boolean;
  clear(to?: string): void;
  /** Told each message as it arrives. */
  subscribe(listener: (message: InboxMessage) => void): () => void;
}

const MESSAGES_MAX = 20_000;

/** Numbers are compared by their digits, so `+1 415…` and `1415…` are one phone. */
const digits = (phone: string) => phone.replace(/\D/g, '');

export function createInbox(max = MESSAGES_MAX): Inbox {
  let messages: InboxMessage[] = [];
  const byPhone = new Map<string, InboxMessage[]>();
  const listeners = new Set<(message: InboxMessage) => void>();

  const drop = (gone: ReadonlySet<InboxMessage>) => {
    messages = messages.filter((message) => !gone.has(message));
    for (const [phone, thread] of byPhone) {
      const left = thread.filter((message) => !gone.has(message));
      if (left.length) byPhone.set(phone, left);
      else byPhone.delete(phone);
    }
  };
  const list = ({ to, since = '', search }: InboxQuery = {}) =>
    (to === undefined ? messages : (byPhone.get(digits(to)) ?? [])).filter(
      (message) =>
        message.at >= since &&
        (!search || message.to.includes(search) || message.body.toLowerCase().includes(search.toLowerCase())),
    );
  const arrived = (since: string) => {
    const others = list({ since })
      .slice(-5)
      .map((message) => `${message.template ?? 'a message'} to ${maskPhone(message.to)} at ${message.at}`);
    return others.length
      ? `what did arrive since then: ${others.join('; ')}`
      : 'nothing at all arrived since then';
  };

  return {
    list,
    waitFor({ to, since = '', limitMs, scope }) {
      const fits = (message: InboxMessage) =>
        digits(message.to) === digits(to) &&
        message.at >= since &&
        (scope === undefined || message.scope === scope);
      const found = list({ to, since }).find(fits);
      if (found) return Promise.resolve(found);
      return new Promise((resolve, reject) => {
        const listener = (message: InboxMessage) => {
          if (!fits(message)) return;
          clearTimeout(timer);
          listeners.delete(listener);
          resolve(message);
        };
        const timer = setTimeout(() => {
          listeners.delete(listener);
          reject(new Error(`no message reached ${maskPhone(to)} within ${limitMs} ms; ${arrived(since)}`));
        }, limitMs);
        listeners.add(listener);
      });
    },
    add(message) {
      messages.push(message);
      const key = digits(message.to);
      byPhone.set(key, [...(byPhone.get(key) ?? []), message]);
      if (messages.length > max + max / 10) drop(new Set(messages.slice(0, messages.length - max)));
      for (const listener of [...listeners]) listener(message);
    },
    delete(sid) {
      const gone = messages.filter((message) => message.sid === sid);
      drop(new Set(gone));
      return gone.length > 0;
    },
    clear(to) {
      drop(new Set(list({ to })));
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
