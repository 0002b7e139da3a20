/** Addresses that take something away by GET, as the routes of the sources name them: `/notes/:id/delete`. */
import type { HopOptions } from '../../user-agents/http.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { LabFixtures } from '../check.ts';
import { filledWith, idsIn, isDynamic, linksIn, spokenRoutes } from './crawl.ts';
import { forgeryHeaders } from './forgery-tokens.ts';
import { keepsOut } from './gives-nothing.ts';
import { newWord } from './new-word.ts';
import { postAsWanted, postedLists } from './posted-lists.ts';
import { send } from './send.ts';
import type { Survey } from './survey.ts';
import { isHtml } from './walk-around.ts';

type Lab = LabFixtures['lab'];

/** What takes a thing away, or puts it aside, as the last part of its address says. */
const TAKES =
  /^(?:delete|remove|destroy|discard|trash|erase|archive|hide|cancel|revoke|close|withdraw|leave|decline|unpublish)$/i;
const ROUTES_MAX = 3;
const IDS_MAX = 6;
const LISTS_MAX = 20;

/**
 * Routes that answer GET and say that they take a thing away, with the address of the thing and of the list that it stands in.
 *
 * @param paths routes with their parameters
 */
export const takingRoutes = (paths: readonly string[]): { taking: string; thing: string; list: string }[] =>
  paths.flatMap((taking) => {
    const parts = taking.split('/');
    const thing = parts.slice(0, -1).join('/');
    const list = parts.slice(0, -2).join('/');
    const fits =
      TAKES.test(parts.at(-1) ?? '') &&
      isDynamic(`/${parts.at(-2) ?? ''}`) &&
      list !== '' &&
      !isDynamic(list);
    return fits ? [{ taking, thing, list }] : [];
  });

/** Ids of what a list shows a member: in data, and in its links. */
async function idsOfList(member: Visitor, list: string): Promise<string[]> {
  const answer = await member.get(list);
  if (keepsOut(answer)) return [];
  if (!isHtml(answer)) return idsIn(answer.text, IDS_MAX);
  const linked = linksIn(answer.text, answer.url).flatMap((link) => {
    const [bare = ''] = link.split('?');
    const id = bare.startsWith(`${list}/`) ? bare.slice(list.length + 1) : '';
    return id && !id.includes('/') ? [id] : [];
  });
  return linked.slice(0, IDS_MAX);
}

/**
 * Opens such addresses as a member whom another site has open them, for a thing of their own. A page that asks first takes nothing.
 *
 * @param headers of a browser that follows a link of another site
 * @returns how many were opened, and in words what one took away
 */
export async function takenByAddress(
  member: Visitor,
  survey: Pick<Survey, 'pages'>,
  lab: Lab,
  { headers }: Pick<HopOptions, 'headers'>,
): Promise<{ count: number; taken?: string }> {
  const { origin } = lab.app;
  const routes = takingRoutes(spokenRoutes(lab).map(({ path }) => path)).slice(0, ROUTES_MAX);
  const lists = postedLists(survey, lab.routes?.posts, { most: LISTS_MAX });
  const tokens = routes.length ? await forgeryHeaders(member, survey.pages, lab).catch(() => ({})) : {};
  let count = 0;
  for (const { taking, thing, list } of routes) {
    // Whoever is new has nothing yet that could be taken away.
    const to = lists.find(({ path }) => path === list)?.to;
    if (to) await postAsWanted(member, origin, { to, headers: tokens }, newWord());
    const read = async (id: string): Promise<string | undefined> => {
      const answer = await member.get(filledWith(thing, id));
      return answer.status === 200 && !keepsOut(answer) ? answer.text : undefined;
    };
    for (const id of await idsOfList(member, list)) {
      const [before, again] = [await read(id), await read(id)];
      if (before === undefined || again === undefined) continue;
      count += 1;
      const path = filledWith(taking, id);
      await send(member, origin, { path, ...(headers && { headers }) });
      const [after, later] = [await read(id), await read(id)];
      const led = `after GET ${path}, which another site had their browser open, ${filledWith(thing, id)}`;
      if (after === undefined)
        return {
          count,
          taken: `Took away from a member what an address named: ${led} is not shown to its member any more.`,
        };
      // What changes each time it is read was changed by nobody, and what changes each time that it is asked for is counted.
      if (before !== again || after !== later || before === after) break;
      await send(member, origin, { path, ...(headers && { headers }) });
      const last = await read(id);
      if (last === after || last === before)
        return { count, taken: `Changed what belongs to a member: ${led} says something else.` };
      break;
    }
  }
  return { count };
}
