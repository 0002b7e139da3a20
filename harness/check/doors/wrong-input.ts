/** Data that can be read and are not what is asked for, sent to what takes data: the app refuses them, and does not fall over. */
import { demand } from '../../errors.ts';
import { LEFT_ALONE } from '../../visitor/forms.ts';
import type { CheckFixtures, LabFixtures } from '../check.ts';
import { noneKnown } from '../paths-known.ts';
import { isDynamic, mayBeDoor } from './crawl.ts';
import type { Ask } from './door.ts';
import { send } from './send.ts';
import { askedHow, findDoors, isCrash } from './try-approach.ts';

type Body = Pick<CheckFixtures, 'visitor' | 'somebody' | 'step' | 'notApplicable'> & Pick<LabFixtures, 'lab'>;

const PATHS_MAX = 16;
const JSON_TYPE = { 'content-type': 'application/json' };
/** JSON of shapes that no handler asks for: nothing in it, a list, null, a word, members of another type. */
const SHAPES = [
  '{}',
  '[]',
  'null',
  '"conformance"',
  '{"id":{},"text":1,"title":1,"name":[],"email":{},"message":1}',
];

const wrong = (path: string): Ask[] => [
  ...SHAPES.map((body) => ({ path, method: 'POST', headers: JSON_TYPE, body })),
  { path, method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=1' },
];

/** What handlers usually ask for. One that fails at that as well lacks something that the run does not have: a service, a secret. */
const LIKELY = ['text', 'title', 'name', 'message', 'body', 'content', 'subject', 'phone', 'url', 'query'];
const likely = (path: string): Ask => ({
  path,
  method: 'POST',
  headers: JSON_TYPE,
  body: JSON.stringify({
    ...Object.fromEntries(LIKELY.map((name) => [name, 'conformance'])),
    email: 'somebody@people.example',
    id: '1',
  }),
});

/** No stranger's input of the wrong shape is answered with 5xx, at the paths that take posts of strangers. */
export async function refusesWrongInput(body: Body): Promise<void> {
  const { visitor, step, notApplicable, lab } = body;
  await findDoors(body);
  const paths = [...new Set((lab.routes?.posts ?? []).map(({ path }) => path))]
    .filter((path) => !isDynamic(path) && !LEFT_ALONE.test(path) && mayBeDoor(path, lab))
    .slice(0, PATHS_MAX);
  if (paths.length === 0) noneKnown(lab, notApplicable, 'no path is known that takes posts');
  const stranger = await visitor();
  await step(
    'approach',
    async () => {
      const crashes: string[] = [];
      for (const path of paths) {
        const usual = await send(stranger, lab.app.origin, likely(path));
        if (!usual || isCrash(usual.status)) continue;
        for (const ask of wrong(path)) {
          const answer = await send(stranger, lab.app.origin, ask);
          await stranger.agent.jar.removeAllCookies();
          if (!answer || !isCrash(answer.status)) continue;
          crashes.push(`${askedHow({ path, method: 'POST' })} with ${ask.body} (${answer.status})`);
          break;
        }
      }
      demand(
        crashes.length === 0,
        () => `Crashed at data that a refusal would answer: ${crashes.slice(0, 4).join('; ')}.`,
      );
      return paths.length;
    },
    (count) => `Answered data of the wrong shape below 500, at ${count} paths.`,
  );
}
