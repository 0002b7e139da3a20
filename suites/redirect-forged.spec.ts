/** What strangers put into the headers and the query of the sign-in form, and what they find on the app's pages. */
import { check } from '../harness/check.ts';
import { demand } from '../harness/errors.ts';
import { told } from '../harness/outcomes.ts';
import { pagesWithScripts } from '../harness/pages-with-scripts.ts';
import { signInControls } from '../harness/sign-in-controls.ts';

/** A registered redirect URI says nothing about these: Auth.js documents AUTH_TRUST_HOST as trust in the proxy in front. */
const LIMITED = 'Logto refuses a redirect URI that is not registered, so that no code gets lost, but';

check({
  id: 'redirect/host-forged',
  title: 'sends the same redirect URI under a forged Host header',
  clauses: ['oidc-core §3.1.2.1', 'rfc9700 §2.1'],
  level: 'may',
  severity: 'moderate',
  appMust: 'Take its own origin from its config, or refuse a Host that it does not know.',
  otherwise: `${LIMITED} nobody can sign in through a front that passes any Host on, and error pages lead elsewhere.`,
  fix: 'Set AUTH_URL, or let the proxy in front refuse unknown hosts.',
})(async ({ visitor, lab }) => {
  const answer = await (await visitor()).postSignIn({ headers: { Host: 'evil.example' } });
  const sent = answer.location?.searchParams.get('redirect_uri');
  demand(
    answer.location?.host !== 'evil.example',
    `Redirected the browser to ${answer.location?.origin} when the Host header said evil.example.`,
  );
  if (answer.location?.origin !== lab.publicIssuerOrigin) return;
  demand(
    sent === lab.app.callbackUrl,
    `Sent the redirect URI ${sent} when the Host header said evil.example.`,
  );
});

check({
  id: 'redirect/forwarded-proto-forged',
  title: 'sends the same redirect URI under a forged X-Forwarded-Proto header',
  clauses: ['oidc-core §3.1.2.1', 'rfc9700 §2.1'],
  level: 'may',
  severity: 'minor',
  appMust: 'Take its own scheme from its config, not from an X-Forwarded-Proto that no proxy of its own set.',
  otherwise: `${LIMITED} one forged header gives a sign-in that cannot work.`,
  fix: 'Set AUTH_URL, or let the proxy in front overwrite the header.',
})(async ({ visitor, lab }) => {
  const person = await visitor();
  const forged = lab.app.origin.startsWith('https:') ? 'http' : 'https';
  const headers = { 'X-Forwarded-Proto': forged };
  // Cookies are named after the scheme: the form's token must come from under the same header, or it alone is refused.
  const csrf = lab.app.csrf && (await person.agent.hop(person.at('/csrf'), { headers })).json();
  const { csrfToken } = (csrf || {}) as { csrfToken?: string };
  const answer = await person.postSignIn({ headers, form: csrfToken ? { csrfToken } : {} });
  if (answer.location?.origin !== lab.publicIssuerOrigin) return;
  const sent = answer.location.searchParams.get('redirect_uri');
  demand(
    sent === lab.app.callbackUrl,
    `Sent the redirect URI ${sent} when X-Forwarded-Proto said ${forged}.`,
  );
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
  const person = await visitor();
  const demandHome = (location: URL | undefined, when: string) =>
    demand(
      !location || [lab.app.origin, lab.publicIssuerOrigin].includes(location.origin),
      `Redirected the browser to ${location?.origin}${location?.pathname} ${when}.`,
    );
  const begun = await person.postSignIn({ query: { redirect_uri: 'https://evil.example/callback' } });
  demandHome(begun.location, 'at the sign-in form');
  // Auth.js passes the query on, and Logto refuses what is not registered; what stays behind in the browser counts then.
  const own = begun.location?.searchParams.get('redirect_uri') === lab.app.callbackUrl;
  const request = own && begun.location ? begun.location : (await person.startSignIn()).url;
  const { returned, page } = await person.arrive(await person.authorize(request));
  for (const { location } of [returned, page])
    demandHome(location, own ? 'after the sign-in' : 'after the next sign-in in that browser');
});

check({
  id: 'redirect/injected-scope',
  title: 'lets nobody widen its scopes through its sign-in URL',
  clauses: ['rfc6749 §3.3'],
  level: 'may',
  severity: 'minor',
  appMust: 'Ask for its own scopes, whatever stands in the query of the sign-in URL.',
  otherwise:
    'A link into the app asks people for more than the app needs, in its name. Auth.js passes the query on; Logto gives what the application may have.',
  fix: 'Drop the query of the sign-in URL in front of Auth.js, except callbackUrl.',
})(async ({ visitor, lab }) => {
  const { params } = await (await visitor()).startSignIn();
  const own = params.get('scope') ?? '';
  const answer = await (await visitor()).postSignIn({ query: { scope: `${own} all` } });
  if (answer.location?.origin !== lab.publicIssuerOrigin) return;
  const asked = (answer.location.searchParams.get('scope') ?? '').split(' ');
  const more = asked.filter((scope) => !own.split(' ').includes(scope));
  demand(more.length === 0, `Asked Logto for ${more.join(', ')} because the sign-in URL said so.`);
});

/** What binds a sign-in to the browser that began it: one value that a stranger knows is enough for login CSRF. */
for (const [slug, name, injected, clauses, otherwise] of [
  [
    'state',
    'state',
    { state: 'a-state-that-the-stranger-knows' },
    ['rfc6749 §10.12', 'rfc9700 §4.7'],
    'The stranger knows the state, and signs people in to an account of their own (login CSRF).',
  ],
  [
    'code-challenge',
    'code_challenge',
    { code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' },
    ['rfc7636 §7.1', 'rfc9700 §4.5'],
    'The stranger knows the verifier, and redeems the code of somebody else.',
  ],
  [
    'nonce',
    'nonce',
    { nonce: 'a-nonce-that-the-stranger-knows' },
    ['oidc-core §15.5.2', 'rfc9700 §4.5'],
    'The stranger knows the nonce, and an ID token that they prepared is taken.',
  ],
] as const) {
  check({
    id: `redirect/injected-${slug}`,
    title: `keeps its own ${name}, whatever its sign-in URL says`,
    clauses: [...clauses],
    level: 'must',
    severity: 'serious',
    appMust: `Send a ${name} that it made for this browser, never one from the query of the sign-in URL.`,
    otherwise,
    fix: "Leave state, PKCE and nonce to Auth.js: set the provider's checks, and copy no query into authorization.params.",
  })(async ({ visitor, lab, notApplicable }) => {
    const person = await visitor();
    if (!(await person.startSignIn()).params.get(name)) notApplicable(`the app sends no ${name} of its own`);
    const answer = await person.postSignIn({ query: injected });
    if (answer.location?.origin !== lab.publicIssuerOrigin) return;
    const sent = answer.location.searchParams.getAll(name);
    const stranger = (injected as Record<string, string>)[name] ?? '';
    demand(!sent.includes(stranger), `Sent the ${name} to Logto that stood in the sign-in URL.`);
    demand(sent.some(Boolean), `Sent no ${name} to Logto when one stood in the sign-in URL.`);
  });
}

check({
  id: 'redirect/no-secret-on-pages',
  title: 'keeps its client secret and AUTH_SECRET out of its pages and scripts',
  clauses: ['rfc6749 §2.3.1', 'owasp session'],
  level: 'must',
  severity: 'critical',
  appMust: 'Send neither secret to a browser: not in a page, not in JSON, not in a script.',
  otherwise: 'Whoever reads the source of a page acts as the app at Logto, or writes a session for anybody.',
  fix: 'Read both on the server only: no NEXT_PUBLIC_, VITE_ or PUBLIC_ name, no props or window.env with them.',
})(async ({ visitor, lab }) => {
  const { clientId, clientSecret } = lab.config.target;
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  const secrets = [
    ['its client secret', clientSecret],
    ['its client secret', encodeURIComponent(clientSecret)],
    ['its client secret (as Basic authorization)', basic],
    ...(lab.authSecret ? [['its AUTH_SECRET', lab.authSecret] as const] : []),
  ] as const;
  const { home, signIn, protected: closed } = lab.config.pages;
  const open = [home, signInPage(signIn, lab.app.basePath)];
  const own = ['/signin', '/error?error=Configuration', '/providers'].map(
    (path) => `${lab.app.basePath}${path}`,
  );
  const stranger = await visitor();
  const member = await visitor();
  const signedIn = await member.signIn();
  const answers = [
    ...(await pagesWithScripts(stranger.agent, lab.app.origin, [...open, ...own])),
    ...(await pagesWithScripts(member.agent, lab.app.origin, [
      home,
      ...closed,
      `${lab.app.basePath}/session`,
      // A sign-in that failed shows what there is to see, too.
      ...(signedIn.session ? [] : [signedIn.page.url.href]),
    ])),
  ];
  for (const { url, text } of answers)
    for (const [what, secret] of secrets)
      demand(!text.includes(secret), `Showed ${what} to the browser at ${url.pathname}.`);
});

/** The page where a sign-in is begun: as the config names it, or that of Auth.js, which may lead to one of the app. */
const signInPage = (setting: string | undefined, basePath: string) =>
  setting?.startsWith('/') ? setting : `${basePath}/signin`;

check({
  id: 'redirect/sign-in-buttons-accessible',
  title: 'names each control that begins a sign-in',
  clauses: ['wcag 4.1.2'],
  level: 'should',
  severity: 'moderate',
  appMust: 'Give each button and link that begins a sign-in a text, an aria-label, or a picture with alt.',
  otherwise: 'People who listen to the page hear "button", and do not find the way in.',
  fix: 'Write a text into the button, or add aria-label="Sign in with Logto"; alt for a picture, <title> for an svg.',
})(async ({ visitor, lab, notApplicable }) => {
  const person = await visitor();
  const { home, signIn } = lab.config.pages;
  const paths = [...new Set([signInPage(signIn, lab.app.basePath), home])];
  let found = 0;
  for (const [index, path] of paths.entries()) {
    const page = await person.agent.follow(await person.get(path), (next) => next.origin !== lab.app.origin);
    if (!String(page.headers['content-type']).startsWith('text/html')) continue;
    // On the sign-in page any button may begin one; on the home page only what leads to a sign-in surely does.
    const controls = signInControls(page.text, { any: index === 0 });
    found += controls.length;
    for (const { markup, name } of controls)
      demand(name, `Has a control without a name at ${page.url.pathname}: ${markup} (${told(page)}).`);
  }
  if (found === 0) notApplicable('the HTML holds no control: the pages are drawn by scripts in the browser');
});
