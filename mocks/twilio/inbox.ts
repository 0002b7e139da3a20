/** What reached the phones, and what never did: kept by number, handed out to whoever waits for it. */
import { maskPhone } from '../redact.ts';
import { digitsOf } from './numbers.ts';

export interface InboxMessage {
  /** Position in the inbox, from 1; two copies of one message have the same sid, but not the same id. */
  id: number;
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
  /** Media files that came with it. */
  media: number;
  /** ISO 8601 time at which it reached the phone. */
  at: string;
  scope: string | null;
  /** Status of the message at Twilio, kept up to date. */
  status: string;
}

/** A message that never reached a phone. */
export interface InboxNote {
  id: number;
  to: string;
  /** `refused`: no message was made; `undelivered`: one was, and got lost. */
  kind: 'refused' | 'undelivered';
  sid: string | null;
  /** Twilio's error code, when it gave one. */
  code: number | null;
  reason: string;
  /** ISO 8601. */
  at: string;
  scope: string | null;
}

export interface InboxQuery {
  to?: string;
  /** ISO 8601; only messages at or after it. */
  since?: string;
  /** Text that must stand in the number or the body. */
  search?: string;
}

/** One phone: what a list of phones shows. */
export interface PhoneSummary {
  phone: string;
  messages: number;
  notes: number;
  /** ISO 8601 time of the newest message or note. */
  at: string;
  last: InboxMessage | null;
}

export type InboxEvent =
  | { type: 'message'; message: InboxMessage }
  | { type: 'note'; note: InboxNote }
  | { type: 'status'; sid: string; status: string }
  | { type: 'deleted'; sids: string[] };

export interface WaitQuery {
  to: string;
  /** ISO 8601; only messages at or after it. */
  since?: string;
  /** Milliseconds. */
  limitMs: number;
  scope?: string;
  signal?: AbortSignal;
}

export interface Inbox {
  /** Messages that fit, oldest first. */
  list(query?: InboxQuery): InboxMessage[];
  /** What never arrived, oldest first. */
  notes(query?: Pick<InboxQuery, 'to' | 'since'>): InboxNote[];
  /** Phones, the one with the newest message first. */
  phones(search?: string): PhoneSummary[];
  /**
   * The first message to a number since a time, now or as soon as it arrives.
   * @throws Error at the limit, which says what did arrive
   */
  waitFor(query: WaitQuery): Promise<InboxMessage>;
  add(message: Omit<InboxMessage, 'id'>): InboxMessage;
  note(note: Omit<InboxNote, 'id'>): InboxNote;
  /** Tells the copies of a message its new status. */
  update(sid: string, change: { status: string }): void;
  delete(sid: string): boolean;
  /** Forgets everything, or everything of one phone. */
  clear(to?: string): void;
  /** Told each message as it arrives. */
  subscribe(listener: (message: InboxMessage) => void): () => void;
  /** Told everything that changes. */
  watch(listener: (event: InboxEvent) => void): () => void;
}

const MESSAGES_MAX = 20_000;
const NOTES_MAX = 2000;

/** @param max messages kept for certain; up to a tenth more stay until the oldest leave together */
export function createInbox(max = MESSAGES_MAX): Inbox {
  let lastId = 0;
  let messages: InboxMessage[] = [];
  let notes: InboxNote[] = [];
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
    const leaving = new Set(gone);
    if (leaving.size) keep(messages.filter((message) => !leaving.has(message)));
    tell({ type: 'deleted', sids: [...new Set(gone.map(({ sid }) => sid))] });
  };

  const finder = (search: string) => {
    const wanted = search.trim().toLowerCase();
    const number = /^[+\d\s().-]+$/.test(wanted) ? digitsOf(wanted) : '';
    return {
      all: wanted === '',
      inNumber: (phone: string) => number !== '' && digitsOf(phone).includes(number),
      inText: ({ body, template }: InboxMessage) =>
        body.toLowerCase().includes(wanted) || template?.toLowerCase() === wanted,
    };
  };
  const list: Inbox['list'] = ({ to, since = '', search = '' } = {}) => {
    const { all, inNumber, inText } = finder(search);
    return (to === undefined ? messages : (byPhone.get(digitsOf(to)) ?? [])).filter(
      (message) => message.at >= since && (all || inNumber(message.to) || inText(message)),
    );
  };
  const listNotes: Inbox['notes'] = ({ to, since = '' } = {}) =>
    notes.filter((note) => note.at >= since && (to === undefined || digitsOf(note.to) === digitsOf(to)));

  /** What somebody who waited in vain needs to know. */
  const happened = (to: string, since: string) => {
    const failed = listNotes({ to, since })
      .slice(-3)
      .map(({ kind, code, reason }) => `one to it was ${kind}: ${code ? `${code} ` : ''}${reason}`);
    const others = list({ since })
      .slice(-5)
      .map((message) => `${message.template ?? 'a message'} to ${maskPhone(message.to)} at ${message.at}`);
    const arrived = others.length
      ? `what did arrive since then: ${others.join('; ')}`
      : 'nothing at all arrived since then';
    return [...failed, arrived].join('; ');
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
    notes: listNotes,
    watch,
    subscribe,
    phones(search = '') {
      const { all, inNumber, inText } = finder(search);
      const found = new Map<string, PhoneSummary>();
      for (const [digits, thread] of byPhone) {
        const last = thread.at(-1) as InboxMessage;
        if (all || inNumber(last.to) || thread.some(inText))
          found.set(digits, { phone: last.to, messages: thread.length, notes: 0, at: last.at, last });
      }
      for (const { to, at } of notes) {
        const digits = digitsOf(to);
        const phone = found.get(digits);
        if (phone) {
          phone.notes += 1;
          if (at > phone.at) phone.at = at;
        } else if (all || inNumber(to))
          found.set(digits, { phone: to, messages: 0, notes: 1, at, last: null });
      }
      return [...found.values()].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
    },
    waitFor({ to, since = '', limitMs, scope, signal }) {
      const phone = digitsOf(to);
      const fits = (message: InboxMessage) =>
        digitsOf(message.to) === phone &&
        message.at >= since &&
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
          reject(
            new Error(`no message reached ${maskPhone(to)} within ${limitMs} ms; ${happened(to, since)}`),
          );
        }, limitMs);
        if (signal?.aborted) leave();
        else signal?.addEventListener('abort', leave, { once: true });
      });
    },
    add(fields) {
      const message = { id: ++lastId, ...fields };
      messages.push(message);
      put(byPhone, digitsOf(message.to), message);
      put(bySid, message.sid, message);
      // A tenth at once, so that each message is looked at a few times, however many pass through.
      if (messages.length > max + max / 10) keep(messages.slice(-max));
      tell({ type: 'message', message });
      return message;
    },
    note(fields) {
      const note = { id: ++lastId, ...fields };
      notes.push(note);
      if (notes.length > NOTES_MAX + NOTES_MAX / 10) notes = notes.slice(-NOTES_MAX);
      tell({ type: 'note', note });
      return note;
    },
    update(sid, { status }) {
      const copies = bySid.get(sid) ?? [];
      for (const message of copies) message.status = status;
      if (copies.length) tell({ type: 'status', sid, status });
    },
    delete(sid) {
      const gone = [...(bySid.get(sid) ?? [])];
      const left = notes.filter((note) => note.sid !== sid);
      if (gone.length === 0 && left.length === notes.length) return false;
      notes = left;
      drop(gone);
      return true;
    },
    clear(to) {
      const phone = to === undefined ? undefined : digitsOf(to);
      notes = phone === undefined ? [] : notes.filter((note) => digitsOf(note.to) !== phone);
      drop([...list({ to })]);
    },
  };
}
