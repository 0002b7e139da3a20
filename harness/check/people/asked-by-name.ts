/** What somebody has for themselves, asked for by another who names them in the query: the page takes its person from there. */
import type { LabDescription } from '../../lab/lab-description.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { namingFirst } from '../doors/named-by-others.ts';

/** Last parts of an address that hand somebody all that is theirs. */
const HANDED_OVER = /^(?:export|take-?out|download|backup|my-?data|archive)s?(?:\.\w{2,4})?$/i;
/** A profile may be there for others to read. */
const FOR_OTHERS = /profil|perfil|people|users?\b|members?\b|authors?\b/i;
const PLACES_MAX = 4;

const lastPart = (path: string) => (path.split('?')[0] ?? '').split('/').filter(Boolean).at(-1) ?? '';

/** Whether a place hands somebody all that is theirs, by its address. */
export const isHandedOver = (path: string): boolean => HANDED_OVER.test(lastPart(path));

/**
 * The first place at which another member, who names the first in the query, is shown what that one has written, where the plain
 * request shows each their own.
 *
 * @param written what the first wrote, and the places at which it stands for them
 * @param lab tells which parameters the sources read
 * @returns its path; undefined where there is none
 */
export async function toldByName(
  { first, other, nobody }: { first: Visitor; other: Visitor; nobody: Visitor },
  { word, places }: { word: string; places: readonly string[] },
  lab: Pick<LabDescription, 'routes'>,
): Promise<string | undefined> {
  const naming = await namingFirst(first, lab);
  const tells = async (browser: Visitor, path: string) => (await browser.get(path)).text.includes(word);
  const own = places.filter((path) => !path.includes('?') && !FOR_OTHERS.test(path));
  for (const path of [...new Set(own)].slice(0, PLACES_MAX)) {
    if (!(await tells(first, path)) || (await tells(other, path))) continue;
    for (const address of naming(path))
      if ((await tells(other, address)) && !(await tells(nobody, address))) return path;
  }
  return undefined;
}
