/** Forms of one member, posted by another with all that stands in them: hidden fields say whose record it is. */

import { formKey } from '../../visitor/forms.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { Survey } from '../doors/survey.ts';
import { send } from '../doors/try-approach.ts';
import { filledIn, formsOf, newWord } from '../doors/written.ts';

/**
 * The first form of Ada's that writes for her when Eve posts it; undefined when none does.
 *
 * @returns the path of its page, and how many forms show what their member writes
 */
export async function writtenByOther(
  ada: Visitor,
  eve: Visitor,
  survey: Survey,
): Promise<{ path?: string; judged: number }> {
  const { origin } = survey.grounds;
  const shows = async (path: string, word: string) => (await ada.get(path)).text.includes(word);
  const theirs = await formsOf(eve, survey);
  let judged = 0;
  for (const { path, form } of await formsOf(ada, survey)) {
    const same = theirs.find((each) => each.path === path && formKey(each.form) === formKey(form));
    if (!same) continue;
    const [own, shared, wrong] = [newWord(), newWord(), newWord()];
    await send(ada, origin, filledIn(form, own));
    if (!(await shows(path, own))) continue;
    // A board shows everybody what any member writes.
    await send(eve, origin, filledIn(same.form, shared));
    if (await shows(path, shared)) continue;
    judged += 1;
    await send(eve, origin, filledIn(form, wrong));
    if (await shows(path, wrong)) return { path, judged };
  }
  return { judged };
}
