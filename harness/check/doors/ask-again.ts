/** Doors asked for by somebody who had a session before. */

import { demand } from '../../errors.ts';
import type { HopOptions } from '../../user-agents/http.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { IssuedIndex } from '../sightings.ts';
import type { Door } from './door.ts';
import { shownIn } from './judge.ts';
import { send } from './try-approach.ts';

/** What each door shows of a member, in words; empty when all stay closed. */
export async function askAll(
  browser: Visitor,
  doors: readonly Door[],
  personal: IssuedIndex,
  origin: string,
  { headers }: Pick<HopOptions, 'headers'> = {},
): Promise<string[]> {
  const open: string[] = [];
  for (const door of doors) {
    const answer = await send(browser, origin, { path: door.path, ...(headers && { headers }) });
    const shown = answer ? shownIn(answer, door, { personal, said: door.path }) : [];
    if (shown.length) open.push(`${door.path} with ${shown.join(', ')}`);
  }
  return open;
}

export const demandClosed = (open: readonly string[]): void =>
  demand(open.length === 0, `Still showed ${open.slice(0, 4).join('; ')}.`);
