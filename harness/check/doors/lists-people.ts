/** Lists of people, as forums, teams and scoreboards have them: who shows the names of several mixes nobody up. */
import type { Issued } from '../../../mocks/issued.ts';
import { type IssuedIndex, issuedIn } from '../sightings.ts';

/** Names alone: an app may have a list of its members. */
export const isName = ({ kind }: Pick<Issued, 'kind'>): boolean => kind === 'name' || kind === 'username';

/**
 * Whether a text names each of several people, and tells nothing else of any of them.
 *
 * @param people what is unique to each
 */
export const listsPeople = (text: string, people: readonly IssuedIndex[]): boolean =>
  people.every((index) => {
    const found = issuedIn(text, index);
    return found.length > 0 && found.every(isName);
  });
