/** Links that hold a session: whoever opens one is signed in as whoever wrote it (login CSRF), where the app takes it from there. */
import { isDeepStrictEqual } from 'node:util';
import { registerSecret } from '../../../mocks/redact.ts';
import { ConformanceFailure } from '../../errors.ts';
import type { LabDescription } from '../../lab/lab-description.ts';
import { demandSession } from '../../visitor/arrival.ts';
import { isSessionCookie, type Session, type Visitor } from '../../visitor/visitor.ts';
import { isDynamic, mayBeDoor } from '../doors/crawl.ts';
import { addressOf, followWithin, pagesOf } from '../pages/pages.ts';
import type { WaysBody } from './tries.ts';

/** Names under which links hand a session over. */
const USUAL = [
  'token',
  'session',
  'sessionToken',
  'session_token',
  'jwt',
  'access_token',
  'code',
  't',
  'key',
];

/** Words in names of parameters, and in paths, that hand a session over. */
const TELLING = /token|session|jwt|\bsid\b|code|key|ticket|auth|hand-?over/i;
const HANDS_OVER =
  /hand-?over|\bsso\b|log-?in|sign-?in|sign-?on|auth|session|token|magic|web-?view|transfer|exchange|enter\b/i;

/** What such a path is called where no source tells. */
const GUESSED = [
  '/handover',
  '/api/handover',
  '/sso',
  '/api/sso',
  '/login',
  '/api/login',
  '/session',
  '/api/session',
];

const REQUESTS_MAX = 40;
/** Of these, how many may give one path further parameters that had no room in the first address. */
const FURTHER_MAX = 12;
/** Characters of a query that servers and proxies take (8 KB for a line, at nginx). */
const QUERY_MAX = 6_000;
/** Milliseconds within which an address answers that hands something over; what waits for news does not. */
const LIMIT_MS = 5_000;

/** A link without the value that its parameters have. */
export interface Link {
  path: string;
  names: string[];
}

/**
 * The links to try, those that read like a hand-over first; each has as many parameters as there is room for.
 *
 * @param pages paths of pages that anybody can open
 * @param value what each parameter will hold
 */
export function linksFor(
  lab: Pick<LabDescription, 'app' | 'config' | 'routes'>,
  pages: readonly string[],
  value: string,
): Link[] {
  const own = lab.routes?.parameters ?? [];
  const names = [...new Set([...own.filter((name) => TELLING.test(name)), ...USUAL, ...own])];
  const room = Math.max(1, Math.floor(QUERY_MAX / (encodeURIComponent(value).length + 16)));
  const groups = Array.from({ length: Math.ceil(names.length / room) }, (_, at) =>
    names.slice(at * room, (at + 1) * room),
  );
  const read = (lab.routes?.paths ?? []).map(({ path }) => path).filter((path) => !isDynamic(path));
  const paths = [...new Set([...read, lab.config.pages.home, ...pages])].filter((path) =>
    mayBeDoor(path, lab),
  );
  const first = paths.filter((path) => HANDS_OVER.test(path));
  const others = paths.filter((path) => !HANDS_OVER.test(path));
  const [most = [], ...further] = groups;
  const by = (each: readonly string[], group: string[]): Link[] =>
    each.map((path) => ({ path, names: group }));
  return [
    ...by(first, most),
    ...further.flatMap((group) => by(first, group)).slice(0, FURTHER_MAX),
    ...by(
      [...new Set([...others, ...GUESSED.filter((path) => mayBeDoor(path, lab))])].filter(
        (path) => !first.includes(path),
      ),
      most,
    ),
  ].slice(0, REQUESTS_MAX);
}

/** A value of the same shape that the app never gave out. */
export const madeUpLike = (value: string): string =>
  value.replace(/[a-z0-9]/gi, (sign) =>
    /\d/.test(sign)
      ? String((Number(sign) + 3) % 10)
      : /[zZ]/.test(sign)
        ? 'a'
        : String.fromCharCode(sign.charCodeAt(0) + 1),
  );

/** What a browser holds after it has opened a link; undefined where that set nothing. */
interface Held {
  /** The session cookie that has the value of the link. */
  planted?: string;
  session: Session | null;
}

async function opened(
  browser: Visitor,
  lab: LabDescription,
  { path, names }: Link,
  value: string,
): Promise<Held | undefined> {
  const { origin } = lab.app;
  const cookies = async () =>
    new Map((await browser.agent.cookies(origin)).map(({ key, value: held }) => [key, held]));
  const before = await cookies();
  const address = new URL(addressOf(path, Object.fromEntries(names.map((name) => [name, value]))), origin);
  try {
    await followWithin(browser, await browser.agent.hop(address, { limitMs: LIMIT_MS }), origin);
  } catch (error) {
    // What breaks off, or keeps its readers waiting, hands nothing over.
    if (!(error instanceof ConformanceFailure)) throw error;
  }
  const set = [...(await cookies())].filter(([key, held]) => held && before.get(key) !== held);
  if (set.length === 0) return undefined;
  const planted = set.find(
    ([key, held]) => isSessionCookie(key, lab.config.session.cookie) && decoded(held) === value,
  );
  return { ...(planted && { planted: planted[0] }), session: await browser.session() };
}

const decoded = (value: string): string => {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
};

/**
 * The body of `session/set-by-link`: a member's session cookie stands in links, which another browser opens. It holds no session
 * afterwards that it would not hold by a value that nobody has.
 */
export async function takesNoSessionFromLinks({
  visitor,
  lab,
  step,
  notApplicable,
}: WaysBody): Promise<void> {
  const { value, session } = await step(
    'control',
    async () => {
      const member = await visitor();
      const signIn = await member.signIn();
      demandSession(signIn);
      const held = await member.sessionCookies();
      const [only] = held;
      if (!only) return notApplicable('its session is in no cookie that is known: see session.cookie');
      if (held.length > 1) notApplicable('its session fills several cookies, for which a link has no room');
      registerSecret('session token', only.value);
      return { value: decoded(only.value), session: signIn.session };
    },
    () => 'A member has a session, in one cookie.',
  );
  let browser = await visitor();
  const links = linksFor(lab, await pagesOf(browser, lab), value);
  /** Whether a new browser gets a session by the link that it does not get by a made-up value. */
  const gives = async (link: Link): Promise<boolean> => {
    const held = await opened(await visitor(), lab, link, value);
    if (held?.planted) return true;
    if (!held?.session) return false;
    const other = await opened(await visitor(), lab, link, madeUpLike(value));
    const isOfMember = (each: Session | null | undefined) => isDeepStrictEqual(each?.user, session?.user);
    return !other?.session || (isOfMember(held.session) && !isOfMember(other.session));
  };
  await step(
    'fault',
    async () => {
      for (const link of links) {
        const held = await opened(browser, lab, link, value);
        if (!held?.planted && !held?.session) continue;
        // What one browser has come to hold may be of an earlier link.
        browser = await visitor();
        if (!(await gives(link))) continue;
        let by = link.names.join(', ');
        for (const name of link.names)
          if (await gives({ ...link, names: [name] })) {
            by = name;
            break;
          }
        throw new ConformanceFailure(
          `Signed in whoever opens a link to ${link.path} that holds the session cookie of a member, by the parameter ${by}.`,
        );
      }
    },
    () => `Signed nobody in by ${links.length} links that hold the session cookie of a member.`,
  );
}
