/** How the app answers, whatever it is asked. */
import { type Breach, ENDED_APP, type History, type HistoryExchange, law } from '../../harness/check/law.ts';
import { cookiesSet, headerOf, isOfSession, isSaidAgain, locationOf, withApp } from './reading.ts';

const pathOf = (exchange: HistoryExchange) => new URL(exchange.url).pathname;

/** What says that something else is out of order, or closed for work (RFC 9110 §15.6.3 to §15.6.5). */
const OUT_OF_ORDER = [502, 503, 504];

/** Pages that answer so each time they are opened, by whom and however: there is nothing that they could have refused. */
function closedAt(history: History): (exchange: HistoryExchange) => boolean {
  const closed = new Map<string, boolean>();
  for (const exchange of withApp(history))
    if (exchange.method === 'GET' && exchange.status !== null)
      closed.set(
        pathOf(exchange),
        (closed.get(pathOf(exchange)) ?? true) && OUT_OF_ORDER.includes(exchange.status),
      );
  return (exchange) => closed.get(pathOf(exchange)) === true;
}

export const answers = [
  law({
    id: 'laws/session-cookie-steady',
    title: 'sets its session cookie with the same attributes each time',
    clauses: ['owasp session', 'rfc6265 §4.1.2'],
    level: 'should',
    severity: 'moderate',
    appMust: 'Set the session cookie with one set of attributes, wherever it is set or renewed.',
    otherwise:
      'A renewed cookie loses HttpOnly or SameSite, or stands beside the old one under another path.',
    fix: 'Leave the session cookie to Auth.js; do not set it again in a middleware or handler of your own.',
  })((history) => {
    const first = new Map<string, string>();
    // Whoever is told of another scheme by a proxy, as a check may say, sets Secure by it.
    const isToldOfIt = ({ request: { headers } }: HistoryExchange) =>
      [headers['x-forwarded-proto'], headers.forwarded, headers['x-forwarded-ssl']].some(
        (said) => said !== undefined && !`${said}:`.includes(`${history.app.origin.split(':')[0]}:`),
      );
    const asked = withApp(history).filter((exchange) => !isToldOfIt(exchange));
    return asked.flatMap((exchange): Breach[] =>
      cookiesSet(exchange).flatMap(({ name, flags, isCleared }) => {
        if (!isOfSession(history, name) || isCleared) return [];
        const before = first.get(name);
        if (before === undefined) first.set(name, flags);
        return before === undefined || before === flags
          ? []
          : [
              {
                exchange,
                what: `Set ${name} with "${flags}" at ${pathOf(exchange)}, and elsewhere with "${before}".`,
              },
            ];
      }),
    );
  }),
  law({
    id: 'laws/no-stack-trace',
    title: 'shows nobody its stack traces',
    clauses: ['asvs 16.5.1', 'owasp error handling'],
    level: 'should',
    severity: 'moderate',
    appMust: 'Answer errors with a page or a code, and keep what happened inside for its log.',
    otherwise: 'Strangers learn paths, packages and versions, and where to look for more.',
    fix: 'Run the production build with NODE_ENV=production, and do not send error.stack.',
  })((history) =>
    withApp(history).flatMap((exchange) =>
      // Host headers that no proxy lets through are the matter of the doors.
      !exchange.provoked && exchange.sightings?.some(({ kind }) => kind === 'stack trace')
        ? [
            {
              exchange,
              what: `Sent a stack trace with ${exchange.method} ${pathOf(exchange)} (${exchange.status}).`,
            },
          ]
        : [],
    ),
  ),
  law({
    id: 'laws/no-crash',
    title: 'answers nothing with 5xx that it could have refused',
    clauses: ['owasp error handling'],
    level: 'should',
    severity: 'moderate',
    appMust:
      'Answer requests outside of a broken sign-in with less than 500, odd cookies and headers included.',
    otherwise:
      'Strangers fill the log and the alarms, and every such answer is an error that nobody thought of.',
    fix: 'Treat what cannot be read as no session.',
  })((history) => {
    const isClosed = closedAt(history);
    return withApp(history).flatMap((exchange) =>
      (exchange.status ?? 0) >= 500 &&
      !exchange.provoked &&
      !isClosed(exchange) &&
      !pathOf(exchange).startsWith(`${history.app.basePath}/`)
        ? [{ exchange, what: `Answered ${exchange.method} ${pathOf(exchange)} with ${exchange.status}.` }]
        : [],
    );
  }),
  law({
    id: 'laws/keeps-running',
    title: 'goes on, whatever it is asked',
    clauses: ['asvs 16.5.4', 'owasp error handling'],
    level: 'must',
    severity: 'serious',
    appMust: 'Catch what one request makes go wrong, so that the process lives on for all others.',
    otherwise: 'One odd request of a stranger throws everybody out, as often as it is sent.',
    fix: 'Find what threw in the last lines of the app; handle errors of streams, sockets, timers and promises where they arise, and add a last handler for the rest.',
  })((history) =>
    history.exchanges.flatMap((exchange) =>
      exchange.to === 'app' && exchange.facts[ENDED_APP]
        ? [
            {
              exchange,
              what: `Ended in mid-run: ${exchange.facts[ENDED_APP]} at, or right after, ${exchange.method} ${pathOf(exchange)} of ${exchange.check}.`,
            },
          ]
        : [],
    ),
  ),
  law({
    id: 'laws/no-foreign-origin',
    title: 'lets no foreign origin read answers with the cookies of a person',
    clauses: ['asvs 3.4.2', 'owasp csrf'],
    level: 'must',
    severity: 'critical',
    appMust: 'Send Access-Control-Allow-Credentials to its own, named origins only.',
    otherwise: 'Any page that a person opens reads their session and their data.',
    fix: 'Give cors() a list of origins; never reflect the Origin of the request together with credentials: true.',
  })((history) => {
    const foreign = withApp(history).filter(({ request }) => {
      const origin = [request.headers.origin ?? ''].flat()[0] ?? '';
      const { issuerOrigins, namedOrigins = [] } = history.declared;
      // What the sources name is the app's own front end; the words of its sources are said to it as well.
      return ![history.app.origin, '', ...issuerOrigins, ...namedOrigins].includes(origin);
    });
    if (foreign.length === 0) return 'no request with a foreign Origin was sent in this run';
    return foreign.flatMap((exchange) =>
      headerOf(exchange, 'access-control-allow-origin') === [exchange.request.headers.origin].flat()[0] &&
      /true/i.test(headerOf(exchange, 'access-control-allow-credentials'))
        ? [
            {
              exchange,
              what: `Allowed the foreign origin ${headerOf(exchange, 'access-control-allow-origin')} to read ${pathOf(exchange)} with credentials.`,
            },
          ]
        : [],
    );
  }),
  law({
    id: 'laws/address-forgets-code',
    title: 'leaves no code and no state in the address where a person ends',
    clauses: ['rfc9700 §4.2', 'rfc9700 §4.3'],
    level: 'should',
    severity: 'moderate',
    appMust: 'Redirect from the callback to an address without code and state.',
    otherwise: 'The history, the Referer and analytics of the next page get the code of the sign-in.',
    fix: 'Let the callback answer with a redirect, and do not copy its query to the next address.',
  })((history) =>
    withApp(history).flatMap((exchange): Breach[] => {
      const kinds = (side: 'request' | 'response') =>
        (exchange.sightings ?? []).flatMap(({ kind, where, side: on }) =>
          on === side && where === 'address' && (kind === 'authorization code' || kind === 'state')
            ? [kind]
            : [],
        );
      const target = locationOf(exchange);
      const [carried] = kinds('response');
      // An address that leads to the callback once more is none where a person ends.
      const goesOn = target?.pathname.startsWith(`${history.app.basePath}/callback/`);
      if (carried && target && !goesOn && !history.declared.issuerOrigins.includes(target.origin))
        return [{ exchange, what: `Redirected to ${target.pathname} with the ${carried} in the address.` }];
      const isPage = exchange.status === 200 && /html/.test(headerOf(exchange, 'content-type'));
      return isPage && kinds('request').includes('authorization code')
        ? [{ exchange, what: `Showed a page at ${pathOf(exchange)} whose address holds the code.` }]
        : [];
    }),
  ),
  law({
    id: 'laws/no-token-in-address',
    title: 'writes no token, secret or one-time code into addresses',
    clauses: ['rfc9700 §4.3'],
    level: 'must',
    severity: 'serious',
    uses: ['server-requests'],
    appMust: 'Hand tokens over in bodies, headers or sealed cookies.',
    otherwise: 'Histories, logs and referrers keep them.',
  })((history) => [
    ...withApp(history).flatMap((exchange): Breach[] => {
      const target = locationOf(exchange);
      const found = exchange.sightings?.find(
        ({ side, where, kind }) =>
          side === 'response' &&
          where === 'address' &&
          [
            'access token',
            'refresh token',
            'ID token',
            'client secret',
            'code verifier',
            'one-time code',
          ].includes(kind),
      );
      // The hint of a sign-out at Logto is an ID token, by OpenID Connect RP-Initiated Logout §2.
      const isHint =
        found?.kind === 'ID token' && history.declared.issuerOrigins.includes(target?.origin ?? '');
      // A redirect that keeps the address (a locale, a closing slash, where to go after the sign-in) says what it was called with.
      return found && !isHint && !isSaidAgain(history, exchange, found)
        ? [{ exchange, what: `Redirected to ${target?.pathname} with the ${found.kind} in the address.` }]
        : [];
    }),
    ...history.exchanges.flatMap((exchange): Breach[] =>
      exchange.from === 'app' && /[?&](access_token|refresh_token|client_secret)=/.test(exchange.url)
        ? [{ exchange, what: `Asked ${exchange.url.split('?')[0]} with a token or secret in the query.` }]
        : [],
    ),
  ]),
];
