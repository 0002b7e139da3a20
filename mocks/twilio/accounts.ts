/** Accounts and their Messaging Services, and who may use them (HTTP Basic, AccountSid:AuthToken or an API key). */
import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { isWhatsApp, readAddress } from './numbers.ts';

export const accountSchema = z.object({
  sid: z.string(),
  authToken: z.string(),
  friendlyName: z.string().default('Conformance account'),
  /** The account that this is a subaccount of; its credentials open this one, too. */
  ownerSid: z.string().optional(),
  messagingServices: z.array(z.string()),
  /** Verify Services that there are from the beginning; one with the hex of the account's SID when left out. */
  verifyServices: z.array(z.string()).optional(),
  /** Senders of the account; `+15005550006`, Twilio's magic number, is always one of them. */
  numbers: z.array(z.string()).default([]),
  apiKeys: z.array(z.object({ sid: z.string(), secret: z.string() })).default([]),
  /** Status callback of the messaging services; the one of a request goes before it. */
  statusCallback: z.string().optional(),
});
export type AccountInput = z.input<typeof accountSchema>;
export type TwilioAccount = z.output<typeof accountSchema> & { verifyServices: string[] };

/** SID of the Verify Service that an account begins with; one that stands for itself when the account's is no SID. */
export const verifyServiceOf = (account: string): string =>
  `VA${/^AC([0-9a-f]{32})$/i.exec(account)?.[1]?.toLowerCase() ?? '0123456789abcdef'.repeat(2)}`;

export const MAGIC_SENDER = '+15005550006';

/** @throws ZodError when a property is missing or of another type */
export function accountRow(input: AccountInput): TwilioAccount {
  const account = accountSchema.parse(input);
  const verifyServices = account.verifyServices ?? [verifyServiceOf(account.sid)];
  return { ...account, verifyServices, numbers: [...new Set([...account.numbers, MAGIC_SENDER])] };
}

/** Whether the account may send from a number or sender id. */
export const usableSender = (account: TwilioAccount, from: string): boolean =>
  account.numbers.includes(from) || account.numbers.includes(readAddress(from) ?? '');

/** Sender that a Messaging Service chooses for a recipient: the first one of the same channel. */
export const senderFor = (account: TwilioAccount, to: string): string | null =>
  account.numbers.find((number) => isWhatsApp(number) === isWhatsApp(to)) ?? null;

const same = (a: string, b: string) => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

interface Credentials {
  user: string;
  password: string;
}

/** User and password of a Basic header. */
export function credentialsOf(header: string | undefined): Credentials | undefined {
  const encoded = /^Basic\s+(.+)$/i.exec(header ?? '')?.[1];
  if (!encoded) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0
    ? { user: text, password: '' }
    : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** Whether credentials are an account's own: its token, or one of its API keys. */
export function opens({ user, password }: Credentials, account: TwilioAccount): boolean {
  if (user.toLowerCase() === account.sid.toLowerCase()) return same(password, account.authToken);
  return account.apiKeys.some((key) => key.sid === user && same(password, key.secret));
}

/** Whether credentials may be used on an account's path: its own, or those of its parent. */
export const mayUse = (
  credentials: Credentials | undefined,
  account: TwilioAccount,
  accounts: readonly TwilioAccount[],
): boolean => {
  if (!credentials) return false;
  const owner = account.ownerSid && accounts.find(({ sid }) => sid === account.ownerSid);
  return opens(credentials, account) || (owner ? opens(credentials, owner) : false);
};

/** Whether a user name (an account's sid, or an API key's) is known at all. */
export const knowsUser = (user: string, accounts: readonly TwilioAccount[]): boolean =>
  accounts.some(
    ({ sid, apiKeys }) => sid.toLowerCase() === user.toLowerCase() || apiKeys.some((key) => key.sid === user),
  );
