/**
 * What happens to a message after its creation: its copies reach phones, its status moves on.
 *
 * The text reaches the phone at once, so that nobody waits for a sign-in; the statuses follow on the mock's clock,
 * `paceMs` apart (https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks).
 */
import type { Clock } from '../clock.ts';
import type { Delivery } from '../fault.ts';
import { distort, type FaultName } from '../faults.ts';
import { registerSecret } from '../redact.ts';
import { senderFor } from './accounts.ts';
import { requestOf } from './attempts.ts';
import { codeInNumber, deliveryErrors } from './errors.ts';
import type { Inbox } from './inbox.ts';
import { isFinal, type MessageStatus, one, type StoredMessage, twilioDate } from './message.ts';
import { numberOf } from './numbers.ts';
import { countSegments } from './segments.ts';
import { recognise, type SmsTemplate } from './templates.ts';
import type { Timers } from './timers.ts';

/** Numbers with a copy held back; the oldest copy arrives when there are more. */
const HELD_MAX = 1000;
/** Price of one segment in USD: Twilio's list price for the United States, which its examples use. */
const SEGMENT_PRICE = 0.0079;

export interface LifeCycle {
  /** @param armed delivery faults that apply to the message */
  begin(message: StoredMessage, armed: readonly FaultName[]): void;
  /** Ends a message that is not sent yet; the copy that had run ahead of its status is taken back. */
  cancel(message: StoredMessage): void;
  /** Messages that wait for their time. */
  readonly scheduled: number;
  /** Drops the copies that wait for a next message. */
  forget(): void;
}

export interface LifeCycleOptions {
  clock: Clock;
  timers: Timers;
  inbox: Inbox;
  templates: () => readonly SmsTemplate[];
  /** Milliseconds between two statuses. */
  paceMs: number;
  /** Told each status after the first one. */
  onStatus(message: StoredMessage): void;
}

export function createLifeCycle(options: LifeCycleOptions): LifeCycle {
  const { clock, timers, inbox, paceMs } = options;
  /** Copies that wait for the next message to the same number. */
  const held = new Map<string, (() => void)[]>();
  const scheduled = new Map<string, { cancel(): void }>();
  const templatesOf = (message: StoredMessage) => message.templates ?? options.templates();

  function step(message: StoredMessage, status: MessageStatus, errorCode: number | null = null) {
    const { resource, form } = message;
    const now = clock.now(message.scope);
    resource.status = status;
    resource.date_updated = twilioDate(now);
    if (status === 'queued' && resource.messaging_service_sid) {
      resource.from ??= senderFor(message.account, resource.to);
      const smart = one(form.SmartEncoded) === 'true';
      resource.num_segments = String(countSegments(one(form.Body), smart, resource).count);
    }
    if (status === 'sent') {
      message.sentAt = now;
      resource.date_sent = twilioDate(now);
      resource.price = `-${(SEGMENT_PRICE * Number(resource.num_segments)).toFixed(5)}`;
    }
    if (errorCode !== null) {
      resource.error_code = errorCode;
      resource.error_message = deliveryErrors[errorCode]?.message ?? 'Unknown error';
    }
    message.timeline.push({ status, at: new Date(now).toISOString() });
    inbox.update(resource.sid, { status });
    options.onStatus(message);
  }

  /** One status after the other, each `paceMs` after the one before, the last one not before `lastDue`. */
  function walk(
    message: StoredMessage,
    [status, ...rest]: MessageStatus[],
    lastDue: number,
    errorCode: number | null,
    after: number,
  ) {
    if (!status) return;
    // Counted from when the status before was due, so that one move of the clock passes all that are due.
    const due = rest.length ? after + paceMs : Math.max(after + paceMs, lastDue);
    timers.at(due, message.scope, () => {
      if (message.resource.status === 'canceled') return;
      step(message, status, isFinal(status) ? errorCode : null);
      walk(message, rest, lastDue, errorCode, due);
    });
  }

  function reach(message: StoredMessage, copy: Delivery['deliveries'][number]) {
    const { resource, scope, usageType } = message;
    if (resource.status === 'canceled') return;
    const { template, templates, code } = recognise(copy.body, templatesOf(message), usageType);
    registerSecret('one-time code', code);
    const from = resource.from ?? senderFor(message.account, resource.to);
    const smart = one(message.form.SmartEncoded) === 'true';
    const { count, encoding } = countSegments(copy.body, smart, { from, to: copy.to });
    inbox.add({
      sid: resource.sid,
      to: copy.to,
      from,
      body: copy.body,
      code,
      template,
      templates,
      usageType: usageType ?? null,
      segments: count,
      encoding,
      at: new Date().toISOString(),
      scope: scope ?? null,
      status: resource.status,
    });
    const after = held.get(copy.to) ?? [];
    held.delete(copy.to);
    for (const arrive of after) arrive();
  }

  function hold(to: string, arrive: () => void) {
    held.set(to, [arrive]);
    if (held.size <= HELD_MAX) return;
    const [oldest, waiting] = held.entries().next().value as [string, (() => void)[]];
    held.delete(oldest);
    for (const each of waiting) each();
  }

  /** Shows a message that reaches nobody, so that whoever waits for it sees why. */
  function explain(message: StoredMessage, code: number | null) {
    const { resource, form, scope, usageType, created } = message;
    const { template, templates } = recognise(one(form.Body), templatesOf(message), usageType);
    inbox.addAttempt({
      id: resource.sid,
      kind: 'undelivered',
      to: resource.to,
      from: resource.from ?? senderFor(message.account, resource.to),
      body: one(form.Body),
      http: 201,
      code,
      reason: (code !== null && deliveryErrors[code]?.message) || 'Unknown error',
      moreInfo: code === null ? null : `https://www.twilio.com/docs/errors/${code}`,
      template,
      templates,
      at: new Date().toISOString(),
      scope: scope ?? null,
      request: message.via
        ? { method: 'POST', url: message.via.url, form: message.via.form }
        : requestOf(message.resource.account_sid, form),
      answer: { status: 201, body: message.via?.answer ?? created },
    });
  }

  function deliver(message: StoredMessage, armed: readonly FaultName[]) {
    const { resource, scope } = message;
    const asked = codeInNumber(numberOf(resource.to));
    const error = asked === undefined ? undefined : deliveryErrors[asked];
    const copy = { to: resource.to, body: one(message.form.Body), delayMs: 0 };
    const healthy: Delivery = error
      ? { deliveries: [], status: error.status, errorCode: asked as number }
      : { deliveries: [copy], status: 'delivered', errorCode: null };
    const now = clock.now(scope);
    const context = { issuer: '', clientId: '', redirectUri: '', now: Math.floor(now / 1000) };
    const delivery = distort<Delivery>(armed, healthy, context);
    if (delivery.deliveries.length === 0) explain(message, delivery.errorCode);
    for (const copy of delivery.deliveries) {
      const arrive = () => reach(message, copy);
      if (copy.delayMs > 0) timers.at(now + copy.delayMs, scope, arrive);
      // Only one message is held back: the next one to the number goes first, and takes the held one along.
      else if (copy.afterNext && !held.has(copy.to)) hold(copy.to, arrive);
      else arrive();
    }
    const path: MessageStatus[] = [
      ...(resource.status === 'accepted' ? (['queued'] as const) : []),
      'sending',
      ...(delivery.status === 'failed' ? [] : (['sent'] as const)),
      delivery.status,
    ];
    const lastDue = now + Math.max(0, ...delivery.deliveries.map(({ delayMs }) => delayMs));
    walk(message, path, lastDue, delivery.errorCode, now);
  }

  return {
    forget() {
      held.clear();
      scheduled.clear();
    },
    get scheduled() {
      return scheduled.size;
    },
    begin(message, armed) {
      const { resource, form, scope } = message;
      if (resource.status !== 'scheduled') return deliver(message, armed);
      const timer = timers.at(Date.parse(one(form.SendAt)), scope, () => {
        scheduled.delete(resource.sid);
        step(message, 'accepted');
        deliver(message, armed);
      });
      scheduled.set(resource.sid, timer);
    },
    cancel(message) {
      const { sid } = message.resource;
      scheduled.get(sid)?.cancel();
      scheduled.delete(sid);
      step(message, 'canceled');
      inbox.delete(sid);
    },
  };
}
