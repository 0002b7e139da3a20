/** What the app asks of Logto, and what it says of people in its session JSON. */
import { type Breach, type History, type HistoryExchange, law } from '../../harness/check/law.ts';

/** Authorization requests that the app made by itself, as browsers carried them. */
const authorizationRequests = (history: History): { exchange: HistoryExchange; url: URL }[] =>
  history.exchanges.flatMap((exchange) => {
    if (exchange.to !== 'issuer' || exchange.from !== 'browser' || exchange.provoked) return [];
    // What another provider is asked for is no matter of Logto, nor of the scopes in the config.
    if (exchange.facts.tenant === 'second') return [];
    const url = new URL(exchange.url);
    return /\/oidc\/auth$/.test(url.pathname) && url.searchParams.has('client_id') ? [{ exchange, url }] : [];
  });

/** Whether an exchange asked Auth.js for the session; of the second app no base path is known here. */
const isSessionOf = ({ app: { origin, basePath } }: History, { url }: HistoryExchange): boolean => {
  const { pathname } = new URL(url);
  return !url.startsWith(`${origin}/`) || !basePath || pathname === `${basePath}/session`;
};

/** Members of a session JSON that Auth.js has by itself. */
const STOCK_SESSION = ['user', 'expires'];
const STOCK_USER = ['id', 'name', 'email', 'image'];
const words = (value: unknown) =>
  String(value ?? '')
    .split(' ')
    .filter(Boolean);

export const requests = [
  law({
    id: 'laws/authorization-requests',
    title: 'sends well-formed authorization requests only',
    clauses: ['oidc-core §3.1.2.1', 'rfc6749 §3.1'],
    level: 'must',
    severity: 'serious',
    appMust:
      'Send response_type=code, client_id, redirect_uri of its own and a scope with openid, each once, in every authorization request.',
    otherwise: 'Logto refuses the sign-in, or answers in a way that nobody has looked at.',
  })((history) => {
    const all = authorizationRequests(history);
    if (all.length === 0) return 'no sign-in was begun in this run';
    return all.flatMap(({ exchange, url: { searchParams } }): Breach[] => {
      const names = [...searchParams.keys()];
      const twice = names.find((name, index) => names.indexOf(name) !== index && name !== 'resource');
      const redirect = searchParams.get('redirect_uri') ?? '';
      const wrong = twice
        ? `sent ${twice} twice`
        : searchParams.get('response_type') !== 'code'
          ? `sent response_type=${searchParams.get('response_type')}`
          : !URL.canParse(redirect) || new URL(redirect).hash
            ? `sent redirect_uri=${redirect}`
            : !(searchParams.get('scope') ?? '').split(' ').includes('openid')
              ? `sent scope=${searchParams.get('scope')} without openid`
              : undefined;
      return wrong ? [{ exchange, what: `An authorization request ${wrong}.` }] : [];
    });
  }),
  law({
    id: 'laws/scopes-declared',
    title: 'asks for no more scopes than it declares',
    clauses: ['rfc9700 §2.3', 'rfc6749 §3.3'],
    level: 'should',
    severity: 'minor',
    appMust: 'Ask for openid and the scopes in the config, and no others.',
    otherwise: 'A token that leaks opens more than the app needs.',
    fix: 'Take the scope out of authorization.params, or declare it under scopes when it is meant.',
  })((history) => {
    const { scopes } = history.declared;
    if (!scopes) return 'the config declares no scopes (scopes)';
    return authorizationRequests(history).flatMap(({ exchange, url }) => {
      const more = words(url.searchParams.get('scope')).filter(
        (scope) => scope !== 'openid' && !scopes.includes(scope),
      );
      return more.length ? [{ exchange, what: `Asked for ${more.join(', ')}, which nobody declared.` }] : [];
    });
  }),
  law({
    id: 'laws/no-password-grant',
    title: "never sends a person's password to the token endpoint",
    clauses: ['rfc9700 §2.4'],
    level: 'must',
    severity: 'critical',
    uses: ['server-requests'],
    appMust: 'Use the authorization code grant, and never grant_type=password.',
    otherwise: 'The app sees, and may keep, what people prove themselves with.',
  })((history) =>
    history.exchanges.flatMap((exchange) =>
      exchange.facts.grantType === 'password'
        ? [{ exchange, what: 'Asked the token endpoint with grant_type=password.' }]
        : [],
    ),
  ),
  law({
    id: 'laws/session-members-declared',
    title: 'puts into the session JSON what was declared, and no raw claims',
    clauses: ['authjs session', 'authjs callbacks'],
    level: 'should',
    severity: 'moderate',
    appMust: 'Answer /session with user, expires, and the members that the config declares.',
    otherwise: 'Every script in a page reads claims that no page needs.',
    fix: 'Name the members in callbacks.session one by one instead of spreading profile or token; declare those that are meant under profile or session.fields.',
  })((history) => {
    const { userMembers, sessionMembers } = history.declared;
    return history.exchanges.flatMap((exchange) => {
      if (exchange.to !== 'app' || exchange.facts.sessionMembers === undefined) return [];
      // Apps have sessions of their own: of a checkout, of a course; and what refuses says why.
      if (exchange.status !== 200 || !isSessionOf(history, exchange)) return [];
      const more = [
        ...words(exchange.facts.sessionMembers).filter(
          (name) => ![...STOCK_SESSION, ...sessionMembers].includes(name) && name !== 'message',
        ),
        ...words(exchange.facts.userMembers)
          .filter((name) => ![...STOCK_USER, ...userMembers, ...sessionMembers].includes(name))
          .map((name) => `user.${name}`),
      ];
      return more.length
        ? [
            {
              exchange,
              what: `Answered ${new URL(exchange.url).pathname} with ${more.join(', ')}, which nobody declared.`,
            },
          ]
        : [];
    });
  }),
];
