/** Who somebody is comes from the sign-in: nothing that the browser sends writes it. */
import { demand } from '../../errors.ts';
import type { LabDescription } from '../../lab/lab-description.ts';
import { demandSession } from '../../visitor/arrival.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { surveyOf } from '../doors/survey.ts';
import { newMember } from '../doors/walk-around.ts';
import { issuedIn } from '../issued-in.ts';
import { onlyOf } from './identity.ts';
import { newcomer, type PeopleBody, placesFor } from './keeps-apart.ts';
import { type Look, lookAround, sealedSession } from './look.ts';
import { openedByCookie } from './things-by-cookie.ts';

/** What a browser might like to be: another person, and more than a member. */
export const wishesOf = ({ person, ids }: Look): Record<string, unknown> => {
  const phone = person.phone;
  const id = person.userId;
  return {
    ...Object.fromEntries(
      ['sub', 'id', 'userId', 'user_id', 'uid', 'memberId', 'accountId', 'logtoId'].map((name) => [name, id]),
    ),
    ...Object.fromEntries([...ids].map(([place, value]) => [place.split('.').at(-1), value])),
    email: person.email,
    phone: phone.replace(/\D/g, ''),
    phone_number: phone.replace(/\D/g, ''),
    phoneNumber: phone,
    ...POWERS,
  };
};

/** Members that say what somebody may do. */
export const POWERS = {
  role: 'admin',
  roles: ['admin'],
  isAdmin: true,
  is_admin: true,
  admin: true,
  permissions: ['*'],
  scope: 'admin',
  plan: 'enterprise',
  verified: true,
};

/** Members that hold what is said of a person; in others an app may keep whatever it is sent. */
const OF_PERSON = /^(?:user|me|member|profile|account|data|session|customer|person)$/i;

/** Members of a session, and of its `user`: name → value. */
export function membersOf(value: unknown, path = ''): Map<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return new Map();
  return new Map(
    Object.entries(value).flatMap(([name, inner]): [string, string][] => {
      const place = path ? `${path}.${name}` : name;
      const isNested = typeof inner === 'object' && inner !== null && !Array.isArray(inner);
      if (isNested) return OF_PERSON.test(name) ? [...membersOf(inner, place)] : [];
      return [[place, JSON.stringify(inner)]];
    }),
  );
}

/** Members that hold what was wished for and did not before. */
export function granted(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  wishes: Record<string, unknown>,
): string[] {
  return [...after].flatMap(([place, value]) => {
    const name = place.split('.').at(-1) ?? '';
    return name in wishes && JSON.stringify(wishes[name]) === value && before.get(place) !== value
      ? [place]
      : [];
  });
}

/** Everything that the app says of somebody in the session JSON and, where it can be opened, in the sealed cookie. */
export const saidOf = async (browser: Visitor, lab: LabDescription) =>
  new Map([
    ...membersOf(await browser.session(), 'session'),
    ...membersOf(await sealedSession(browser, lab), 'cookie'),
  ]);

/** Bodies that the `update()` of Auth.js' clients sends (`{ csrfToken, data }`), and those of hand-made ones. */
async function postSession(browser: Visitor, wishes: Record<string, unknown>): Promise<void> {
  const csrfToken = await browser.csrfToken();
  const token = csrfToken ? { csrfToken } : {};
  for (const json of [
    { ...token, data: { ...wishes, user: wishes } },
    { ...token, data: { user: wishes } },
    { ...token, data: wishes },
    { ...token, ...wishes, user: wishes },
  ])
    await browser.agent.hop(browser.at('/session'), { method: 'POST', json });
}

export interface Cast {
  eve: Visitor;
  ada: Look;
  /** What the second was shown before. */
  before: Look;
  places: string[];
}

/** Two members; the second is in front of the browser, and would like to be the first. */
export const begin = (body: PeopleBody): Promise<Cast> =>
  body.step(
    'control',
    async () => {
      const { visitor, somebody, lab } = body;
      const places = await placesFor(body);
      const member = async (word: string) => {
        const browser = await visitor(await somebody(newcomer(word)));
        demandSession(await browser.signIn());
        return browser;
      };
      const ada = await lookAround(await member('Ada'), lab, places);
      const eve = await member('Eve');
      return { eve, ada, before: await lookAround(eve, lab, places), places };
    },
    () => 'Two members are signed in, each in a browser of their own.',
  );

/** What of another person is shown after a wish, beyond what was wished for and what was shown before. */
function gainedFrom(
  { ada, before }: Pick<Cast, 'ada' | 'before'>,
  after: Look,
  wishes: Record<string, unknown>,
): string | undefined {
  const said = JSON.stringify(wishes);
  const only = onlyOf(ada.person, after.person);
  for (const [place, text] of after.bodies) {
    const known = issuedIn(before.bodies.get(place) ?? '', only);
    const [found] = issuedIn(text, only)
      .filter((each) => !known.includes(each))
      .filter(({ value }) => !said.includes(value));
    if (found) return `was shown the ${found.kind} of another at ${place}`;
  }
  return undefined;
}

const SHUT_MAX = 12;

/**
 * The first path that refuses plain members and lets this one in, after a wish. One that has opened for everybody meanwhile is
 * no gain: somebody who wished for nothing is let in, too.
 */
export async function openedTo(
  eve: Visitor,
  { lab, visitor, somebody }: PeopleBody,
): Promise<string | undefined> {
  const { shut } = await surveyOf({ lab, visitor, somebody });
  const isOpen = async (member: Visitor, path: string) => {
    const { status } = await member.get(path);
    return status >= 200 && status < 300;
  };
  let plain: Visitor | undefined;
  for (const path of shut.slice(0, SHUT_MAX)) {
    if (!(await isOpen(eve, path))) continue;
    plain ??= await newMember({ lab, visitor, somebody });
    if (!(await isOpen(plain, path))) return path;
  }
  return undefined;
}

/** The body of `people/session-not-written`: what the browser posts to `/session` is no part of who somebody is. */
export async function writesNoSession(body: PeopleBody): Promise<void> {
  const { step, lab } = body;
  const { eve, ada, before: seen, places } = await begin(body);
  await step(
    'fault',
    async () => {
      const before = await saidOf(eve, lab);
      const wishes = wishesOf(ada);
      await postSession(eve, wishes);
      const [place] = granted(before, await saidOf(eve, lab), wishes);
      demand(!place, `Wrote into the session what the browser posted to it: ${place}.`);
      const gain = gainedFrom({ ada, before: seen }, await lookAround(eve, lab, places), wishes);
      demand(!gain, `Took over what the browser posted to its session: a member ${gain}.`);
      const opened = await openedTo(eve, body);
      demand(!opened, `Took over what the browser posted to its session: it let a member in at ${opened}.`);
    },
    () => 'The session stays as the sign-in made it.',
  );
}

/** The body of `people/name-not-written`. */
export async function writesNoName(body: PeopleBody): Promise<void> {
  const { step, lab } = body;
  const { eve } = await begin(body);
  await step(
    'fault',
    async () => {
      const before = await saidOf(eve, lab);
      const wishes = { name: `Mallory${process.pid}`, image: 'https://images.example/mallory.png' };
      await postSession(eve, wishes);
      const [place] = granted(before, await saidOf(eve, lab), wishes);
      demand(!place, `Wrote into the session what the browser posted to it: ${place}.`);
    },
    () => 'Name and picture stay as the sign-in made them.',
  );
}

/** Cookies in which apps remember who somebody is. */
const COOKIE_NAMES = [
  'user',
  'profile',
  'member',
  'account',
  'auth',
  'identity',
  'me',
  'userinfo',
  'user_info',
  'customer',
  'session',
  'user-data',
];
const PLAIN_COOKIES = ['userId', 'user_id', 'uid', 'sub', 'memberId', 'accountId'];

/** Cookies of an app that hold no state of Auth.js, and no proof of a form. */
const isOwnCookie = (name: string): boolean => !/csrf|callback-url|pkce|state|nonce/i.test(name);

/**
 * Planted cookies: JSON as it is, and in base64; then the bare id in each cookie that the app reads, such as the one of whom an
 * admin looks through the eyes of.
 *
 * @param ownNames of cookies that the app has set, and that its sources read
 */
export const plantedBy = (
  wishes: Record<string, unknown>,
  ownNames: readonly string[],
): [string, string][][] => {
  const json = JSON.stringify(wishes);
  const names = [...new Set([...COOKIE_NAMES, ...ownNames])];
  const plain = PLAIN_COOKIES.map((name): [string, string] => [name, String(wishes.id)]);
  const powers: [string, string][] = [
    ['role', 'admin'],
    ['isAdmin', 'true'],
  ];
  return [
    [...names.map((name): [string, string] => [name, encodeURIComponent(json)]), ...plain, ...powers],
    names.map((name): [string, string] => [name, Buffer.from(json).toString('base64url')]),
    ...(ownNames.length ? [ownNames.map((name): [string, string] => [name, String(wishes.id)])] : []),
  ];
};

/** The body of `people/cookies-not-believed`: cookies beside that of the session do not say who somebody is. */
export async function believesNoCookie(body: PeopleBody): Promise<void> {
  const { step, lab } = body;
  const { eve, ada, before: seen, places } = await begin(body);
  await step(
    'fault',
    async () => {
      const before = await saidOf(eve, lab);
      const wishes = wishesOf(ada);
      const sealed = new Set((await eve.sessionCookies()).map(({ key }) => key));
      const held = (await eve.agent.cookies(lab.app.origin)).map(({ key }) => key);
      const own = new Set([...held, ...(lab.routes?.cookies ?? [])].filter(isOwnCookie));
      const unsealed = [...own].filter((name) => !sealed.has(name));
      for (const cookies of plantedBy(wishes, unsealed)) {
        for (const [key, value] of cookies)
          if (!sealed.has(key)) await eve.agent.jar.setCookie(`${key}=${value}; Path=/`, lab.app.origin);
        const [place] = granted(before, await saidOf(eve, lab), wishes);
        demand(!place, `Took from a cookie that anybody can write who somebody is: ${place}.`);
        const gain = gainedFrom({ ada, before: seen }, await lookAround(eve, lab, places), wishes);
        demand(!gain, `Took from a cookie that anybody can write who somebody is: a member ${gain}.`);
        const opened = await openedTo(eve, body);
        demand(
          !opened,
          `Took from a cookie that anybody can write what somebody may do: it let a member in at ${opened}.`,
        );
      }
      const thing = await openedByCookie(body, unsealed);
      demand(!thing, `Took from a cookie that anybody can write what somebody may see: ${thing}.`);
    },
    () => 'Cookies that the browser wrote change nothing.',
  );
}
