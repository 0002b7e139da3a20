/** What the forms of members' pages post, said by a link: a route that takes GET for it acts for whoever is led there. */
import { type Form, formKey, formsIn, takingFormsIn } from '../../visitor/forms.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { LabFixtures } from '../check.ts';
import { linkedThings, linksIn, spokenRoutes } from './crawl.ts';
import { asOthersKnow } from './knowable.ts';
import { makeByForms } from './made-by-member.ts';
import { textsIn } from './marks.ts';
import { pagesOfMembers } from './member-forms.ts';
import { newWord } from './new-word.ts';
import { send } from './send.ts';
import type { Survey } from './survey.ts';
import { isHtml } from './walk-around.ts';

type Lab = LabFixtures['lab'];

const FORMS_MAX = 12;
const PAGES_MAX = 10;
const THINGS_MAX = 8;

/** The link that says what a form posts; undefined where the form is of a server action, or names what no other site knows. */
export function linkFor(form: Form, word: string): string | undefined {
  const { action, fields, texts } = form;
  if (Object.keys(fields).some((name) => name.startsWith('$ACTION'))) return undefined;
  const [path = '', query = ''] = action.split('?');
  const said = new URLSearchParams(query);
  for (const [name, value] of Object.entries(fields)) said.set(name, texts.includes(name) ? word : value);
  return asOthersKnow(said.size ? `${path}?${said}` : path, word);
}

/** Pages of a member, and those of the things that they lead to. */
export async function pagesWithThings(
  member: Visitor,
  survey: Survey,
  lab: Lab,
): Promise<{ own: string[]; things: string[] }> {
  const own = pagesOfMembers(survey).slice(0, PAGES_MAX);
  const links: { path: string; page: string }[] = [];
  for (const page of own) {
    const { status, text, url } = await member.get(page);
    if (status < 300) links.push(...linksIn(text, url).map((path) => ({ path, page })));
  }
  const things = linkedThings(lab, links, spokenRoutes(lab)).map(({ path }) => path);
  return { own, things: [...new Set(things)].filter((path) => !own.includes(path)).slice(0, THINGS_MAX) };
}

/**
 * Opens, as a member whom another site leads there, the addresses that the forms of their pages are posted to, each with what the
 * form says. One did something when what it says stands on the page from then on, or when it answers with no page and something
 * that was made before and stood on the page twice is gone.
 *
 * @param headers of a request that a page of another site makes
 * @returns how many were opened, and in words what the first did
 */
export async function actsByGet(
  member: Visitor,
  survey: Survey,
  lab: Lab,
  headers: Record<string, string>,
): Promise<{ count: number; done?: string }> {
  if (lab.live) return { count: 0 };
  const { origin, basePath } = lab.app;
  const made = await makeByForms(member, survey, lab);
  const known = new Set<string>();
  let count = 0;
  const { own, things } = await pagesWithThings(member, survey, lab);
  for (const path of [...own, ...things]) {
    const look = async () => (await member.get(path)).text;
    const text = await look();
    const page = new URL(path, origin);
    const taking = takingFormsIn(text, page, basePath);
    for (const form of [...formsIn(text, page, basePath), ...taking]) {
      const word = newWord();
      const link = linkFor(form, word);
      const [place = ''] = form.action.split('?');
      // Where there is a page, GET shows it.
      if (
        !link ||
        known.has(formKey(form)) ||
        count >= FORMS_MAX ||
        survey.pages.has(place) ||
        place === path
      )
        continue;
      known.add(formKey(form));
      const again = new Set(textsIn(await look()));
      // What holds nothing that was made here may change by itself.
      const before = textsIn(text).filter(
        (each) => again.has(each) && made.some(({ word }) => each.includes(word)),
      );
      count += 1;
      const answer = await send(member, origin, { path: link, headers });
      if (!answer || answer.status >= 400) continue;
      const wrote = form.texts.length > 0 && (await look()).includes(word);
      // A page that is shown may ask first, and what was looked at last may be kept: neither does what the form does.
      const isShown = isHtml(answer) && answer.status < 300;
      const [now, later] = [textsIn(await look()), textsIn(await look())];
      const gone = before.filter((each) => !now.includes(each) && !later.includes(each));
      if (!wrote && (isShown || gone.length === 0)) continue;
      return {
        count,
        done: `Did for a member what the form of ${path} posts when another site had their browser open its address: GET ${form.action}${wrote ? ' wrote what it said' : `, and "${gone[0]?.slice(0, 40)}" is gone`}.`,
      };
    }
  }
  return { count };
}
