/** Claims of Logto that the config says the session shows, and where. */
import type { LabDescription } from '../../lab/lab-description.ts';
import type { Session } from '../../visitor/visitor.ts';

/** The field of the session user that is declared to hold a claim; undefined where none is. */
export const fieldOf = ({ config }: Pick<LabDescription, 'config'>, claim: string): string | undefined =>
  Object.entries(config.profile).find(([, claims]) => [claims].flat().includes(claim))?.[0];

/** What stands in a field, of the user or of the session itself, as text. */
export const fieldIn = (session: Session | null, field: string): string =>
  JSON.stringify(session?.user?.[field] ?? session?.[field] ?? null);
