/** Whose data an answer may hold. */

import { isDirectory } from '../../harness/check/doors/directories.ts';
import { isFeedByKey, isForHolders, signatureIn } from '../../harness/check/doors/invitations.ts';
import { percentDecoded } from '../../harness/check/issued-in.ts';
import { type History, type HistoryExchange, law } from '../../harness/check/law.ts';
import { isBeside } from './beside.ts';
import { isBoardOf, isOfThoseWhoWrote, isOfThoseWrittenTo, pathOf, resourceOf, writtenAt } from './boards.ts';
import { isLinked } from './entries.ts';
import { isOfList, type Lists, listsOfPeople, namesListed, namesPublic } from './lists-of-people.ts';
import { once } from './once.ts';
import { isNameAlone, othersIn, saidByRequest } from './others.ts';
import { isByHandle, isOfProfile } from './profiles.ts';
import {
  cookiesSet,
  headerOf,
  isOfSession,
  isStrangers,
  leadsToIssuer,
  PERSONAL,
  placeOf,
  type Sighting,
  seen,
  withApp,
} from './reading.ts';
import { forRoles } from './roles.ts';

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

const placesOf = once((history: History) => ({
  written: writtenAt(history),
  isWrittenTo: isOfThoseWrittenTo(history),
  hasWritten: isOfThoseWhoWrote(history),
  isLinked: isLinked(history),
  isBeside: isBeside(history),
  isOfAuthjs: (exchange: HistoryExchange) => pathOf(exchange).startsWith(history.app.basePath || '/api/auth'),
}));

/** Whether names stand where they are meant for others: an invitation, a list of members, a page on which they wrote, or were written to. */
const isMeantForOthers = (
  exchange: HistoryExchange,
  lists: Lists,
  places: ReturnType<typeof placesOf>,
): boolean => {
  const owners = othersIn(exchange).flatMap(({ owner }) => owner ?? []);
  return (
    isForHolders(pathOf(exchange)) ||
    isOfProfile(percentDecoded(pathOf(exchange)), lists) ||
    isByHandle(pathOf(exchange), owners, lists) ||
    (!places.isOfAuthjs(exchange) && (namesListed(exchange, lists) || namesPublic(exchange, lists))) ||
    places.isLinked(exchange, lists) ||
    (!places.isOfAuthjs(exchange) && places.isBeside(exchange, lists)) ||
    isOfList(exchange, lists) ||
    isBoardOf(exchange, owners, places.written, lists.isOpenTo) ||
    (owners.length > 0 && (places.isWrittenTo(exchange, owners) || places.hasWritten(exchange, owners)))
  );
};

/**
 * Names that a page or feed for everybody tells to strangers, of members who have written there: whoever is told them by a cache is
 * told nothing more.
 */
const toldToAll = once((history: History): ((exchange: HistoryExchange, sighting: Sighting) => boolean) => {
  const lists = listsOfPeople(history);
  const places = placesOf(history);
  const told = new Set(
    withApp(history)
      .filter(
        (each) =>
          each.status === 200 &&
          lists.isOpenTo(each) &&
          othersIn(each).length > 0 &&
          isNameAlone(each) &&
          isMeantForOthers(each, lists, places),
      )
      .flatMap((each) => othersIn(each).map(({ print }) => `${resourceOf(each)} ${print}`)),
  );
  return (exchange, { print }) => told.has(`${resourceOf(exchange)} ${print}`);
});

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
    fix: 'Keep nothing about people in variables of a module, and key every cache by the person; find records by the id of the session, never by what the request says. Where members are meant to find the numbers of each other, declare the page (pages.directories); where each has a page that names them to everybody, declare where (pages.profiles).',
  })((history) => {
    const lists = listsOfPeople(history);
    const places = placesOf(history);
    const isToldToAll = toldToAll(history);
    const isKept = saidBefore(history);
    const isWritten = writtenByOthers(history);
    const heeded = heededLinks(history);
    const isForRole = forRoles(history);
    return withApp(history).flatMap((exchange) => {
      const others = othersIn(exchange);
      if (others.length === 0 || isByLink(exchange, heeded) || isForRole(exchange)) return [];
      if (
        !isStrangers(history, exchange) &&
        isDirectory(pathOf(exchange), history.declared.directories ?? [])
      )
        return [];
      const isName = isNameAlone(exchange);
      if (isName && isMeantForOthers(exchange, lists, places)) return [];
      if (isName && others.every((each) => isToldToAll(exchange, each))) return [];
      return (
        others
          .filter((sighting) => !isKept(exchange, sighting) && !isWritten(exchange, sighting))
          // A name that the request says is no news, and what is told beside it is.
          .filter((sighting) => !(isName && saidByRequest(exchange, sighting)))
          .map((sighting) => ({
            exchange,
            what: `Showed the ${sighting.kind} of one person to ${isStrangers(history, exchange) ? 'nobody in particular' : 'another'}, ${placeOf(exchange, sighting)}.`,
          }))
      );
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
  })((history) => {
    const isToldToAll = toldToAll(history);
    return [
      ...seen(history, 'response').flatMap(({ exchange, sighting }) => {
        const control = headerOf(exchange, 'cache-control');
        return isShared(control) &&
          sighting.where === 'body' &&
          PERSONAL.includes(sighting.kind) &&
          !saidByRequest(exchange, sighting) &&
          !isToldToAll(exchange, sighting)
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
    ];
  }),
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
