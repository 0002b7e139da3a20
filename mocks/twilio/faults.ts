/** Faults of the carrier: what the Messages API answers (`error/…`) and what reaches the phone (`delivery/…`). */
import type { Delivery, Fault, HttpAnswer } from '../faults.ts';

export const errorFaults = {
  'error/20003': {
    title: 'refuses the credentials',
    distort: (healthy) => ({
      ...healthy,
      status: 401,
      body: { code: 20003, message: 'Authenticate', more_info: 'https://www.twilio.com/docs/errors/20003', status: 401 },
    }),
  },
} satisfies Record<`error/${string}`, Fault<HttpAnswer>>;

export const deliveryFaults = {
  'delivery/lost': {
    title: 'never delivers the message',
    distort: (healthy) => ({ ...healthy, deliveries: [], status: 'undelivered' as const, errorCode: 30008 }),
  },
} satisfies Record<`delivery/${string}`, Fault<Delivery>>;

export const carrierFaults = { ...errorFaults, ...deliveryFaults };
