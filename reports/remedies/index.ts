/** Which remedies a check points at. Pure. */
import { answers } from './answers.ts';
import { experience } from './experience.ts';
import { forgeries } from './forgeries.ts';
import { messages } from './messages.ts';
import type { Remedy } from './remedy.ts';
import { requests } from './requests.ts';
import { sessions } from './sessions.ts';
import { tenants } from './tenants.ts';

export type { Remedy } from './remedy.ts';

/** All remedies; earlier ones are preferred among equals. */
export const remedies: readonly Remedy[] = [
  ...requests,
  ...forgeries,
  ...sessions,
  ...answers,
  ...messages,
  ...experience,
  ...tenants,
];

const names = (pattern: string, id: string) =>
  pattern.endsWith('*') ? id.startsWith(pattern.slice(0, -1)) : pattern === id;

/** A pattern that names less stands nearer to the check. */
const nearness = (remedy: Remedy, id: string) =>
  remedy.saw
    ? Number.POSITIVE_INFINITY
    : Math.max(
        ...[...remedy.checks, ...(remedy.seenBy ?? [])]
          .filter((pattern) => names(pattern, id))
          .map((pattern) => (pattern === id ? 1_000 : pattern.length)),
      );

/** Whether a remedy names a check itself, or knows what it says: not only the begin of its id. */
export const isMeant = ({ saw, checks, seenBy }: Remedy, id: string): boolean =>
  Boolean(saw) || checks.includes(id) || (seenBy?.includes(id) ?? false);

/** A remedy that wants something seen comes last where nothing is known to have been seen, unless it names the check. */
const unseen = ({ when, checks }: Remedy, id: string, message: string | undefined) =>
  Number(Boolean(when) && message === undefined && !checks.includes(id));

/** Whether a check shows a cause by itself. */
const shows = ({ checks, when, unless, saw }: Remedy, id: string, message: string | undefined): boolean =>
  checks.some((pattern) => names(pattern, id)) &&
  (!when || message === undefined || when.test(message)) &&
  (!unless || message === undefined || !unless.test(message)) &&
  (!saw || saw.test(message ?? ''));

/**
 * Remedies of a check, the nearest first: who knows what it says, whose pattern names least, then who explains fewest checks.
 *
 * @param message what the app did, when the check was broken; it decides between causes of the same check
 * @param broken all checks that were broken, with what each says
 */
export const remediesFor = (
  id: string,
  message?: string,
  broken: readonly { id: string; message?: string | undefined }[] = [],
): Remedy[] =>
  remedies
    .filter(
      (remedy) =>
        shows(remedy, id, message) ||
        (remedy.seenBy?.includes(id) && broken.some((other) => shows(remedy, other.id, other.message))),
    )
    .toSorted(
      (a, b) =>
        unseen(a, id, message) - unseen(b, id, message) ||
        nearness(b, id) - nearness(a, id) ||
        a.checks.length - b.checks.length,
    )
    .filter(({ key }, index, all) => all.findIndex((other) => other.key === key) === index);

const texts = new Set(remedies.map(({ fix }) => fix));

/**
 * What to do about what a check saw: its own words, unless they came from a remedy or what it saw shows another cause.
 *
 * @param declared the fix of its declaration
 */
export function fixOf(id: string, declared: string | undefined, message: string | undefined) {
  const [nearest] = message === undefined ? [] : remediesFor(id, message);
  const isOwn = declared !== undefined && !texts.has(declared);
  return nearest?.saw || !isOwn ? (nearest?.fix ?? declared) : declared;
}

/**
 * The harm of what a check saw: the one of its declaration, unless what it saw shows another cause with a harm of its own.
 *
 * @param declared the harm of its declaration
 */
export const otherwiseOf = (id: string, declared: string, message: string | undefined): string => {
  const [nearest] = message === undefined ? [] : remediesFor(id, message);
  return (nearest?.saw && nearest.otherwise) || declared;
};

/** A declaration with a fix: its own, or the one of the nearest remedy. */
export const withRemedy = <Declared extends { id: string; fix?: string }>(declared: Declared): Declared => {
  const fix = declared.fix ?? remediesFor(declared.id)[0]?.fix;
  return fix ? { ...declared, fix } : declared;
};
