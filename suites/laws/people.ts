/** Whose data an answer may hold. */
import { type HistoryExchange, law } from '../../harness/check/law.ts';
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

/** What the request itself said is no news: a page that was not found, or a redirect, repeats the path with an id in it. */
const saidByRequest = ({ sightings }: HistoryExchange, { print }: Sighting): boolean =>
  sightings?.some(({ side, print: other }) => side === 'request' && other === print) ?? false;

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
  })((history) =>
    seen(history, 'response').flatMap(({ exchange, sighting }) => {
      if (!PERSONAL.includes(sighting.kind) || !sighting.owner) return [];
      // The same value may belong to several people, as an e-mail address that was given to two.
      const owners = (exchange.sightings ?? []).flatMap(({ print, owner }) =>
        print === sighting.print && owner ? [owner] : [],
      );
      return owners.some((owner) => exchange.entitled?.includes(owner))
        ? []
        : [
            {
              exchange,
              what: `Showed the ${sighting.kind} of one person to ${exchange.entitled?.length ? 'another' : 'nobody in particular'}, ${placeOf(exchange, sighting)}.`,
            },
          ];
    }),
  ),
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
