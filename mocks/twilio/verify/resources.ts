/** Resources of Verify v2: Services, Verifications, VerificationCheck, RateLimits, Buckets, Attempts. */
import type { Clock } from '../../clock.ts';
import type { HttpAnswer } from '../../fault.ts';
import { registerSecret } from '../../redact.ts';
import { senderFor } from '../accounts.ts';
import type { LifeCycle } from '../life-cycle.ts';
import { clipped, newMessage, one, type StoredMessage } from '../message.ts';
import { readNumber } from '../numbers.ts';
import { attemptResources } from './attempts.ts';
import { errorOfNumber, invalid, verifyError } from './errors.ts';
import { metaPage } from './lists.ts';
import { countIn, createRateLimit, putBucket, showBucket, showRateLimit, type Wrong } from './rate-limits.ts';
import type { VerifyCall, VerifyResource } from './resource.ts';
import { showService, VERIFY_ORIGIN, type VerifyService, type VerifyServices } from './services.ts';
import { LIMITS, showCheck, showVerification, textOf, type Verifications } from './verifications.ts';

export interface ResourceOptions {
  clock: Clock;
  lifeCycle: LifeCycle;
  services: VerifyServices;
  verifications: Verifications;
}

const ok = (body: unknown, status = 200): HttpAnswer => ({ status, headers: {}, body });
const GONE: HttpAnswer = { status: 204, headers: {}, body: null };
const notFound = ({ path }: VerifyCall) => verifyError(20404, { uri: path });
const refuse = (wrong: Wrong): HttpAnswer =>
  typeof wrong === 'string' ? invalid(wrong) : verifyError(wrong);
const isCode = (text: string) => /^[A-Za-z0-9]{4,10}$/.test(text);
const MESSAGES_MAX = 10_000;

export function createResources({ clock, lifeCycle, services, verifications }: ResourceOptions): {
  resources: VerifyResource[];
  message(sid: string): StoredMessage | undefined;
  clear(): void;
} {
  const messages = new Map<string, StoredMessage>();
  type Handler = (call: VerifyCall, service: VerifyService, ...ids: string[]) => HttpAnswer;
  const within =
    (use: Handler): NonNullable<VerifyResource['methods'][string]> =>
    (call, sid = '', ...ids) => {
      const service = services.of(call.account, sid);
      return service ? use(call, service, ...ids) : notFound(call);
    };

  function startVerification(call: VerifyCall, service: VerifyService): HttpAnswer {
    const { account, form, scope } = call;
    const to = one(form.To).trim();
    const channel = one(form.Channel).toLowerCase();
    // "Phone numbers must be in E.164 format" (OpenAPI); what else cannot be a number is 60200, too.
    const number = /^\+\d+$/.test(to) ? readNumber(to) : undefined;
    if (channel === 'email') return verifyError(60217);
    if (!number) return invalid('To');
    if (!['sms', 'whatsapp', 'call', 'sna'].includes(channel)) return invalid('Channel');
    const asked = errorOfNumber(number);
    if (asked) return asked;
    const from = senderFor(account, channel === 'whatsapp' ? `whatsapp:${number}` : number);
    // The mock has no calls, and WhatsApp where the account has a sender for it.
    if ((channel !== 'sms' && channel !== 'whatsapp') || !from) return verifyError(60223);
    if (service.customCode && form.CustomCode !== undefined && !isCode(one(form.CustomCode)))
      return invalid('CustomCode');
    if (service.flags.psd2_enabled && !(form.Amount && form.Payee)) return verifyError(60206);
    const pending = verifications.current(service, number);
    if (pending && pending.checks >= LIMITS.checks) return verifyError(60202);
    if (pending && pending.attempts.length >= LIMITS.sends) return verifyError(60203);
    const now = clock.now(scope);
    const limited = countIn(service, form, now);
    if (limited)
      return limited === 20429 ? verifyError(20429, { message: 'Too many requests' }) : invalid(limited);

    const verification = verifications.start({ service, to: number, channel, scope, form });
    registerSecret('one-time code', verification.code);
    const address = channel === 'whatsapp' ? `whatsapp:${number}` : number;
    const body = textOf(service, verification.code, form);
    // What Verify sends has no status callback, and stands in no list of messages.
    const sender = { ...account, statusCallback: undefined };
    const message = newMessage(sender, { To: address, From: from, Body: body }, scope, now);
    verifications.addAttempt(verification, message.resource.sid);
    const answer = showVerification(verification);
    message.via = { url: VERIFY_ORIGIN + call.path, form: clipped(form), answer };
    message.templates = [{ usageType: 'Verify', content: textOf(service, '{{code}}', form) }];
    messages.set(message.resource.sid, message);
    if (messages.size > MESSAGES_MAX) messages.delete(messages.keys().next().value as string);
    lifeCycle.begin(message, call.delivery);
    return ok(answer, 201);
  }

  function checkCode(call: VerifyCall, service: VerifyService): HttpAnswer {
    const to = one(call.form.To).trim();
    const sid = one(call.form.VerificationSid).trim();
    const code = one(call.form.Code).trim();
    if (!to && !sid) return verifyError(60221);
    if (!isCode(code)) return invalid('Code');
    const verification = sid
      ? verifications.get(service, sid)
      : verifications.current(service, readNumber(to) ?? to);
    if (!verification || verification.status === 'canceled') return notFound(call);
    const became = verifications.check(verification, code);
    return became === 'too-many' ? verifyError(60202) : ok(showCheck(verification));
  }

  function changeVerification(call: VerifyCall, service: VerifyService, sid = ''): HttpAnswer {
    const status = one(call.form.Status);
    if (status !== 'canceled' && status !== 'approved') return invalid('Status');
    const verification = verifications.get(service, sid);
    if (!verification || verification.status === 'canceled') return notFound(call);
    verifications.end(verification, status);
    return ok(showVerification(verification));
  }

  function fetchVerification(call: VerifyCall, service: VerifyService, sid = ''): HttpAnswer {
    const verification = verifications.get(service, sid);
    if (!verification) return notFound(call);
    if (!verifications.mayAsk(verification)) return verifyError(20429, { message: 'Too many requests' });
    return ok(showVerification(verification));
  }

  const rateLimit = (
    use: (
      call: VerifyCall,
      service: VerifyService,
      limit: NonNullable<ReturnType<VerifyService['rateLimits']['get']>>,
      bucket?: string,
    ) => HttpAnswer,
  ) =>
    within((call, service, sid = '', bucket) => {
      const limit = service.rateLimits.get(sid);
      return limit ? use(call, service, limit, bucket) : notFound(call);
    });
  const now = () => clock.now();

  const resources: VerifyResource[] = [
    {
      pattern: /^\/v2\/Services\/?$/,
      name: 'verify-services',
      methods: {
        GET: ({ account, query, path }) =>
          metaPage(services.list(account).map(showService), 'services', path, query),
        POST: ({ account, form }) => {
          const made = services.create(account, form);
          return typeof made === 'string' ? invalid(made) : ok(showService(made), 201);
        },
      },
    },
    {
      pattern: /^\/v2\/Services\/([^/]+)$/,
      name: 'verify-service',
      methods: {
        GET: within((_call, service) => ok(showService(service))),
        POST: within(({ form }, service) => {
          const wrong = services.update(service, form);
          return wrong ? invalid(wrong) : ok(showService(service));
        }),
        DELETE: within((_call, service) => {
          services.delete(service);
          return GONE;
        }),
      },
    },
    {
      pattern: /^\/v2\/Services\/([^/]+)\/Verifications$/,
      name: 'verifications',
      methods: { POST: within(startVerification) },
    },
    {
      pattern: /^\/v2\/Services\/([^/]+)\/Verifications\/([^/]+)$/,
      name: 'verification',
      methods: { GET: within(fetchVerification), POST: within(changeVerification) },
    },
    {
      pattern: /^\/v2\/Services\/([^/]+)\/VerificationCheck$/,
      name: 'verification-check',
      methods: { POST: within(checkCode) },
    },
    {
      pattern: /^\/v2\/Services\/([^/]+)\/RateLimits$/,
      name: 'rate-limits',
      methods: {
        GET: within(({ path, query }, service) => {
          const rows = [...service.rateLimits.values()].map((limit) => showRateLimit(service, limit));
          return metaPage(rows, 'rate_limits', path, query);
        }),
        POST: within(({ form }, service) => {
          const made = createRateLimit(service, form, now());
          return typeof made === 'object' ? ok(showRateLimit(service, made), 201) : refuse(made);
        }),
      },
    },
    {
      pattern: /^\/v2\/Services\/([^/]+)\/RateLimits\/([^/]+)$/,
      name: 'rate-limit',
      methods: {
        GET: rateLimit((_call, service, limit) => ok(showRateLimit(service, limit))),
        POST: rateLimit(({ form }, service, limit) => {
          Object.assign(limit, { description: one(form.Description), updated: now() });
          return ok(showRateLimit(service, limit));
        }),
        DELETE: rateLimit((_call, service, limit) => {
          service.rateLimits.delete(limit.sid);
          return GONE;
        }),
      },
    },
    {
      pattern: /^\/v2\/Services\/([^/]+)\/RateLimits\/([^/]+)\/Buckets$/,
      name: 'buckets',
      methods: {
        GET: rateLimit(({ path, query }, service, limit) => {
          const rows = [...limit.buckets.values()].map((bucket) => showBucket(service, limit, bucket));
          return metaPage(rows, 'buckets', path, query);
        }),
        POST: rateLimit(({ form }, service, limit) => {
          const made = putBucket(limit, form, now());
          return typeof made === 'object' ? ok(showBucket(service, limit, made), 201) : refuse(made);
        }),
      },
    },
    {
      pattern: /^\/v2\/Services\/([^/]+)\/RateLimits\/([^/]+)\/Buckets\/([^/]+)$/,
      name: 'bucket',
      methods: {
        GET: rateLimit((call, service, limit, sid = '') => {
          const bucket = limit.buckets.get(sid);
          return bucket ? ok(showBucket(service, limit, bucket)) : notFound(call);
        }),
        POST: rateLimit((call, service, limit, sid = '') => {
          const bucket = limit.buckets.get(sid);
          if (!bucket) return notFound(call);
          const changed = putBucket(limit, call.form, now(), bucket);
          return typeof changed === 'object' ? ok(showBucket(service, limit, changed)) : refuse(changed);
        }),
        DELETE: rateLimit((call, _service, limit, sid = '') =>
          limit.buckets.delete(sid) ? GONE : notFound(call),
        ),
      },
    },
    ...attemptResources(verifications, (sid) => messages.get(sid)),
  ];
  return {
    resources,
    message: (sid) => messages.get(sid),
    clear: () => messages.clear(),
  };
}
