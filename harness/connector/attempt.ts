/** One message sent through the real connector to a mock on this machine, and how that ended. */
import { inspect } from 'node:util';
import { ConnectorErrorCodes } from '@logto/connector-kit';
import { type Field, fieldsOf } from '../../mocks/carrier/fields.ts';
import { type OutgoingRequest, type SmsConnector, sendObserved } from '../../mocks/logto/connector.ts';
import { withoutPrinting } from './printing.ts';
import { spellings } from './secrets.ts';

export interface Sent extends OutgoingRequest {
  fields: Field[];
}

export interface Attempt {
  ended: 'sent' | 'refused' | 'hung';
  error?: unknown;
  /** The carrier answered, in whatever way. */
  answered: boolean;
  requests: Sent[];
  /** What the connector printed, on Logto's console. */
  printed: string;
  /** The code that the message was to carry. */
  code: string;
  durationMs: number;
}

export interface Attempts {
  connector: SmsConnector;
  config: unknown;
  /** Milliseconds after which a connector should have given up on a carrier that is silent. */
  limitMs: number;
  /** Every attempt is noted here. */
  all: Attempt[];
}

/** A machine that is busy makes everybody slow; whoever hung once is not waited for so long again. */
const GENEROUS = 5;

/** How long one turn of our own event loop may take, in milliseconds: after longer ones, the carrier that we play was late. */
const LATE_MS = 150;
/** How often a message is sent again because we were late, with a pause that grows. */
const AGAIN = 4;

interface Message {
  to: string;
  type: string;
  payload: Record<string, unknown>;
}

/**
 * Sends a message as Logto does. A connector that gave up while we were late with our answer is asked again: its time
 * limit was met by our machine, not by its carrier.
 *
 * @param silent the carrier will never answer: then no more than `limitMs` is waited
 * @param carrier origin of the mock that answers for every origin
 * @param to digits only, country code first, as Logto stores numbers
 */
export async function attempt(
  attempts: Attempts,
  carrier: string,
  message: Message,
  { silent = false } = {},
): Promise<Attempt> {
  for (let again = 0; ; again += 1) {
    const longest = watchTurns();
    const tried = await sendOnce(attempts, carrier, message, silent);
    const late = longest() > LATE_MS;
    if (silent || tried.ended === 'sent' || !late || again === AGAIN) {
      attempts.all.push(tried);
      return tried;
    }
    await new Promise((resolve) => setTimeout(resolve, 200 * 2 ** again));
  }
}

/** Watches the turns of our event loop; the function that comes back ends it and gives the longest, in milliseconds. */
function watchTurns(): () => number {
  let last = Date.now();
  let longest = 0;
  const turn = () => {
    const now = Date.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const timer = setInterval(turn, 10);
  return () => {
    clearInterval(timer);
    turn();
    return longest;
  };
}

async function sendOnce(
  { connector, config, limitMs, all }: Attempts,
  carrier: string,
  message: Message,
  silent: boolean,
): Promise<Attempt> {
  const brief = silent || all.some(({ ended, answered }) => ended === 'hung' && answered);
  const requests: Sent[] = [];
  const lines: string[] = [];
  const started = Date.now();
  let timer: NodeJS.Timeout | undefined;
  const sending = withoutPrinting(lines, () =>
    sendObserved({
      connector,
      data: message,
      config,
      carrier,
      observe: (request) => requests.push({ ...request, fields: fieldsOf(request) }),
    }),
  ).then(
    () => ({ ended: 'sent' as const }),
    (error: unknown) => ({ ended: 'refused' as const, error }),
  );
  const limit = new Promise<{ ended: 'hung' }>((resolve) => {
    timer = setTimeout(() => resolve({ ended: 'hung' }), brief ? limitMs : limitMs * GENEROUS);
  });
  const ending = await Promise.race([sending, limit]);
  clearTimeout(timer);
  return {
    ...ending,
    answered: !silent,
    requests,
    printed: lines.join('\n'),
    code: String(message.payload.code),
    durationMs: Date.now() - started,
  };
}

/** How long an attempt took, for a sentence. */
export const secondsOf = ({ durationMs }: Attempt): number => Math.round(durationMs / 100) / 10;

const CODES: readonly string[] = Object.values(ConnectorErrorCodes);

/** The code of a connector-kit ConnectorError, whichever copy of connector-kit made it. */
export function connectorErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !error.message.startsWith('ConnectorError')) return undefined;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && CODES.includes(code) ? code : undefined;
}

const toJson = (value: unknown) => {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return inspect(value);
  }
};

/** What Logto hands on of an error: its message and data (koa-connector-error-handler). */
export const toldBy = (error: unknown): string =>
  error instanceof Error ? `${error.message} ${toJson((error as { data?: unknown }).data)}` : String(error);

/** Short name of an error, for a sentence. */
export const nameOf = (error: unknown): string => {
  const code = connectorErrorCode(error);
  if (code) return `ConnectorError ${code}`;
  if (!(error instanceof Error)) return `no Error but ${typeof error}`;
  const text = error.message.split('\n')[0] ?? '';
  return `${error.constructor.name} (${text.length > 80 ? `${text.slice(0, 80)}…` : text})`;
};

/** A text without SIDs that are made of a secret: a SID is none, and carriers name it in their messages. */
const withoutSids = (text: string, secret: string) =>
  /^[0-9a-f]{32}$/i.test(secret) ? text.replace(new RegExp(`(?:AC|MG)${secret}`, 'gi'), '') : text;

/** Whether a text holds a secret, as it is, encoded, or in the Base64 of a Basic header. */
export function holdsSecret(text: string, secrets: readonly string[]): boolean {
  const shows = (plain: string) =>
    secrets.some((secret) => spellings(secret).some((each) => withoutSids(plain, secret).includes(each)));
  if (shows(text)) return true;
  return [...text.matchAll(/[A-Za-z0-9+/]{12,}={0,2}/g)].some(({ 0: word }) =>
    shows(Buffer.from(word, 'base64').toString('utf8')),
  );
}

/** What the carrier said, as far as an error hands it on: Twilio's code and message, in the raw text of its answer. */
export function twilioReasonIn(error: unknown): { code: number; message: string } | undefined {
  const texts = (value: unknown): string[] =>
    typeof value === 'string'
      ? [value]
      : value && typeof value === 'object'
        ? Object.values(value).flatMap(texts)
        : [];
  const { data, message } = (error ?? {}) as { data?: unknown; message?: unknown };
  for (const text of [...texts(data), ...texts(message)]) {
    try {
      const said = JSON.parse(text) as { code?: unknown; message?: unknown } | null;
      if (typeof said?.code === 'number' && typeof said.message === 'string')
        return { code: said.code, message: said.message };
    } catch {
      // no JSON: not the answer itself
    }
  }
  return undefined;
}

/** A request as one text: address, headers and body. */
export const wholeOf = ({ method, url, headers, body }: OutgoingRequest): string =>
  `${method} ${url}\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')}\n\n${body}`;

/** `POST https://api.twilio.com/2010-04-01/Accounts/AC…/Messages.json` */
export const addressOf = ({ method, url }: Sent): string => {
  const { origin, pathname } = new URL(url);
  return `${method} ${origin}${pathname}`.replace(/\b([A-Z]{2})[0-9a-fA-F]{32}\b/g, '$1…');
};
