/** Bodies that cannot be read, sent by a member to what reads them: an error is told there that no page shows. */
import { demand } from '../../errors.ts';
import { LEFT_ALONE } from '../../visitor/forms.ts';
import type { CheckFixtures, LabFixtures } from '../check.ts';
import { noneKnown } from '../paths-known.ts';
import { isDynamic, mayBeDoor } from './crawl.ts';
import type { Ask } from './door.ts';
import { send } from './send.ts';
import { showsStack } from './stacks.ts';
import { askedHow, findDoors } from './try-approach.ts';
import { newMember } from './walk-around.ts';

type Body = Pick<CheckFixtures, 'visitor' | 'somebody' | 'step' | 'notApplicable'> & Pick<LabFixtures, 'lab'>;

const PATHS_MAX = 12;

const JSON_TYPE = 'application/json';
/** More than parsers take unless they are told to (Express 100 kB), and no data either. */
const LONG = '{'.padEnd(150_000);
/** What cannot be read: data that end after their first character, in no encoding, too long; a form in parts that says not where they end. */
const BODIES: { method: string; type: string; body: string }[] = [
  ...['POST', 'PUT', 'PATCH'].map((method) => ({ method, type: JSON_TYPE, body: '{' })),
  { method: 'POST', type: `${JSON_TYPE}; charset=conformance`, body: '{' },
  { method: 'POST', type: JSON_TYPE, body: LONG },
  { method: 'POST', type: 'multipart/form-data', body: '{' },
];

const unreadable = (path: string): Ask[] =>
  BODIES.map(({ method, type, body }) => ({ path, method, headers: { 'content-type': type }, body }));

/** No answer to a body that cannot be read tells where in the sources it was not understood. */
export async function tellsNoInside({ visitor, somebody, step, notApplicable, lab }: Body): Promise<void> {
  const survey = await findDoors({ visitor, somebody, step, notApplicable, lab });
  const posted = (lab.routes?.posts ?? []).map(({ path }) => path);
  const ofApi = (lab.routes?.paths ?? []).map(({ path }) => path).filter((path) => /^\/api\//.test(path));
  const ofData = survey.doors.flatMap(({ path, isPage }) => (isPage ? [] : [path]));
  const paths = [...new Set([...posted, ...ofApi, ...lab.config.pages.api, ...ofData])]
    .filter((path) => !isDynamic(path) && !LEFT_ALONE.test(path) && mayBeDoor(path, lab))
    .slice(0, PATHS_MAX);
  if (paths.length === 0) noneKnown(lab, notApplicable, 'no path answers data to members');
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
