/**
 * What the sender of a config cannot do, whatever its connector: an alphanumeric one, or a toll-free number.
 *
 * Sources: 3GPP TS 23.040 §9.1.2.5 (an alphanumeric address has eleven characters at most); Twilio, Alphanumeric Sender ID
 * (https://www.twilio.com/docs/glossary/what-alphanumeric-sender-id), AlphaSender resource
 * (https://www.twilio.com/docs/messaging/api/alphasender-resource: its characters), errors 21612
 * (https://www.twilio.com/docs/api/errors/21612) and 30032 (https://www.twilio.com/docs/api/errors/30032), What is the SMS
 * character limit (https://www.twilio.com/docs/glossary/what-sms-character-limit: parts of toll-free numbers).
 */
import type { Analysis } from './analysis.ts';

/** Keys that name a sender in connectors of Logto, in Twilio's API and in that of others. */
const SENDER_KEY =
  /^(?:from|from_?(?:number|phone_?number)|sender(?:_?(?:id|name|number))?|brand_?name|originator|alpha_?sender|(?:source|origination)_?(?:number|address))$/i;
const TOLL_FREE = /^(?:\+|00)?1[\s.-]*\(?8(?:00|33|44|55|66|77|88)\)?[\s.-]*\d{3}[\s.-]*\d{4}$/;
const LONGEST = 11;
/** Characters that Twilio takes in an alphanumeric sender. */
const CHARACTERS = /^[A-Za-z0-9 +&_-]*$/;

export const isTollFree = (sender: string): boolean => TOLL_FREE.test(sender.trim());

/** A name in the place of a number: it holds a letter, and is none of the ids that carriers give (SIDs, UUIDs, variables). */
export const isAlphanumeric = (sender: string): boolean => {
  const name = sender.trim();
  if (!/\p{L}/u.test(name) || name.length > 40) return false;
  return !/^[A-Z]{2}[0-9a-f]{32}$/i.test(name) && !/^[0-9a-f-]{20,}$/i.test(name) && !/[{}$<>%]/.test(name);
};

/** Why a name is no sender that phones can be shown; undefined when it is one. */
function refusedAs(name: string): string | undefined {
  if (name.length > LONGEST)
    return `it has ${name.length} characters, and a phone is shown ${LONGEST} at most`;
  if (!CHARACTERS.test(name))
    return 'it has other characters than A-Z, a-z, 0-9, blank, hyphen, plus, underscore and ampersand';
  return undefined;
}

/** @param settled keys that have been judged already */
export function judgeSender({ config, tell }: Analysis, settled: ReadonlySet<string>): void {
  for (const [key, value] of Object.entries(config)) {
    if (typeof value !== 'string' || settled.has(key) || !SENDER_KEY.test(key)) continue;
    if (isTollFree(value))
      tell({
        code: 'sender-toll-free',
        level: 'warning',
        path: [key],
        what: `"${key}" is a toll-free number: before it is verified, nobody in the United States and Canada gets a message from it (Twilio's error 30032), and its parts hold a character less.`,
        expected: 'a number whose verification is approved, or one that needs none',
        fix: 'Have the number verified before people sign in with it, or send from another kind of number.',
      });
    else if (isAlphanumeric(value)) {
      const refused = refusedAs(value.trim());
      tell({
        code: refused ? 'sender-alphanumeric-malformed' : 'sender-alphanumeric',
        level: 'warning',
        path: [key],
        what: refused
          ? `"${key}" is an alphanumeric sender that no carrier takes: ${refused}.`
          : `"${key}" is an alphanumeric sender: nobody in the United States, Canada and other countries that know none gets a message from it, some countries want it registered, and nobody can answer.`,
        expected: refused
          ? 'one to eleven letters, digits and blanks, at least one of them a letter'
          : 'a sender that every country knows where people sign in from',
        fix: refused
          ? 'Shorten it.'
          : 'Keep the countries that take no such sender out of Logto, or let the carrier choose a number for them.',
      });
    }
  }
}
