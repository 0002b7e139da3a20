/** Recognises which template of the connector a message was made from, and finds its code. */

export interface SmsTemplate {
  usageType: string;
  content: string;
}

const PLACEHOLDER = /\{\{\s*([\w.]+)\s*\}\}/g;
const quote = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A pattern that the messages of a template match; the group `code` is the code. */
function patternOf({ content }: SmsTemplate): RegExp {
  let seen = false;
  const parts = content.split(PLACEHOLDER);
  const source = parts
    .map((part, index) => {
      if (index % 2 === 0) return quote(part);
      if (part !== 'code' || seen) return '[\\s\\S]*?';
      seen = true;
      return '(?<code>[A-Za-z0-9]{4,10})';
    })
    .join('');
  return new RegExp(`^${source}$`);
}

/** The longest run of 4 to 8 digits that stands alone. */
const looseCode = (body: string) =>
  body.match(/(?<!\d)\d{6}(?!\d)/)?.[0] ?? body.match(/(?<!\d)\d{4,8}(?!\d)/)?.[0] ?? null;

/**
 * @param body the text as it was sent
 * @param templates the templates of the connector config
 * @returns usage types that could have made it (two templates may have the same text), and the code
 */
export function recognise(
  body: string,
  templates: readonly SmsTemplate[],
): { template: string | null; code: string | null } {
  for (const template of templates) {
    if (!template.content) continue;
    const found = patternOf(template).exec(body);
    if (found) return { template: template.usageType, code: found.groups?.code ?? looseCode(body) };
  }
  return { template: null, code: looseCode(body) };
}
