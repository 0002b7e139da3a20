/** One request to a door. */
import { ConformanceFailure } from '../../errors.ts';
import type { Answer } from '../../user-agents/http.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { Ask } from './door.ts';

/** Sends one request; undefined when the app, or its parser of HTTP, breaks the connection, which opens nothing. */
export async function send(
  browser: Pick<Visitor, 'agent'>,
  origin: string,
  { path, unlessShared: _, unlessBy: __, ...ask }: Ask,
): Promise<Answer | undefined> {
  try {
    return await browser.agent.hop(new URL(origin), { ...ask, rawPath: path });
  } catch (error) {
    if (error instanceof ConformanceFailure) return undefined;
    throw error;
  }
}
