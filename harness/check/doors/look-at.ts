/** Looks at a place where a member is shown something: an address, or a procedure that is posted. */
import { Unanswered } from '../../errors.ts';
import type { Answer } from '../../user-agents/http.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { askAt, isPostedPlace, opened, placeTold } from './posted.ts';
import { send } from './send.ts';

/**
 * What somebody is shown at a place.
 *
 * @param headers go with what is posted
 */
export async function lookAt(
  who: Visitor,
  place: string,
  origin: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  if (!isPostedPlace(place)) return who.get(place);
  const answer = await send(who, origin, { ...askAt(place), headers });
  if (!answer) throw new Unanswered(`${placeTold(place)} broke the connection.`);
  return opened(answer);
}

/** A call that everybody may make, in front of another: GraphQL has one of its own, JSON-RPC any that nobody was answered. */
const before = (place: string, open: readonly string[]): unknown => {
  const { json, path } = askAt(place);
  if (typeof json === 'object' && json !== null && 'query' in json) return { query: '{ __typename }' };
  const same = open.find((each) => askAt(each).path === path);
  return same === undefined ? undefined : askAt(same).json;
};

/**
 * What somebody is shown by a call behind another one, in a list of calls: a guard that looks at the first one alone lets the second
 * through.
 *
 * @param open calls that nobody was answered
 * @returns undefined where no list can be made of it, or where lists are not taken
 * @see https://www.jsonrpc.org/specification#batch
 */
export async function lookInBatch(
  who: Visitor,
  place: string,
  origin: string,
  open: readonly string[],
): Promise<string | undefined> {
  const first = isPostedPlace(place) ? before(place, open) : undefined;
  if (first === undefined) return undefined;
  const { path, json } = askAt(place);
  const answer = await send(who, origin, { path, method: 'POST', json: [first, json] });
  return answer && answer.status < 300 && /^\s*\[/.test(answer.text) ? answer.text : undefined;
}
