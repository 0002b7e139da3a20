/** Messages of all accounts, newest last, bounded. */
import type { StoredMessage } from './message.ts';
import type { Places } from './paging.ts';

/**
 * Kept in a plain Map: a message must be there before its answer is sent, but @msw/data collections create
 * asynchronously; and they find a row by a walk (1.2 ms among 5,000 rows, for each fetch and each status).
 */
export interface MessageStore {
  add(message: StoredMessage): void;
  get(sid: string, account?: string): StoredMessage | undefined;
  delete(sid: string): boolean;
  /**
   * Messages of an account, the latest first ("sorted by DateSent"), by the time at which they are due: it is known at
   * the creation, where a time that is set later would move a message between two pages.
   */
  newestFirst(account: string): StoredMessage[];
  /** Where messages stand in a list that `newestFirst` gave, or a part of it; deleted ones keep their place. */
  placesIn(rows: readonly StoredMessage[]): Places;
  clear(): void;
  readonly size: number;
}

interface Place {
  /** Milliseconds since the epoch. */
  due: number;
  /** Messages of the same millisecond stay in their order. */
  number: number;
}
const compare = (a: Place, b: Place) => b.due - a.due || b.number - a.number;

/** @param max messages kept for certain; up to a tenth more stay until the oldest leave together */
export function createMessageStore(max = 10_000): MessageStore {
  const messages = new Map<string, StoredMessage>();
  const places = new WeakMap<StoredMessage, Place>();
  /** Places of what was deleted, beside which somebody's page may still begin. */
  const gone = new Map<string, Place>();
  const placeOf = (message: StoredMessage) => places.get(message) as Place;
  let created = 0;
  const shrink = (map: Map<string, unknown>) => {
    if (map.size <= max + max / 10) return;
    // A tenth at once: each message is looked at once, however many pass through.
    let surplus = map.size - max;
    for (const sid of map.keys()) {
      if (surplus-- <= 0) break;
      map.delete(sid);
    }
  };
  return {
    add(message) {
      messages.set(message.resource.sid, message);
      places.set(message, { due: message.due, number: ++created });
      shrink(messages);
    },
    get(sid, account) {
      const found = messages.get(sid);
      return account === undefined || found?.account.sid === account ? found : undefined;
    },
    delete(sid) {
      const message = messages.get(sid);
      if (!message) return false;
      gone.set(sid, placeOf(message));
      shrink(gone);
      return messages.delete(sid);
    },
    newestFirst: (account) =>
      [...messages.values()]
        .filter((message) => message.account.sid === account)
        .reverse()
        .sort((a, b) => compare(placeOf(a), placeOf(b))),
    placesIn: (rows) => ({
      around(sid) {
        const message = messages.get(sid);
        const place = message ? placeOf(message) : gone.get(sid);
        if (!place) return undefined;
        const first = (fits: (order: number) => boolean) => {
          const index = rows.findIndex((row) => fits(compare(placeOf(row), place)));
          return index < 0 ? rows.length : index;
        };
        return { before: first((order) => order >= 0), through: first((order) => order > 0) };
      },
    }),
    clear() {
      messages.clear();
      gone.clear();
    },
    get size() {
      return messages.size;
    },
  };
}
