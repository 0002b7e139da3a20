/** What the approaches know of the app and of the member whose doors they try. */
import type { LabDescription } from '../../lab/lab-description.ts';
import { mintSession, signSession, WEAK_SECRETS } from '../../visitor/mint-session.ts';
import { earlier, openSession } from '../../visitor/session-seal.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { publishedCandidates } from '../guessed-secret.ts';
import type { IssuedIndex } from '../issued-in.ts';
import { claimsOf } from './approach.ts';
import type { Grounds } from './door.ts';
import { personalOf } from './marks.ts';
import { wordsInScript } from './public-files.ts';

const BUILD_ID = /"buildId":"([\w-]+)"|\\"b\\":\\"([\w-]+)\\"|\/_next\/static\/([\w-]{21})\/_/;

const buildIdIn = (pages: Iterable<string>): string | undefined => {
  for (const page of pages) {
    const match = BUILD_ID.exec(page);
    if (match) return match[1] ?? match[2] ?? match[3];
  }
  return undefined;
};

/** The member's session as it would be, had it ended an hour ago; undefined when it cannot be opened. */
async function agedSession(token: string, cookie: string, secret?: string): Promise<string | undefined> {
  const opened = secret ? await openSession(token, cookie, [secret]) : undefined;
  const ends = Number(opened?.claims.exp);
  const over = ends - Math.floor(Date.now() / 1000) + 3600;
  return opened && Number.isFinite(over) ? opened.seal(earlier(opened.claims, over)) : undefined;
}

const WORDS_MAX = 16;

const GUESSED_MAX = 16;

/** What is tried where a guard may have a secret of its own: what the repository calls a secret, then what anybody guesses. */
function guessableBy(lab: LabDescription): string[] {
  const named = publishedCandidates(lab).filter(
    ({ isNamed, value }) => isNamed && /^[^\s./@]\S{3,}$/.test(value),
  );
  const usual = WEAK_SECRETS.slice(0, GUESSED_MAX / 2);
  return [...new Set([...named.slice(0, GUESSED_MAX / 2).map(({ value }) => value), ...usual])];
}

const OWN_IDS_MAX = 2;
const RECORD_IDS_MAX = 1;

/** What apps call the numbers by which they know their people. */
const NUMBER = /(?:^|_)(?:no|nr|num|number|ref)$|[a-z](?:No|Nr|Num|Number|Ref)$/;

/**
 * Numbers by which an app knows somebody, in data that tell of them: `{"no":1003,"name":"Ada"}`.
 *
 * @param personal what is unique to the person
 * @returns member of the data → value
 */
export function recordIdsIn(body: string, personal: IssuedIndex): Map<string, string | number> {
  const found = new Map<string, string | number>();
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const entries = Object.entries(value);
    const isOfPerson = entries.some(([, each]) => typeof each === 'string' && personal.has(each));
    for (const [name, each] of entries)
      if (typeof each === 'object') look(each);
      else if (
        isOfPerson &&
        NUMBER.test(name) &&
        /^(?=.*\d)[\w-]{1,20}$/.test(String(each)) &&
        !personal.has(String(each))
      )
        found.set(name, each as string | number);
  };
  try {
    look(JSON.parse(body));
  } catch {
    // A page has no names for what it says.
  }
  return found;
}

/** Ids of a person in the session JSON that are not Logto's: those of the app's own table. */
export const ownIdsIn = (session: unknown, known: string): string[] => {
  const { user } = (session ?? {}) as { user?: unknown };
  const values = Object.entries(typeof user === 'object' && user !== null ? user : {}).flatMap(
    ([name, value]) =>
      /^(?:id|uid|sub|uuid|(?:user|member|account)_?id)$/i.test(name) ? [String(value)] : [],
  );
  return [...new Set(values)].filter((id) => /^[\w-]{1,64}$/.test(id) && id !== known).slice(0, OWN_IDS_MAX);
};

/**
 * Reads from the member's browser, their pages and the sources what requests of strangers may be made of.
 *
 * @param pages bodies that the member saw
 * @param scripts that anybody is served
 */
export async function groundsOf(
  member: Visitor,
  lab: LabDescription,
  pages: Iterable<string>,
  scripts: readonly string[] = [],
): Promise<Grounds> {
  const { app, authSecret, routes } = lab;
  const { person } = member;
  const held = await member.sessionCookies();
  const cookie =
    held[0]?.key.replace(/\.\d+$/, '') ??
    (app.family === 'v4' ? 'next-auth.session-token' : 'authjs.session-token');
  const who = {
    id: person.userId ?? '',
    name: person.name ?? '',
    email: person.email ?? '',
    phone: person.phone.replace(/\D/g, ''),
  };
  const made = { cookie, family: app.family, claims: claimsOf(who) };
  const own = await agedSession(held.map(({ value }) => value).join(''), cookie, authSecret);
  const [expired, foreign, guessed] = await Promise.all([
    own ?? (authSecret && mintSession({ ...made, secret: authSecret, ended: 3600 })),
    mintSession({ ...made, secret: 'a-secret-of-another-installation-0001' }),
    Promise.all(
      guessableBy(lab).map(async (secret) => ({
        sealed: await mintSession({ ...made, secret }),
        signed: await signSession({ secret, claims: made.claims }),
      })),
    ),
  ]);
  const routeIds = (routes?.paths ?? []).flatMap(({ path, id }) => (id ? [{ path, id }] : []));
  const personal = personalOf(person);
  const bodies = [...pages];
  const numbers = bodies.flatMap((body) => [...recordIdsIn(body, personal).values()].map(String));
  const ownIds = [
    ...new Set([...ownIdsIn(await member.session(), who.id), ...numbers.slice(0, RECORD_IDS_MAX)]),
  ];
  return {
    origin: app.origin,
    basePath: app.basePath,
    family: app.family,
    issuer: lab.issuer,
    clientId: lab.config.target.clientId,
    cookie,
    member: who,
    ...(ownIds.length && { ownIds }),
    cookies: (await member.agent.cookies(app.origin)).filter(({ value }) => value),
    forged: { ...(expired && { expired }), foreign, guessed },
    buildId: routes?.buildId ?? buildIdIn(bodies),
    locales: routes?.locales ?? [],
    ...(routeIds.length && { routeIds }),
    ...(routes?.aliases && { aliases: routes.aliases }),
    ...(routes?.headers && { headers: routes.headers }),
    ...(routes?.cookies && { ownCookies: routes.cookies.filter((name) => name !== cookie) }),
    words: [...(routes?.words ?? []), ...scripts.flatMap(wordsInScript)].slice(0, WORDS_MAX),
    ...(routes?.parameters && { parameters: routes.parameters }),
    ...(routes?.calls && { calls: routes.calls }),
  };
}
