/** HTML by tagged template: whatever is put in is escaped, unless it is HTML already. */

/** HTML that may be put in as it is. */
export interface Html {
  readonly html: string;
}

type Part = string | number | Html | readonly Part[] | undefined | null | false;

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand between tags and inside quoted attributes. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ESCAPES[character] as string);

const render = (part: Part): string => {
  if (part === undefined || part === null || part === false) return '';
  if (Array.isArray(part)) return part.map(render).join('');
  if (typeof part === 'object') return (part as Html).html;
  return escapeHtml(String(part));
};

/** `html\`<p>${text}</p>\`` */
export const html = (strings: TemplateStringsArray, ...parts: Part[]): Html => ({
  html: strings.reduce((soFar, string, index) => soFar + render(parts[index - 1]) + string),
});

/** Trusted text of our own files; never for anything from a report. */
export const raw = (text: string): Html => ({ html: text });

/** A link, when the address is one that is safe to follow; the bare text otherwise. */
export const link = (url: string | undefined, text: string): Html =>
  url && /^https?:\/\//i.test(url)
    ? html`<a href="${url}" rel="noreferrer noopener" target="_blank">${text}</a>`
    : html`${text}`;
