/** What one person is shown: by the session, and by every page and answer of the app that members get. */
import type { Issued } from '../../../mocks/issued.ts';
import type { Person } from '../../../mocks/people.ts';
import type { LabDescription } from '../../lab/lab-description.ts';
import { unsealSession } from '../../visitor/mint-session.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { handleIn, kindOf } from '../doors/addresses-of-people.ts';
import { idsIn as idsInData } from '../doors/crawl.ts';
import { isDirectory } from '../doors/directories.ts';
import { isForHolders } from '../doors/invitations.ts';
import { personalOf } from '../doors/marks.ts';
import type { Survey } from '../doors/survey.ts';
import { issuedIn } from '../issued-in.ts';

/** The session JSON, as one of the places where people are shown something. */
export const SESSION = 'the session';

export interface Look {
  person: Person;
  /** Ids that the app has of the person: member (`user.id`, `sub` of the sealed cookie) → value. */
  ids: ReadonlyMap<string, string>;
  /** Place → what was shown there; refusals are left out. */
  bodies: ReadonlyMap<string, string>;
  /** Words that the person had written by the forms and lists of the app before they looked. */
  written?: readonly string[];
  /** Places that answered "too many requests" or "not now", which say nothing about who is who. */
  busy: ReadonlySet<string>;
}

const PLACES_MAX = 30;
const IDS_MAX = 1_000;

/**
 * Paths of pages and answers for members; those that name one member, or a thing of one by its id, are nobody else's, and those
 * that members give away are everybody's.
 */
export const placesOf = ({
  pages,
  grounds,
  personal,
  profiles,
  directories,
}: Pick<Survey, 'pages' | 'grounds' | 'personal' | 'profiles' | 'directories'>): string[] => {
  const { id, email, phone, name } = grounds.member;
  const own = [id, email, encodeURIComponent(email), phone, name ?? '']
    .filter((value) => value.length >= 6)
    .map((value) => value.toLowerCase());
  const data = [...pages].filter(([, text]) => /^\s*[[{]/.test(text));
  const things = new Set(data.flatMap(([, text]) => idsInData(text, IDS_MAX)));
  const isThingOfMember = (path: string) =>
    path.split(/[/?&=]/).some((part) => things.has(part)) &&
    issuedIn(pages.get(path) ?? '', personal).length > 0;
  const handles = new Set(
    [...pages.keys()].flatMap((path) => (profiles.includes(kindOf(path)) ? [handleIn(path)] : [])),
  );
  // A link to give away ends like the profile of whoever gives it.
  const isByHandle = (path: string) => handleIn(path) !== undefined && handles.has(handleIn(path));
  return [...pages.keys()]
    .filter(
      (path) =>
        !own.some((value) => path.toLowerCase().includes(value)) &&
        !isForHolders(path) &&
        !profiles.includes(kindOf(path)) &&
        !isByHandle(path) &&
        !isDirectory(path, directories) &&
        !isThingOfMember(path),
    )
    .slice(0, PLACES_MAX);
};

const IS_ID = /^(?:id|sub|uid|uuid)$|(?:user|member|account|customer|profile|person|logto)_?(?:id|sub)$/i;

function* idsIn(value: unknown, path: string): Generator<[string, string]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    const place = path ? `${path}.${name}` : name;
    if (IS_ID.test(name) && (typeof inner === 'string' || typeof inner === 'number') && String(inner) !== '')
      yield [place, String(inner)];
    else yield* idsIn(inner, place);
  }
}

/** What the sealed session cookie says; undefined when the app has another secret, or keeps sessions elsewhere. */
export async function sealedSession(
  visitor: Visitor,
  { app, authSecret, config }: LabDescription,
): Promise<Record<string, unknown> | undefined> {
  const held = await visitor.sessionCookies();
  const secret = authSecret ?? config.target.env.AUTH_SECRET ?? config.target.env.NEXTAUTH_SECRET;
  const [first] = held;
  if (!first || !secret) return undefined;
  const cookie = first.key.replace(/\.\d+$/, '');
  return unsealSession(held.map(({ value }) => value).join(''), { secret, cookie, family: app.family });
}

/** Opens every place as somebody who is signed in. */
export async function lookAround(
  visitor: Visitor,
  lab: LabDescription,
  places: readonly string[],
): Promise<Look> {
  const bodies = new Map<string, string>();
  const busy = new Set<string>();
  const session = await visitor.session();
  if (session) bodies.set(SESSION, JSON.stringify(session));
  for (const place of places) {
    const answer = await visitor.agent.follow(
      await visitor.get(place),
      ({ origin }) => origin !== lab.app.origin,
    );
    if (answer.status >= 200 && answer.status < 300) bodies.set(place, answer.text);
    if (answer.status === 429 || answer.status === 503) busy.add(place);
  }
  return { person: visitor.person, ids: await idsOf(visitor, lab, session), bodies, busy };
}

/** Ids that the app has of whoever is signed in: those in the session JSON, and in the sealed cookie where it opens. */
export const idsOf = async (
  visitor: Visitor,
  lab: LabDescription,
  session: unknown,
): Promise<Map<string, string>> =>
  new Map([...idsIn(session, 'session'), ...idsIn(await sealedSession(visitor, lab), 'cookie')]);

/** What a place shows of a person, by kind: `name`, `email address`, `phone number` … */
export const shownOf = (person: Person, body: string | undefined): Set<Issued['kind']> =>
  new Set(body === undefined ? [] : issuedIn(body, personalOf(person)).map(({ kind }) => kind));
