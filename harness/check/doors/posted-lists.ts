/** Lists of an API, each with the address at which members add to it, and posts that say what the app wants to be told. */
import type { AppRoutes } from '../../lab/lab-description.ts';
import type { Answer } from '../../user-agents/http.ts';
import { LEFT_ALONE } from '../../visitor/forms.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { isDynamic } from './crawl.ts';
import { firstBody, mendedBody } from './make-by-posts.ts';
import { REACHES_OUT } from './reaches-out.ts';
import { send } from './send.ts';
import type { Survey } from './survey.ts';

/** Where members read what they have, and where they add to it. */
export interface PostedList {
  path: string;
  to: string;
}

/** Last part of an address below a list at which somebody adds to it: `/api/keys/create`. */
const ADDS = /^(?:create|add|new|save|make|insert)$/i;

/**
 * The lists that members are shown and to which they may post, at their own address or at one below it that says so.
 *
 * @param survey pages that members were shown, with their bodies
 * @param taking paths that take posts
 * @param options.holds whether a body is that of such a list (default: any)
 * @param options.most how many at the most
 */
export function postedLists(
  { pages }: Pick<Survey, 'pages'>,
  taking: AppRoutes['posts'],
  { holds = () => true, most }: { holds?: (body: string) => boolean; most: number },
): PostedList[] {
  const posts = (taking ?? []).map(({ path }) => path).filter((path) => !isDynamic(path));
  const lists = [...pages].flatMap(([path, body]): PostedList[] => {
    const to = posts.includes(path)
      ? path
      : posts.find((each) => each.startsWith(`${path}/`) && ADDS.test(each.slice(path.length + 1)));
    return to && holds(body) && !LEFT_ALONE.test(to) && !REACHES_OUT.test(to) ? [{ path, to }] : [];
  });
  return lists.slice(0, most);
}

const TRIES = 4;

/**
 * Posts a word, with the fields that refusals of the app ask for.
 *
 * @param ask.to address of the app that takes posts
 * @param ask.headers tokens against forged requests
 * @returns the last answer; undefined where the app broke the connection
 */
export async function postAsWanted(
  member: Visitor,
  origin: string,
  { to, headers }: { to: string; headers: Record<string, string> },
  word: string,
): Promise<Answer | undefined> {
  let json: Record<string, unknown> | undefined = firstBody(word);
  let answer: Answer | undefined;
  for (let time = 0; json && time < TRIES; time += 1) {
    answer = await send(member, origin, { path: to, method: 'POST', json, headers });
    json = answer && answer.status >= 400 ? mendedBody(json, answer, word) : undefined;
  }
  return answer;
}
