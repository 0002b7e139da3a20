/** How a sign-in is begun, and where it lets people be sent afterwards. */
import { check } from '../harness/check/check.ts';
import { told } from '../harness/check/outcomes.ts';
import { demand } from '../harness/errors.ts';

check({
  id: 'redirect/get-starts-no-sign-in',
  title: 'starts no sign-in by a plain GET',
  clauses: ['authjs csrf', 'rfc9700 §4.7'],
  level: 'must',
  severity: 'serious',
  signIn: 'begun',
  appMust: 'Start a sign-in on POST only.',
  otherwise: 'Any page can start sign-ins for its visitors with an image or a link (login CSRF).',
})(async ({ visitor, lab }) => {
  const person = await visitor();
  const answer = await person.agent.hop(person.at(`/signin/${lab.app.provider}`));
  demand(
    answer.location?.origin !== lab.publicIssuerOrigin,
    'Redirected a GET of the sign-in URL to the issuer.',
  );
});

check({
  id: 'redirect/csrf-token-needed',
  title: 'starts no sign-in without its CSRF protection',
  clauses: ['asvs 3.5.1', 'authjs csrf', 'owasp csrf'],
  level: 'must',
  severity: 'serious',
  signIn: 'begun',
  appMust:
    'Refuse a sign-in form that lacks the CSRF token (or, where there are none, that comes from another origin).',
  otherwise: 'Any page can start sign-ins for its visitors (login CSRF).',
})(async ({ visitor, lab, step }) => {
  await step(
    'control',
    async () => (await visitor()).startSignIn(),
    () => 'The form with its token leads to the issuer.',
  );
  const person = await visitor();
  const answer = await person.agent.hop(person.at(`/signin/${lab.app.provider}`), {
    method: 'POST',
    form: { callbackUrl: `${lab.app.origin}/` },
    headers: lab.app.csrf ? {} : { origin: 'https://evil.example' },
  });
  demand(
    answer.location?.origin !== lab.publicIssuerOrigin,
    'Started a sign-in from a form without a CSRF token.',
  );
});

check({
  id: 'redirect/csrf-token-of-another-browser',
  title: "refuses a CSRF token that belongs to another browser's cookie",
  clauses: ['asvs 3.5.1', 'authjs csrf', 'owasp csrf'],
  level: 'must',
  severity: 'serious',
  signIn: 'begun',
  appMust: 'Accept a CSRF token only together with the cookie it was issued with.',
  otherwise: 'An attacker uses a token of their own in the forms they plant.',
})(async ({ visitor, lab, notApplicable }) => {
  const victim = await visitor();
  const starts = async (form: Record<string, string>, headers?: Record<string, string>) =>
    (await victim.postSignIn({ form, headers })).location?.origin === lab.publicIssuerOrigin;
  if (!lab.app.csrf) {
    // What stands in the place of the token is looked at, not taken for granted.
    const refusesForeign = !(await starts({}, { origin: 'https://evil.example' }));
    notApplicable(
      refusesForeign
        ? 'it gives out no CSRF tokens, and refuses forms of another origin'
        : 'it gives out no CSRF tokens, and takes forms of another origin: redirect/csrf-token-needed judges that',
    );
  }
  const stolen = (await (await visitor()).csrfToken()) ?? '';
  demand(!(await starts({ csrfToken: stolen })), 'Started a sign-in with the CSRF token of another browser.');
});

check({
  id: 'redirect/callback-url-kept',
  title: 'brings the person back to the page they came from',
  clauses: ['authjs callbacks'],
  level: 'must',
  severity: 'moderate',
  appMust:
    'Redirect to the callbackUrl of its own origin after the sign-in: that of this browser, whoever else signs in at the same time.',
  otherwise:
    'People lose their place whenever they sign in, or see an address that was meant for somebody else.',
  fix: 'Leave the callbackUrl in the cookie where Auth.js keeps it, and nothing of a request in a variable of a module.',
})(async ({ visitor, lab }) => {
  const { home, protected: inside } = lab.config.pages;
  const bare = (url: string) => url.split('?')[0] ?? '';
  const signInFor = async (path: string) => {
    const wanted = `${lab.app.origin}${path}?from=conformance`;
    const [person, another] = [await visitor(), await visitor()];
    const { url } = await person.startSignIn({ callbackUrl: wanted });
    // Somebody else begins meanwhile, at another page: each browser has a place of its own.
    const theirs = `${lab.app.origin}${path}?from=somebody-else`;
    await another.startSignIn({ callbackUrl: theirs });
    const { returned } = await person.arrive(await person.authorize(url));
    demand(
      returned.location?.href !== theirs,
      'Brought the person to the page that somebody else had come from, who began to sign in a moment later.',
    );
    return { wanted, returned };
  };
  let { wanted, returned } = await signInFor(home);
  // Whoever comes from the home page may be shown the members' own instead; whoever comes from another page is not.
  const [other] = inside.filter((path) => path !== home && !path.includes('?'));
  if (other && returned.location?.href !== wanted && returned.location?.origin === lab.app.origin)
    ({ wanted, returned } = await signInFor(other));
  // An app may know its pages, and not what else an address says: the place is kept all the same.
  const isPlace = (to: URL | undefined) => to && !to.search && `${to.origin}${to.pathname}` === bare(wanted);
  demand(
    returned.location?.href === wanted ||
      (bare(wanted) !== `${lab.app.origin}${home}` && isPlace(returned.location)),
    () => `Redirected to ${returned.location?.href ?? told(returned)} instead of ${wanted}.`,
  );
});

/** What attackers put where a callbackUrl is expected (RFC 9700 §4.11; facts: peers.md A.4 #8). */
const foreign: [slug: string, what: string, url: (origin: string) => string][] = [
  ['absolute', 'an absolute URL of another site', () => 'https://evil.example/phish'],
  ['protocol-relative', 'a URL that starts with //', () => '//evil.example/phish'],
  ['backslash', 'a URL that starts with /\\', () => '/\\evil.example/phish'],
  [
    'userinfo',
    'a URL that hides the site behind the own host as user name',
    (origin) => `${origin}@evil.example/phish`,
  ],
  [
    'look-alike',
    'a look-alike domain that begins with the own host name',
    (origin) => `http://${new URL(origin).hostname}.evil.example/phish`,
  ],
  [
    'contains',
    'a URL of another site that holds its own address',
    (origin) => `https://evil.example/phish?${origin}`,
  ],
  [
    'suffix',
    'a domain that ends with the own host name',
    (origin) => `http://evil${new URL(origin).host}/phish`,
  ],
  ['encoded', 'an encoded URL of another site', () => '%2F%2Fevil.example%2Fphish'],
  ['tab', 'a URL that hides its second slash behind a tab', () => '/\t/evil.example/phish'],
  [
    'nested',
    'another site that stands in the query of its own page',
    (origin) => `${origin}/?next=https://evil.example/phish&callbackUrl=https://evil.example/phish`,
  ],
  ['javascript', 'a javascript: URL', () => 'javascript:alert(document.domain)'],
];

for (const [slug, what, make] of foreign) {
  check({
    id: `redirect/callback-url-${slug}`,
    title: `does not redirect to ${what}`,
    clauses: ['rfc9700 §4.11', 'rfc6749 §10.15'],
    level: 'must',
    severity: 'serious',
    appMust: 'Redirect to its own origin only, whatever callbackUrl says.',
    otherwise: 'A link to the real app ends on a phishing page right after the sign-in (open redirect).',
    fix: 'Let callbacks.redirect return URLs of baseUrl only, as its default does.',
  })(async ({ visitor, lab }) => {
    const person = await visitor();
    const begun = await person.postSignIn({ callbackUrl: make(lab.app.origin) });
    if (begun.location?.origin !== lab.publicIssuerOrigin) {
      demandOwn(begun.location, lab.app.origin);
      return;
    }
    const { returned, page } = await person.arrive(await person.authorize(begun.location));
    demandOwn(returned.location, lab.app.origin);
    demandOwn(page.location, lab.app.origin);
  });
}

function demandOwn(location: URL | undefined, origin: string): void {
  if (!location) return;
  // A browser reads a backslash as a slash, and so does URL.
  demand(location.origin === origin, `Redirected the browser to ${location.href}.`);
}

check({
  id: 'redirect/provider-listed',
  title: 'offers the Logto sign-in on its sign-in page',
  clauses: ['authjs pages', 'wcag 4.1.2'],
  level: 'should',
  severity: 'moderate',
  signIn: 'none',
  appMust: 'Show a page with a control to sign in, at its sign-in URL.',
  otherwise: 'A person who is sent to the sign-in page finds no way on.',
})(async ({ visitor, lab }) => {
  const person = await visitor();
  const page = await person.agent.follow(
    await person.get(
      /^\//.test(lab.config.pages.signIn ?? '')
        ? String(lab.config.pages.signIn)
        : `${lab.app.basePath}/signin`,
    ),
  );
  demand(page.status === 200, `Answered the sign-in page with ${told(page)}.`);
  demand(
    /<(button|input|a)\b/i.test(page.text) || /<script/i.test(page.text),
    'Showed a sign-in page without a control.',
  );
});

check({
  id: 'redirect/pkce-without-discovery',
  title: 'protects the sign-in by S256, nonce or state when discovery stops listing S256',
  clauses: ['rfc9700 §2.1', 'rfc8414 §2'],
  level: 'must',
  severity: 'serious',
  fault: 'discovery/pkce-methods-missing',
  signIn: 'begun',
  appMust: 'Send an S256 challenge all the same, or else a nonce or a state.',
  otherwise:
    'Without S256 in the list an app may take it that Logto has no PKCE; then nothing binds the sign-in to the browser that began it.',
})(async ({ visitor, arm, notApplicable }) => {
  const healthy = await (await visitor()).startSignIn();
  if (!healthy.params.get('code_challenge')) notApplicable('the app sends no code_challenge');
  await arm('discovery/pkce-methods-missing');
  const { params } = await (await visitor()).startSignIn();
  await arm();
  const challenge = params.get('code_challenge_method') === 'S256' && params.get('code_challenge');
  demand(
    challenge || params.get('nonce') || params.get('state'),
    `Sent ${params.get('code_challenge') ? `a challenge of the method ${params.get('code_challenge_method') ?? 'plain'}` : 'no challenge'}, and neither nonce nor state.`,
  );
});
