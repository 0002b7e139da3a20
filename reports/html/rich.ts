/** Text with back-ticks as people read it: what stands between them is code. */
import { plain } from '../words.ts';
import { type Html, html } from './tag.ts';

/** `Set \`checks\` …` → text and `<code>`; an odd back-tick stays as it is, terminal colours go. */
export function rich(text: string): Html {
  const parts = plain(text).split(/`([^`\n]+)`/);
  return html`${parts.map((part, index) => (index % 2 ? html`<code>${part}</code>` : html`${part}`))}`;
}
