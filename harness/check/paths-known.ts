/** Whether it is known which paths an app answers: where nothing could be read, a check that found none cannot say that there are none. */
import type { LabDescription } from '../lab/lab-description.ts';
import { notJudged } from './not-judged.ts';

type Known = Pick<LabDescription, 'config' | 'routes'>;

/** Why the paths of the app are not all known; undefined where its sources, its build or the config tell them. */
export function whyUnknown({ config, routes }: Known): string | undefined {
  if (config.pages.paths) return undefined;
  if (!routes) return 'its sources are not at hand, so that its paths are not known';
  if (routes.unread?.length) return `some of its paths could not be read (${routes.unread.join(', ')})`;
  return routes.paths.length === 0 ? 'its sources tell none of its paths' : undefined;
}

const GIVE = 'name them in pages.paths (`POST /…` where they take posts; an empty list where there are none)';

/**
 * Ends the running check, which found nothing among the paths of the app.
 *
 * @param none why it is not applicable where all paths are known
 */
export function noneKnown(lab: Known, notApplicable: (reason: string) => never, none: string): never {
  const unknown = whyUnknown(lab);
  return unknown ? notJudged(`${none}, but ${unknown}`, GIVE) : notApplicable(none);
}
