/** Writes to API paths that refuse to be read by nobody, sent by nobody. */
import { demand } from '../../errors.ts';
import type { Answer } from '../../user-agents/http.ts';
import { LEFT_ALONE } from '../../visitor/forms.ts';
import type { CheckFixtures, LabFixtures } from '../check.ts';
import { noneKnown } from '../paths-known.ts';
import type { Ask, Door } from './door.ts';
import { givesNothing } from './gives-nothing.ts';
import { send } from './send.ts';
import { askedHow, findDoors } from './try-approach.ts';

type Body = Pick<CheckFixtures, 'visitor' | 'somebody' | 'step' | 'notApplicable'> & Pick<LabFixtures, 'lab'>;

/** DELETE is not sent: what it does to a real app cannot be taken back. */
const METHODS = ['POST', 'PUT', 'PATCH'];
const DOORS_MAX = 8;

/**
 * What is sent to the doors that refuse to be read.
 *
 * @param declared paths of `pages.api` that refuse strangers; a list that is empty yet is no door
 */
export const writesTo = (doors: readonly Door[], declared: readonly string[] = []): Ask[] => {
  const found = doors.filter(({ refuses, isPage }) => refuses && !isPage).map(({ path }) => path);
  return [...new Set([...declared, ...found])]
    .filter((path) => !LEFT_ALONE.test(path))
    .slice(0, DOORS_MAX)
    .flatMap((path) => METHODS.map((method) => ({ path, method, json: {} })));
};

/**
 * Whether a write was taken: made (201), done without an answer (204), or answered with data that tell of no error, as GraphQL
 * and RPC do in a 200. A page is none: apps answer one to whatever they do not know.
 */
export function isTaken({ status, headers, text }: Pick<Answer, 'status' | 'headers' | 'text'>): boolean {
  if (status === 201 || status === 204) return true;
  if (status < 200 || status > 299 || !/\bjson\b/i.test(String(headers['content-type'] ?? ''))) return false;
  return !/"(?:errors?|message)"\s*:|"(?:success|ok)"\s*:\s*false/i.test(text);
}

/** Nobody writes where nobody may read. */
export async function takesNoWrites({ visitor, somebody, step, notApplicable, lab }: Body): Promise<void> {
  const survey = await findDoors({ visitor, somebody, step, notApplicable, lab });
  const guest = await visitor();
  const declared: string[] = [];
  // What refuses with a 200 refuses a write in the same words.
  const refusals = new Map<string, string>();
  const { api } = lab.config.pages;
  const found = survey.doors.filter(({ refuses, isPage }) => refuses && !isPage).map(({ path }) => path);
  for (const path of new Set([...api, ...found])) {
    const answer = await send(guest, lab.app.origin, { path });
    if (!answer) continue;
    if (givesNothing(answer)) refusals.set(path, answer.text);
    if (api.includes(path) && ([401, 403].includes(answer.status) || givesNothing(answer)))
      declared.push(path);
  }
  const writes = writesTo(survey.doors, declared);
  if (writes.length === 0)
    noneKnown(
      lab,
      notApplicable,
      'no path answers data to members and refuses strangers with 401 or 403, or with nothing',
    );
  await step(
    'approach',
    async () => {
      const stranger = await visitor();
      const taken: string[] = [];
      for (const write of writes) {
        const answer = await send(stranger, lab.app.origin, write);
        await stranger.agent.jar.removeAllCookies();
        if (answer && isTaken(answer) && answer.text !== refusals.get(write.path))
          taken.push(`${askedHow(write)} (${answer.status})`);
      }
      demand(
        taken.length === 0,
        () => `Took from nobody, where nobody may read: ${taken.slice(0, 4).join(', ')}.`,
      );
      return writes.length;
    },
    (count) => `Took none of ${count} writes.`,
  );
}
