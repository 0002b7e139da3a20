/** How many text messages a body makes, and in which encoding (GSM-7 or UCS-2). */
import calculator from 'sms-segments-calculator';

export interface Segments {
  count: number;
  encoding: 'GSM-7' | 'UCS-2';
}

type Calculator = typeof import('sms-segments-calculator').SegmentedMessage;
const { SegmentedMessage } = calculator as unknown as { SegmentedMessage: Calculator };

/** Units of one part between a toll-free number and the US or Canada (https://www.twilio.com/docs/glossary/what-sms-character-limit). */
const TOLL_FREE_PART = { 'GSM-7': 152, 'UCS-2': 66 };
const TOLL_FREE = /^\+18(?:00|33|44|55|66|77|88)\d{7}$/;

/**
 * Counts with Twilio's own calculator; it knows nothing of toll-free senders, whose parts hold one unit less.
 *
 * @param smart whether look-alikes (’ for ') are swapped first, as `SmartEncoded` asks
 * @param way sender and recipient, where they are known
 */
export function countSegments(
  body: string,
  smart = false,
  way: { from?: string | null; to?: string } = {},
): Segments {
  const message = new SegmentedMessage(body, 'auto', smart);
  const encoding = message.encodingName === 'GSM-7' ? 'GSM-7' : 'UCS-2';
  const count = message.segmentsCount;
  if (count < 2 || !TOLL_FREE.test(way.from ?? '') || !way.to?.startsWith('+1')) return { count, encoding };
  const most = TOLL_FREE_PART[encoding];
  let parts = 1;
  let used = 0;
  // A character of two units (an extension character, an emoji) is never split.
  for (const { codeUnits } of message.encodedChars) {
    if (used + codeUnits.length > most) {
      parts += 1;
      used = 0;
    }
    used += codeUnits.length;
  }
  return { count: parts, encoding };
}
