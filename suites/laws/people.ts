/** Whose data an answer may hold. */
import { idsIn } from '../../harness/check/doors/crawl.ts';
import { isFeedByKey, isInvitation, signatureIn } from '../../harness/check/doors/invitations.ts';
import { privateIn, tellsNoMore } from '../../harness/check/doors/lists-people.ts';
import { type History, type HistoryExchange, law } from '../../harness/check/law.ts';
import { isBoardOf, pathOf, writtenAt } from './boards.ts';
import {
  cookiesSet,
  headerOf,
  isOfSession,
  leadsToIssuer,
  PERSONAL,
  placeOf,
  type Sighting,
  seen,
  withApp,
} from './reading.ts';
import { forRoles } from './roles.ts';

/** What the request itself said is no news: a page that was not found, or a redirect, repeats the path with an id in it. */
const saidByRequest = ({ sightings }: HistoryExchange, { print }: Sighting): boolean =>
  sightings?.some(({ side, print: other }) => side === 'request' && other === print) ?? false;

/** Whether an answer held what belongs to a person, for a request that held nothing of them. */
function isOfOther(exchange: HistoryExchange, { kind, owner, print, side }: Sighting): boolean {
  if (side !== 'response' || !PERSONAL.includes(kind) || !owner) return false;
  // The same value may belong to several people, as an e-mail address that was given to two.
  const owners = (exchange.sightings ?? []).flatMap((other) =>
    other.print === print && other.owner ? [other.owner] : [],
  );
  return !owners.some((each) => exchange.entitled?.includes(each));
}

const othersIn = (exchange: HistoryExchange) =>
  (exchange.sightings ?? []).filter((sighting) => isOfOther(exchange, sighting));

/** Whether others were shown by their names, in a body, and by nothing else of them. */
const isNameAlone = (exchange: HistoryExchange): boolean =>
  othersIn(exchange).every(({ kind, where }) => /^(?:user)?name$/.test(kind) && where === 'body');

/** What people have said of others themselves, which an app may keep and show to them again: the last searches, a form that was begun. */
function saidBefore(history: History): (exchange: HistoryExchange, sighting: Sighting) => boolean {
  const said = new Map<string, { at: string; by: readonly string[] }[]>();
  for (const { at, entitled: by = [], sightings = [] } of withApp(history))
    for (const { side, where, print } of sightings)
      if (side === 'request' && ['address', 'body', 'header'].includes(where))
        said.set(print, [...(said.get(print) ?? []), { at, by }]);
  return ({ at, entitled }, { print }) =>
    said.get(print)?.some((one) => one.at < at && one.by.some((each) => entitled?.includes(each))) ?? false;
}

/**
 * Ids of people that somebody else has written into the app, which took them: a comment, a note. Who reads what was written
 * learns it from whoever wrote it, and nothing that the app has given away.
 */
function writtenByOthers(history: History): (exchange: HistoryExchange, sighting: Sighting) => boolean {
  const written = new Map<string, string>();
  for (const { at, method, status, entitled = [], sightings = [] } of withApp(history))
    if (method !== 'GET' && status && status < 400 && entitled.length)
      for (const { side, where, kind, print, owner } of sightings)
        if (
          side === 'request' &&
          where === 'body' &&
          kind === 'user id' &&
          owner &&
          // A request speaks for whoever it names as well.
          entitled.some((each) => each !== owner)
        )
          if (at < (written.get(print) ?? '9')) written.set(print, at);
  return (exchange, { print, owner }) =>
    (written.get(print) ?? '9') < exchange.at &&
    othersIn(exchange).every((each) => each.owner !== owner || each.print === print);
}

/** What lists of people in data say: their bodies, and the ids in them. */
interface Said {
  bodies: readonly string[];
  ids: ReadonlySet<string>;
}

/** Lists of people, for members and for everybody: their paths, and what they say. */
interface Lists {
  members: ReadonlySet<string>;
  everybody: ReadonlySet<string>;
  said: { members: Said; everybody: Said };
  /** Kinds of addresses of public profiles. */
  profiles: ReadonlySet<string>;
}

/**
 * Paths at which several others were shown at once by their names, and by nothing else: forums, teams, who was here last. One
 * other may be somebody for whom whoever asked was taken.
 */
const listsOfPeople = (history: History): Lists => {
  const members = listsFor(history, true);
  const refused = refusedAt(history);
  const everybody = listsFor(history, false, refused);
  const said = { members: saidAt(history, members), everybody: saidAt(history, everybody) };
  return { members, everybody, said, profiles: profilesIn(history) };
};

const IDS_MAX = 1_000;
const bodyOf = ({ response: { body } }: HistoryExchange): string =>
  typeof body === 'string' ? body : JSON.stringify(body ?? '');
const isData = (body: string) => /^\s*[[{]/.test(body);

function saidAt(history: History, paths: ReadonlySet<string>): Said {
  const bodies = withApp(history)
    .filter((exchange) => paths.has(pathOf(exchange)) && isNameAlone(exchange))
    .map(bodyOf)
    .filter(isData);
  return { bodies, ids: new Set(bodies.flatMap((body) => idsIn(body, IDS_MAX))) };
}

/** Whether data are of something that a list names by its id, and tell nothing private beside what the list says. */
const isNamedBy = (exchange: HistoryExchange, { bodies, ids }: Said): boolean =>
  pathOf(exchange)
    .split('/')
    .some((part) => ids.has(part)) &&
  isData(bodyOf(exchange)) &&
  tellsNoMore(bodyOf(exchange), bodies);

/** Paths that strangers were refused: whoever is shown something there all the same has got past a guard. */
const refusedAt = (history: History): ReadonlySet<string> =>
  new Set(
    withApp(history)
      .filter(({ entitled, method, status }) => !entitled?.length && method === 'GET' && (status ?? 0) >= 300)
      .map(pathOf),
  );

const listsFor = (
  history: History,
  members: boolean,
  refused: ReadonlySet<string> = new Set(),
): ReadonlySet<string> =>
  new Set(
    withApp(history)
      .filter(
        (exchange) =>
          Boolean(exchange.entitled?.length) === members &&
          isNameAlone(exchange) &&
          new Set(othersIn(exchange).map(({ owner }) => owner)).size > 1,
      )
      .map(pathOf)
      .filter((path) => !path.startsWith(history.app.basePath || '/api/auth') && !refused.has(path)),
  );

/**
 * Whether an answer is such a list, or stands below it, as the page of each member does, or is of what such a list names by its
 * id.
 */
function isOfList(exchange: HistoryExchange, { members, everybody, said }: Lists): boolean {
  const path = pathOf(exchange);
  const isMember = Boolean(exchange.entitled?.length);
  return (
    [...(isMember ? members : []), ...everybody].some(
      (list) => path === list || (list !== '' && path.startsWith(`${list}/`)),
    ) ||
    (isMember && isNamedBy(exchange, said.members)) ||
    isNamedBy(exchange, said.everybody)
  );
}

/** Those who are named to themselves. */
const ownNamesIn = ({ entitled, sightings = [] }: HistoryExchange): string[] =>
  sightings.flatMap(({ side, where, kind, owner }) =>
    side === 'response' && where === 'body' && kind === 'name' && owner && entitled?.includes(owner)
      ? [owner]
      : [],
  );

/** Addresses that say of themselves that they are of people, one each. */
const OF_PEOPLE = /\/(?:u|users?|members?|people|profiles?|authors?|players?|team|staff)\/\*$/i;
const kindOf = (path: string): string => path.replace(/[^/]+$/, '*');

/**
 * Kinds of addresses at which everybody is shown one name and nothing else, at each that of another person: public profiles. What
 * strangers are refused at any of them, or at the list of them, is none.
 */
function profilesIn(history: History): ReadonlySet<string> {
  const owners = new Map<string, Map<string, string>>();
  const others = new Set<string>();
  for (const exchange of withApp(history)) {
    const { entitled, method } = exchange;
    const status = exchange.status ?? 0;
    const isShut = !entitled?.length && method === 'GET' && status >= 300 && status !== 404;
    if (isShut) for (const kind of [kindOf(pathOf(exchange)), `${pathOf(exchange)}/*`]) others.add(kind);
  }
  for (const exchange of withApp(history)) {
    const path = pathOf(exchange);
    const kind = kindOf(path);
    const named = new Set(othersIn(exchange).map(({ owner }) => owner ?? ''));
    // Their own page shows somebody their own name.
    if (named.size === 0) for (const owner of ownNamesIn(exchange)) named.add(owner);
    const [owner] = named;
    if (!owner || exchange.method !== 'GET' || !isNameAlone(exchange)) continue;
    const known = owners.get(kind) ?? new Map<string, string>();
    owners.set(kind, known);
    const isProfile = named.size === 1 && (known.get(path) ?? owner) === owner;
    if (!isProfile || privateIn(bodyOf(exchange)).length > 0) others.add(kind);
    known.set(path, owner);
  }
  return new Set(
    [...owners].flatMap(([kind, known]) =>
      !others.has(kind) &&
      (known.size > 1 || OF_PEOPLE.test(kind)) &&
      new Set(known.values()).size === known.size
        ? [kind]
        : [],
    ),
  );
}

/** Whether names stand where they are meant for others: an invitation, a list of members, a page on which they wrote. */
const isMeantForOthers = (
  exchange: HistoryExchange,
  lists: Lists,
  written: ReturnType<typeof writtenAt>,
): boolean =>
  isInvitation(pathOf(exchange)) ||
  lists.profiles.has(kindOf(pathOf(exchange))) ||
  isOfList(exchange, lists) ||
  isBoardOf(
    exchange,
    othersIn(exchange).flatMap(({ owner }) => owner ?? []),
    written,
  );

const addressOf = ({ url }: HistoryExchange) =>
  URL.canParse(url) ? url.slice(new URL(url).origin.length) : url;

/** Signed links whose signature is looked at: the same path with another one was refused. */
function heededLinks(history: History): ReadonlySet<string> {
  return new Set(
    withApp(history)
      .filter((exchange) => signatureIn(addressOf(exchange)) && (exchange.status ?? 0) >= 400)
      .map(pathOf),
  );
}

/** Whether an answer is for whoever holds its link: a feed by a key, or a signed link. */
const isByLink = (exchange: HistoryExchange, heeded: ReadonlySet<string>): boolean =>
  isFeedByKey(addressOf(exchange), headerOf(exchange, 'content-type')) ||
  (heeded.has(pathOf(exchange)) && signatureIn(addressOf(exchange)) !== undefined);

/** Whether a Cache-Control lets a proxy keep an answer for the next person (RFC 9111 §3.5, §5.2.2). */
const isShared = (control: string): boolean =>
  !/no-store|private|no-cache/.test(control) &&
  (/s-maxage=[1-9]/.test(control) || (/\bpublic\b/.test(control) && /max-age=[1-9]/.test(control)));

export const people = [
  law({
    id: 'laws/people-apart',
    title: 'shows the data of a person to nobody else',
    clauses: ['asvs 8.2.2', 'authjs protecting'],
    level: 'must',
    severity: 'critical',
    appMust:
      'Answer with the number, e-mail address, id or name of a person only where the request holds the session, code or cookie of that person.',
    otherwise: 'One person reads, or is taken for, another.',
    fix: 'Keep nothing about people in variables of a module, and key every cache by the person; find records by the id of the session, never by what the request says.',
  })((history) => {
    const lists = listsOfPeople(history);
    const written = writtenAt(history);
    const isKept = saidBefore(history);
    const isWritten = writtenByOthers(history);
    const heeded = heededLinks(history);
    const isForRole = forRoles(history);
    return seen(history, 'response').flatMap(({ exchange, sighting }) => {
      if (!isOfOther(exchange, sighting) || isKept(exchange, sighting)) return [];
      if (isWritten(exchange, sighting) || isByLink(exchange, heeded) || isForRole(exchange)) return [];
      // A name that the request says is no news, and what is told beside it is.
      if (isNameAlone(exchange) && saidByRequest(exchange, sighting)) return [];
      if (isNameAlone(exchange) && isMeantForOthers(exchange, lists, written)) return [];
      return [
        {
          exchange,
          what: `Showed the ${sighting.kind} of one person to ${exchange.entitled?.length ? 'another' : 'nobody in particular'}, ${placeOf(exchange, sighting)}.`,
        },
      ];
    });
  }),
  law({
    id: 'laws/no-list-of-names',
    title: 'lists nobody by name to others',
    clauses: ['asvs 8.2.2'],
    level: 'may',
    severity: 'minor',
    appMust: 'Show the names of people to others only where that is meant, as in a forum or a team.',
    otherwise: 'Whoever looks learns who uses the app.',
    fix: 'Leave it where people know that they are listed; else ask for a session, and show each person themselves alone.',
  })((history) => {
    const lists = listsOfPeople(history);
    return withApp(history).flatMap((exchange) => {
      const [name] = othersIn(exchange);
      return name && isNameAlone(exchange) && isOfList(exchange, lists)
        ? [
            {
              exchange,
              what: `Lists people by name to ${exchange.entitled?.length ? 'each other' : 'everybody'}, ${placeOf(exchange, name)}.`,
            },
          ]
        : [];
    });
  }),
  law({
    id: 'laws/personal-not-shared',
    title: 'lets no shared cache keep what belongs to a person',
    clauses: ['asvs 14.2.2', 'rfc9111 §5.2.2.5'],
    level: 'must',
    severity: 'serious',
    appMust:
      'Answer with personal data, and set session cookies, only under a Cache-Control that keeps shared caches out: private, no-store, no-cache, or none.',
    otherwise: 'A proxy or CDN shows the page of one person to the next.',
    fix: 'Send Cache-Control: private, no-store with every answer that depends on a session; do not revalidate or prerender such pages.',
  })((history) => [
    ...seen(history, 'response').flatMap(({ exchange, sighting }) => {
      const control = headerOf(exchange, 'cache-control');
      return isShared(control) &&
        sighting.where === 'body' &&
        PERSONAL.includes(sighting.kind) &&
        !saidByRequest(exchange, sighting)
        ? [
            {
              exchange,
              what: `Lets shared caches keep the ${sighting.kind} of a person (Cache-Control: ${control}), ${placeOf(exchange, sighting)}.`,
            },
          ]
        : [];
    }),
    ...withApp(history).flatMap((exchange) => {
      const control = headerOf(exchange, 'cache-control');
      // A page that was built before, and what stands beside it, is cached by the framework, whatever a middleware adds.
      if (!isShared(control) || !/\bpublic\b/.test(control) || /immutable/.test(control)) return [];
      return cookiesSet(exchange).some(({ name, isCleared }) => !isCleared && isOfSession(history, name))
        ? [
            {
              exchange,
              what: `Lets shared caches keep an answer that sets the session cookie of a person (Cache-Control: ${control}), ${exchange.method} ${new URL(exchange.url).pathname}.`,
            },
          ]
        : [];
    }),
  ]),
  law({
    id: 'laws/no-person-in-address',
    title: 'writes no phone number or e-mail address into addresses',
    clauses: ['rfc9700 §4.2', 'owasp logging'],
    level: 'should',
    severity: 'moderate',
    appMust:
      'Redirect to addresses that hold no phone number, no e-mail address and no name of a person, and load nothing from other sites by an address that does.',
    otherwise: 'Histories, logs, referrers and analytics keep the number of everybody who signs in.',
    fix: 'Hand such values over in the session or in a sealed cookie; count visits without them.',
  })((history) =>
    seen(history, 'response').flatMap(({ exchange, sighting }) =>
      sighting.where === 'elsewhere' && ['phone number', 'email address'].includes(sighting.kind)
        ? [{ exchange, what: `Wrote the ${sighting.kind} of a person ${placeOf(exchange, sighting)}.` }]
        : sighting.where === 'address' &&
            !saidByRequest(exchange, sighting) &&
            ['phone number', 'email address', 'name'].includes(sighting.kind) &&
            !leadsToIssuer(history, exchange)
          ? [{ exchange, what: `Wrote the ${sighting.kind} of a person ${placeOf(exchange, sighting)}.` }]
          : [],
    ),
  ),
];
