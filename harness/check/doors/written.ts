/** What nobody writes by the form of a member, looked for where it would show: on the page of the member. */
import { demand } from '../../errors.ts';
import { actionsOf, type Form, formKey, formsIn } from '../../visitor/forms.ts';
import { isSessionCookie, type Visitor } from '../../visitor/visitor.ts';
import type { CheckFixtures, LabFixtures } from '../check.ts';
import { actedByLink } from './acted-by-link.ts';
import { actsByGet } from './acts-by-get.ts';
import { actsByLink } from './acts-by-link.ts';
import { asOthersKnow } from './knowable.ts';
import { filledIn, formsOf } from './member-forms.ts';
import { newWord } from './new-word.ts';
import { send } from './send.ts';
import { takenByAddress } from './taken-by-address.ts';
import { FROM_ELSEWHERE, takesByLink } from './takes-by-link.ts';
import { findDoors } from './try-approach.ts';
import { newMember } from './walk-around.ts';

type Body = Pick<CheckFixtures, 'visitor' | 'somebody' | 'step' | 'notApplicable'> & Pick<LabFixtures, 'lab'>;

const FORMS_MAX = 6;
const NONE = 'no page of a member has a form of its own that a text can be written into, and shows it again';

/**
 * Whether strangers are shown a form to the same address that takes whatever this one does: a guest book, which asks those who are
 * not signed in for their name as well.
 */
export const isForStrangers = ({ action, texts, fields }: Form, shown: readonly Form[]): boolean => {
  // All server actions of a page are posted to its address.
  const called = actionsOf(fields).join();
  return shown.some(
    (each) =>
      each.action === action &&
      actionsOf(each.fields).join() === called &&
      texts.every((name) => each.texts.includes(name)),
  );
};

/** A member's form, posted by nobody with all its fields, leaves nothing on the page of the member. */
export async function writesNothingForNobody({
  visitor,
  somebody,
  step,
  notApplicable,
  lab,
}: Body): Promise<void> {
  const survey = await findDoors({ visitor, somebody, step, notApplicable, lab });
  const member = await newMember({ visitor, somebody, lab });
  const stranger = await visitor();
  const { origin, basePath } = lab.app;
  const formsFor = async (path: string) => {
    const { text, url } = await stranger.get(path);
    return formsIn(text, url, basePath);
  };
  const shows = async (path: string, word: string) => (await member.get(path)).text.includes(word);
  const judged = await step(
    'approach',
    async () => {
      let count = 0;
      for (const { path, form } of await formsOf(member, survey)) {
        if (isForStrangers(form, await formsFor(path))) continue;
        const [theirs, own] = [newWord(), newWord()];
        await send(stranger, origin, filledIn(form, theirs));
        await stranger.agent.jar.removeAllCookies();
        demand(
          !(await shows(path, theirs)),
          `Wrote for somebody without a session: what they posted to ${form.action}, with the form of ${path}, stands on the page of the member.`,
        );
        // A form that does not show what its member writes shows nothing of a stranger's either.
        await send(member, origin, filledIn(form, own));
        if (await shows(path, own)) count += 1;
      }
      return count;
    },
    (count) => `Wrote nothing for nobody, by ${count} forms that show what their member writes.`,
  );
  if (judged === 0) notApplicable(NONE);
}

/** The link that a GET form is, with one word in each of its texts. */
export const linkOf = ({ action, fields, texts }: Form, word: string): string => {
  const [path = '', query = ''] = action.split('?');
  const said = new URLSearchParams(query);
  for (const [name, value] of Object.entries(fields)) said.set(name, texts.includes(name) ? word : value);
  return `${path}?${said}`;
};

/** Whether a form looks for something: that an app remembers what was looked for is no harm. */
export const isSearch = ({ action, texts }: Form): boolean =>
  /(?:^|[/_-])(?:search|find|query|filter)(?:$|[/?_-])/i.test(action) ||
  texts.every((name) => /^(?:q|s|query|search|find|filter|terms?|keywords?|city|from|to|sort)$/i.test(name));

/** Takes away what a link has put into the browser itself: a choice that a cookie remembers is nothing in the account. */
async function forgetNew(
  { agent }: Visitor,
  before: readonly { key: string; value: string }[],
  { app: { origin }, config }: Body['lab'],
): Promise<void> {
  for (const { key, value } of await agent.cookies(origin)) {
    const isOld = before.some((other) => other.key === key && other.value === value);
    if (!isOld && !isSessionCookie(key, config.session.cookie))
      await agent.jar.setCookie(`${key}=; Path=/; Max-Age=0`, origin);
  }
}

/** What a GET form of a member's page says is not kept: whoever has them open a link would write it. */
export async function writesNothingByLink({
  visitor,
  somebody,
  step,
  notApplicable,
  lab,
}: Body): Promise<void> {
  const survey = await findDoors({ visitor, somebody, step, notApplicable, lab });
  const member = await newMember({ visitor, somebody, lab });
  const { origin, basePath } = lab.app;
  const formsAt = (html: string, path: string) => formsIn(html, new URL(path, origin), basePath, 'get');
  const known = new Set(survey.publicPages.flatMap((page) => formsAt(page, '/')).map(formKey));
  const judged = await step(
    'approach',
    async () => {
      let count = 0;
      for (const { path, isPage } of survey.doors) {
        if (!isPage || count >= FORMS_MAX) continue;
        for (const form of formsAt((await member.get(path)).text, path)) {
          if (form.texts.length === 0 || known.has(formKey(form))) continue;
          known.add(formKey(form));
          if (isSearch(form)) continue;
          const word = newWord();
          const before = await member.agent.cookies(origin);
          const named = asOthersKnow(linkOf(form, word), word);
          if (!named) continue;
          count += 1;
          await send(member, origin, { path: named, headers: FROM_ELSEWHERE });
          await forgetNew(member, before, lab);
          demand(
            !(await member.get(path)).text.includes(word),
            `Wrote for a member what a link said that another site had their browser open: GET ${form.action}, the form of ${path}.`,
          );
        }
      }
      const links = await takesByLink({ visitor, somebody, lab }, member, survey);
      demand(!links.taken, links.taken ?? '');
      const named = lab.live
        ? { count: 0, taken: undefined }
        : await takenByAddress(member, survey, lab, { headers: FROM_ELSEWHERE });
      demand(!named.taken, named.taken ?? '');
      const other = await newMember({ visitor, somebody, lab });
      const acts = await actsByLink(member, other, survey, lab, FROM_ELSEWHERE);
      demand(!acts.done, acts.done ?? '');
      const said: Awaited<ReturnType<typeof actedByLink>> = lab.live
        ? { count: 0 }
        : await actedByLink(member, survey, { home: lab.config.pages.home, headers: FROM_ELSEWHERE });
      demand(!said.acted, said.acted ?? '');
      const gets = await actsByGet(member, survey, lab, FROM_ELSEWHERE);
      demand(!gets.done, gets.done ?? '');
      return count + links.count + named.count + acts.count + said.count + gets.count;
    },
    (count) => `Kept nothing of what ${count} links said.`,
  );
  if (judged === 0)
    notApplicable(
      'no page of a member has a form of its own that a link could say, or a link that takes away something of theirs or does something',
    );
}
