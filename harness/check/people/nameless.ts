/** Pages and data of members, opened by somebody of whom Logto sends neither a name nor an e-mail address, or a name in another script. */
import { demand } from '../../errors.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { knownPaths } from '../doors/paths-of-members.ts';
import { isCrash } from '../doors/try-approach.ts';
import { type Needs, newMember } from '../doors/walk-around.ts';

const PATHS_MAX = 16;

/**
 * Demands that no path fails for somebody, which other members get.
 *
 * @param whose who that is, in words that read after "for"
 */
async function opensTo(
  person: Visitor,
  paths: readonly string[],
  needs: Needs,
  whose: string,
): Promise<void> {
  const crashed: { path: string; status: number }[] = [];
  for (const path of paths.slice(0, PATHS_MAX)) {
    const { status } = await person.get(path);
    // What fails once (a page that is compiled as it is asked for) has not failed over a name.
    if (isCrash(status) && isCrash((await person.get(path)).status)) crashed.push({ path, status });
  }
  if (crashed.length === 0) return;
  const named = await newMember(needs);
  for (const { path, status } of crashed)
    demand(
      isCrash((await named.get(path)).status),
      () => `Failed at ${path} (${status}) for ${whose}; people with a plain name get it.`,
    );
}

/** No page, and no data, that a member with a name is shown fails for somebody who has none. */
export async function opensToNameless(nameless: Visitor, needs: Needs): Promise<void> {
  const paths = (await knownPaths(needs, 'protected', 'api')).map(({ path }) => path);
  await opensTo(nameless, paths, needs, 'a person who has a phone number and nothing else');
}

/** A name that a header does not take as it is (RFC 9110 §5.5), nor `btoa`, nor one byte for each sign. */
const NAME = 'Жанна Ødegård 😀';

/** No page, and no data, that the config names fails for somebody whose name is in another script. */
export async function opensToAnyName(needs: Needs): Promise<void> {
  const { protected: pages, api } = needs.lab.config.pages;
  if (pages.length + api.length === 0) return;
  const person = await needs.visitor(await needs.somebody({ name: NAME, signedIn: true }));
  if (!(await person.signIn()).session) return;
  await opensTo(person, [...pages, ...api], needs, `a person who is called ${NAME}`);
}
