/** What members write, shown to them and to whoever else may read it: text, and no markup that runs (stored cross-site scripting). */
import { demand } from '../../errors.ts';
import { type Form, formKey } from '../../visitor/forms.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { CheckFixtures, LabFixtures } from '../check.ts';
import { linksIn, mayBeDoor } from '../doors/crawl.ts';
import { filledIn, formsOf, formsOfThings } from '../doors/member-forms.ts';
import { send } from '../doors/send.ts';
import type { Survey } from '../doors/survey.ts';
import { findDoors } from '../doors/try-approach.ts';
import { newMember } from '../doors/walk-around.ts';
import { injectionsIn, madeRealIn, newMark } from '../injected-markup.ts';

type Body = Pick<CheckFixtures, 'visitor' | 'somebody' | 'step' | 'notApplicable'> & Pick<LabFixtures, 'lab'>;

const PAGES_MAX = 24;

/** Pages where it may be read: those that members have, and those that the page of the form leads to since. */
async function pagesAfter(
  member: Visitor,
  path: string,
  survey: Survey,
  lab: Body['lab'],
): Promise<string[]> {
  const { text, url } = await member.get(path);
  const since = linksIn(text, url).filter((each) => mayBeDoor(each, lab) && !survey.pages.has(each));
  const known = survey.doors.filter(({ isPage }) => isPage).map((door) => door.path);
  return [...new Set([path, ...since, ...known])].slice(0, PAGES_MAX);
}

/** The forms of members' pages, and then, once there is something, those of what they have. */
async function* formsToWrite(
  member: Visitor,
  survey: Survey,
  lab: Body['lab'],
): AsyncGenerator<{ path: string; form: Form }> {
  const forms = await formsOf(member, survey);
  yield* forms;
  yield* await formsOfThings(member, survey, lab, new Set(forms.map(({ form }) => formKey(form))));
}

/** Each form of a member, with markup in all of its texts, makes no element and no handler of it anywhere. */
export async function showsWrittenAsText(body: Body): Promise<void> {
  const { visitor, step, notApplicable, lab } = body;
  const survey = await findDoors(body);
  const member = await newMember(body);
  const stranger = await visitor();
  const judged = await step(
    'approach',
    async () => {
      let count = 0;
      for await (const { path, form } of formsToWrite(member, survey, lab)) {
        const mark = newMark();
        const answer = await send(
          member,
          lab.app.origin,
          filledIn(form, (most) => injectionsIn(mark, most)),
        );
        if (!answer || answer.status >= 400) continue;
        const landed =
          answer.location?.origin === lab.app.origin
            ? [answer.location.pathname + answer.location.search]
            : [];
        let isShown = false;
        for (const page of new Set([...landed, ...(await pagesAfter(member, path, survey, lab))])) {
          const shown = await member.get(page).catch(() => undefined);
          if (!shown?.text.includes(mark)) continue;
          isShown = true;
          const [real] = madeRealIn(shown, mark);
          if (!real) continue;
          const others =
            madeRealIn(await stranger.get(page), mark).length > 0 ? ', to strangers as well' : '';
          demand(false, `Made ${real} of what a member wrote into the form of ${path}, at ${page}${others}.`);
        }
        if (isShown) count += 1;
      }
      return count;
    },
    (count) => `Showed as text what a member wrote, by ${count} forms that show it.`,
  );
  if (judged === 0)
    notApplicable(
      'no page of a member has a form of its own that a text can be written into, and shows it again',
    );
}
