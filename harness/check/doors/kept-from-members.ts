/**
 * Paths that need a session and that a member is not shown all the same, through no fault of the guard: administrators alone may
 * see them, a plan has to be paid first, nothing is read there, or they lead on (`/settings` to `/settings/profile`, `/home` to the page of a team).
 */
import { demand } from '../../errors.ts';
import type { LabDescription } from '../../lab/lab-description.ts';
import type { Answer } from '../../user-agents/http.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { notJudged } from '../not-judged.ts';
import { isNeverRead } from './paths-of-members.ts';

type Lab = Pick<LabDescription, 'app' | 'publicIssuerOrigin'>;

/** Why a member is not shown a path. */
export interface Kept {
  why: string;
  /** The page that they are led to. */
  led?: Answer;
  isRefusal?: boolean;
}

/** Where somebody ends whom the app leads on; the last answer before they leave it. */
const endOf = (who: Visitor, answer: Answer, { app }: Lab): Promise<Answer> =>
  who.agent.follow(answer, ({ origin }) => origin !== app.origin);

/**
 * Whether a path is there and not for this member, who is told that it is not (an administration): its guard sends strangers away,
 * and where there is nothing nobody does.
 *
 * @param answered what was answered at the path: to a member, and to a stranger
 */
export async function hidesItself(
  { path, shown, strange, stranger }: { path: string; shown: Answer; strange: Answer; stranger: Visitor },
  { app }: Pick<Lab, 'app'>,
): Promise<boolean> {
  if (shown.status !== 404 || ![301, 302, 303, 307, 308, 401, 403].includes(strange.status)) return false;
  const beside = new URL(path, app.origin).pathname.replace(/[^/]+\/?$/, 'conformance-no-such-page');
  return (await stranger.get(beside)).status === 404;
}

/**
 * What keeps a member from a path without being at odds with "members are let in".
 *
 * @param shown what the member was answered there, which is not the page
 * @param strange what a stranger was answered there: whoever is led to the same page as they is taken for one
 * @returns undefined where the app has refused a member like a stranger, or has failed
 */
export async function keptFrom(
  { member, stranger }: { member: Visitor; stranger: Visitor },
  { path, shown, strange }: { path: string; shown: Answer; strange: Answer },
  lab: Lab,
): Promise<Kept | undefined> {
  if (isNeverRead(shown)) return { why: `${path} answers no GET (405), to a person with a session neither` };
  if (shown.status === 402) return { why: `${path} wants to be paid for first (402)` };
  if (await hidesItself({ path, shown, strange, stranger }, lab))
    return { why: `${path} is not found by this member (404), and leads strangers away`, isRefusal: true };
  if (shown.status === 403) return { why: `${path} refuses this member (403)`, isRefusal: true };
  // 412, 422, 428: it wants something first of whoever has a session, and says so in its own words.
  if (shown.status > 404 && shown.status < 500 && shown.status !== strange.status)
    return {
      why: `${path} refuses this member (${shown.status}), and strangers in another way (${strange.status})`,
      isRefusal: true,
    };
  if (!shown.location) return undefined;
  const end = await endOf(member, shown, lab);
  if (end.location) {
    const { origin } = end.location;
    if (origin === lab.publicIssuerOrigin) return undefined;
    return { why: `${path} leads its members to ${origin}` };
  }
  const { pathname } = end.url;
  if (end.status !== 200 || pathname.startsWith(`${lab.app.basePath}/`)) return undefined;
  const theirs = await endOf(stranger, strange, lab);
  if (theirs.url.pathname === pathname && pathname !== path) return undefined;
  return { led: end, why: `${path} leads its members to ${pathname}` };
}

/**
 * What is to be said once all named paths are tried: where members are shown none of them, one that refuses them is at fault;
 * a path that some members may see is not judged, and the others are.
 *
 * @param kept what was not shown; `told` is what the app answered there
 * @param seen how many paths were shown
 * @throws AssertionFailed when members are refused everywhere
 */
export function demandShown(
  kept: readonly (Kept & { path: string; told: string })[],
  seen: number,
  key: 'protected' | 'api',
): void {
  if (kept.length === 0) return;
  const refusal = kept.find(({ isRefusal }) => isRefusal);
  demand(
    seen > 0 || !refusal,
    () => `Refused ${refusal?.path} to a person with a session: ${refusal?.told}.`,
  );
  notJudged(
    kept.map(({ why }) => why).join(', '),
    `name in pages.${key} what every member sees, and in pages.onboarding what a new person fills in first`,
  );
}
