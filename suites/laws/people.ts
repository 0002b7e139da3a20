/** Whose data an answer may hold. */
import { type HistoryExchange, law } from '../../harness/check/law.ts';
import { headerOf, leadsToIssuer, PERSONAL, placeOf, type Sighting, seen } from './reading.ts';

/** What the request itself said is no news: a page that was not found, or a redirect, repeats the path with an id in it. */
const saidByRequest = ({ sightings }: HistoryExchange, { print }: Sighting): boolean =>
  sightings?.some(({ side, print: other }) => side === 'request' && other === print) ?? false;

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
      'Answer with personal data only under a Cache-Control that keeps shared caches out: private, no-store, no-cache, or none.',
    otherwise: 'A proxy or CDN shows the page of one person to the next.',
    fix: 'Send Cache-Control: private, no-store with every answer that depends on a session; do not revalidate or prerender such pages.',
  })((history) =>
    seen(history, 'response').flatMap(({ exchange, sighting }) => {
      const control = headerOf(exchange, 'cache-control');
      const isKept =
        !/no-store|private|no-cache/.test(control) &&
        (/s-maxage=[1-9]/.test(control) || (/\bpublic\b/.test(control) && /max-age=[1-9]/.test(control)));
      return isKept &&
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
  ),
  law({
    id: 'laws/no-person-in-address',
    title: 'writes no phone number or e-mail address into addresses',
    clauses: ['rfc9700 §4.2', 'owasp logging'],
    level: 'should',
    severity: 'moderate',
    appMust: 'Redirect to addresses that hold no phone number, no e-mail address and no name of a person.',
    otherwise: 'Histories, logs, referrers and analytics keep the number of everybody who signs in.',
    fix: 'Hand such values over in the session or in a sealed cookie.',
  })((history) =>
    seen(history, 'response').flatMap(({ exchange, sighting }) =>
      sighting.where === 'address' &&
      !saidByRequest(exchange, sighting) &&
      ['phone number', 'email address', 'name'].includes(sighting.kind) &&
      !leadsToIssuer(history, exchange)
        ? [{ exchange, what: `Wrote the ${sighting.kind} of a person ${placeOf(exchange, sighting)}.` }]
        : [],
    ),
  ),
];
