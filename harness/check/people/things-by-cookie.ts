/** A cookie that names what somebody works in (a team, a shop, a basket): the id of another's in it opens nothing of theirs. */
import type { Visitor } from '../../visitor/visitor.ts';
import { idsOnPage } from '../doors/ids-on-pages.ts';
import { makeByForms, tellsAny } from '../doors/made-by-member.ts';
import { pagesOfMembers } from '../doors/member-forms.ts';
import { surveyOf } from '../doors/survey.ts';
import { newMember } from '../doors/walk-around.ts';
import type { PeopleBody } from './keeps-apart.ts';

const PAGES_MAX = 6;
const IDS_MAX = 6;

/**
 * Has a member make things, and another write the ids that the pages of the first name into the cookies of the app.
 *
 * @param names of the app's own cookies, that of the session aside
 * @returns in words what of the first was shown to the other; undefined where nothing was
 */
export async function openedByCookie(
  { lab, visitor, somebody }: PeopleBody,
  names: readonly string[],
): Promise<string | undefined> {
  if (names.length === 0 || lab.live) return undefined;
  const survey = await surveyOf({ lab, visitor, somebody });
  const [first, other] = [
    await newMember({ lab, visitor, somebody }),
    await newMember({ lab, visitor, somebody }),
  ];
  const made = await makeByForms(first, survey, lab);
  if (made.length === 0) return undefined;
  const pages = pagesOfMembers(survey).slice(0, PAGES_MAX);
  const shown = async (browser: Visitor) =>
    new Map(await Promise.all(pages.map(async (path) => [path, (await browser.get(path)).text] as const)));
  const [own, before] = [await shown(first), await shown(other)];
  const tells = (texts: ReadonlyMap<string, string>) =>
    [...texts].flatMap(([path, text]) =>
      made.filter((thing) => tellsAny(text, thing)).map(({ word }) => ({ path, word })),
    );
  // What the other is shown anyway, on whatever page, is for both.
  const known = new Set(tells(before).map(({ word }) => word));
  const elsewhere = [...before.values()];
  const held = (await first.agent.cookies(lab.app.origin)).flatMap(({ key, value }) =>
    names.includes(key) ? [value] : [],
  );
  const ids = new Set([...held, ...[...own.values()].flatMap((text) => idsOnPage(text, elsewhere))]);
  for (const id of [...ids].slice(0, IDS_MAX)) {
    for (const name of names) await other.agent.jar.setCookie(`${name}=${id}; Path=/`, lab.app.origin);
    const [found] = tells(await shown(other)).filter(({ word }) => !known.has(word));
    if (found)
      return `${found.path} showed a member what another had made, whose id they wrote into a cookie`;
  }
  return undefined;
}
