/** One healthy sign-in, step by step, so that what is wrong is named by the setting that mends it. */
import type { Exchange } from '../../mocks/journal.ts';
import { type PersonInput, withProfile } from '../../mocks/people.ts';
import { isLimited, limitTold } from '../../reports/app-limits.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { ConformanceError, type ConformanceErrorParts, ConformanceFailure } from '../errors.ts';
import { journalOf } from '../lab/journal-of.ts';
import type { Lab } from '../lab/lab.ts';
import type { LabDescription } from '../lab/lab-description.ts';
import type { Usage } from '../lab/usage.ts';
import { saidByTenant, tenantRefuses } from '../live/refused.ts';
import { onboardingOf, onboardingTold, passOnboarding } from '../visitor/onboarding.ts';
import { pendingPerson } from '../visitor/pending-person.ts';
import { createVisitor, type Visitor } from '../visitor/visitor.ts';
import { placeOf, readApp } from './app-source.ts';
import { csrfRefused, isCsrfRefusal } from './csrf-cookie.ts';
import { difference } from './difference.ts';
import { type Context, causeIn, isGiven, issuerMissing, otherIssuer, quoted } from './log-causes.ts';
import { observeUsage } from './observe-usage.ts';
import { findSessionCookie, rememberSessionCookie } from './session-cookie.ts';

export interface Step {
  /** What was looked at. */
  name:
    | 'authorization request'
    | 'client id'
    | 'redirect URI'
    | 'scopes'
    | 'sign-in'
    | 'onboarding'
    | 'session cookie';
  ok: boolean;
  /** What was seen, in one sentence. */
  text: string;
  finding?: ConformanceErrorParts;
}

/**
 * Signs a made-up person in through the running lab.
 *
 * @returns what was looked at, in order, up to the first step that makes the rest impossible; and what the app uses
 */
export async function healthySignIn(lab: Lab, loaded: LoadedConfig): Promise<SmokeSignIn> {
  const first = await smoke(lab, loaded, firstOf(lab));
  const { reached } = first.usage;
  if (reached === 'session' || reached === 'nothing') return first;
  // Nobody new can sign in; whether people can whom Logto knows decides whether the checks have something to stand on.
  const second = await smoke(lab, loaded, { signedIn: true });
  if (second.usage.reached === 'session') return { steps: first.steps, usage: second.usage };
  // An app, or its database, may want more of people than Logto has of those who signed up by phone.
  const third = await smoke(lab, loaded, withProfile({ signedIn: true }));
  return third.usage.reached === 'session'
    ? { steps: first.steps, usage: { ...third.usage, profile: true } }
    : first;
}

/** What one smoke sign-in showed. */
export interface SmokeSignIn {
  steps: Step[];
  usage: Usage;
}

/** At a real tenant somebody whom it knows, unless accounts may be made. */
const firstOf = ({ description: { live } }: Lab): PersonInput =>
  live && !live.abilities.includes('sign-up') ? { signedIn: true } : {};

async function smoke(lab: Lab, loaded: LoadedConfig, who: PersonInput): Promise<SmokeSignIn> {
  const { client: control } = lab;
  const scope = await control.openScope({ label: 'smoke' });
  const since = lab.log.position;
  const context = async (): Promise<Context> => {
    await settled(lab);
    return { loaded, log: lab.log.since(since), app: readApp(loaded) };
  };
  const steps: Step[] = [];
  try {
    const visitor = createVisitor({
      lab: lab.description,
      control,
      scope: scope.id,
      person: lab.description.live ? pendingPerson(who) : await control.addPerson(who),
    });
    const arrived: Arrived = {};
    try {
      await walkThrough({ lab, loaded, visitor, scope: scope.id, context, steps, arrived });
    } catch (error) {
      if (error instanceof ConformanceError) steps.push(wrong('sign-in', error.parts));
      else if (error instanceof ConformanceFailure) steps.push(failed(error.message, await context()));
      else if (lab.description.live && saidByTenant(error))
        steps.push(wrong('sign-in', tenantRefuses(saidByTenant(error) as string)));
      else throw error;
    }
    const limited = visitor.agent.exchanges.find(isLimited);
    if (limited && steps.some(({ ok }) => !ok))
      steps.splice(0, steps.length, wrong('sign-in', limitTold('the smoke sign-in', limited)));
    const broken = steps.find(({ ok, name }) => !ok && name !== 'scopes');
    const usage = await observeUsage(lab, {
      visitor,
      scope: scope.id,
      session: arrived.session === true,
      until: arrived.position,
      request: arrived.request,
      reason: broken?.text,
    });
    const canary = canaryOf(visitor.agent.exchanges, lab.description);
    return {
      steps,
      usage: {
        ...usage,
        ...(arrived.onboarding && { onboarding: arrived.onboarding }),
        ...(canary && { canary }),
      },
    };
  } finally {
    await control.closeScope(scope.id);
  }
}

/** The CSRF token of Auth.js, where strangers were given one: every later visitor must be. */
function canaryOf(exchanges: readonly Exchange[], { app }: LabDescription): string | undefined {
  const path = `${app.basePath}/csrf`;
  const isAnswered = exchanges.some(
    ({ method, url, status, response }) =>
      method === 'GET' &&
      status === 200 &&
      url === `${app.origin}${path}` &&
      /json/i.test(String(response.headers['content-type'] ?? '')),
  );
  return isAnswered ? path : undefined;
}

/** Waits until the app has been silent for a moment: its log may arrive after its answer. */
async function settled({ log }: Lab): Promise<void> {
  for (let turn = 0, before = -1; turn < 10 && before !== log.position; turn += 1) {
    before = log.position;
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
}

const right = (name: Step['name'], text: string): Step => ({ name, ok: true, text });
const wrong = (name: Step['name'], finding: ConformanceErrorParts): Step => ({
  name,
  ok: false,
  text: finding.what,
  finding,
});

interface Walk {
  lab: Lab;
  loaded: LoadedConfig;
  visitor: Visitor;
  scope: string;
  context: () => Promise<Context>;
  steps: Step[];
  arrived: Arrived;
}

/** Filled in on the way, so that a walk that ends early tells how far it came. */
interface Arrived {
  /** The authorization request, as the app sent the browser to it. */
  request?: URL;
  /** Position of the journal when the browser had ended its way. */
  position?: number;
  session?: boolean;
  /** Where the app leads its members before they see anything else. */
  onboarding?: string;
}

async function walkThrough({ lab, loaded, visitor, scope, context, steps, arrived }: Walk): Promise<void> {
  const { description, client } = lab;
  const answer = await visitor.postSignIn();
  const url = answer.location;
  if (!url || url.origin !== description.publicIssuerOrigin) {
    if (isCsrfRefusal(url)) {
      const person = await client.addPerson();
      const fresh = createVisitor({ lab: description, control: client, scope, person });
      steps.push(wrong('authorization request', await csrfRefused(fresh, url, description.app)));
      return;
    }
    // Of a real issuer nobody hears what the app asked it.
    const asked =
      description.live !== undefined || (await journalOf(lab, { endpoint: 'discovery' })).length > 0;
    steps.push(
      wrong(
        'authorization request',
        noRequest(url, answer.status, asked, await context(), description.app.origin),
      ),
    );
    return;
  }
  arrived.request = url;
  steps.push(
    right(
      'authorization request',
      `the app sends people to ${url.origin}${url.pathname}: it reads the issuer`,
    ),
  );
  const request = [
    ...clientId(url, lab.description.live ? { ...loaded, config: description.config } : loaded),
    ...redirectUri(url, lab, loaded),
    ...scopes(url, loaded),
  ];
  steps.push(...request);
  if (request.some(({ ok, name }) => !ok && name !== 'scopes')) return;

  const callback = await visitor.authorize(url);
  const { returned, page } = await visitor.arrive(callback);
  arrived.position = (await client.state()).journal;
  arrived.session = Boolean(await visitor.session());
  if (arrived.session) {
    steps.push(right('sign-in', 'one healthy sign-in ends in a session'));
    await passOnboarding(visitor, description);
    const stranger = createVisitor({ lab: description, control: client, scope, person: visitor.person });
    arrived.onboarding = await onboardingOf(visitor, stranger, description);
    if (arrived.onboarding) steps.push(right('onboarding', onboardingTold(arrived.onboarding, description)));
    if ((await visitor.sessionCookies()).length === 0) steps.push(await otherCookie(lab, visitor, loaded));
    return;
  }
  const token = (await journalOf(lab, { endpoint: 'token' })).at(-1);
  const secure = [...answer.setCookies, ...returned.setCookies].some((cookie) =>
    /^__(Secure|Host)-/.test(cookie),
  );
  const ending = `it ended without a session, at ${page.url.pathname}${page.url.search} (${page.status})`;
  steps.push(
    tokenRefused(token, loaded) ??
      (secure && description.app.origin.startsWith('http:')
        ? secureCookies(description.app.origin)
        : failed(ending, await context())),
  );
}

/** There is a session, in a cookie of another name than Auth.js' own, or than the config tells. */
async function otherCookie(lab: Lab, visitor: Visitor, { config }: LoadedConfig): Promise<Step> {
  const found = await findSessionCookie(lab, visitor);
  const declared = config.session.cookie;
  if (found && !declared) {
    rememberSessionCookie(lab, found);
    return right('session cookie', `the session is in the cookie ${found}`);
  }
  return wrong('session cookie', {
    code: 'CONF_SESSION_COOKIE',
    key: 'session.cookie',
    what: found
      ? `the session is in the cookie ${found}, and the config says ${declared}`
      : 'the sign-in ended in a session, but no cookie alone brings it back',
    expected:
      'one cookie, with its chunks, that holds the session (session.cookie, when its name is not the one of Auth.js)',
    remedy: found ? `set session: { cookie: '${found}' }.` : 'name the session cookie: session.cookie.',
  });
}

/** The app's answer to the sign-in form did not lead to the issuer. */
function noRequest(
  url: URL | undefined,
  status: number,
  asked: boolean,
  context: Context,
  origin: string,
): ConformanceErrorParts {
  if (url && url.origin !== origin) return otherIssuer(url.host, context);
  const cause = causeIn(context);
  if (cause) return cause;
  const { provider } = context.app ?? {};
  const fixed = provider?.issuer?.every((piece) => typeof piece === 'string');
  const given = provider?.issuer?.some(
    (piece) => typeof piece !== 'string' && isGiven(context.loaded, piece.env),
  );
  if (!asked && provider?.issuer && !given && !context.loaded.config.target.issuer)
    return fixed ? otherIssuer(new URL(provider.issuer.join('')).host, context) : issuerMissing(context);
  const words = ['error', 'csrf'].flatMap((name) => {
    const value = url?.searchParams.get(name);
    return value ? [`${name}=${value}`] : [];
  });
  return {
    code: 'CONF_SMOKE_SIGN_IN',
    what: `the sign-in form was answered with ${status}${url ? ` and a redirect to ${url.pathname}${words.length ? `?${words.join('&')}` : ''}` : ''} instead of a redirect to the issuer${asked ? '' : '; the app never asked the mock for its discovery document'}${quoted(context.log)}`,
    expected:
      'a redirect to the issuer (target.env: the variable that the app reads its issuer from; target.issuer when it is hard-coded)',
    remedy: 'read the lines of the app above: Auth.js names the cause there.',
    key: asked ? undefined : 'target.env',
  };
}

function clientId(url: URL, loaded: LoadedConfig): Step[] {
  const sent = url.searchParams.get('client_id') ?? '';
  const { clientId: set } = loaded.config.target;
  if (sent === set) return [right('client id', `it sends the client id ${set}`)];
  const app = readApp(loaded);
  const name = app?.provider?.clientId?.flatMap((piece) => (typeof piece === 'string' ? [] : [piece.env]))[0];
  return [
    wrong('client id', {
      code: 'CONF_CLIENT_ID',
      key: sent && !name ? 'target.clientId' : `target.env.${name ?? 'AUTH_LOGTO_ID'}`,
      what: `the app sends another client id than it was given:\n${difference(['given', set], ['it sends', sent || '(none)'])}`,
      expected: `the client id ${set} (target.clientId), in a variable that the app reads; AUTH_LOGTO_ID is set by itself`,
      remedy:
        sent && !name
          ? `when it is fixed in ${placeOf(app)}, set target.clientId: '${sent}' (and target.clientSecret).`
          : `set target.env: { ${name ?? 'OIDC_CLIENT_ID'}: '{clientId}' }.`,
    }),
  ];
}

function redirectUri(url: URL, { description: { app } }: Lab, loaded: LoadedConfig): Step[] {
  const sent = url.searchParams.get('redirect_uri') ?? '';
  if (sent === app.callbackUrl)
    return [right('redirect URI', `its redirect URI is the registered one, ${sent}`)];
  return [
    wrong('redirect URI', {
      code: 'CONF_REDIRECT_URI',
      key: 'redirect_uri',
      what: `the redirect URI is not the registered one, character by character:\n${difference(['registered', app.callbackUrl], ['it sends', sent || '(none)'])}`,
      expected: 'the callback URL that the app itself names at /providers; Logto refuses any other',
      remedy: `correct redirect_uri (or redirectProxyUrl, AUTH_REDIRECT_PROXY_URL, AUTH_URL) in ${placeOf(readApp(loaded))} or the environment of the app.`,
    }),
  ];
}

function scopes(url: URL, loaded: LoadedConfig): Step[] {
  const { config } = loaded;
  const sent = (url.searchParams.get('scope') ?? '').split(' ').filter(Boolean);
  const missing = ['openid', ...(config.scopes ?? [])].filter((scope) => !sent.includes(scope));
  if (missing.length === 0) return [right('scopes', `it asks for ${sent.join(' ')}`)];
  return [
    wrong('scopes', {
      code: 'CONF_SCOPES',
      key: missing.includes('openid') ? 'authorization.params.scope' : 'scopes',
      what: `the app does not ask for ${missing.join(' ')}; it asks for ${sent.join(' ') || 'nothing'}`,
      expected: `openid${config.scopes?.length ? `, and what the config declares: ${config.scopes.join(' ')} (scopes)` : ''}`,
      remedy: `add them in ${placeOf(readApp(loaded))}: authorization: { params: { scope: '${[...new Set(['openid', ...sent, ...missing])].join(' ')}' } }${missing.includes('openid') ? '' : ', or take them out of scopes'}.`,
    }),
  ];
}

/** The mock refused the client at its token endpoint. */
function tokenRefused(token: Exchange | undefined, loaded: LoadedConfig): Step | undefined {
  if (token?.status !== 401 && token?.facts.error !== 'invalid_client') return undefined;
  const { config } = loaded;
  const app = readApp(loaded);
  const name = app?.provider?.clientSecret?.flatMap((piece) =>
    typeof piece === 'string' ? [] : [piece.env],
  )[0];
  const fixed = app?.provider?.clientSecret && !name;
  return wrong('sign-in', {
    code: 'CONF_CLIENT_SECRET',
    key: name ? `target.env.${name}` : 'target.clientSecret',
    what: 'the token endpoint refused the client (invalid_client): the app sends another client secret than the registered one',
    expected: `the secret in target.clientSecret${name ? `, in ${name}, which the app reads` : ''}; AUTH_LOGTO_SECRET is set by itself`,
    remedy: name
      ? `set target.env: { ${name}: '{clientSecret}' }.`
      : `${fixed ? `copy the secret that ${placeOf(app)} has into` : 'correct'} target.clientSecret${'AUTH_LOGTO_SECRET' in config.target.env ? ', and take AUTH_LOGTO_SECRET out of target.env' : ''}.`,
  });
}

const secureCookies = (origin: string): Step =>
  wrong('sign-in', {
    code: 'CONF_SCHEME',
    key: 'target.url',
    what: `the app sets __Secure- cookies, but is called at ${origin}: browsers drop them over http`,
    expected: 'the same scheme on both sides (AUTH_URL, useSecureCookies, X-Forwarded-Proto)',
    remedy:
      'take https out of AUTH_URL (and useSecureCookies out of the Auth.js config), or call the app by https: target.url.',
  });

function failed(what: string, context: Context): Step {
  const cause = causeIn(context);
  return wrong(
    'sign-in',
    cause ?? {
      code: 'CONF_SMOKE_SIGN_IN',
      what: `a healthy sign-in failed: ${what}${quoted(context.log, 12)}`,
      expected: 'a sign-in that ends in a session, before any fault is injected',
      remedy:
        'read the lines of the app above, or run `npx authjs-conformance doctor`: it walks through the settings one by one.',
    },
  );
}
