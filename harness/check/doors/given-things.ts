/**
 * Things that an app gives to each of its members, such as a plot, a wallet or a workspace: each is led to their own, and writes into it by
 * the form of its page. Nobody has to make anything for that.
 */

import { demand } from '../../errors.ts';
import { type Form, formKey, formsIn } from '../../visitor/forms.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { LabFixtures } from '../check.ts';
import { isOfPeople, kindOf } from './addresses-of-people.ts';
import { linksIn, mayBeDoor } from './crawl.ts';
import { keepsOut } from './gives-nothing.ts';
import { filledIn, formsOf, pagesOfMembers } from './member-forms.ts';
import { namedWho } from './named-who.ts';
import { newWord } from './new-word.ts';
import { bare, lastOf } from './own-collections.ts';
import { REACHES_OUT } from './reaches-out.ts';
import { send } from './send.ts';
import type { Survey } from './survey.ts';
import { withOwnToken } from './taken-by-forms.ts';

type Lab = LabFixtures['lab'];

/** A thing of the first, with what they have written into it. */
export interface GivenThing {
  path: string;
  /** The form of its page, by which its member writes. */
  form: Form;
  word: string;
}

const PAGES_MAX = 8;
const THINGS_MAX = 2;

/** Addresses of single things to which a page leads; profiles are for others, too. */
const thingsOn = (html: string, url: URL, lab: Lab): string[] =>
  linksIn(html, url).filter(
    (to) =>
      /\d/.test(lastOf(to)) &&
      bare(to).split('/').length > 2 &&
      !to.includes('?') &&
      !isOfPeople(kindOf(to), lab.config.pages.profiles) &&
      mayBeDoor(to, lab),
  );

/** Whether two forms are the same but for what stands in them. */
const isAlike = (one: Form, other: Form): boolean =>
  bare(one.action) === bare(other.action) && one.texts.join() === other.texts.join();

/**
 * Finds what each of two members is led to in the place of the other's, and has the first write into theirs.
 *
 * @returns things whose page shows what was written
 */
export async function givenThings(
  { first, other }: { first: Visitor; other: Visitor },
  survey: Survey,
  lab: Lab,
): Promise<GivenThing[]> {
  // People of a real tenant have more to lose than what a check has made for them.
  if (lab.live) return [];
  const forms = await formsOf(first, survey);
  const own = new Set<string>();
  for (const path of pagesOfMembers(survey).slice(0, PAGES_MAX)) {
    const [mine, theirs] = [await first.get(path), await other.get(path)];
    if (keepsOut(mine) || keepsOut(theirs)) continue;
    const [ours, others] = [thingsOn(mine.text, mine.url, lab), thingsOn(theirs.text, theirs.url, lab)];
    const kinds = new Set(others.filter((to) => !ours.includes(to)).map(kindOf));
    for (const to of ours) if (!others.includes(to) && kinds.has(kindOf(to))) own.add(to);
  }
  const found: GivenThing[] = [];
  for (const path of [...own].slice(0, THINGS_MAX)) {
    const { text, url } = await first.get(path);
    // The page of somebody else's thing has the same form, where it is shown at all.
    const known = new Set(
      forms.flatMap((each) => (kindOf(each.path) === kindOf(path) ? [] : [formKey(each.form)])),
    );
    const form = formsIn(text, url, lab.app.basePath).find(
      (each) => each.texts.length > 0 && !known.has(formKey(each)) && !REACHES_OUT.test(each.action),
    );
    if (!form) continue;
    const word = newWord();
    await send(first, lab.app.origin, filledIn(form, word));
    if ((await first.get(path)).text.includes(word)) found.push({ path, form, word });
  }
  return found;
}

/** Posts the form of a thing as somebody else: whether its member is shown that, and in the place of what they had written. */
async function postAs(
  browser: Visitor,
  { path, form, word }: GivenThing,
  { first, lab }: { first: Visitor; lab: Lab },
): Promise<{ isTaken: boolean; isOver: boolean }> {
  const theirs = newWord();
  const page = await browser.get(path);
  await send(browser, lab.app.origin, filledIn(withOwnToken(form, page.text), theirs));
  const { text } = await first.get(path);
  const isTaken = text.includes(theirs);
  // A comment leaves what is there where it is.
  return { isTaken, isOver: isTaken && !text.includes(word) };
}

/**
 * Nobody, and no other member, writes over what the first has written.
 *
 * @returns the addresses that were judged
 */
export async function demandNotWrittenOver(
  things: readonly GivenThing[],
  { first, other, nobody }: { first: Visitor; other: Visitor; nobody: Visitor },
  lab: Lab,
): Promise<string[]> {
  for (const thing of things)
    for (const [who, browser] of [
      ['nobody', nobody],
      ['another member', other],
    ] as const)
      demand(
        !(await postAs(browser, thing, { first, lab })).isOver,
        `Let ${namedWho(who)} write over what belongs to a member: what they posted by the form of ${thing.path} stands there in the place of what its member had written.`,
      );
  return things.map(({ path }) => path);
}

/**
 * Nobody else is shown what the first has written together with the form for it, where the app takes nothing by that form from
 * them: a page that others may read has no such form for them, and one that all may write takes it.
 *
 * @returns how many were judged
 */
export async function demandNotShown(
  things: readonly GivenThing[],
  { first, other, nobody }: { first: Visitor; other: Visitor; nobody: Visitor },
  lab: Lab,
): Promise<number> {
  for (const thing of things)
    for (const [who, browser] of [
      ['nobody', nobody],
      ['another member', other],
    ] as const) {
      const { text, url } = await browser.get(thing.path);
      const hasForm = formsIn(text, url, lab.app.basePath).some((form) => isAlike(form, thing.form));
      if (!hasForm || !text.includes(thing.word)) continue;
      const { isTaken } = await postAs(browser, thing, { first, lab });
      demand(
        isTaken,
        `Showed ${namedWho(who)} what belongs to a member: ${thing.path} holds what its member has written, with the form for it, which takes nothing from anybody else.`,
      );
    }
  return things.length;
}
