/** What people select checks by: ids, suites, clauses, `@level`, `@severity`. */

/** Turns a selector into the tag (or the title) that Playwright looks for. */
export function grepOf(select: readonly string[]): string | undefined {
  if (select.length === 0) return undefined;
  const quote = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return select
    .map((text) => {
      if (text.startsWith('@')) return `${quote(text)}(?=\\s|$)`;
      if (/\s/.test(text)) return `@${quote(text.replace(/\s+/g, '/').replace(/§/g, ''))}(?=[\\s/.]|$)`;
      if (text.includes('*')) return `@${text.split('*').map(quote).join('[^\\s]*')}(?=\\s|$)`;
      return text.includes('/') ? `@${quote(text)}(?=\\s|$)` : `@${quote(text)}/`;
    })
    .join('|');
}

/** Whether a selector names laws, which are judged at the end of a run and are no tests of Playwright. */
export const isOfLaws = (text: string): boolean => /^laws(\/|$)/.test(text);
