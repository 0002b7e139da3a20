/** Finds out which cookie holds the session, when it has a name of its own. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Lab } from '../lab/lab.ts';
import { createHttpAgent } from '../user-agents/http.ts';
import { sessionIn, type Visitor } from '../visitor/visitor.ts';

/** `sid.0` and `sid.1` are chunks of `sid`. */
const baseOf = (name: string) => name.replace(/\.\d+$/, '');

/**
 * Tries the cookies of somebody who is signed in, one name at a time: the one that alone makes a session is it.
 *
 * @returns its name without the number of a chunk; undefined when no single cookie holds the session
 */
export async function findSessionCookie({ description }: Lab, visitor: Visitor): Promise<string | undefined> {
  const { app, ca } = description;
  const held = (await visitor.agent.cookies(app.origin)).filter(({ value }) => value);
  for (const name of new Set(held.map(({ key }) => baseOf(key)))) {
    const alone = createHttpAgent({ laneOf: () => 'app', ca });
    for (const { key, value } of held)
      if (baseOf(key) === name) await alone.jar.setCookie(cookieLine(key, value), app.origin);
    const answer = await alone.hop(`${app.origin}${app.basePath}/session`, {
      headers: { accept: 'application/json' },
    });
    if (sessionIn(answer.json(), description.guests)) return name;
  }
  return undefined;
}

/** The prefixes of names demand attributes of their own (RFC 6265bis §4.1.3). */
const cookieLine = (key: string, value: string) =>
  `${key}=${value}; Path=/${/^__(secure|host)-/i.test(key) ? '; Secure' : ''}`;

/** Tells all checks of the run what the session cookie is called. */
export function rememberSessionCookie({ description, file }: Lab, cookie: string): void {
  const { config } = description;
  description.config = { ...config, session: { ...config.session, cookie } };
  const written = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...written, config: description.config }), { mode: 0o600 });
}
