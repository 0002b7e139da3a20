/** Keys of programs that an answer hands out: an app for telephones keeps its session in one, and sends it as Bearer (RFC 6750 §2.1). */
import type { LabDescription } from '../../lab/lab-description.ts';
import type { Answer } from '../../user-agents/http.ts';
import type { Session, Visitor } from '../../visitor/visitor.ts';
import { isDynamic } from '../doors/crawl.ts';
import { send } from '../doors/send.ts';

const KEY = /^[\w~.+/=-]{20,}$/;
const KEYS_MAX = 4;
const PATHS_MAX = 8;
/** Last parts of an address that show whoever asks something of their own. */
const OWN = /(?:^|[/._-])(?:me|self|profile|account|whoami|session|user|current[-_]?user)$/i;

const isGood = ({ status }: Answer) => status >= 200 && status < 300;

function parsed({ text }: Answer): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

/** What an answer of JSON holds that looks like a key, and that the request did not say itself. */
export const keysIn = (answer: Answer, said: readonly string[]): string[] =>
  isGood(answer)
    ? [...new Set(stringsIn(parsed(answer)))]
        .filter((value) => KEY.test(value) && !said.includes(value))
        .slice(0, KEYS_MAX)
    : [];

/** Paths that may take such a key: the APIs that the config names, those beside the path that handed it out, and what is called one's own. */
export function takersOf(
  { config, routes }: Pick<LabDescription, 'config' | 'routes'>,
  path: string,
): string[] {
  const parent = path.split('?')[0]?.replace(/[^/]+\/?$/, '') ?? '/';
  const own = (routes?.paths ?? [])
    .map((route) => route.path)
    .filter((each) => !isDynamic(each) && each !== path)
    .filter((each) => (parent.length > 1 && each.startsWith(parent)) || OWN.test(each));
  return [...new Set([...own, ...(config.pages.api ?? [])])].slice(0, PATHS_MAX);
}

/**
 * What a key from an answer opens that is closed without one: an API that tells of somebody.
 *
 * @param path that handed it out
 * @returns the path of the API, and its answer as a session whose user it is; undefined where the key opens nothing
 */
export async function openedByKey(
  answer: Answer,
  { said, path }: { said: readonly string[]; path: string },
  { visitor, lab }: { visitor(): Promise<Visitor>; lab: LabDescription },
): Promise<{ opened: string; session: Session } | undefined> {
  const keys = keysIn(answer, said);
  if (keys.length === 0) return undefined;
  const stranger = await visitor();
  for (const taker of takersOf(lab, path)) {
    const ask = (headers?: Record<string, string>) =>
      send(stranger, lab.app.origin, { path: taker, ...(headers && { headers }) });
    const bare = await ask();
    if (!bare || isGood(bare)) continue;
    for (const key of keys) {
      const open = await ask({ authorization: `Bearer ${key}` });
      const user = open && isGood(open) && parsed(open);
      if (user && typeof user === 'object') return { opened: taker, session: { user: { ...user } } };
    }
  }
  return undefined;
}
