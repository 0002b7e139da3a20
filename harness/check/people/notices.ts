/** Notices that are shown once ("the note was added"): to whoever did it, and to nobody who comes next. */
import { demand } from '../../errors.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { newWord } from '../doors/new-word.ts';
import { send } from '../doors/send.ts';
import { findDoors } from '../doors/try-approach.ts';
import { newMember } from '../doors/walk-around.ts';
import type { PeopleBody } from './keeps-apart.ts';
import { formWriters, keepsKeys, keepsNews, listsOf, streamsIn } from './told-to-others.ts';

const FORMS_MAX = 4;
const HEARD_MAX = 3;

/**
 * The body of `people/notices-apart`: a member sends a form and does not look; another member and a stranger, who open pages next,
 * read nothing of it that is gone when they look again. What stays is a board, on which members write for each other. Nor is another
 * member shown a key that was made for the first, or told by a stream what they have written for themselves.
 */
export async function keepsNoticesApart(body: PeopleBody): Promise<void> {
  const { visitor, somebody, step, notApplicable, lab } = body;
  const survey = await findDoors({ visitor, somebody, step, notApplicable, lab });
  const [member, other] = [await newMember(body), await newMember(body)];
  const stranger = await visitor();
  const forms = await formWriters(member, survey, FORMS_MAX);
  const lists = lab.live ? [] : await listsOf(member, survey, lab);
  if (forms.length + lists.length === 0)
    notApplicable('no page of a member has a form of its own that a text can be written into');
  const { home } = lab.config.pages;
  const open = survey.openPaths.find(({ isPage }) => isPage)?.path ?? home;
  await step(
    'fault',
    async () => {
      // A notice that lies there for whoever comes next may be taken by what another check asks for meanwhile: all look twice.
      const looks: [who: string, browser: Visitor, place: string | undefined][] = [
        ['another member', other, home],
        ['another member', other, undefined],
        ['a stranger', stranger, open],
      ];
      for (const { path, ask } of forms)
        for (const [who, browser, place] of [...looks, ...looks]) {
          const word = newWord();
          const answer = await send(member, lab.app.origin, ask(word));
          if (!answer || answer.status >= 400) continue;
          // The member is led to the notice; so may be whoever opens the same page before.
          const led = answer.location?.origin === lab.app.origin ? answer.location.pathname : path;
          const opened = place ?? led;
          const shows = async () => (await browser.get(opened)).text.includes(word);
          const isOnce = (await shows()) && !(await shows());
          demand(
            !isOnce,
            `Told ${who} what a member had just done: what was written into the form of ${path} stood at ${opened}, once.`,
          );
        }
      const streams = streamsIn(survey);
      const writers = [...forms, ...lists];
      for (const writer of writers) await keepsKeys(writer, { member, other, lab });
      // Each stream is listened to for a moment.
      for (const writer of writers.slice(0, HEARD_MAX))
        await keepsNews(writer, { member, other, lab }, streams.slice(0, HEARD_MAX), [
          ...survey.pages.keys(),
        ]);
      return forms.length + lists.length;
    },
    (count) => `Told nobody else of ${count} forms and lists that a member wrote into.`,
  );
}
