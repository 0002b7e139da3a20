/** Verify Services: their settings, and how the API shows them (OpenAPI `verify.v2.service`). */
import type { TwilioAccount } from '../accounts.ts';
import { type Form, newSid, one } from '../message.ts';

export const VERIFY_ORIGIN = 'https://verify.twilio.com';

export interface VerifyService {
  sid: string;
  account: string;
  friendlyName: string;
  /** Digits of a code that Verify makes up. */
  codeLength: number;
  /** Whether `CustomCode` counts; it is ignored otherwise. */
  customCode: boolean;
  /** Whether a message ends with a warning. */
  doNotShare: boolean;
  flags: Record<Flag, boolean>;
  rateLimits: Map<string, RateLimit>;
  /** Milliseconds since the epoch. */
  created: number;
  updated: number;
}

export interface Bucket {
  sid: string;
  max: number;
  /** Seconds. */
  interval: number;
  /** Value → times at which it was counted, milliseconds since the epoch. */
  counted: Map<string, number[]>;
  created: number;
  updated: number;
}

export interface RateLimit {
  sid: string;
  name: string;
  description: string | null;
  buckets: Map<string, Bucket>;
  created: number;
  updated: number;
}

/** Settings that are kept and shown, and change nothing here. */
const FLAGS = {
  lookup_enabled: ['LookupEnabled', false],
  psd2_enabled: ['Psd2Enabled', false],
  skip_sms_to_landlines: ['SkipSmsToLandlines', false],
  dtmf_input_required: ['DtmfInputRequired', true],
  verify_event_subscription_enabled: ['VerifyEventSubscriptionEnabled', false],
} as const;
type Flag = keyof typeof FLAGS;

/** Twilio's default is 6; "Must be an integer value between 4 and 10, inclusive". */
const CODE_LENGTH = { usual: 6, least: 4, most: 10 };
const NAME_MAX = 32;
const NAME_DIGITS_MAX = 4;
const SERVICES_MAX = 1000;

export const isoDate = (milliseconds: number): string =>
  `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;

export interface VerifyServices {
  of(account: TwilioAccount, sid: string): VerifyService | undefined;
  list(account: TwilioAccount): VerifyService[];
  /** @returns the service, or the name of the parameter that is wrong */
  create(account: TwilioAccount, form: Form): VerifyService | string;
  update(service: VerifyService, form: Form): string | undefined;
  delete(service: VerifyService): void;
  /** Back to the services that the accounts begin with. */
  reset(): void;
}

export function createVerifyServices(now: () => number): VerifyServices {
  const services = new Map<string, VerifyService>();
  const deleted = new Set<string>();

  const fresh = (account: string, sid: string): VerifyService => ({
    sid,
    account,
    friendlyName: 'Conformance',
    codeLength: CODE_LENGTH.usual,
    customCode: false,
    doNotShare: false,
    flags: Object.fromEntries(
      Object.entries(FLAGS).map(([name, [, usual]]) => [name, usual]),
    ) as VerifyService['flags'],
    rateLimits: new Map(),
    created: now(),
    updated: now(),
  });
  /** The services that an account begins with come into being when somebody asks for them. */
  const own = (account: TwilioAccount) => {
    for (const sid of account.verifyServices)
      if (!services.has(sid) && !deleted.has(sid)) services.set(sid, fresh(account.sid, sid));
  };
  const change = (service: VerifyService, form: Form): string | undefined => {
    const name = form.FriendlyName === undefined ? service.friendlyName : one(form.FriendlyName);
    if (name === '' || name.length > NAME_MAX || name.replace(/\D/g, '').length > NAME_DIGITS_MAX)
      return 'FriendlyName';
    const length = form.CodeLength === undefined ? service.codeLength : Number(one(form.CodeLength));
    if (!Number.isInteger(length) || length < CODE_LENGTH.least || length > CODE_LENGTH.most)
      return 'CodeLength';
    const flag = (parameter: string, usual: boolean) =>
      form[parameter] === undefined ? usual : /^true$/i.test(one(form[parameter]));
    Object.assign(service, {
      friendlyName: name,
      codeLength: length,
      customCode: flag('CustomCodeEnabled', service.customCode),
      doNotShare: flag('DoNotShareWarningEnabled', service.doNotShare),
      updated: now(),
    });
    for (const [key, [parameter]] of Object.entries(FLAGS))
      service.flags[key as Flag] = flag(parameter, service.flags[key as Flag]);
    return undefined;
  };

  return {
    of(account, sid) {
      own(account);
      const found = services.get(sid);
      return found?.account === account.sid ? found : undefined;
    },
    list(account) {
      own(account);
      return [...services.values()].filter((service) => service.account === account.sid);
    },
    create(account, form) {
      if (!one(form.FriendlyName)) return 'FriendlyName';
      const service = fresh(account.sid, newSid('VA'));
      const wrong = change(service, form);
      if (wrong) return wrong;
      services.set(service.sid, service);
      if (services.size > SERVICES_MAX) services.delete(services.keys().next().value as string);
      return service;
    },
    update: change,
    delete({ sid }) {
      services.delete(sid);
      deleted.add(sid);
    },
    reset() {
      services.clear();
      deleted.clear();
    },
  };
}

export function showService(service: VerifyService): { sid: string } & Record<string, unknown> {
  const url = `${VERIFY_ORIGIN}/v2/Services/${service.sid}`;
  return {
    sid: service.sid,
    account_sid: service.account,
    friendly_name: service.friendlyName,
    code_length: service.codeLength,
    ...service.flags,
    tts_name: null,
    do_not_share_warning_enabled: service.doNotShare,
    custom_code_enabled: service.customCode,
    push: { include_date: false, apn_credential_sid: null, fcm_credential_sid: null },
    totp: { issuer: service.friendlyName, time_step: 30, code_length: 6, skew: 1 },
    whatsapp: { msg_service_sid: null, from: null },
    passkeys: null,
    default_template_sid: null,
    date_created: isoDate(service.created),
    date_updated: isoDate(service.updated),
    url,
    links: {
      verification_checks: `${url}/VerificationCheck`,
      verifications: `${url}/Verifications`,
      rate_limits: `${url}/RateLimits`,
    },
  };
}
