/** Recognises which template of the connector a message was made from, and finds its code. */

export interface SmsTemplate {
  usageType: string;
  content: string;
}

export interface Recognised {
  /** Usage type of the template; null when several have this text and nobody said which was asked for. */
  template: string | null;
  /** Usage types of all templates with this text. */
  templates: string[];
  /** The one-time code as it is typed, without the blanks and hyphens of its groups. */
  code: string | null;
  /** The code as it stands in the text. */
  written: string | null;
}

const PLACEHOLDER = /\{\{\s*([\w.]+)\s*\}\}/g;
const quote = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
/** `482 913`, `482-913`, `12 34 56`, `ABCD-EFGH`, or one run of letters and digits of any length. */
const CODE =
  '(?<code>\\d{2,4}(?:[ \\u00a0-]\\d{2,4})+|[A-Za-z0-9]{2,8}(?:-[A-Za-z0-9]{2,8})+|[A-Za-z0-9]{1,32})';
const ungrouped = (code: string) => code.replace(/[ \u00a0-]/g, '');
/** No text message is longer; what is (a refused one) is not searched to its end. */
const BODY_MAX = 1600;

const patterns = new WeakMap<SmsTemplate, { content: string; pattern: RegExp }>();

/** A pattern that the messages of a template match; the group `code` is the code. */
function patternOf(template: SmsTemplate): RegExp {
  const { content } = template;
  const known = patterns.get(template);
  if (known?.content === content) return known.pattern;
  let seen = false;
  const parts = content.split(PLACEHOLDER);
  const source = parts
    .map((part, index) => {
      if (index % 2 === 0) return quote(part);
      if (part !== 'code' || seen) return '[\\s\\S]*?';
      seen = true;
      return CODE;
    })
    .join('');
  const pattern = new RegExp(`^${source}$`);
  patterns.set(template, { content, pattern });
  return pattern;
}

/** The code of a text that no template explains: six digits that stand alone, digits in groups, four to eight digits. */
const looseCode = (body: string): string | null => {
  const found =
    body.match(/(?<![\d+-])\d{6}(?![\d-])/) ??
    body.match(/(?<![\d+-]|\d )(?:\d{3}([ -])\d{3}|\d{2}([ -])\d{2}\2\d{2}|\d{4}([ -])\d{4})(?![ -]?\d)/) ??
    body.match(/(?<!\d)\d{4,8}(?!\d)/);
  return found ? found[0] : null;
};

/**
 * @param body the text as it was sent
 * @param templates the templates of the connector config
 * @param asked usage type that Logto asked the connector for, when that is known; a connector without such a template
 *   takes Generic instead
 */
export function recognise(body: string, templates: readonly SmsTemplate[], asked?: string): Recognised {
  const text = body.slice(0, BODY_MAX);
  const fits = templates.flatMap((template) => {
    const found = template.content ? patternOf(template).exec(text) : null;
    return found ? [{ type: template.usageType, code: found.groups?.code }] : [];
  });
  const types = [...new Set(fits.map(({ type }) => type))];
  const own = [asked, asked && 'Generic'].find((type) => type && types.includes(type));
  const template = own ?? (types.length === 1 ? (types[0] as string) : null);
  const written = (fits.find(({ type }) => type === own) ?? fits[0])?.code ?? looseCode(text);
  return { template, templates: types, code: written && ungrouped(written), written };
}
