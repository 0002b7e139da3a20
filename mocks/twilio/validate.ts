/** What is wrong with a request to send a message, in Twilio's order: To before From before Body. */
import { senderFor, type TwilioAccount, usableSender } from './accounts.ts';
import { codeInNumber, type ErrorCode, errorCatalogue, hideEnd, magicFrom, magicTo } from './errors.ts';
import { type Form, many, one } from './message.ts';
import { isSenderId, isWhatsApp, numberOf, readAddress, readNumber } from './numbers.ts';

export interface Problem {
  code: ErrorCode;
  values: Record<string, string>;
}

/** Limits of `SendAt` in seconds from now, both included (error dictionary, 35114). */
const SCHEDULE = { soonest: 900, latest: 604_800 };
const MEDIA_MAX = 10;
const BODY_MAX = 1600;
const CALLBACK_MAX = 4000;

const isWebAddress = (text: string) => {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return false;
  return !new URL(text).hostname.includes('_');
};

/**
 * @param now milliseconds since the epoch, on the mock's clock
 * @returns the first problem, or undefined when the message can be sent
 */
export function findProblem(account: TwilioAccount, form: Form, now: number): Problem | undefined {
  const to = one(form.To).trim();
  const from = one(form.From).trim();
  const service = one(form.MessagingServiceSid).trim();
  const wrong = (code: ErrorCode): Problem => ({
    code,
    values: {
      to: code === 21211 ? hideEnd(to) : to,
      from: from || service,
      channel: form.MediaUrl ? 'MMS' : 'SMS',
    },
  });
  const code =
    wrongTo(to) ??
    wrongSender(account, { from, service, to }) ??
    wrongContent(form, service) ??
    wrongTime(form, service, now);
  return code && wrong(code);
}

function wrongTo(to: string): ErrorCode | undefined {
  if (!to) return 21604;
  const address = readAddress(to);
  if (!address) return 21211;
  if (magicTo[address]) return magicTo[address];
  const asked = codeInNumber(numberOf(address));
  return asked !== undefined && Object.hasOwn(errorCatalogue, asked) ? (asked as ErrorCode) : undefined;
}

function wrongSender(
  account: TwilioAccount,
  { from, service, to }: { from: string; service: string; to: string },
): ErrorCode | undefined {
  if (!from && !service) return 21603;
  if (service) {
    if (!/^MG[0-9a-fA-F]{32}$/.test(service)) return 21705;
    if (!account.messagingServices.some((sid) => sid.toLowerCase() === service.toLowerCase())) return 21701;
  }
  if (!from) return senderFor(account, to) ? undefined : 21703;
  if (isWhatsApp(from) !== isWhatsApp(to)) return 21910;
  if (magicFrom[from]) return magicFrom[from];
  if (usableSender(account, from)) return undefined;
  if (isWhatsApp(from)) return 63007;
  return readNumber(from) || isSenderId(from) ? 21606 : 21212;
}

function wrongContent(form: Form, service: string): ErrorCode | undefined {
  const body = one(form.Body);
  const media = many(form.MediaUrl);
  if (form.ContentVariables && !form.ContentSid) return 21654;
  if (form.ContentSid && !/^HX[0-9a-fA-F]{32}$/.test(one(form.ContentSid))) return 21655;
  if (!body && media.length === 0 && !form.ContentSid) return service ? 21619 : 21602;
  // Counted in UTF-16 units: "emoji will be counted as multiple characters" (error dictionary, 21617).
  if (body.length > BODY_MAX) return 21617;
  if (media.length > MEDIA_MAX) return 21623;
  if (!media.every(isWebAddress)) return 21620;
  const callback = one(form.StatusCallback);
  if (callback && (callback.length > CALLBACK_MAX || !isWebAddress(callback))) return 21609;
  return undefined;
}

function wrongTime(form: Form, service: string, now: number): ErrorCode | undefined {
  const validity = form.ValidityPeriod === undefined ? 1 : Number(one(form.ValidityPeriod));
  if (!Number.isInteger(validity) || validity < 1 || validity > 36_000) return 21624;
  if (form.MaxPrice !== undefined && !/^\d+(\.\d+)?$/.test(one(form.MaxPrice))) return 21627;
  if (form.ScheduleType === undefined && form.SendAt === undefined) return undefined;
  if (!service) return 35118;
  if (one(form.ScheduleType) !== 'fixed') return 35126;
  if (!one(form.SendAt)) return 35111;
  const seconds = (Date.parse(one(form.SendAt)) - now) / 1000;
  return seconds >= SCHEDULE.soonest && seconds <= SCHEDULE.latest ? undefined : 35114;
}
