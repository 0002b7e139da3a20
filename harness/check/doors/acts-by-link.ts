/** Links that do something to somebody, which a page of another site has the browser of a member open: "follow me", "unsubscribe". */

import type { Visitor } from '../../visitor/visitor.ts';
import type { LabFixtures } from '../check.ts';
import { inputOf, mutationAsk, namesThing, plainQueries, queryPath } from './calls.ts';
import { filledWith, linksIn, mayBeDoor } from './crawl.ts';
import { send } from './send.ts';
import type { Survey } from './survey.ts';
import { idsOf, verbOf } from './things-made.ts';

type Lab = LabFixtures['lab'];

/** What is done to somebody or something, and can be undone. */
const ACTS =
  /^(?:un|stop)?-?(?:follow|like|vote|star|favou?rite|bookmark|watch|subscribe|mute|block|pin|join|friend|connect|accept|approve|invite|add|share)/i;
const UNDOES = /^(?:un|stop|leave|dis)-?/i;
const PEOPLE = /^(?:users?|members?|people|profiles?|authors?|u|@)$/i;
const LINKS_MAX = 4;
const PAGES_MAX = 8;

/** Pages about somebody: `/members/[id]`. */
const pagesAbout = (id: string, lab: Lab): string[] =>
  (lab.routes?.paths ?? [])
    .filter(({ path }) => {
      const parts = path.split('/').filter(Boolean);
      return parts.length === 2 && PEOPLE.test(parts[0] ?? '') && /^[[:]/.test(parts[1] ?? '');
    })
    .map(({ path }) => filledWith(path, id))
    .filter((path) => mayBeDoor(path, lab));

/** What a link does, as the last part of its path says: `/api/unfollow?id=…`. */
const actOf = (path: string): string => (path.split('?')[0] ?? '').split(/[/.]/).filter(Boolean).at(-1) ?? '';

/** Addresses asked for by GET that do something to somebody, by their names. */
async function linksAbout(id: string, member: Visitor, lab: Lab): Promise<string[]> {
  const { calls } = lab.routes ?? {};
  const queries = (calls?.procedures ?? []).flatMap((procedure) => {
    const { name, kind, inputs = [], isUnread } = procedure;
    const field = inputs.find(namesThing);
    if (!calls || kind !== 'query' || isUnread || !field || !ACTS.test(verbOf(name))) return [];
    const input = inputOf(procedure, { [field.name]: id }, 'conformance');
    return input === undefined ? [] : [queryPath(calls, name, input)];
  });
  const links: string[] = [];
  for (const path of pagesAbout(id, lab)) {
    const page = await member.get(path).catch(() => undefined);
    if (page?.status !== 200) continue;
    links.push(...linksIn(page.text, page.url).filter((link) => link.includes(id) && ACTS.test(actOf(link))));
  }
  return [...new Set([...queries, ...links])].slice(0, LINKS_MAX);
}

/** Does by a call what a link undoes, so that there is something to undo. */
async function doFirst(link: string, id: string, member: Visitor, { app, routes }: Lab): Promise<void> {
  const { calls } = routes ?? {};
  const wanted = actOf(link).replace(UNDOES, '').toLowerCase();
  const procedure = calls?.procedures.find(
    ({ name, kind }) => kind === 'mutation' && verbOf(name).toLowerCase() === wanted,
  );
  const field = procedure?.inputs?.find(namesThing);
  const input = procedure && field && inputOf(procedure, { [field.name]: id }, 'conformance');
  if (calls && procedure && input !== undefined)
    await send(member, app.origin, mutationAsk(calls, procedure, input));
}

/**
 * Has the browser of a member open links that do something to another, whose id the other knows, and looks whether the app
 * shows the member that it was done.
 *
 * @param headers of a request that a page of another site makes
 * @returns how many links were judged, and in words what was done by one
 */
export async function actsByLink(
  member: Visitor,
  other: Visitor,
  survey: Pick<Survey, 'doors'>,
  lab: Lab,
  headers: Record<string, string>,
): Promise<{ count: number; done?: string }> {
  if (lab.live) return { count: 0 };
  const [id = ''] = await idsOf(other);
  if (id.length < 6) return { count: 0 };
  const places = [
    ...plainQueries(lab).map(({ path }) => path),
    ...survey.doors.filter(({ isPage }) => isPage).map(({ path }) => path),
  ];
  const shown = async () => {
    const found = new Map<string, boolean>();
    for (const path of new Set(places.slice(0, PAGES_MAX * 2)))
      found.set(path, (await member.get(path)).text.includes(id));
    return found;
  };
  let count = 0;
  for (const link of await linksAbout(id, member, lab)) {
    const undoes = UNDOES.test(actOf(link));
    const start = undoes ? await shown() : undefined;
    if (undoes) await doFirst(link, id, member, lab);
    const before = [await shown(), await shown()] as const;
    await send(member, lab.app.origin, { path: link, headers });
    const after = [await shown(), await shown()] as const;
    count += 1;
    const changed = [...before[0]].find(
      ([path, was]) =>
        was === undoes &&
        // What was not done by the call may be gone by itself.
        start?.get(path) !== true &&
        was === before[1].get(path) &&
        after.every((each) => each.get(path) === !was),
    );
    if (changed)
      return {
        count,
        done: `Did for a member what a link said that another site had their browser open: GET ${link.split('?')[0]} changed what ${changed[0]} shows them.`,
      };
  }
  return { count };
}
