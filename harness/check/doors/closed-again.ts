/** What is for members, asked for by a session that is over: the app's own pages and APIs must know that it is. */
import { demand } from '../../errors.ts';
import type { LabDescription } from '../../lab/lab-description.ts';
import type { Answer } from '../../user-agents/http.ts';
import { TURNS_AWAY } from '../../visitor/sign-words.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { isShell } from '../pages/for-everybody.ts';
import { keepsOut } from './gives-nothing.ts';
import { knownPaths, type MemberPath, shownTo } from './paths-of-members.ts';
import { type Needs, publicAnswers } from './walk-around.ts';

const bare = (text: string) => text.replace(/\s+/g, '');

/** What somebody with a session was shown, by its path. */
export type ShownBefore = Map<string, string>;

/** Asks for paths as somebody with a session; data that keep their members waiting are left out. */
export async function shownBefore(member: Visitor, paths: readonly MemberPath[]): Promise<ShownBefore> {
  const shown: ShownBefore = new Map();
  for (const { path, isPage } of paths) {
    const open = await shownTo(member, { path, isPage });
    if (open) shown.set(path, bare(open.text));
  }
  return shown;
}

/** What holds nothing, and stands for nobody. */
const FOR_NOBODY = /^(?:null|false|""|\{\})?$/;

/** Whether an answer that holds nothing (`[]`) is what a member with nothing was shown, while strangers are refused. */
const isEmptyForMembers = async (
  closed: Answer,
  { path, shown, stranger }: { path: string; shown: string | undefined; stranger: Visitor },
): Promise<boolean> =>
  closed.status < 300 &&
  bare(closed.text) === shown &&
  !FOR_NOBODY.test(shown) &&
  (await stranger.get(path)).status >= 300;

/**
 * The first path that is still shown.
 *
 * @param options.stranger has no session, and finds out what is the same for everybody
 */
export async function stillShown(
  browser: Visitor,
  paths: readonly MemberPath[],
  {
    before,
    stranger,
    lab,
    beforeEach = async () => {},
  }: { before: ShownBefore; stranger: Visitor; lab: LabDescription; beforeEach?(): Promise<void> },
): Promise<{ path: string; status: number } | undefined> {
  const elsewhere = await publicAnswers(stranger, lab);
  for (const { path, isPage } of paths) {
    await beforeEach();
    const closed = await browser.get(path);
    const shown = before.get(path);
    // A page may ask people to sign in without a redirect, as for session/protected-page.
    const asks = isPage && bare(closed.text) !== shown && TURNS_AWAY.test(closed.text);
    // What is the same few words for everybody holds nothing that an end could close.
    const says = isPage && isShell(shown ?? '', closed.text, elsewhere);
    const isOpen = !keepsOut(closed) || (await isEmptyForMembers(closed, { path, shown, stranger }));
    if (isOpen && !asks && !says) return { path, status: closed.status };
  }
  return undefined;
}

/** Gives a browser the cookies of another one. */
export async function plant(
  browser: Visitor,
  origin: string,
  cookies: readonly { key: string; value: string }[],
): Promise<void> {
  for (const { key, value } of cookies)
    await browser.agent.jar.setCookie(
      `${key}=${value}; Path=/${/^__(secure|host)-/i.test(key) ? '; Secure' : ''}`,
      origin,
    );
}

/** What is known of the doors of members while their sessions live. */
export interface Doors {
  paths: MemberPath[];
  before: ShownBefore;
}

/** Looks at the doors of members by a session that lives; those that it is not shown are left out. */
export async function doorsShownTo(member: Visitor, needs: Needs): Promise<Doors> {
  const known = await knownPaths(needs, 'protected', 'api');
  const before: ShownBefore = new Map();
  for (const { path, isPage } of known) {
    const open = await shownTo(member, { path, isPage });
    if (open && open.status < 300) before.set(path, bare(open.text));
  }
  return { paths: known.filter(({ path }) => before.has(path)), before };
}

/**
 * Asks with the cookies that a session had when it lived, as a browser does that has not asked for its session since: an API that
 * only opens the cookie goes on.
 *
 * @param held the cookies
 * @param by what has ended the session, which /session knows: `Logto had ended its session`
 * @throws ConformanceFailure when a door is open
 */
export async function demandShutTo(
  held: readonly { key: string; value: string }[],
  { visitor, lab }: Pick<Needs, 'visitor' | 'lab'>,
  { paths, before }: Doors,
  by: string,
): Promise<void> {
  if (paths.length === 0) return;
  const browser = await visitor();
  // Some answers clear the cookie, and the next door is another request that still has it.
  const beforeEach = () => plant(browser, lab.app.origin, held);
  const open = await stillShown(browser, paths, { before, stranger: await visitor(), lab, beforeEach });
  demand(
    !open,
    () =>
      `Still answered ${open?.path} with ${open?.status} to the cookies of a session of which /session showed nobody, as ${by}.`,
  );
}
