/** Links of a member's page that take away what is theirs, opened by a page of another site, or fetched ahead by their own browser. */
import { parse } from 'parse5';
import { attribute, elements, wordsOf } from '../../visitor/forms.ts';
import { SIGN_OUT } from '../../visitor/sign-words.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { CheckFixtures, LabFixtures } from '../check.ts';
import { pagesWithThings } from './acts-by-get.ts';
import { writeInto } from './changed-within.ts';
import { asOthersKnow } from './knowable.ts';
import { FORGERY_FIELD } from './marks.ts';
import { filledIn, formsOf } from './member-forms.ts';
import { newWord } from './new-word.ts';
import { send } from './send.ts';
import type { Survey } from './survey.ts';
import { newMember } from './walk-around.ts';

type Body = Pick<CheckFixtures, 'visitor' | 'somebody'> & Pick<LabFixtures, 'lab'>;

/** Words of a link that takes something away, and none that ends the session. */
const TAKES =
  /delete|remove|discard|l[öo]schen|entfernen|supprimer|retirer|eliminar|borrar|elimina|verwijder|usuń|ta bort/i;

/**
 * Links of a page that take away what its member alone has, by what they say or where they lead.
 *
 * @param others the same page as another member gets it
 */
export const takingLinks = (html: string, base: URL, others: string): string[] => {
  const found = [...elements(parse(html))].flatMap((element) => {
    const to = element.tagName === 'a' ? attribute(element, 'href') : undefined;
    if (!to || !URL.canParse(to, base) || others.includes(to)) return [];
    const { origin, pathname, search } = new URL(to, base);
    const words = `${wordsOf(element)} ${attribute(element, 'aria-label') ?? ''} ${pathname}${search}`;
    return origin === base.origin && TAKES.test(words) && !SIGN_OUT.test(words) ? [pathname + search] : [];
  });
  return [...new Set(found)];
};

/** A link that a page of another site has the browser of a member open: cookies with SameSite=Lax come along. */
export const FROM_ELSEWHERE = {
  referer: 'https://evil.example/',
  'sec-fetch-site': 'cross-site',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
};

/** A browser, or what reads messages before their reader does, fetches what a page leads to (HTML, link type prefetch). */
const FETCHED_AHEAD = {
  'sec-purpose': 'prefetch',
  'sec-fetch-site': 'same-origin',
  'sec-fetch-mode': 'no-cors',
  'sec-fetch-dest': 'empty',
};

const LINKS_MAX = 3;
const THINGS_MAX = 2;

/** A link of a member's page that takes away what is on it takes nothing away when it is opened by a page of another site, or fetched ahead: it may ask first. */
export async function takesByLink(
  { visitor, somebody, lab }: Body,
  member: Visitor,
  survey: Survey,
): Promise<{ count: number; taken?: string }> {
  // People of a real tenant have more to lose than what this check has made for them.
  if (lab.live) return { count: 0 };
  const { origin } = lab.app;
  // Whoever is new has nothing yet that could be taken away.
  const word = newWord();
  for (const { form } of await formsOf(member, survey)) await send(member, origin, filledIn(form, word));
  const { own, things } = await pagesWithThings(member, survey, lab);
  for (const path of things.slice(0, THINGS_MAX)) await writeInto({ path }, member, word, { survey, lab });
  let other: Visitor | undefined;
  let count = 0;
  for (const path of [...own, ...things.slice(0, THINGS_MAX)]) {
    if (count >= LINKS_MAX) break;
    const page = (await member.get(path)).text;
    if (!TAKES.test(page)) continue;
    other ??= await newMember({ visitor, somebody, lab });
    const [link] = takingLinks(page, new URL(path, origin), (await other.get(path)).text);
    const isThere = async () =>
      link !== undefined &&
      takingLinks((await member.get(path)).text, new URL(path, origin), '').includes(link);
    if (!link || !(await isThere())) continue;
    count += 1;
    const named = asOthersKnow(link);
    if (named) {
      await send(member, origin, { path: named, headers: FROM_ELSEWHERE });
      if (!(await isThere()))
        return {
          count,
          taken: `Took away from a member what a link named that another site had their browser open: GET ${named}, on ${path}.`,
        };
    }
    // A token that was made for its member says that the app has thought of it (WordPress does so), and is left to it.
    if ([...new URL(link, origin).searchParams.keys()].some((name) => FORGERY_FIELD.test(name))) continue;
    await send(member, origin, { path: link, headers: FETCHED_AHEAD });
    if (!(await isThere()) && !(await isThere()))
      return {
        count,
        taken: `Took away from a member what a link of their own page names, when their browser only fetched it ahead: GET ${link}, on ${path}.`,
      };
  }
  return { count };
}
