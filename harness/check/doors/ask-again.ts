/** Doors asked for by somebody who had a session before. */

import { demand } from '../../errors.ts';
import type { HopOptions } from '../../user-agents/http.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { IssuedIndex } from '../issued-in.ts';
import { withoutChance } from './by-chance.ts';
import { shownIn } from './judge.ts';
import { send } from './send.ts';
import type { Survey } from './survey.ts';

/**
 * What each door shows of a member, in words; empty when all stay closed.
 *
 * @param options.personal what is unique to the member
 * @param options.stranger holds no cookies
 */
export async function askAll(
  browser: Visitor,
  { doors, grounds }: Pick<Survey, 'doors' | 'grounds'>,
  { personal, stranger }: { personal: IssuedIndex; stranger: Pick<Visitor, 'agent'> },
  { headers }: Pick<HopOptions, 'headers'> = {},
): Promise<string[]> {
  const open: string[] = [];
  for (const door of doors) {
    const ask = { path: door.path, ...(headers && { headers }) };
    const answer = await send(browser, grounds.origin, ask);
    let shown = answer ? shownIn(answer, door, { personal, said: door.path }) : [];
    // What stays in a cookie may choose one of two headlines, and strangers are shown either.
    if (answer && shown.length > 0 && !door.refuses)
      shown = await withoutChance(answer, { ask: { path: door.path }, door, stranger, grounds, personal });
    if (shown.length) open.push(`${door.path} with ${shown.join(', ')}`);
  }
  return open;
}

export const demandClosed = (open: readonly string[]): void =>
  demand(open.length === 0, `Still showed ${open.slice(0, 4).join('; ')}.`);
