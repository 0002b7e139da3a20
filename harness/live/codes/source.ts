/** Where the one-time codes of a real Logto come from. */
import type { NewInboxMessage } from '../../../mocks/twilio/inbox.ts';

/** A message as a source found it. */
export interface Received {
  /** Something that tells it from every other one. */
  id: string;
  /** E.164. */
  to: string;
  body: string;
  code: string | null;
  /** What Logto asked its connector for; null where the source does not say. */
  usageType: string | null;
  at: string;
}

export interface CodeSource {
  /** How it is told. */
  name: string;
  /** Whether it says what Logto asked the connector for (Register, SignIn …). */
  tellsType: boolean;
  /** Whether it has the text as it was sent. */
  tellsText: boolean;
  /** Milliseconds until a message is there. */
  messageMs: number;
  /**
   * Looks for the next message to a number, where it does not come by itself; resolves when the time is over, too.
   *
   * @param to E.164
   * @param since ISO 8601
   */
  fetch?(wanted: { to: string; since: string; limitMs: number }): Promise<void>;
  close(): Promise<void>;
}

/** Takes what a source found; the same message twice is one. */
export type Deliver = (message: Received) => void;

/** The first run of six digits, which is what Logto's codes are. */
export const codeIn = (text: string): string | null => /(?<!\d)\d{6}(?!\d)/.exec(text)?.[0] ?? null;

/** A message as the inbox keeps it. */
export const inboxMessage = (received: Received, scope: string | null): NewInboxMessage => ({
  sid: received.id,
  to: received.to,
  from: null,
  body: received.body,
  code: received.code,
  template: received.usageType,
  templates: received.usageType ? [received.usageType] : [],
  usageType: received.usageType,
  segments: 1,
  encoding: 'GSM-7',
  at: received.at,
  scope,
  status: 'delivered',
});
