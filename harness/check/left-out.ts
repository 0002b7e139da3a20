/** Fields of a session that an app leaves out: on purpose, or for want of a mapping; only its config can say which. */
import type { LabDescription } from '../lab/lab-description.ts';
import type { CheckFixtures, LabFixtures } from './check.ts';
import { notJudged } from './not-judged.ts';
import { newcomer } from './people/keeps-apart.ts';

/** Whether the config says itself from which claims the fields of the session come. */
export const isDeclared = ({ given }: Pick<LabDescription, 'given'>): boolean =>
  given?.some((key) => key === 'profile' || key.startsWith('profile.')) ?? false;

/**
 * Ends the running check as not judged where a session lacks a field that Auth.js would fill by default, and nobody has declared
 * it: many apps show no more than an id.
 *
 * @param field of `user` in the session
 * @param shown its value for a person whose profile has it
 */
export function demandDeclared(
  field: 'name' | 'email' | 'image',
  shown: unknown,
  lab: Pick<LabDescription, 'given' | 'config'>,
): void {
  if ((shown !== undefined && shown !== null) || isDeclared(lab)) return;
  const rest = Object.entries(lab.config.profile).filter(([each]) => each !== field);
  const kept = rest.map(([each, claims]) => `${each}: ${JSON.stringify(claims).replaceAll('"', "'")}`);
  notJudged(
    `the session has no user.${field}`,
    `declare the fields that it has: profile: { ${kept.join(', ')} } where user.${field} is left out on purpose, or the same with its claim`,
  );
}

/**
 * Ends the running check as not judged where an app lacks scopes whose claims its session does not show, and nobody has declared
 * that it does: a session callback that leaves out the picture of a person leaves out more on purpose.
 *
 * @param missing scopes that it does not ask for
 */
export async function demandNotTrimmed(
  { visitor, somebody, lab }: Pick<CheckFixtures & LabFixtures, 'visitor' | 'somebody' | 'lab'>,
  missing: readonly string[],
): Promise<void> {
  const { session } = await (await visitor(await somebody(newcomer('Ada')))).signIn();
  const user = session?.user;
  if (!user || Object.keys(user).length === 0 || 'image' in user || 'email' in user) return;
  const shown = Object.keys(lab.config.profile).filter((field) => field in user);
  const kept = shown.map(
    (field) => `${field}: ${JSON.stringify(lab.config.profile[field]).replaceAll('"', "'")}`,
  );
  notJudged(
    `the app does not ask for ${missing.join(' and ')}, and shows ${Object.keys(user).join(', ')} of a person alone`,
    `declare the fields that its session has: profile: { ${kept.join(', ')} }`,
  );
}
