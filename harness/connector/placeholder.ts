/** The placeholder of the code in a template, and other variables (connector-kit 5.1.1, `replaceSendMessageHandlebars`). */
import { type Analysis, type Template, textEdit } from './analysis.ts';
import { ALWAYS, CODE_SYNONYMS, EMAIL_ONLY, SOMETIMES } from './usage-types.ts';

/** What connector-kit replaces. */
export const HANDLEBARS = /\{\{\s*([\w.]+)\s*\}\}/g;
const NAMES = ['code', ...CODE_SYNONYMS].join('|');
const NAME = `(?:sms|verification|verify|auth|otp|one[-_ ]?time)?[-_ ]?(?:${NAMES})`;
/**
 * What people write for a placeholder when they come from another system. Every repetition is bounded, so that no
 * text makes the search slow.
 */
const LOOKALIKES = new RegExp(
  [
    `\\{\\s{0,9}\\{\\s{0,9}${NAME}\\s{0,9}\\}\\s{0,9}\\}`,
    `\\$?\\{{1,4}\\s{0,9}${NAME}\\s{0,9}\\}{1,4}`,
    `\\[{1,4}\\s{0,9}${NAME}\\s{0,9}\\]{1,4}`,
    `<\\s{0,9}${NAME}\\s{0,9}>`,
    `%{1,4}${NAME}%{1,4}`,
    `#${NAME}#`,
    `@{1,4}${NAME}@{1,4}`,
    `｛{1,4}\\s{0,9}${NAME}\\s{0,9}｝{1,4}`,
    `\\{\\{[^{}]{0,99}\\}\\}`,
  ].join('|'),
  'gi',
);
/** Positions, as other carriers' templates have them. */
const POSITIONS = /\{\d\}|%[sd]|\$\d/g;

const bare = (name: string) => name.toLowerCase().replace(/[^a-z]/g, '');

/** The text of a template with the variables of a message filled in, as the connector does it. */
export const fillIn = (content: string, payload: Record<string, string>): string =>
  content.replaceAll(HANDLEBARS, (whole, key: string) => payload[key] ?? whole);

/** The last line `@domain #code` binds a code to a web site (WICG, "Origin-bound one-time codes"). */
export const BOUND_LINE = /(?:^|\n)@[\w.-]+(?::\d+)?\s+#\{\{\s*code\s*\}\}(?:\s+@[\w.-]+)?\s*$/;
const isBound = (content: string, index: number) => {
  const line = BOUND_LINE.exec(content);
  return line !== null && index >= line.index;
};

/** @returns whether the message will hold the code */
export function judgePlaceholder(
  { source, tell }: Analysis,
  { path, content, usageType }: Template,
): boolean {
  if (content === undefined) return false;
  const here = [...path, 'content'];
  const variables = [...content.matchAll(HANDLEBARS)].map((found) => ({
    raw: found[0],
    key: found[1] as string,
    index: found.index,
  }));
  const codes = variables.filter(({ key }) => key === 'code');
  // A correction of a wrong placeholder beside a right one would put the code in twice.
  let mayCorrect = codes.length === 0;
  let standIns = 0;
  const wrong = (code: string, index: number, raw: string, what: string, expected = '{{code}}') => {
    const edit = textEdit(source, here, index, index + raw.length, '{{code}}');
    tell({
      code,
      level: 'error',
      path: here,
      index,
      what,
      expected,
      fix: mayCorrect ? `Write {{code}} instead of ${raw}.` : `Remove ${raw}.`,
      ...(mayCorrect && { safeFix: { description: `${raw} replaced by {{code}}`, edits: [edit] } }),
    });
    mayCorrect = false;
    standIns += 1;
  };

  for (const { raw, key, index } of variables) {
    const [root = '', ...members] = key.split('.');
    if (ALWAYS.includes(root) && members.length === 0) {
      const outer = content.slice(index - 1, index) === '{' && content[index + raw.length] === '}';
      if (outer) {
        tell({
          code: 'placeholder-malformed',
          level: 'error',
          path: here,
          index: index - 1,
          what: `{${raw}} has three braces; the message will show one pair of them: {123456}.`,
          expected: '{{code}}',
          fix: 'Remove the outer braces.',
          safeFix: {
            description: 'outer braces removed',
            edits: [textEdit(source, here, index - 1, index + raw.length + 1, '{{code}}')],
          },
        });
      } else if (raw !== `{{${key}}}`) {
        tell({
          code: 'placeholder-spaced',
          level: 'note',
          path: here,
          index,
          what: `${raw} has spaces inside; this version of connector-kit forgives them, others need not.`,
          expected: '{{code}}',
          fix: 'Remove the spaces.',
          safeFix: {
            description: 'spaces in the placeholder removed',
            edits: [textEdit(source, here, index, index + raw.length, '{{code}}')],
          },
        });
      }
    } else if (bare(key) === 'code') {
      wrong(
        'placeholder-wrong-case',
        index,
        raw,
        `${raw} is not replaced: variables are told apart by case.`,
      );
    } else if (members.length === 0 && CODE_SYNONYMS.includes(bare(key))) {
      wrong('placeholder-other-name', index, raw, `${raw} is not replaced: Logto calls the code "code".`);
    } else if (EMAIL_ONLY.includes(root)) {
      if (usageType === 'OrganizationInvitation') continue;
      tell({
        code: 'variable-email-only',
        level: 'error',
        path: here,
        index,
        what: `${raw} stays as it is: Logto gives "${root}" to emails, not to text messages.`,
        expected: '{{code}}, and {{locale}} or {{uiLocales}} for sign-ins on Logto’s pages',
        fix: `Write the words themselves instead of ${raw}.`,
      });
    } else if (SOMETIMES.includes(key)) {
      tell({
        code: 'variable-sometimes',
        level: 'warning',
        path: here,
        index,
        what: `${raw} stays as it is in messages that the Management API or the connector test sends.`,
        expected: '{{code}} alone',
        fix: `Remove ${raw}.`,
      });
    } else {
      tell({
        code: 'variable-unknown',
        level: 'error',
        path: here,
        index,
        what:
          root === 'code'
            ? `${raw} becomes nothing: the code is a text without members.`
            : `${raw} stays as it is: Logto gives no variable of that name.`,
        expected: '{{code}}',
        fix: `Remove ${raw}${codes.length ? '' : ', or write {{code}} for the code'}.`,
      });
    }
  }

  // What is left when everything that connector-kit replaces is blanked out.
  const rest = content.replaceAll(HANDLEBARS, (raw) => '\u0000'.repeat(raw.length));
  for (const { 0: raw, index } of rest.matchAll(LOOKALIKES)) {
    // "[code]" beside a good {{code}} may be meant for the reader; braces never are.
    if (codes.length > 0 && !/^[{$｛]/.test(raw)) continue;
    if (/^\{\{[#/^!>]/.test(raw)) {
      tell({
        code: 'placeholder-malformed',
        level: 'error',
        path: here,
        index,
        what: `${raw} stays as it is: connector-kit replaces names only, it knows no blocks.`,
        expected: '{{code}}',
        fix: `Remove ${raw}.`,
      });
    } else wrong('placeholder-malformed', index, raw, `${raw} is not replaced.`);
  }
  if (codes.length === 0 && standIns === 0) {
    for (const { 0: raw, index } of rest.matchAll(POSITIONS))
      wrong('placeholder-malformed', index, raw, `${raw} is not replaced.`);
  }
  if (codes.length === 0 && standIns === 0 && usageType !== 'OrganizationInvitation') {
    tell({
      code: 'placeholder-missing',
      level: 'error',
      path: here,
      what: 'The message has no place for the code.',
      expected: '{{code}}',
      fix: 'Write {{code}} where the code belongs.',
    });
  }
  // The last line of a message that is bound to a domain, `@example.com #123456`, must repeat the code.
  const second = codes.filter(({ index }) => !isBound(content, index))[1];
  if (second) {
    tell({
      code: 'placeholder-repeated',
      level: 'warning',
      path: here,
      index: second.index,
      what: `{{code}} stands ${codes.length} times; phones that fill in codes may take either, and people wonder.`,
      expected: '{{code}} once',
      fix: 'Remove one.',
    });
  }
  return codes.length > 0;
}
