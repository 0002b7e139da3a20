/** Programmable rate limits of Verify: how often a value of the caller's own choosing may send in some seconds. */
import { type Form, newSid, one } from '../message.ts';
import type { VerifyErrorCode } from './errors.ts';
import { type Bucket, isoDate, type RateLimit, VERIFY_ORIGIN, type VerifyService } from './services.ts';

/** What is wrong: a code of the dictionary, or the name of a parameter (60200). */
export type Wrong = VerifyErrorCode | string;

/** "`UniqueName` only supports alphanumeric characters and `-`, `_` or `.`" (error dictionary, 60209). */
const NAME = /^[A-Za-z0-9._-]+$/;
/** Values that a bucket counts; the oldest is forgotten when there are more. */
const VALUES_MAX = 10_000;

export function createRateLimit(service: VerifyService, form: Form, now: number): RateLimit | Wrong {
  const name = one(form.UniqueName);
  if (!name) return 'UniqueName';
  if (!NAME.test(name)) return 60209;
  if ([...service.rateLimits.values()].some((limit) => limit.name === name)) return 60208;
  const limit: RateLimit = {
    sid: newSid('RK'),
    name,
    description: form.Description === undefined ? null : one(form.Description),
    buckets: new Map(),
    created: now,
    updated: now,
  };
  service.rateLimits.set(limit.sid, limit);
  return limit;
}

const whole = (value: string) => (/^[1-9]\d*$/.test(value) ? Number(value) : undefined);

/** Makes a bucket, or changes the given one. */
export function putBucket(limit: RateLimit, form: Form, now: number, bucket?: Bucket): Bucket | Wrong {
  const max = form.Max === undefined ? bucket?.max : whole(one(form.Max));
  const interval = form.Interval === undefined ? bucket?.interval : whole(one(form.Interval));
  if (max === undefined) return 'Max';
  if (interval === undefined) return 'Interval';
  if ([...limit.buckets.values()].some((each) => each !== bucket && each.interval === interval)) return 60211;
  if (bucket) return Object.assign(bucket, { max, interval, updated: now });
  const made = { sid: newSid('BL'), max, interval, counted: new Map(), created: now, updated: now };
  limit.buckets.set(made.sid, made);
  return made;
}

/**
 * Counts one verification for each value that `RateLimits` names.
 *
 * @returns 20429 when a bucket is full, 60200 when the parameter is no JSON object; undefined when all may go on
 */
export function countIn(service: VerifyService, form: Form, now: number): 20429 | 'RateLimits' | undefined {
  if (form.RateLimits === undefined) return undefined;
  const given = objectIn(one(form.RateLimits));
  if (!given) return 'RateLimits';
  const full = Object.entries(given).flatMap(([name, value]) =>
    [...service.rateLimits.values()]
      .filter((limit) => limit.name === name)
      .flatMap(({ buckets }) => [...buckets.values()])
      .map((bucket) => isFull(bucket, String(value), now)),
  );
  return full.includes(true) ? 20429 : undefined;
}

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Counts, and says whether it was one too many. */
function isFull({ counted, max, interval }: Bucket, value: string, now: number): boolean {
  const times = (counted.get(value) ?? []).filter((at) => at > now - interval * 1000);
  const full = times.length >= max;
  counted.delete(value);
  counted.set(value, full ? times : [...times, now]);
  if (counted.size > VALUES_MAX) counted.delete(counted.keys().next().value as string);
  return full;
}

const urlOf = (service: VerifyService, limit: RateLimit) =>
  `${VERIFY_ORIGIN}/v2/Services/${service.sid}/RateLimits/${limit.sid}`;

/** OpenAPI `verify.v2.service.rate_limit`. */
export const showRateLimit = (service: VerifyService, limit: RateLimit) => ({
  sid: limit.sid,
  service_sid: service.sid,
  account_sid: service.account,
  unique_name: limit.name,
  description: limit.description,
  date_created: isoDate(limit.created),
  date_updated: isoDate(limit.updated),
  url: urlOf(service, limit),
  links: { buckets: `${urlOf(service, limit)}/Buckets` },
});

/** OpenAPI `verify.v2.service.rate_limit.bucket`. */
export const showBucket = (service: VerifyService, limit: RateLimit, bucket: Bucket) => ({
  sid: bucket.sid,
  rate_limit_sid: limit.sid,
  service_sid: service.sid,
  account_sid: service.account,
  max: bucket.max,
  interval: bucket.interval,
  date_created: isoDate(bucket.created),
  date_updated: isoDate(bucket.updated),
  url: `${urlOf(service, limit)}/Buckets/${bucket.sid}`,
});
