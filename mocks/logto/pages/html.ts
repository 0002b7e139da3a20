/** HTML as a tagged template: everything put in is escaped, unless it is HTML already. */

export interface Html {
  readonly html: string;
}

type Part = string | number | boolean | null | undefined | Html | readonly Part[];

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] as string);

function render(part: Part): string {
  if (part === null || part === undefined || part === false || part === true) return '';
  if (Array.isArray(part)) return part.map(render).join('');
  if (typeof part === 'object') return (part as Html).html;
  return escapeHtml(String(part));
}

/** `false`, `null` and `undefined` put nothing in; arrays are joined. */
export const html = (strings: TemplateStringsArray, ...parts: Part[]): Html => ({
  html: strings.reduce((soFar, text, index) => `${soFar}${render(parts[index - 1])}${text}`),
});
