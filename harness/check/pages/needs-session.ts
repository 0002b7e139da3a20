/** Which pages are for members alone, in contrast to those for everybody that know their members. */
import type { Door } from '../doors/door.ts';
import { readable } from '../doors/marks.ts';

/**
 * Whether a page needs a session: it turns strangers away, or keeps something back that stands on no other page. What members
 * see on several pages is the layout (a navigation of members), which a page for everybody has as well.
 *
 * @param door whose page it is
 * @param pages bodies that the member saw, by path
 */
export function needsSession(
  { path, refuses, texts }: Pick<Door, 'path' | 'refuses' | 'texts'>,
  pages: ReadonlyMap<string, string>,
): boolean {
  if (refuses) return true;
  const others = [...pages].flatMap(([other, body]) => (other === path ? [] : [readable(body)]));
  return texts.some((text) => !others.some((body) => body.includes(text)));
}
