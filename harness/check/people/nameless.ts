/** Pages and data of members, opened by somebody of whom Logto sends neither a name nor an e-mail address. */
import { demand } from '../../errors.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { knownPaths } from '../doors/paths-of-members.ts';
import { isCrash } from '../doors/try-approach.ts';
import { type Needs, newMember } from '../doors/walk-around.ts';

const PATHS_MAX = 16;

/** No page, and no data, that a member with a name is shown fails for somebody who has none. */
export async function opensToNameless(nameless: Visitor, needs: Needs): Promise<void> {
  const paths = (await knownPaths(needs, 'protected', 'api')).slice(0, PATHS_MAX);
  const crashed: string[] = [];
  for (const { path } of paths) {
    const { status } = await nameless.get(path);
    // What fails once (a page that is compiled as it is asked for) has not failed over a name.
    if (isCrash(status) && isCrash((await nameless.get(path)).status)) crashed.push(`${path} (${status})`);
  }
  if (crashed.length === 0) return;
  const named = await newMember(needs);
  for (const told of crashed) {
    const path = told.replace(/ \(\d+\)$/, '');
    demand(
      isCrash((await named.get(path)).status),
      () =>
        `Failed at ${told} for a person who has a phone number and nothing else; people with a name get it.`,
    );
  }
}
