/** What strangers put into the request that starts a sign-in: headers that name another origin, parameters for Logto. */
import { type CheckFixtures, check, expect, type LabFixtures } from '../harness/check/check.ts';
import { demand } from '../harness/errors.ts';

/** Header, value, level, and what it says of apps that follow the header. */
const headers = [
  [
    'host',
    'Host',
    'evil.example',
    'may',
    'Auth.js takes its origin from Host unless AUTH_URL is set; Logto refuses the redirect URI, which is not registered.',
  ],
  ['forwarded-host', 'X-Forwarded-Host', 'evil.example', 'should', undefined],
  [
    'forwarded-proto',
    'X-Forwarded-Proto',
    'https',
    'may',
    'Auth.js believes the proxy in front; Logto refuses the redirect URI, which is not registered.',
  ],
  ['forwarded', 'Forwarded', 'host=evil.example;proto=https', 'should', undefined],
] as const;

for (const [slug, header, value, level, hint] of headers) {
  check({
    id: `redirect/${slug}-forged`,
    title: `sends the same redirect URI under a forged ${header} header`,
    clauses: ['oidc-core §3.1.2.1', 'rfc9700 §2.1'],
    level,
    severity: level === 'may' ? 'minor' : 'moderate',
    appMust: `Take its own origin from its config, not from ${header}; or refuse the request.`,
    otherwise: `Behind a cache, one forged request gives other people a sign-in that cannot work, or that leads elsewhere.${hint ? ` ${hint}` : ''}`,
    fix: 'Set AUTH_URL, or let the proxy in front overwrite the header.',
  })(async ({ visitor, lab }) => {
    // Over https the honest value of the scheme is https.
    const forged = header === 'X-Forwarded-Proto' && lab.app.origin.startsWith('https:') ? 'http' : value;
    const browser = await visitor();
    const headers = { [header]: forged };
    // Auth.js names its cookies after the scheme: a CSRF token from under another header would be refused as such.
    const csrf = lab.app.csrf
      ? (await browser.agent.hop(browser.at('/csrf'), { headers })).json()
      : undefined;
    const { csrfToken } = (csrf ?? {}) as { csrfToken?: string };
    // Where a guard leads strangers is the app's own; from Host alone it cannot know better.
    if (level === 'should')
      for (const path of [...lab.config.pages.protected, ...lab.config.pages.api]) {
        const { location } = await (await visitor()).get(path, { headers });
        demand(
          location?.hostname !== 'evil.example',
          () => `Led a stranger from ${path} to ${location?.origin} under ${header}: ${forged}.`,
        );
      }
    const answer = await browser.postSignIn({ headers, form: csrfToken ? { csrfToken } : {} });
    if (answer.location?.origin !== lab.publicIssuerOrigin) return;
    const sent = answer.location.searchParams.get('redirect_uri');
    demand(sent === lab.app.callbackUrl, `Sent the redirect URI ${sent} under ${header}: ${forged}.`);
  });
}

type Injected = Pick<CheckFixtures & LabFixtures, 'visitor' | 'lab'>;

/** The authorization request of a sign-in URL with parameters of a stranger; undefined when the app begins none. */
async function injected({ visitor, lab }: Injected, query: Record<string, string>) {
  const browser = await visitor();
  const answer = await browser.postSignIn({ query });
  if (answer.location?.origin !== lab.publicIssuerOrigin) return undefined;
  return { browser, answer, params: answer.location.searchParams };
}

check({
  id: 'redirect/injected-client-id',
  title: 'lets nobody choose another client through its sign-in URL',
  clauses: ['rfc6749 §4.1.1'],
  level: 'may',
  severity: 'minor',
  appMust: 'Send its own client_id and redirect_uri, whatever stands in the query of the sign-in URL.',
  otherwise:
    'A link into the app starts a sign-in for somebody else. Auth.js passes the query on; Logto refuses unknown pairs.',
})(async ({ visitor, lab }) => {
  const request = await injected(
    { visitor, lab },
    { client_id: 'another-client', redirect_uri: 'https://evil.example/callback' },
  );
  if (!request) return;
  const { params } = request;
  const own = { client_id: lab.config.target.clientId, redirect_uri: lab.app.callbackUrl };
  const others = Object.entries(own).flatMap(([name, value]) =>
    params.get(name) === value ? [] : `${name}=${params.get(name)}`,
  );
  demand(others.length === 0, `Sent ${others.join(' and ')} to Logto, from the query of its sign-in URL.`);
});

check({
  id: 'redirect/injected-redirect-uri',
  title: 'sends nobody to a redirect_uri that a stranger put into its sign-in URL',
  clauses: ['rfc9700 §2.1', 'rfc9700 §4.11'],
  level: 'must',
  severity: 'critical',
  appMust: 'Send the browser to Logto and to its own pages only, in that sign-in and in the next.',
  otherwise: 'A link to the real app ends at the stranger, with the code or on a phishing page.',
  fix: 'Read nothing from the query of the sign-in URL but callbackUrl, and that through callbacks.redirect.',
})(async ({ visitor, lab }) => {
  const browser = await visitor();
  const demandHome = (location: URL | undefined, when: string) =>
    demand(
      !location || [lab.app.origin, lab.publicIssuerOrigin].includes(location.origin),
      () => `Redirected the browser to ${location?.origin}${location?.pathname} ${when}.`,
    );
  const begun = await browser.postSignIn({ query: { redirect_uri: 'https://evil.example/callback' } });
  demandHome(begun.location, 'at the sign-in form');
  // Auth.js passes the query on, and Logto refuses what is not registered; what stays behind in the browser counts then.
  const own = begun.location?.searchParams.get('redirect_uri') === lab.app.callbackUrl;
  const url = own && begun.location ? begun.location : (await browser.startSignIn()).url;
  const { returned, page } = await browser.arrive(await browser.authorize(url));
  for (const { location } of [returned, page])
    demandHome(location, own ? 'after the sign-in' : 'after the next sign-in in that browser');
});

check({
  id: 'redirect/injected-scope',
  title: 'lets nobody choose other scopes through its sign-in URL',
  clauses: ['rfc6749 §3.3'],
  level: 'may',
  severity: 'minor',
  appMust: 'Ask for its own scopes, whatever stands in the query of the sign-in URL.',
  otherwise:
    'A link into the app asks for more, or less, than the app works with. Auth.js passes the query on.',
})(async ({ visitor, lab, meta }) => {
  const honest = await (await visitor()).startSignIn();
  const request = await injected({ visitor, lab }, { scope: 'openid all' });
  if (request) expect(request.params.get('scope'), meta.appMust).toBe(honest.params.get('scope'));
});

check({
  id: 'redirect/injected-challenge',
  title: 'lets nobody choose its PKCE challenge through its sign-in URL',
  clauses: ['rfc7636 §4.2', 'rfc9700 §2.1.1'],
  level: 'must',
  severity: 'serious',
  appMust:
    'End such a sign-in without a session, or with a challenge of its own: the verifier of a stranger is never enough.',
  otherwise: 'An attacker who knows the verifier redeems a code that was stolen from the victim.',
  fix: 'Make the challenge after the query was read, so that the own one stands.',
})(async ({ visitor, lab, notApplicable }) => {
  const honest = await (await visitor()).startSignIn();
  if (!honest.params.get('code_challenge')) notApplicable('the app sends no code_challenge');
  // The challenge of RFC 7636, Appendix B, whose verifier everybody knows.
  const known = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
  const request = await injected({ visitor, lab }, { code_challenge: known, code_challenge_method: 'S256' });
  if (request?.params.get('code_challenge') !== known) return;
  const { page } = await request.browser.arrive(
    await request.browser.authorize(request.answer.location as URL),
  );
  demand(
    !(await request.browser.session()),
    `Signed the person in under a challenge that stood in the query of the sign-in URL (${page.status}).`,
  );
});

check({
  id: 'redirect/injected-state',
  title: 'lets nobody choose its state or nonce through its sign-in URL',
  clauses: ['rfc6749 §10.12', 'oidc-core §15.5.2'],
  level: 'must',
  severity: 'serious',
  appMust:
    'End such a sign-in without a session, where state or nonce is what binds it; or send values of its own.',
  otherwise: 'An attacker who chose the state finishes the sign-in in the browser of a victim (login CSRF).',
  fix: 'Make state and nonce after the query was read, so that the own ones stand.',
})(async ({ visitor, lab, notApplicable }) => {
  const honest = await (await visitor()).startSignIn();
  const used = ['state', 'nonce'].filter((name) => honest.params.get(name));
  if (used.length === 0) notApplicable('the app sends neither state nor nonce');
  for (const name of used) {
    const chosen = 'chosen-by-a-stranger-0123456789';
    const request = await injected({ visitor, lab }, { [name]: chosen });
    if (request?.params.get(name) !== chosen) continue;
    await request.browser.arrive(await request.browser.authorize(request.answer.location as URL));
    demand(
      !(await request.browser.session()),
      `Signed the person in under a ${name} that stood in the query.`,
    );
  }
});
