/** What was seen of the app's server; before a real issuer that is nothing, which is said where it matters. */
import type { Exchange, JournalQuery } from '../../mocks/journal.ts';
import type { Lab } from './lab-handle.ts';

export const journalOf = async (
  { client, description }: Pick<Lab, 'client' | 'description'>,
  query: JournalQuery,
): Promise<Exchange[]> => (description.live ? [] : client.journal(query));
