/** How many text messages a body makes, and in which encoding (Twilio: GSM-7 and UCS-2; facts: twilio.md §7). */
import calculator from 'sms-segments-calculator';

export interface Segments {
  count: number;
  encoding: 'GSM-7' | 'UCS-2';
}

type Calculator = typeof import('sms-segments-calculator').SegmentedMessage;
const { SegmentedMessage } = calculator as unknown as { SegmentedMessage: Calculator };

/** Counts with Twilio's own calculator. */
export function countSegments(body: string): Segments {
  const message = new SegmentedMessage(body);
  return { count: message.segmentsCount, encoding: message.encodingName === 'GSM-7' ? 'GSM-7' : 'UCS-2' };
}
