/** Faults of the carrier: what the Messages API answers (`error/…`) and what reaches the phone (`delivery/…`). */
import type { Delivery, Fault, HttpAnswer } from '../fault.ts';
import { type ErrorCode, errorAnswer } from './errors.ts';

const answers = (code: ErrorCode) => (): HttpAnswer =>
  errorAnswer(code, { to: '+1500555XXXX', from: '+15005550006', channel: 'SMS', uri: '/2010-04-01' });
const text = (status: number, type: string, body: string) => (): HttpAnswer => ({
  status,
  headers: { 'content-type': type },
  body,
});

export const errorFaults = {
  'error/20003': { title: 'refuses the credentials', distort: answers(20003) },
  'error/20404': { title: 'knows no such resource', distort: answers(20404) },
  'error/20429': { title: 'has too many requests at once', distort: answers(20429) },
  'error/20500': { title: 'fails', distort: answers(20500) },
  'error/20503': { title: 'is not available', distort: answers(20503) },
  'error/21211': { title: 'takes the number for invalid', distort: answers(21211) },
  'error/21408': { title: 'has no permission to send to that country', distort: answers(21408) },
  'error/21608': { title: 'is a trial account that may not send to the number', distort: answers(21608) },
  'error/21610': { title: 'may not send to somebody who opted out', distort: answers(21610) },
  'error/21611': { title: 'has a full queue', distort: answers(21611) },
  'error/21612': { title: 'cannot route to the number', distort: answers(21612) },
  'error/21614': { title: 'takes the number for no mobile number', distort: answers(21614) },
  'error/21701': { title: 'knows no such Messaging Service', distort: answers(21701) },
  'error/21703': { title: 'has no number left to send from', distort: answers(21703) },
  'error/status-500-html': {
    title: 'answers 500 with a page',
    distort: text(500, 'text/html', '<html><body><h1>500 Internal Server Error</h1></body></html>'),
  },
  'error/hang': { title: 'never answers', distort: (healthy) => ({ ...healthy, wire: 'hang' as const }) },
  'error/reset': {
    title: 'resets the connection',
    distort: (healthy) => ({ ...healthy, wire: 'reset' as const }),
  },
  'error/slow': {
    title: 'answers slowly',
    distort: (healthy) => ({ ...healthy, wire: 'slow' as const, slowMs: 400 }),
  },
} satisfies Record<`error/${string}`, Fault<HttpAnswer>>;

const each = (
  healthy: Readonly<Delivery>,
  change: (copy: Delivery['deliveries'][number]) => Delivery['deliveries'][number],
): Delivery => ({
  ...healthy,
  deliveries: healthy.deliveries.map(change),
});

/** Cut after three digits of the code; a text without a code is cut in half. */
function cutOff(body: string): string {
  const code = /(?<!\d)\d{4,10}(?!\d)/.exec(body);
  return body.slice(0, code ? code.index + 3 : Math.floor(body.length / 2));
}

export const deliveryFaults = {
  'delivery/lost': {
    title: 'never delivers the message',
    distort: (healthy) => ({ ...healthy, deliveries: [], status: 'undelivered' as const, errorCode: 30008 }),
  },
  'delivery/late': {
    title: 'delivers the message two minutes late',
    distort: (healthy) => each(healthy, (copy) => ({ ...copy, delayMs: copy.delayMs + 120_000 })),
  },
  'delivery/twice': {
    title: 'delivers the message twice',
    distort: (healthy) => ({
      ...healthy,
      deliveries: healthy.deliveries.flatMap((copy) => [copy, { ...copy }]),
    }),
  },
  'delivery/wrong-number': {
    title: 'delivers the message to another number',
    distort: (healthy) =>
      each(healthy, (copy) => ({
        ...copy,
        to: copy.to.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10)),
      })),
  },
  'delivery/truncated': {
    title: 'cuts the message off in the middle of its code',
    distort: (healthy) => each(healthy, (copy) => ({ ...copy, body: cutOff(copy.body) })),
  },
  'delivery/out-of-order': {
    title: 'delivers the message after the next one to the same number',
    distort: (healthy) => each(healthy, (copy) => ({ ...copy, afterNext: true })),
  },
} satisfies Record<`delivery/${string}`, Fault<Delivery>>;

export const carrierFaults = { ...errorFaults, ...deliveryFaults };
