/** Messages of all accounts, newest last, bounded. */
import type { StoredMessage } from './message.ts';

/**
 * Kept in a plain Map: a message must be there before its answer is sent, but @msw/data collections create
 * asynchronously; and they find a row by a walk (1.2 ms among 5,000 rows, for each fetch and each status).
 */
export interface MessageStore {
  add(message: StoredMessage): void;
  get(sid: string, account?: string): StoredMessage | undefined;
  delete(sid: string): boolean;
  /** Messages of an account, the latest sent first; what was not sent yet stands where it was created. */
  newestFirst(account: string): StoredMessage[];
  clear(): void;
  readonly size: number;
}

/** @param max messages kept for certain; up to a tenth more stay until the oldest leave together */
export function createMessageStore(max = 20_000): MessageStore {
  const messages = new Map<string, StoredMessage>();
  return {
    add(message) {
      messages.set(message.resource.sid, message);
      if (messages.size <= max + max / 10) return;
      // A tenth at once: each message is looked at once, however many pass through.
      let surplus = messages.size - max;
      for (const sid of messages.keys()) {
        if (surplus-- <= 0) break;
        messages.delete(sid);
      }
    },
    get(sid, account) {
      const found = messages.get(sid);
      return account === undefined || found?.account.sid === account ? found : undefined;
    },
    delete: (sid) => messages.delete(sid),
    newestFirst: (account) =>
      [...messages.values()]
        .filter((message) => message.account.sid === account)
        .reverse()
        // A stable sort: those of the same millisecond stay in their order.
        .sort((a, b) => (b.sentAt ?? b.createdAt) - (a.sentAt ?? a.createdAt)),
    clear: () => messages.clear(),
    get size() {
      return messages.size;
    },
  };
}
