/** Pages of members that show no way to sign out: in the answer of the server, and where scripts draw more of it, in a browser. */
import type { BrowserContext, Page } from '@playwright/test';
import { parse } from 'parse5';
import type { LabDescription } from '../../lab/lab-description.ts';
import { exceed, grant } from '../../user-agents/pace.ts';
import { behindMenus, control } from '../../visitor/controls.ts';
import { attribute, elements, wordsOf } from '../../visitor/forms.ts';
import { DRAW_MS, openBrowser, type Watched } from '../../visitor/open-browser.ts';
import { SIGN_OUT } from '../../visitor/sign-words.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { notJudged } from '../not-judged.ts';
import { comeToRest } from './come-to-rest.ts';
import { followWithin } from './pages.ts';
import { signOutControls } from './sign-out-links.ts';

interface Fixtures extends Pick<Watched, 'evidence'> {
  lab: LabDescription;
  scope: string;
}
type Within = (ms: number) => number;

/** Pages that are opened at once. */
const AT_ONCE = 4;
/** Milliseconds that so many take beyond a check without a browser. */
const OPENING_MS = 15_000;

/** Whether scripts may draw more than the server has sent; what they read is none. */
export const hasScripts = (html: string): boolean =>
  [...elements(parse(html))].some(
    (element) =>
      element.tagName === 'script' &&
      !/json|speculationrules|template/i.test(attribute(element, 'type') ?? '') &&
      (Boolean(attribute(element, 'src')) || wordsOf(element).trim() !== ''),
  );

/**
 * Pages that show a member no way to sign out.
 *
 * @param paths of pages that members alone are shown
 */
export async function withoutSignOut(
  member: Visitor,
  paths: readonly string[],
  fixtures: Fixtures,
): Promise<string[]> {
  const { lab } = fixtures;
  const [without, drawn]: [string[], string[]] = [[], []];
  let failed = 0;
  for (const path of paths) {
    const { text, status } = await followWithin(member, await member.get(path), lab.app.origin);
    // A page that fails shows nothing at all, which laws/no-crash tells; what belongs to another is not there for this one.
    if (status >= 400) failed += 1;
    if (status >= 400) continue;
    const { links, pressed } = signOutControls(text);
    if (links.length === 0 && !pressed) (hasScripts(text) ? drawn : without).push(path);
  }
  if (failed === paths.length)
    return notJudged(
      `${paths.join(', ')} answered a new member with an error`,
      'name a page that each member may open (pages.protected); what fails with 5xx, laws/no-crash tells',
    );
  if (drawn.length === 0 || without.length > 0) return without;
  if (lab.browser.missing)
    return notJudged(
      `what scripts draw at ${drawn.join(', ')}, which a way to sign out may be part of, was not seen`,
      `let a browser open them: ${lab.browser.missing}`,
    );
  return withoutWhenDrawn(member, drawn, fixtures);
}

/** Those of which a browser shows no way out either; the first few are enough to tell. */
async function withoutWhenDrawn(
  member: Visitor,
  paths: readonly string[],
  { lab, scope, evidence }: Fixtures,
): Promise<string[]> {
  const { origin } = lab.app;
  const { context, within, session, close } = await openBrowser(lab, scope, {
    evidence,
    person: member.person,
  });
  try {
    const cookies = await member.agent.cookies(origin);
    await context.addCookies(cookies.map(({ key, value }) => ({ name: key, value, url: `${origin}/` })));
    for (let at = 0; at < paths.length; at += AT_ONCE) {
      grant(within(OPENING_MS));
      const some = paths.slice(at, at + AT_ONCE);
      const seen = await Promise.all(
        some.map((path) => showsSignOut(context, new URL(path, origin).href, { within, session })),
      );
      const without = some.filter((_path, index) => !seen[index]);
      if (without.length > 0) return without;
    }
    return [];
  } finally {
    await close();
  }
}

async function showsSignOut(
  context: BrowserContext,
  url: string,
  { within, session }: { within: Within; session(page: Page): Promise<unknown> },
): Promise<boolean> {
  const page = await context.newPage();
  const find = () => control(page, SIGN_OUT);
  const comes = () =>
    page
      .getByRole('button', { name: SIGN_OUT })
      .or(page.getByRole('link', { name: SIGN_OUT }))
      .filter({ visible: true })
      .first()
      .waitFor({ timeout: within(DRAW_MS) })
      .catch(exceed);
  try {
    await page.goto(url, { waitUntil: 'domcontentloaded' });
    await Promise.race([comes(), comeToRest(page, within)]);
    if ((await find()) ?? (await behindMenus(page, find, within))) return true;
    // What is fetched once something else has come is drawn later than that.
    await comes();
    // An icon, or a link by another word ("Leave"), is told by where it leads, as on a page that a server has drawn.
    const isLinked = async () => {
      const { links, pressed } = signOutControls(await page.content());
      return links.length > 0 || pressed;
    };
    return Boolean(await find()) || (await isLinked()) || !(await session(page));
  } finally {
    await page.close();
  }
}
