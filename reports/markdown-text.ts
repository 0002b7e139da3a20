/** Foreign text in Markdown: shown as it is, never as markup. */

/** Text that Markdown shows as it is; a bar would end a table cell, a tag would be HTML. */
export const escapeMarkdown = (text: string): string =>
  text
    .replace(/[\\`*_{}[\]<>|~#@]/g, (character) =>
      character === '<' ? '&lt;' : character === '@' ? '&#64;' : `\\${character}`,
    )
    .replace(/\s*\n\s*/g, ' ');

/** Text as code, whatever back-ticks are in it. */
export const code = (text: string) => {
  const fence = '`'.repeat(Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length)) + 1);
  return `${fence}${text.replace(/\n/g, ' ')}${fence}`;
};
