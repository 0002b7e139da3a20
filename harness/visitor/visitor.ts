/** A visitor: one person in front of the app, with a browser of their own. What a check body drives. */
import type { ControlClient } from '../../mocks/index.ts';
import type { Lane } from '../../mocks/journal.ts';
import { type WayIn, wayIn } from '../../mocks/logto/sign-in/way-in.ts';
import type { Person } from '../../mocks/people.ts';
import { SCOPE_COOKIE } from '../../mocks/scope.ts';
import { ConformanceFailure } from '../errors.ts';
import { issuerOriginsIn, type LabDescription } from '../lab/lab-description.ts';
import { secondElsewhere } from '../lab/second.ts';
import { sessionLines } from '../live/session.ts';
import { BY_PHONE, createExperience, type Experience } from '../logto/experience.ts';
import { isSignInPage, passConsent } from '../logto/pages.ts';
import { signInAtIssuer } from '../logto/sign-in.ts';
import { isLoopback } from '../user-agents/certificates.ts';
import {
  type Answer,
  createHttpAgent,
  type HopOptions,
  type HttpAgent,
  type HttpAgentOptions,
} from '../user-agents/http.ts';
import { distortInBrowser } from './browser-faults.ts';
import { changeOfPersonIn, consentFormOf } from './consent.ts';
import { type Guests, isGuest } from './guests.ts';
import { passOnboarding } from './onboarding.ts';
import { claimPerson } from './pending-person.ts';

export interface AuthorizationRequest {
  /** The app's answer to the sign-in form. */
  answer: Answer;
  /** The authorization request that the app sends the browser to. */
  url: URL;
  params: URLSearchParams;
}

export interface Session {
  user?: Record<string, unknown>;
  expires?: string;
  [member: string]: unknown;
}

export interface SignInOptions {
  callbackUrl?: string;
  /** Added to the query of the sign-in URL; Auth.js passes it on to the issuer. */
  query?: Record<string, string>;
  /** Added to, or replacing, the members of the sign-in form. */
  form?: Record<string, string>;
  headers?: Record<string, string>;
  /** The page behind the callback is opened only where there is no session before it: an app may make it there. */
  brief?: boolean;
}

export interface SignIn {
  request: AuthorizationRequest;
  /** The callback as Logto sent it. */
  callback: URL;
  /** The app's own answer to the callback, before its redirects are followed. */
  returned: Answer;
  /** The page the browser ends on. */
  page: Answer;
  session: Session | null;
}

export interface Visitor {
  agent: HttpAgent;
  /** What visits to the issuer leave by; the same, unless two apps or issuers share a browser. */
  atIssuer: HttpAgent;
  /** The issuer is a real Logto, whose settings are not ours. */
  real: boolean;
  person: Person;
  experience: Experience;
  /** Path below the Auth.js base path → URL. */
  at(path: string): string;
  get(path: string, options?: HopOptions): Promise<Answer>;
  csrfToken(): Promise<string | undefined>;
  /** Sends the sign-in form as a browser does; the answer may or may not lead to the issuer. */
  postSignIn(options?: SignInOptions): Promise<Answer>;
  /** Sends the sign-in form and demands that it leads to the issuer. */
  startSignIn(options?: SignInOptions): Promise<AuthorizationRequest>;
  /** Goes through Logto until it sends the browser back to the app; signs in there when asked. */
  authorize(url: URL): Promise<URL>;
  /** Opens Logto's sign-in with an authorization request of the app; a refusal is the app's failure. */
  openIssuer(url: URL): Promise<void>;
  /** Takes the callback to the app and follows its own redirects. */
  arrive(callback: URL, options?: HopOptions): Promise<{ returned: Answer; page: Answer }>;
  /** The whole sign-in. Never throws for a refusal: the session tells. */
  signIn(options?: SignInOptions): Promise<SignIn>;
  session(): Promise<Session | null>;
  sessionAnswer(): Promise<Answer>;
  /** Session cookies that hold a value, chunks in order. */
  sessionCookies(): Promise<{ key: string; value: string }[]>;
  /** Lets seconds pass, at Logto and in the browser, whose cookies grow older; the app itself has no other clock. */
  elapse(seconds: number): Promise<void>;
  signOut(options?: { callbackUrl?: string; form?: Record<string, string>; csrf?: boolean }): Promise<Answer>;
}

/** Session cookies of Auth.js v5 and next-auth v4, with prefixes and chunks (facts: authjs.md, Cookies). */
export const SESSION_COOKIE = /^(?:__Secure-|__Host-)?(?:authjs|next-auth)\.session-token(?:\.\d+)?$/;

export const isSessionCookie = (name: string, declared?: string): boolean =>
  declared ? name === declared || name.startsWith(`${declared}.`) : SESSION_COOKIE.test(name);

/**
 * A session JSON, or null: v5 says `null` and v4 says `{}` when nobody is signed in. v4 cannot end a session in its callbacks;
 * one that names nobody, and is over by its own word, is how apps say so. That of a guest is nobody's.
 */
export const sessionIn = (body: unknown, guests?: Guests): Session | null =>
  typeof body === 'object' &&
  body !== null &&
  Object.keys(body).length > 0 &&
  !('message' in body) &&
  !isOver(body) &&
  !isGuest(body as Session, guests)
    ? (body as Session)
    : null;

const isOver = ({ user, expires }: { user?: unknown; expires?: unknown }): boolean =>
  !user && typeof expires === 'string' && Date.parse(expires) <= Date.now();

export function createVisitor(options: {
  lab: LabDescription;
  control: ControlClient;
  scope: string;
  person: Person;
  /**
   * The browser of somebody who is in front of the app already; what it sends to the issuer leaves through another agent,
   * as issuers on one host with different ports would share their cookies.
   */
  browser?: { app: HttpAgent; issuer: HttpAgent };
  /** How the person gets in (default: by the sign-in experience of the run). */
  way?: () => WayIn;
}): Visitor {
  const { lab, control, scope, person, browser } = options;
  const { app } = lab;
  const { live } = lab;
  const agent = browser?.app ?? createBrowser({ lab, scope, person });
  const atIssuer = browser?.issuer ?? agent;
  /** Whoever is still nobody becomes somebody of the tenant, with the cookies of an earlier visit to Logto. */
  const claim = async () => {
    const claimed = await claimPerson(control, person, scope);
    for (const cookie of claimed?.cookies ?? []) await atIssuer.jar.setCookie(cookie, lab.publicIssuerOrigin);
  };
  const experience = createExperience({
    agent: atIssuer,
    issuerOrigin: lab.publicIssuerOrigin,
    control,
    person,
    claim,
    real: live?.real,
    way: options.way ?? (() => wayOf(lab)),
  });
  const at = (path: string) => `${app.origin}${app.basePath}${path}`;
  const get: Visitor['get'] = (path, hop) => agent.hop(new URL(path, app.origin), hop);
  const isApp = (url: URL) => url.origin === app.origin;

  const csrfToken = async () => {
    if (!app.csrf) return undefined;
    const answer = await agent.hop(at('/csrf'), { headers: { accept: 'application/json' } });
    return (answer.json() as { csrfToken?: string } | undefined)?.csrfToken;
  };

  const postSignIn: Visitor['postSignIn'] = async ({
    callbackUrl = `${app.origin}/`,
    query = {},
    form = {},
    headers,
  } = {}) => {
    const csrf = await csrfToken();
    const url = new URL(at(`/signin/${app.provider}`));
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return agent.hop(url, {
      method: 'POST',
      form: { ...(csrf && { csrfToken: csrf }), callbackUrl, ...form },
      headers,
    });
  };

  const startSignIn: Visitor['startSignIn'] = async (signIn) => {
    const answer = await postSignIn(signIn);
    const url = answer.location;
    // Our own issuers listen on this machine: a second provider that leads to the first one is the app's own mistake.
    const isElsewhere = url && url.origin !== lab.publicIssuerOrigin && !isLoopback(url.hostname);
    if (isElsewhere && lab.second?.id === app.provider) throw secondElsewhere(app.provider, url);
    if (!url || url.origin !== lab.publicIssuerOrigin) {
      throw new ConformanceFailure(
        `Answered the sign-in form with ${answer.status}${url ? ` and a redirect to ${url.origin}${url.pathname}${errorIn(url)}` : ''} instead of a redirect to the issuer.`,
      );
    }
    return { answer, url, params: url.searchParams };
  };

  const authorize: Visitor['authorize'] = async (url) => {
    await claim();
    let answer = await atIssuer.hop(url);
    for (let hops = 0; hops < 20; hops += 1) {
      const next = answer.location ?? (live ? await passConsent(atIssuer, answer) : undefined);
      const consent = next ? undefined : (consentFormOf(answer) ?? changeOfPersonIn(answer));
      if (consent) {
        answer = await atIssuer.hop(consent.url, { method: 'POST', form: consent.fields });
        continue;
      }
      if (!next) break;
      if (next.origin !== lab.publicIssuerOrigin) return live ? leaveReal(next, url) : next;
      answer = await atIssuer.hop(
        isSignInPage(next) ? await signInAtIssuer(experience, person, live?.real) : next,
      );
    }
    throw refusedBy(answer);
  };

  /** From a real Logto back to the app: its cookies are kept for the next visit, and armed faults are made here. */
  const leaveReal = async (callback: URL, request: URL) => {
    const cookies = sessionLines(await atIssuer.cookies(lab.publicIssuerOrigin));
    await control.call('PUT', `/people/${encodeURIComponent(person.phone)}/session`, cookies);
    return distortInBrowser(callback, { lab, control, scope, request });
  };

  const openIssuer: Visitor['openIssuer'] = async (url) => {
    const answer = await atIssuer.hop(url);
    if (answer.location?.origin !== lab.publicIssuerOrigin) throw refusedBy(answer);
  };

  const goOn = (returned: Answer) => agent.follow(returned, (next) => !isApp(next));
  const arrive: Visitor['arrive'] = async (callback, hop) => {
    const returned = await agent.hop(callback, hop);
    return { returned, page: await goOn(returned) };
  };

  const sessionAnswer = () => agent.hop(at('/session'), { headers: { accept: 'application/json' } });
  const session = async () => sessionIn((await sessionAnswer()).json(), lab.guests);

  const visitor: Visitor = {
    agent,
    atIssuer,
    real: live !== undefined,
    person,
    experience,
    at,
    get,
    csrfToken,
    postSignIn,
    startSignIn,
    authorize,
    openIssuer,
    arrive,
    async signIn({ brief, ...signInOptions } = {}) {
      const request = await startSignIn(signInOptions);
      const callback = await authorize(request.url);
      const returned = await agent.hop(callback);
      const early = brief ? await session() : null;
      if (early) return { request, callback, returned, page: returned, session: early };
      const page = await goOn(returned);
      const known = await session();
      if (known && lab.config.pages.onboarding.length > 0) await passOnboarding(visitor, lab);
      return { request, callback, returned, page, session: known };
    },
    session,
    sessionAnswer,
    async sessionCookies() {
      const held = (await agent.cookies(app.origin)).filter(
        ({ key, value }) => value && isSessionCookie(key, lab.config.session.cookie),
      );
      // That of a guest opens nothing of a member.
      return held.length && lab.guests && !(await session()) ? [] : held;
    },
    async elapse(seconds) {
      await control.advance(scope, seconds);
      await agent.age(seconds);
    },
    async signOut({ callbackUrl = `${app.origin}/`, form = {}, csrf = true } = {}) {
      const token = csrf ? await csrfToken() : undefined;
      return agent.hop(at('/signout'), {
        method: 'POST',
        form: { ...(token && { csrfToken: token }), callbackUrl, ...form },
      });
    },
  };
  return visitor;
}

/** How people get in where nothing else is said; a real tenant is prepared for phone and code. */
export const wayOf = ({ signInExperience }: Pick<LabDescription, 'signInExperience'>): WayIn =>
  signInExperience ? wayIn(signInExperience.settings) : BY_PHONE;

/** A browser in which nothing was done yet but, perhaps, a sign-in at the issuer. */
export function createBrowser(options: {
  lab: LabDescription;
  scope: string;
  person: Person;
  facts?: HttpAgentOptions['facts'];
}): HttpAgent {
  const { lab, scope, person, facts } = options;
  const issuers = issuerOriginsIn(lab);
  return createHttpAgent({
    scope,
    facts,
    laneOf: (origin): Lane => (origin !== lab.app.origin && issuers.includes(origin) ? 'issuer' : 'app'),
    reroutes: lab.reroutes,
    ca: lab.ca,
    ...(lab.live && { real: true, pace: lab.live.pace }),
    cookies: [lab.publicIssuerOrigin, lab.issuerOrigin].flatMap((origin) =>
      // To a real issuer our scopes are nothing.
      [...(lab.live ? [] : [`${SCOPE_COOKIE}=${scope}; Path=/`]), ...(person.cookies ?? [])].map(
        (cookie) => ({
          origin,
          cookie,
        }),
      ),
    ),
  });
}

const refusedBy = ({ status, text, location }: Answer) =>
  new ConformanceFailure(
    `Sent an authorization request that Logto refused: ${status} ${location ? location.searchParams : text.slice(0, 300)}`,
  );

/** The words that Auth.js has for what went wrong; `csrf=true` says that the CSRF cookie did not come back. */
const errorIn = (url: URL) => {
  const told = ['error', 'csrf'].flatMap((name) =>
    url.searchParams.get(name) ? [`${name}=${url.searchParams.get(name)}`] : [],
  );
  return told.length ? `?${told.join('&')}` : '';
};
