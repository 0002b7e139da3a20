/** What a text costs and whether it arrives: segments, encoding, length, links, words that carriers filter. */
import calculator from 'sms-segments-calculator';
import { type Analysis, type Template, textEdit } from './analysis.ts';
import { BOUND_LINE, fillIn } from './placeholder.ts';
import type { TemplateRow } from './report.ts';

type Calculator = typeof import('sms-segments-calculator').SegmentedMessage;
const { SegmentedMessage } = calculator as unknown as { SegmentedMessage: Calculator };

/** Logto's codes have six digits (recordings of the Experience API); the code of a connector test is 000000. */
const SIX_DIGITS = { code: '123456', locale: 'en', uiLocales: 'en' };
/** Twilio's limit in characters: error 21617. */
const TWILIO_MAX = 1600;
/** Minutes that a code is good (Logto core 1fbc554, `passcodeExpiration`). */
const GOOD_FOR = 10;

const LINK =
  /\bhttps?:\/\/[^\s]+|\bwww\.[^\s]+|(?<![@\w.-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:com|net|org|io|app|dev|co|me|info|biz|xyz|top|link|click|shop|site|online|ly|gl|cc|gd|at|de|fr|uk|us|eu|ru|cn|jp|kr|br|in)\b(?:\/[^\s]*)?/gi;
/** Shorteners that everybody may use; carriers in the US refuse them (help.twilio.com, "send shortened URLs"). */
const SHORTENERS =
  /^(?:https?:\/\/)?(?:www\.)?(?:bit\.ly|tinyurl\.com|goo\.gl|t\.co|is\.gd|ow\.ly|buff\.ly|rebrand\.ly|cutt\.ly|tiny\.cc|rb\.gy|shorturl\.at|t\.ly|bl\.ink|v\.gd)\b/i;
/** Kinds of content that carriers in the US and Canada refuse, and the words of phishing (help.twilio.com, forbidden message categories). */
const FILTERED: [RegExp, string][] = [
  [/\b(?:casino|gambling|betting|jackpot|lottery|sweepstakes)\b/i, 'gambling'],
  [/\b(?:cannabis|marijuana|cbd|kratom|vape|vaping)\b/i, 'drugs and tobacco'],
  [/\b(?:viagra|cialis|xxx|porn)\b/i, 'sex and prescription drugs'],
  [
    /\b(?:payday|cash) (?:loan|advance)s?\b|\bdebt (?:relief|forgiveness|consolidation)\b/i,
    'high-risk loans',
  ],
  [/\b(?:get rich|work from home|crypto (?:profit|giveaway)s?|earn money)\b/i, 'quick money'],
  [/\b(?:you(?:'|’)?ve won|winner|claim your|free (?:gift|money|prize))\b/i, 'prizes'],
  [
    /\b(?:act now|click (?:here|below|the link)|account (?:has been |is )?(?:suspended|locked))\b/i,
    'phishing',
  ],
];
const HTML =
  /<\/?(?:b|i|u|em|strong|br|p|a|div|span|h[1-6]|html|body)\b[^<>]*>|&(?:nbsp|amp|lt|gt|quot|#\d+);/i;
const MINUTES = /(?<!\d)(\d{1,3})\s*(?:-\s*)?(?:min(?:ute[ns]?|utos|uti|s)?\b|minut|分|분|мин)/i;

const describe = (character: string) =>
  `${/\s|\p{C}|\p{M}/u.test(character) ? '' : `${character} `}(${[...character].map((each) => `U+${(each.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`).join(' ')})`;

/** Longer texts are no messages; the calculator takes a second for some thousand characters more. */
const MEASURED_MAX = 4_000;

/** Segments, encoding and characters of a template at six digits. */
export function measure(
  content: string,
): Pick<TemplateRow, 'segments' | 'encoding' | 'characters' | 'nonGsm'> {
  if (content.length > MEASURED_MAX) return { characters: content.length };
  const body = fillIn(content, SIX_DIGITS);
  const message = new SegmentedMessage(body);
  return {
    segments: message.segmentsCount,
    encoding: message.encodingName,
    characters: message.numberOfCharacters,
    nonGsm: [...new Set(message.getNonGsmCharacters())],
  };
}

/** A text whose letters are mostly none of GSM-7's is written in another script and needs UCS-2. */
function needsUcs2(content: string, nonGsm: ReadonlySet<string>): boolean {
  const letters = [...content.replace(/[{｛].*?[}｝]/g, '')].filter((each) => /\p{L}/u.test(each));
  const foreign = letters.filter((each) => nonGsm.has(each)).length;
  return foreign * 10 >= letters.length * 3 && foreign > 0;
}

export function judgeMessage(analysis: Analysis, template: Template): void {
  const { content, path } = template;
  if (content === undefined) return;
  if (content.trim() === '') return;
  const here = [...path, 'content'];
  if (content.length > MEASURED_MAX) {
    const { tell, twilio } = analysis;
    tell({
      code: twilio ? 'message-too-long' : 'segments-many',
      level: twilio ? 'error' : 'warning',
      path: here,
      what: `The text has ${content.length} characters.`,
      expected: twilio ? `at most ${TWILIO_MAX}, and better 160` : 'one text message: 160 characters',
      fix: 'Paste the text of the message alone.',
    });
    return;
  }
  judgeCost(analysis, template, content);
  judgeLinks(analysis, template, content);
  const { tell, source, twilio } = analysis;
  const { characters = 0 } = measure(content);
  if (twilio && characters > TWILIO_MAX) {
    tell({
      code: 'message-too-long',
      level: 'error',
      path: here,
      what: `The message has ${characters} characters; Twilio refuses it with 21617.`,
      expected: `at most ${TWILIO_MAX} characters, better one text message of 160`,
      fix: 'Shorten the text.',
    });
  }
  for (const [pattern, topic] of FILTERED) {
    const found = pattern.exec(content);
    if (!found) continue;
    tell({
      code: 'carrier-word',
      level: 'warning',
      path: here,
      index: found.index,
      what: `Carriers filter messages about ${topic}: “${found[0]}”.`,
      expected: 'a code and what it is for; filtered messages end as 30007 and never arrive',
      fix: 'Use other words.',
    });
  }
  const html = HTML.exec(content);
  if (html) {
    tell({
      code: 'html-in-message',
      level: 'warning',
      path: here,
      index: html.index,
      what: `${html[0]} is shown as it is: a text message has no markup.`,
      expected: 'plain text',
      fix: 'Remove the markup.',
    });
  }
  const glued = /[0-9]\{\{\s*code\s*\}\}|\{\{\s*code\s*\}\}[0-9]/.exec(content);
  if (glued) {
    tell({
      code: 'digit-beside-code',
      level: 'warning',
      path: here,
      index: glued.index,
      what: 'A digit stands beside {{code}}; people and phones take it for a part of the code.',
      expected: 'a space or a sign around {{code}}',
      fix: 'Put a space between.',
    });
  }
  const minutes = MINUTES.exec(content);
  if (minutes && Number(minutes[1]) !== GOOD_FOR) {
    tell({
      code: 'expiry-differs',
      level: 'note',
      path: here,
      index: minutes.index,
      what: `The text says ${minutes[1]} minutes; a code of Logto is good for ${GOOD_FOR}, unless the tenant was told otherwise.`,
      expected: `${GOOD_FOR} minutes, or what verificationCodePolicy of the tenant says`,
      fix: 'Say how long the code is good in your tenant.',
    });
  }
  const start = content.length - content.trimStart().length;
  const end = content.trimEnd().length;
  if (start > 0 || end < content.length) {
    tell({
      code: 'surrounding-space',
      level: 'note',
      path: here,
      what: 'The text has space around it, which is sent and counted.',
      expected: 'the text alone',
      fix: 'Remove the space.',
      safeFix: {
        description: 'space around the text removed',
        edits: [textEdit(source, here, 0, start, ''), textEdit(source, here, end, content.length, '')].filter(
          ({ length }) => length > 0,
        ),
      },
    });
  }
}

function judgeCost({ tell, source }: Analysis, { path }: Template, content: string): void {
  const here = [...path, 'content'];
  const { segments = 1, characters = 0, encoding, nonGsm = [] } = measure(content);
  const foreign = new Set(nonGsm);
  const many = () =>
    tell({
      code: 'segments-many',
      level: 'warning',
      path: here,
      what: `With a code of six digits the message has ${characters} characters in ${encoding} and is sent, and paid, as ${segments} text messages.`,
      expected: encoding === 'GSM-7' ? 'one: at most 160 characters' : 'one: at most 70 characters in UCS-2',
      fix: 'Shorten the text.',
    });
  if (encoding === 'GSM-7' || needsUcs2(content, foreign)) {
    if (segments > 1) many();
    return;
  }
  const smart = new SegmentedMessage(content, 'auto', true).graphemes.join('');
  const plain = [...content].filter((each) => !foreign.has(each)).join('');
  const cheaper = measure(plain).segments ?? 1;
  const lettersOnly = nonGsm.every((each) => /^\p{L}\p{M}*$/u.test(each));
  // A letter that the language needs costs nothing as long as one message holds the text.
  if (lettersOnly && segments === 1) return;
  const index = content.indexOf(nonGsm[0] as string);
  tell({
    code: 'encoding-ucs2',
    level: cheaper < segments ? 'warning' : 'note',
    path: here,
    index: Math.max(0, index),
    what: `${nonGsm.map(describe).join(', ')} ${nonGsm.length > 1 ? 'are' : 'is'} not in GSM-7 and ${nonGsm.length > 1 ? 'turn' : 'turns'} the whole message into UCS-2: ${segments} text ${segments > 1 ? 'messages' : 'message'}${cheaper < segments ? ` instead of ${cheaper}` : ', and room for 70 characters instead of 160'}.`,
    expected: 'characters of GSM-7',
    fix: 'Write plain quotes, hyphens and spaces, and no emoji.',
    ...(measure(smart).encoding === 'GSM-7' && {
      safeFix: {
        description: `${nonGsm.map(describe).join(', ')} replaced by plain characters`,
        edits: replacements(content, foreign).map(({ from, to, by }) => textEdit(source, here, from, to, by)),
      },
    }),
  });
  if (cheaper >= segments && segments > 1) many();
}

/** Where look-alikes stand, and the plain characters that Twilio's Smart Encoding puts for them. */
function replacements(
  content: string,
  foreign: ReadonlySet<string>,
): { from: number; to: number; by: string }[] {
  let at = 0;
  return [...content].flatMap((each) => {
    const from = at;
    at += each.length;
    return foreign.has(each)
      ? [{ from, to: at, by: new SegmentedMessage(each, 'auto', true).graphemes.join('') }]
      : [];
  });
}

function judgeLinks({ tell }: Analysis, { path }: Template, content: string): void {
  const here = [...path, 'content'];
  const text = content.replace(BOUND_LINE, '');
  for (const { 0: raw, index } of text.matchAll(LINK)) {
    const short = SHORTENERS.test(raw);
    tell({
      code: short ? 'link-shortener' : 'link',
      level: short ? 'error' : 'warning',
      path: here,
      index,
      what: short
        ? `${raw} is a link of a shortener that everybody may use; carriers refuse such messages (30007).`
        : `${raw} is a link; carriers filter codes with links, and people learn to follow links in such messages.`,
      expected: 'no link in a message that carries a code',
      fix: 'Remove the link.',
    });
  }
}
