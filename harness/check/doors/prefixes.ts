/** Lists of public paths that match more than whole parts: `/api/public` opens `/api/publications`, too. */
import { demand } from '../../errors.ts';
import type { Answer } from '../../user-agents/http.ts';
import type { CheckFixtures, LabFixtures } from '../check.ts';
import { send } from './send.ts';
import type { Survey } from './survey.ts';
import { findDoors } from './try-approach.ts';

type Body = Pick<CheckFixtures, 'visitor' | 'somebody' | 'step' | 'notApplicable'> & Pick<LabFixtures, 'lab'>;

const bareOf = (path: string) => path.split('?')[0] as string;
const isWithin = (path: string, folder: string) => path.startsWith(`${folder}/`);

/** A path that begins like a folder of public ones, and does not stand in it. */
export interface Alike {
  path: string;
  isPage: boolean;
  folder: string;
}

/**
 * Finds paths that anybody is answered at, and that begin like a folder of public ones without standing in it.
 *
 * @param open paths that strangers are answered at as members are
 * @param doors paths of doors: a folder that holds one is no public one
 */
export function alikeIn(open: Survey['openPaths'], doors: readonly string[]): Alike[] {
  const bare = open.map(({ path, isPage }) => ({ path: bareOf(path), isPage }));
  const folders = new Set(
    bare.flatMap(({ path }) => {
      const folder = path.slice(0, path.lastIndexOf('/'));
      return folder && !doors.some((door) => isWithin(bareOf(door), folder)) ? [folder] : [];
    }),
  );
  return [...folders].flatMap((folder) =>
    bare
      .filter(({ path }) => path.startsWith(folder) && !isWithin(path, folder) && path !== folder)
      .map((each) => ({ ...each, folder })),
  );
}

/** Whether a guard sends somebody away, in contrast to a router that knows no such path. */
const isTurnedAway = ({ status, location }: Answer): boolean =>
  status === 401 || status === 403 || (location !== undefined && status < 400);

/** The body of `doors/public-prefixes`. */
export async function opensWholePartsOnly(body: Body): Promise<void> {
  const { lab, visitor, step } = body;
  const { doors, openPaths } = await findDoors(body);
  const alike = alikeIn(
    openPaths,
    doors.map(({ path }) => path),
  );
  await step(
    'approach',
    async () => {
      const stranger = await visitor();
      const turnsAway = async (path: string) => {
        const answer = await send(stranger, lab.app.origin, { path });
        return answer !== undefined && isTurnedAway(answer);
      };
      for (const { path, isPage, folder } of alike) {
        // The guard shows it where it turns strangers away from paths that are not there. Else the sources do, for data:
        // menus compare the beginnings of pages, too.
        const above = folder.slice(0, folder.lastIndexOf('/'));
        const isLoose =
          (await turnsAway(`${above}/conformance-no-such-path`)) &&
          !(await turnsAway(`${folder}conformance`));
        demand(
          !isLoose && (isPage || !lab.routes?.prefixes?.includes(folder)),
          `Answers anybody at ${path}, which begins like ${folder} and does not stand in it.`,
        );
      }
    },
    () => `No path is open because it begins like a public one (${openPaths.length} are open).`,
  );
}
