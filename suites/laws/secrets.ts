/** What belongs to the app, or to Logto and the app, and never to a browser. */
import { type Breach, type History, type HistoryExchange, law } from '../../harness/check/law.ts';
import { pathOf } from './boards.ts';
import { isOfSession, isSaidAgain, leadsToIssuer, placeOf, seen, withApp } from './reading.ts';

type Kind = NonNullable<HistoryExchange['sightings']>[number]['kind'];

/**
 * Whether each address with an ID token as its hint, in a header or in JSON, is one of the issuer. A page that holds such a link shows
 * the token to whatever runs in it, whether or not anybody signs out.
 */
function sendsOnByScript(
  { declared: { issuerOrigins } }: History,
  { response: { headers, body } }: HistoryExchange,
  where: string,
): boolean {
  const isData = /\bjson\b/i.test(String(headers['content-type'] ?? ''));
  const text =
    where === 'header'
      ? Object.values(headers).flat().join('\n')
      : where === 'body' && isData
        ? typeof body === 'string'
          ? body
          : JSON.stringify(body ?? '')
        : '';
  const addresses = text.replaceAll('\\/', '/').match(/https?:[^"'\s<>]*id_token_hint/g) ?? [];
  return (
    addresses.length > 0 &&
    addresses.every((each) => URL.canParse(each) && issuerOrigins.includes(new URL(each).origin))
  );
}

/**
 * Whether a thing is what the answer sends to the issuer: in the address of a redirect, or in the body of one, where Next.js
 * (`res.redirect` of an API route), Express and others write the same address again. A server action of Next.js says where to
 * go in a header (x-action-redirect), a form action of SvelteKit in JSON, an API of its own as it likes.
 */
const isForIssuer = (
  history: History,
  exchange: HistoryExchange,
  { where, print, isHint }: NonNullable<HistoryExchange['sightings']>[number],
): boolean =>
  (isHint && sendsOnByScript(history, exchange, where)) ||
  (leadsToIssuer(history, exchange) &&
    (where === 'address' ||
      (where === 'body' &&
        Math.floor((exchange.status ?? 0) / 100) === 3 &&
        (exchange.sightings ?? []).some(
          (each) => each.side === 'response' && each.where === 'address' && each.print === print,
        ))));

/** Every answer of the app in which such a thing was seen, outside of what it sends to the issuer and of what it was just sent. */
const givenAway = (history: History, kinds: readonly Kind[]): Breach[] =>
  seen(history, 'response').flatMap(({ exchange, sighting }) =>
    kinds.includes(sighting.kind) &&
    !isForIssuer(history, exchange, sighting) &&
    !isSaidAgain(history, exchange, sighting)
      ? [{ exchange, what: `Sent ${article(sighting.kind)} to the browser, ${placeOf(exchange, sighting)}.` }]
      : [],
  );

/** Every answer whose body holds what a session cookie keeps from scripts. */
const sessionsGivenAway = (history: History): Breach[] =>
  withApp(history).flatMap((exchange) => {
    const names = String(exchange.facts.cookiesInBody ?? '').split(' ');
    const name = names.find((each) => each !== '' && isOfSession(history, each));
    return name
      ? [
          {
            exchange,
            what: `Sent the value of ${name}, a cookie that scripts are kept from, in the body of ${exchange.method} ${pathOf(exchange)}.`,
          },
        ]
      : [];
  });

const article = (kind: string) => (/^[aeiouAEIO]/.test(kind) ? `an ${kind}` : `a ${kind}`);

export const secrets = [
  law({
    id: 'laws/tokens-kept',
    title: 'hands no token of Logto, and none of its sessions, to the scripts of a browser',
    clauses: ['rfc9700 §4.3', 'authjs session'],
    level: 'must',
    severity: 'critical',
    uses: ['server-requests'],
    appMust:
      'Keep access, refresh and ID tokens on the server: out of pages, data of pages, APIs, headers, cookies and addresses, in any encoding; and the value of the session cookie in that cookie alone, which is HttpOnly.',
    otherwise: 'A script in a page, an extension, a shared computer or a log on the way acts as the person.',
    fix: 'Put into session, props and answers what the page shows, never account, token or the whole session; feature token-in-session declares an access token that is meant for client code.',
  })((history) => [
    ...givenAway(
      history,
      history.declared.features.includes('token-in-session')
        ? ['refresh token', 'ID token']
        : ['access token', 'refresh token', 'ID token'],
    ),
    ...sessionsGivenAway(history),
  ]),
  law({
    id: 'laws/client-secret-kept',
    title: 'shows its client secret, and what its sessions are sealed with, to no browser',
    clauses: ['rfc6749 §2.3.1', 'asvs 13.3.1'],
    level: 'must',
    severity: 'critical',
    uses: ['client-secret'],
    appMust: 'Send its client secret to the token endpoint alone, and AUTH_SECRET nowhere.',
    otherwise: 'Whoever opens the page can act as the app, or seal a session of anybody.',
    fix: 'Read the secret on the server only: no NEXT_PUBLIC_, PUBLIC_ or VITE_ in its name, no settings route, health check or error page that sends the environment or the options of Auth.js.',
  })((history) => givenAway(history, ['client secret', 'secret of its sessions'])),
  law({
    id: 'laws/verifier-kept',
    title: 'shows its code verifiers to no browser',
    clauses: ['rfc7636 §7.1'],
    level: 'must',
    severity: 'serious',
    uses: ['server-requests'],
    appMust: 'Keep the verifier of a sign-in sealed, in a cookie or on the server.',
    otherwise: 'Whoever steals a code can redeem it as well.',
  })((history) => givenAway(history, ['code verifier'])),
  law({
    id: 'laws/one-time-codes-kept',
    title: 'shows nobody the one-time code that it sends to a phone',
    clauses: ['nist 800-63b §3.1.3', 'owasp otp'],
    level: 'must',
    severity: 'critical',
    appMust: 'Let a code reach the phone alone.',
    otherwise: 'A code that the browser is told proves nothing: anybody signs in with any number.',
    fix: 'Leave the code out of the answer, in development, too.',
  })((history) =>
    givenAway(history, ['one-time code']).filter(
      // What a person typed may be shown to them again, at a callback, too.
      ({ exchange }) =>
        !exchange.sightings?.some(({ side, kind }) => side === 'request' && kind === 'one-time code'),
    ),
  ),
  law({
    id: 'laws/authorization-code-kept',
    title: 'writes no authorization code into its pages',
    clauses: ['rfc9700 §4.2'],
    level: 'should',
    severity: 'moderate',
    appMust: 'Use the code of a callback, and show it nowhere.',
    otherwise: 'Scripts, extensions and foreign resources of the page read a code that may still be good.',
  })((history) =>
    givenAway(history, ['authorization code']).filter(
      ({ exchange }) =>
        !exchange.sightings?.some(({ where, side }) => side === 'response' && where === 'address'),
    ),
  ),
];
