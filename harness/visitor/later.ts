/**
 * What an app makes of a session that has grown older: the cookies of a member as they would be, had the sign-in been so
 * many seconds earlier, or the app's own clock so many seconds ahead.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { digitsOf } from '../../mocks/issued.ts';
import type { LabDescription } from '../lab/lab-description.ts';
import type { HopOptions } from '../user-agents/http.ts';
import { CLOCK_HEADER } from './own-otp.ts';
import { noteResealed } from './resealed.ts';
import { earlier, type Opened, openSession } from './session-seal.ts';
import { isSessionCookie, type Visitor } from './visitor.ts';

/** How time is let pass for a session. */
export type Way =
  /** The session cookie was opened with the app's secret, and is sealed anew with earlier stamps. */
  | { kind: 'sealed'; cookie: string; opened: Opened }
  /** The app's own clock is moved for each request (clock-preload.js). */
  | { kind: 'clock' };

const MONTH = 30 * 24 * 3600;

/** Seconds that the cookies of a session are set for; none where they end with the browser. */
const livesOf = async (member: Visitor, { app, config: { session } }: LabDescription): Promise<number[]> =>
  (await member.agent.jar.getCookies(app.origin))
    .filter(({ key }) => isSessionCookie(key, session.cookie))
    .map((cookie) => cookie.TTL() / 1000)
    .filter(Number.isFinite);

/** Seconds after which a session must be over: as declared, else 30 days as in Auth.js, or as long as its cookie is set for. */
export async function lifetimeOf(member: Visitor, lab: LabDescription): Promise<number> {
  return lab.config.session.maxAge ?? Math.ceil(Math.max(MONTH, ...(await livesOf(member, lab))));
}

const SPANS: [name: string, seconds: number][] = [
  ['days', 86_400],
  ['hours', 3600],
  ['minutes', 60],
];

/** "30 days", "8 hours", "90 minutes" */
export function spanTold(seconds: number): string {
  const [name, unit] = SPANS.find(([, each]) => seconds >= 2 * each - 60) ?? ['minutes', 60];
  return `${Math.round(seconds / unit)} ${name}`;
}

/** How long a session lives, in words: as declared, else as long as its cookie is set for. */
export async function lifetimeTold(member: Visitor, lab: LabDescription): Promise<string> {
  const lives = await livesOf(member, lab);
  return spanTold(lab.config.session.maxAge ?? (lives.length ? Math.max(...lives) : MONTH));
}

/** Room for a name and attributes beside a value in a cookie of 4096 characters (RFC 6265 §6.1). */
const CHUNK = 3800;

const PREFIXED = /^__(?:secure|host)-/i;

/** Puts a member's session, sealed anew, into the jar of a browser as the session cookie, in chunks where it is long. */
async function putSession(
  browser: Visitor,
  origin: string,
  cookie: string,
  value: string,
  { person }: Pick<Visitor, 'person'>,
) {
  for (const { key } of await browser.sessionCookies()) await forget(browser, origin, key);
  const chunks = value.match(new RegExp(`.{1,${CHUNK}}`, 'g')) ?? [];
  for (const [index, chunk] of chunks.entries()) {
    const key = chunks.length === 1 ? cookie : `${cookie}.${index}`;
    noteResealed(chunk, digitsOf(person.phone));
    await browser.agent.jar.setCookie(
      `${key}=${chunk}; Path=/${PREFIXED.test(key) ? '; Secure' : ''}`,
      origin,
    );
  }
}

const forget = (browser: Visitor, origin: string, key: string) =>
  browser.agent.jar.setCookie(`${key}=; Path=/; Max-Age=0${PREFIXED.test(key) ? '; Secure' : ''}`, origin);

/** The session token that a browser holds, and the name of its cookie. */
export async function sessionToken(browser: Visitor): Promise<{ cookie: string; token: string } | undefined> {
  const held = await browser.sessionCookies();
  const [first] = held;
  if (!first) return undefined;
  return {
    cookie: first.key.replace(/\.\d+$/, ''),
    token: held.map(({ value }) => value).join(''),
  };
}

/** Functions that Next.js runs in a sandbox have a clock of their own, which nothing moves. */
function hasSandbox({ config, folder }: LabDescription): boolean {
  const file = path.resolve(folder, config.target.cwd ?? '.', '.next/server/middleware-manifest.json');
  if (!existsSync(file)) return false;
  try {
    const { middleware = {}, functions = {} } = JSON.parse(readFileSync(file, 'utf8'));
    return Object.keys(middleware).length + Object.keys(functions).length > 0;
  } catch {
    return true;
  }
}

/**
 * Finds out how time can be let pass for the session of a member.
 *
 * @param member somebody with a session
 * @param another a browser without cookies, which is left without them
 * @returns why it cannot, when there is no way
 */
export async function wayToLater(
  member: Visitor,
  another: Visitor,
  lab: LabDescription,
): Promise<Way | { kind: 'none'; reason: string }> {
  const held = await sessionToken(member);
  if (!held) return { kind: 'none', reason: 'the app set no session cookie' };
  const { cookie, token } = held;
  const opened = lab.authSecret ? await openSession(token, cookie, [lab.authSecret]) : undefined;
  if (opened) {
    // A token that was sealed anew must be as good as the app's own, or it says nothing.
    await putSession(another, lab.app.origin, cookie, await opened.seal(opened.claims), member);
    const taken = await another.session();
    await another.agent.jar.removeAllCookies();
    if (taken) return { kind: 'sealed', cookie, opened };
  }
  const moved = await member.agent.hop(member.at('/session'), { headers: { [CLOCK_HEADER]: '1' } });
  if (moved.headers[CLOCK_HEADER] === '1' && !hasSandbox(lab)) return { kind: 'clock' };
  return {
    kind: 'none',
    reason: `its session cookie cannot be opened, and the clock of the app cannot be moved: ${moved.headers[CLOCK_HEADER] ? 'functions of Next.js run in a sandbox with a clock of their own' : 'it must be a Node app that the harness starts'}`,
  };
}

/** A browser whose session was signed in so many seconds ago; `hop` goes with each of its requests. */
export interface Later {
  browser: Visitor;
  hop: HopOptions;
  session(): Promise<boolean>;
}

/**
 * Gives a browser what the member holds now, as it would be after so many seconds.
 *
 * @param browser gets the session cookie; by the clock of the app also all others
 */
export async function laterBy(
  seconds: number,
  way: Way,
  member: Visitor,
  browser: Visitor,
  lab: LabDescription,
): Promise<Later> {
  const { origin } = lab.app;
  const hop: HopOptions =
    way.kind === 'clock' ? { headers: { [CLOCK_HEADER]: String(Math.round(seconds)) } } : {};
  if (way.kind === 'sealed') {
    const held = await sessionToken(member);
    const opened = held ? await openSession(held.token, held.cookie, [way.opened.secret]) : undefined;
    const { seal, claims } = opened ?? way.opened;
    await putSession(browser, origin, way.cookie, await seal(earlier(claims, Math.round(seconds))), member);
  } else if (browser !== member)
    for (const { key, value } of await member.agent.cookies(origin))
      await browser.agent.jar.setCookie(
        `${key}=${value}; Path=/${PREFIXED.test(key) ? '; Secure' : ''}`,
        origin,
      );
  return {
    browser,
    hop,
    session: async () => {
      const answer = await browser.agent.hop(browser.at('/session'), {
        ...hop,
        headers: { accept: 'application/json', ...hop.headers },
      });
      const body = answer.json();
      return (
        typeof body === 'object' && body !== null && Object.keys(body).length > 0 && !('message' in body)
      );
    },
  };
}

/**
 * Gives a browser everything that the member holds but the session cookie, by the clock of the app, when all of it is over.
 *
 * @param seconds after which the session is over; cookies that are set for longer make it more
 * @returns undefined when there is nothing else, or the clock cannot be moved
 */
export async function othersLater(
  member: Visitor,
  browser: Visitor,
  lab: LabDescription,
  seconds: number,
): Promise<Pick<Later, 'browser' | 'hop'> | undefined> {
  const { origin } = lab.app;
  const all = await member.agent.jar.getCookies(origin);
  const others = all.filter(({ key }) => !isSessionCookie(key, lab.config.session.cookie));
  if (others.length === 0 || hasSandbox(lab)) return undefined;
  const lives = others.map((cookie) => cookie.TTL() / 1000).filter(Number.isFinite);
  const later = String(Math.round(Math.max(seconds, ...lives) + seconds));
  const hop = { headers: { [CLOCK_HEADER]: later } };
  const moved = await browser.agent.hop(browser.at('/session'), hop);
  if (moved.headers[CLOCK_HEADER] !== later) return undefined;
  for (const { key, value } of others)
    await browser.agent.jar.setCookie(
      `${key}=${value}; Path=/${PREFIXED.test(key) ? '; Secure' : ''}`,
      origin,
    );
  return { browser, hop };
}
