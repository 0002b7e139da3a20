/** Accounts, and who may use them (HTTP Basic with AccountSid:AuthToken or an API key; facts: twilio.md §1). */
import { timingSafeEqual } from 'node:crypto';

export interface AccountInput {
  sid: string;
  authToken: string;
  messagingServices: string[];
  /** Numbers that may send; `+15005550006`, Twilio's magic number, is always one of them. */
  numbers?: string[];
  apiKeys?: { sid: string; secret: string }[];
  /** Status callback of the messaging services. */
  statusCallback?: string;
}
export type TwilioAccount = Required<Omit<AccountInput, 'statusCallback'>> &
  Pick<AccountInput, 'statusCallback'>;

export const MAGIC_SENDER = '+15005550006';

export const accountRow = (input: AccountInput): TwilioAccount => ({
  apiKeys: [],
  ...input,
  numbers: [...new Set([...(input.numbers ?? []), MAGIC_SENDER])],
});

const same = (a: string, b: string) =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** Whether a Basic header holds the credentials of an account: its token, or one of its API keys. */
export function authenticates(header: string | undefined, account: TwilioAccount): boolean {
  const encoded = /^Basic\s+(.+)$/i.exec(header ?? '')?.[1];
  if (!encoded) return false;
  const [user = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  const password = rest.join(':');
  if (user.toLowerCase() === account.sid.toLowerCase()) return same(password, account.authToken);
  return account.apiKeys.some((key) => key.sid === user && same(password, key.secret));
}
