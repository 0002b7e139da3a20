/** All there is to know about one message: its history, its price, the raw request and Twilio's answer to it. */
import type { Message, StatusChange, StoredMessage } from '../message.ts';
import { countryOf } from '../numbers.ts';

/** A request to create a message and its answer, as they went over the wire, without the credentials. */
export interface RawExchange {
  request: { method: string; url: string; headers: Record<string, string | string[]>; body: string };
  answer: { status: number; headers: Record<string, string>; body: string };
  /** Faults that the message met. */
  faults: string[];
}

export interface MessageDetail {
  sid: string;
  resource: Message;
  timeline: StatusChange[];
  media: { url: string; contentType: string }[];
  price: {
    /** What the price depends on: the country, SMS or MMS, the number of segments. */
    class: string;
    /** Negative decimal number as Twilio shows it; null until the message was sent. */
    amount: string | null;
    unit: string | null;
  };
  exchange: RawExchange | null;
}

const countries = new Intl.DisplayNames(['en'], { type: 'region' });

/** `United States · SMS · 2 segments` */
export function priceClass(to: string, segments: number, media: number): string {
  const country = countryOf(to);
  return [
    country ? (countries.of(country) ?? country) : 'unknown country',
    media > 0 ? 'MMS' : 'SMS',
    `${segments} ${segments === 1 ? 'segment' : 'segments'}`,
  ].join(' · ');
}

export function messageDetail(message: StoredMessage, segments: number): MessageDetail {
  const { resource, timeline, media, exchange } = message;
  return {
    sid: resource.sid,
    resource,
    timeline,
    media: media.map(({ row, url }) => ({ url, contentType: row.content_type })),
    price: {
      class: priceClass(resource.to, segments, media.length),
      amount: resource.price,
      unit: resource.price_unit,
    },
    exchange: exchange ?? null,
  };
}
