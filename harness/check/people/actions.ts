/** Server actions that a member calls with the id of another, and forms of another that a member posts. */
import { demand } from '../../errors.ts';
import { demandSession } from '../../visitor/arrival.ts';
import { idsOnPage } from '../doors/ids-on-pages.ts';
import { shownIn } from '../doors/judge.ts';
import { personalOf } from '../doors/marks.ts';
import { actionPosts } from '../doors/posts.ts';
import { send } from '../doors/send.ts';
import { surveyOf } from '../doors/survey.ts';
import { percentDecoded } from '../issued-in.ts';
import { crossedByForm, writtenByOther } from './forms-of-others.ts';
import { newcomer, type PeopleBody } from './keeps-apart.ts';
import { lookAround, placesOf } from './look.ts';
import { signedAsAnother } from './signed-as-another.ts';

/** Arguments that name another member, as the client of Next.js sends them. */
export const argumentsFor = (id: string): string[] =>
  [[id], [{ id }], [{ userId: id }], [{ sub: id }], [id, id]].map((each) => JSON.stringify(each));

/** Arguments that name a thing. */
export const argumentsAbout = (id: string): string[] => [[id], [{ id }]].map((each) => JSON.stringify(each));

const THINGS_MAX = 3;

/** The body of `people/actions-of-others`. */
export async function answersOwnActions(body: PeopleBody): Promise<void> {
  const { visitor, somebody, step, lab, notApplicable } = body;
  const survey = await surveyOf({ visitor, somebody, lab });
  const posts = await actionPosts(survey, await visitor());
  const member = async (word: string) => {
    const browser = await visitor(await somebody(newcomer(word)));
    demandSession(await browser.signIn());
    return browser;
  };
  const { first, ada, eve, things } = await step(
    'control',
    async () => {
      const first = await member('Ada');
      const places = placesOf(survey);
      const shown = await lookAround(first, lab, places);
      const eve = await member('Eve');
      const theirs = [...(await lookAround(eve, lab, places)).bodies.values()];
      const things = [...shown.bodies.values()].flatMap((page) => idsOnPage(page, theirs));
      return { first, ada: first.person, eve, things: [...new Set(things)].slice(0, THINGS_MAX) };
    },
    () => `Two members are signed in; pages of members call ${posts.length} server actions.`,
  );
  await step(
    'fault',
    async () => {
      const personal = personalOf(ada);
      for (const { ask, name } of posts)
        for (const text of [...argumentsFor(ada.userId ?? ''), ...things.flatMap(argumentsAbout)]) {
          const answer = await send(eve, lab.app.origin, { ...ask, body: text });
          const said = percentDecoded(`${text}\n${ask.path}`);
          const [shown] = answer ? shownIn(answer, { texts: [] }, { personal, said, isMember: true }) : [];
          demand(!shown, `Answered a member who called ${name} with the id of another: ${shown}.`);
        }
    },
    () => `Gave nobody what belongs to another, ${posts.length} actions called.`,
  );
  const judged = await step(
    'fault',
    async () => {
      const { path, judged: count } = await writtenByOther(first, eve, survey);
      demand(
        !path,
        `Wrote for another: what a member posted, with the form of ${path} of another one, stands on the page of that one.`,
      );
      const { told: crossed, tried } = await crossedByForm(first, eve, survey, lab);
      demand(!crossed, `${crossed}.`);
      const signed = await signedAsAnother(first, eve, survey, lab);
      demand(
        !signed.path,
        `Wrote in the name of another: what a member posted, with the id of another in a hidden field, stands at ${signed.path} as said by that one.`,
      );
      return count + tried + signed.tried;
    },
    (count) =>
      `Wrote for nobody but its caller, by ${count} forms that show what their member writes, or name a thing.`,
  );
  if (posts.length + judged === 0)
    notApplicable(
      'no page of a member names a server action that strangers cannot see as well, or has a form that shows again what its member writes',
    );
}
