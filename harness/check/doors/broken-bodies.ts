/** Bodies that cannot be read, sent by a member to what reads them: an error is told there that no page shows. */
import { demand } from '../../errors.ts';
import { LEFT_ALONE } from '../../visitor/forms.ts';
import type { CheckFixtures, LabFixtures } from '../check.ts';
import { isDynamic, mayBeDoor } from './crawl.ts';
import type { Ask } from './door.ts';
import { showsStack } from './stacks.ts';
import { askedHow, findDoors, send } from './try-approach.ts';
import { newMember } from './walk-around.ts';

type Body = Pick<CheckFixtures, 'visitor' | 'somebody' | 'step' | 'notApplicable'> & Pick<LabFixtures, 'lab'>;

const PATHS_MAX = 12;

/** What is sent: data that end after their first character. */
const unreadable = (path: string): Ask[] =>
  ['POST', 'PUT'].map((method) => ({
    path,
    method,
    headers: { 'content-type': 'application/json' },
    body: '{',
  }));

/** No answer to a body that cannot be read tells where in the sources it was not understood. */
export async function tellsNoInside({ visitor, somebody, step, notApplicable, lab }: Body): Promise<void> {
  const survey = await findDoors({ visitor, somebody, step, notApplicable, lab });
  const named = [...(lab.routes?.posts ?? []), ...(lab.routes?.paths ?? [])].map(({ path }) => path);
  const ofSources = named.filter((path) => /^\/api\//.test(path));
  const ofData = survey.doors.flatMap(({ path, isPage }) => (isPage ? [] : [path]));
  const paths = [...new Set([...ofSources, ...lab.config.pages.api, ...ofData])]
    .filter((path) => !isDynamic(path) && !LEFT_ALONE.test(path) && mayBeDoor(path, lab))
    .slice(0, PATHS_MAX);
  if (paths.length === 0) notApplicable('no path answers data to members');
  const member = await newMember({ visitor, somebody, lab });
  await step(
    'approach',
    async () => {
      for (const ask of paths.flatMap(unreadable)) {
        const answer = await send(member, lab.app.origin, ask);
        demand(
          !answer || !showsStack(answer.text, lab),
          () => `Sent a stack trace for a body that cannot be read: ${askedHow(ask)} (${answer?.status}).`,
        );
      }
      return paths.length;
    },
    (count) => `Told nothing of its inside, at ${count} paths.`,
  );
}
