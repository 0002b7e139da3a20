/** How many text messages a body makes, and in which encoding (GSM-7 or UCS-2). */
import calculator from 'sms-segments-calculator';

export interface Segments {
  count: number;
  encoding: 'GSM-7' | 'UCS-2';
}

type Calculator = typeof import('sms-segments-calculator').SegmentedMessage;
const { SegmentedMessage } = calculator as unknown as { SegmentedMessage: Calculator };

/**
 * Counts with Twilio's own calculator.
 *
 * @param smart whether look-alikes (’ for ') are swapped first, as `SmartEncoded` asks
 */
export function countSegments(body: string, smart = false): Segments {
  const message = new SegmentedMessage(body, 'auto', smart);
  return { count: message.segmentsCount, encoding: message.encodingName === 'GSM-7' ? 'GSM-7' : 'UCS-2' };
}
