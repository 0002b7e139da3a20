/**
 * A report of the size and shape of a real run: 150 checks, every verdict, exchanges on all four lanes, faults.
 * Tests and screenshots are made from it. It is deterministic, so that pictures and files can be compared.
 */
import type { Exchange, Lane } from '../mocks/journal.ts';
import { buildReport, type Facts } from './build.ts';
import type { CheckResult, Report, Severity, Verdict } from './model.ts';
import { sampleTable } from './sample-table.ts';

const STARTED = Date.parse('2026-11-23T09:30:00.000Z');
const APP = 'http://localhost:41733';
const ISSUER = 'http://127.0.0.1:41734';
const CARRIER = 'https://api.twilio.com';
const at = (ms: number) => new Date(STARTED + ms).toISOString();

interface Hop {
  from: Lane;
  to: Lane;
  method: string;
  url: string;
  status: number | null;
  endpoint?: string;
  request?: unknown;
  response?: unknown;
  location?: string;
  cookie?: string;
}

/** One sign-in as the mocks and the user agent see it. */
const signIn = (n: number): Hop[] => [
  {
    from: 'browser',
    to: 'app',
    method: 'GET',
    url: `${APP}/api/auth/csrf`,
    status: 200,
    response: { csrfToken: '‹CSRF token #11aa22›' },
    cookie: 'authjs.csrf-token=‹cookie #a1b2c3›; Path=/; HttpOnly; SameSite=Lax',
  },
  {
    from: 'browser',
    to: 'app',
    method: 'POST',
    url: `${APP}/api/auth/signin/logto`,
    status: 302,
    request: 'csrfToken=‹CSRF token #11aa22›&callbackUrl=%2F',
    location: `${ISSUER}/oidc/auth`,
    cookie: 'authjs.pkce.code_verifier=‹cookie #d4e5f6›; Max-Age=900; Path=/; HttpOnly; SameSite=Lax',
  },
  {
    from: 'app',
    to: 'issuer',
    method: 'GET',
    url: `${ISSUER}/oidc/.well-known/openid-configuration`,
    status: 200,
    endpoint: 'discovery',
    response: {
      issuer: `${ISSUER}/oidc`,
      authorization_endpoint: `${ISSUER}/oidc/auth`,
      token_endpoint: `${ISSUER}/oidc/token`,
      id_token_signing_alg_values_supported: ['ES384'],
      code_challenge_methods_supported: ['S256'],
    },
  },
  {
    from: 'browser',
    to: 'issuer',
    method: 'GET',
    url: `${ISSUER}/oidc/auth?client_id=conformance-app&redirect_uri=${encodeURIComponent(`${APP}/api/auth/callback/logto`)}&response_type=code&scope=openid+offline_access+profile+email&code_challenge=aZ3kTq${n}x&code_challenge_method=S256`,
    status: 303,
    endpoint: 'authorize',
    location: '/sign-in',
  },
  {
    from: 'browser',
    to: 'issuer',
    method: 'POST',
    url: `${ISSUER}/api/experience/verification/verification-code`,
    status: 200,
    request: { identifier: { type: 'phone', value: '•••••••••42' }, interactionEvent: 'SignIn' },
    response: { verificationId: 'vl4kx0q8m2' },
  },
  {
    from: 'issuer',
    to: 'carrier',
    method: 'POST',
    url: `${CARRIER}/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json`,
    status: 201,
    endpoint: 'messages',
    request:
      'To=%2B••••••••••42&MessagingServiceSid=MG00000000000000000000000000000001&Body=Your+code+is+‹one-time code #7c0ffe›',
    response: { sid: 'SM00000000000000000000000000000001', status: 'queued', num_segments: '1' },
  },
  {
    from: 'browser',
    to: 'issuer',
    method: 'POST',
    url: `${ISSUER}/api/experience/submit`,
    status: 200,
    response: { redirectTo: `${ISSUER}/oidc/auth/xK3v` },
  },
  {
    from: 'browser',
    to: 'app',
    method: 'GET',
    url: `${APP}/api/auth/callback/logto?code=‹code #9e8d7c›&iss=${encodeURIComponent(`${ISSUER}/oidc`)}`,
    status: 302,
    location: '/',
    cookie: 'authjs.session-token=‹cookie #f00ba4›; Path=/; HttpOnly; SameSite=Lax',
  },
  {
    from: 'app',
    to: 'issuer',
    method: 'POST',
    url: `${ISSUER}/oidc/token`,
    status: 200,
    endpoint: 'token',
    request: 'grant_type=authorization_code&code=‹code #9e8d7c›&code_verifier=‹code verifier #55ee66›',
    response: {
      access_token: '‹access token #0a0b0c›',
      id_token: '‹ID token #0d0e0f›',
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'openid profile email',
    },
  },
  {
    from: 'browser',
    to: 'app',
    method: 'GET',
    url: `${APP}/api/auth/session`,
    status: 200,
    response: {
      user: { name: 'Ada Lovelace', email: 'ada@example.test' },
      expires: '2026-12-23T09:30:00.000Z',
    },
  },
];

const exchange = (hop: Hop, seq: number, from: number, faults: string[]): Exchange => ({
  seq,
  at: at(from + seq * 4),
  durationMs: hop.from === 'issuer' ? 11 : 3,
  scope: 'sc-1',
  from: hop.from,
  to: hop.to,
  method: hop.method,
  url: hop.url,
  status: hop.status,
  request: {
    headers: {
      accept: '*/*',
      ...(hop.request !== undefined && {
        'content-type':
          typeof hop.request === 'string' ? 'application/x-www-form-urlencoded' : 'application/json',
      }),
    },
    body: hop.request ?? null,
  },
  response: {
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...(hop.location && { location: hop.location }),
      ...(hop.cookie && { 'set-cookie': [hop.cookie] }),
    },
    body: hop.response ?? null,
  },
  faults,
  facts: hop.endpoint ? { endpoint: hop.endpoint } : {},
});

const stageEndpoint: Record<string, string> = {
  'id-token': 'token',
  token: 'token',
  authorization: 'authorize',
  discovery: 'discovery',
  error: 'messages',
  delivery: 'messages',
};

function traffic(
  check: { fault?: string; negative: boolean; broken?: string },
  from: number,
): Pick<CheckResult, 'exchanges' | 'steps'> {
  const once = signIn(1);
  if (!check.negative) {
    return { exchanges: once.map((hop, index) => exchange(hop, index + 1, from, [])), steps: [] };
  }
  const struck = stageEndpoint[check.fault?.split('/')[0] ?? ''];
  const rounds = ['control', 'fault', 'recovery'] as const;
  const exchanges = rounds.flatMap((round, r) =>
    once.map((hop, index) =>
      exchange(
        hop,
        r * once.length + index + 1,
        from,
        round === 'fault' && check.fault && hop.endpoint === struck ? [check.fault] : [],
      ),
    ),
  );
  return {
    exchanges,
    steps: rounds.map((name, r) => ({
      name,
      outcome:
        name === 'fault'
          ? (check.broken ?? 'Refused: 302 at /api/auth/callback/logto (error=Configuration)')
          : 'A healthy sign-in ends in a session.',
      ok: name !== 'fault' || check.broken === undefined,
      from: r * once.length + 1,
      to: (r + 1) * once.length,
    })),
  };
}

/** Checks whose verdict is not `pass`, with what was seen. */
const SEEN: Record<
  string,
  { verdict: Verdict; message: string; log?: string[]; known?: string; detail?: string }
> = {
  'id-token/aud-other-client': {
    verdict: 'fail',
    message: 'Signed the person in: /session shows a session.',
    log: ['[auth][debug] adapter: none', 'GET /api/auth/callback/logto 302 in 48ms'],
  },
  'sign-out/csrf': {
    verdict: 'fail',
    message: 'Signed the person out without a CSRF token: Got 200, expected 302.',
    log: ['POST /api/auth/signout 200 in 6ms'],
  },
  'session/no-token': {
    verdict: 'fail',
    message: 'Shows an access token in /session, in user.accessToken.',
    known: 'The mobile client reads it until the BFF is live (tracked as AUTH-214).',
  },
  'id-token/signature-rogue-key': {
    verdict: 'warn',
    message: 'Signed the person in although a foreign key signed the ID token.',
  },
  'callback/token-hangs': {
    verdict: 'warn',
    message: 'GET http://localhost:41733/api/auth/callback/logto did not answer within 15 s.',
  },
  'callback/access-denied-page': {
    verdict: 'warn',
    message:
      'Answered with "Server error. There is a problem with the server configuration." when the person pressed Cancel.',
  },
  'redirect/nonce': { verdict: 'note', message: 'Sends no nonce; PKCE protects the code instead.' },
  'session/max-age': { verdict: 'note', message: 'Keeps a session for 30 days, the default of Auth.js.' },
  'sign-out/rp-logout': {
    verdict: 'not applicable',
    message:
      'the app does not claim that it ends Logto’s own session when the person signs out (feature "rp-logout")',
  },
  'sign-out/backchannel-events': {
    verdict: 'not applicable',
    message:
      'the app does not claim that it receives back-channel logout tokens (feature "backchannel-logout")',
  },
  'callback/state-wrong': {
    verdict: 'not applicable',
    message: 'the app sends no state (the default of Auth.js v5, which relies on PKCE)',
  },
  'phone-otp/forgot-password': {
    verdict: 'blocked',
    message:
      'What must work before this can be judged did not: Ended the sign-in without a session: 200 at /sign-in.',
  },
  'discovery/rotated-keys': {
    verdict: 'error',
    message: 'No exchange {"endpoint":"jwks"} within 5000 ms.',
    detail:
      'Error: no exchange {"endpoint":"jwks"} within 5000 ms\n    at journal.waitFor (mocks/journal.ts:104:26)',
  },
};

const suiteFile = (suite: string) => `suites/${suite}.spec.ts`;
const severities: Severity[] = ['critical', 'serious', 'moderate', 'minor'];

/** The checks of the sample, before they are put into a report. */
export function sampleChecks(): CheckResult[] {
  return sampleTable.map(({ id, title, clauses, level, fault, appMust, otherwise, fix }, index) => {
    const seen = SEEN[id];
    const from = 400 + index * 130;
    const suite = id.split('/')[0] as string;
    const verdict = seen?.verdict ?? 'pass';
    const skipped = verdict === 'not applicable';
    return {
      id,
      title,
      clauses,
      level,
      severity:
        level === 'must' ? (severities[index % 3] as Severity) : (severities[2 + (index % 2)] as Severity),
      ...(fault && { fault }),
      appMust,
      otherwise,
      ...(fix && { fix }),
      suite,
      verdict,
      ...(seen && { message: seen.message }),
      ...(seen?.detail && { detail: seen.detail }),
      ...(seen?.known && { known: seen.known }),
      durationMs: skipped ? 1 : 60 + ((index * 37) % 190),
      startedAt: at(from),
      file: suiteFile(suite),
      line: 8 + index * 11,
      retries: 0,
      ...(skipped
        ? { exchanges: [], steps: [] }
        : traffic({ fault, negative: Boolean(fault), broken: seen?.message }, from)),
      log: seen?.log ?? [],
      attachments: [],
      rerun: `npx authjs-conformance run --config conformance.config.ts ${id}`,
    } satisfies CheckResult;
  });
}

const facts: Facts = {
  tool: { name: 'authjs-conformance', version: '0.1.0' },
  startedAt: at(0),
  target: {
    name: 'acme-portal',
    origin: APP,
    basePath: '/api/auth',
    provider: 'logto',
    library: 'Auth.js v5',
    framework: 'Next.js',
    versions: { 'next-auth': '5.0.0-beta.32', '@auth/core': '0.41.3', next: '15.5.9' },
    features: ['phone-claim', 'refresh-token'],
    authFile: 'src/auth.ts',
  },
  environment: {
    node: 'v24.21.0',
    platform: 'linux x64',
    browser: 'chromium',
    ci: 'GitHub Actions',
    commit: '1f0c9be',
  },
  connector: {
    name: '@logto/connector-twilio-sms',
    version: '1.4.4',
    templates: {
      Register: 'covered',
      SignIn: 'covered',
      ForgotPassword: 'missing',
      Generic: 'covered',
      OrganizationInvitation: 'falls back to Generic',
    },
  },
  targetLog: ['▲ Next.js 15.5.9', '- Local: http://localhost:41733', '✓ Ready in 412ms'],
  comparedWith: {
    startedAt: '2026-11-20T16:02:11.000Z',
    better: ['redirect/pkce-s256'],
    worse: ['id-token/aud-other-client'],
    added: ['sign-out/csrf'],
    gone: [],
  },
};

/** The whole sample report; `only` keeps the checks that fit. */
export function sampleReport(only: (check: CheckResult) => boolean = () => true, more: Facts = {}): Report {
  const checks = sampleChecks().filter(only);
  const clauses = Object.fromEntries(
    checks.flatMap((check) =>
      check.clauses.map((key) => [
        key,
        {
          label: key.replace('oidc-core', 'OpenID Connect Core 1.0,').replace(/^rfc(\d+)/, 'RFC $1,'),
          url: `https://example.test/${encodeURIComponent(key)}`,
        },
      ]),
    ),
  );
  return buildReport({ facts: { ...facts, clauses, ...more }, checks, durationMs: 19_840 });
}
