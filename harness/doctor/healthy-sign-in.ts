/** One healthy sign-in, step by step, so that what is wrong is named by the setting that mends it. */
import type { Exchange } from '../../mocks/journal.ts';
import { type PersonInput, withProfile } from '../../mocks/people.ts';
import { isLimited, limitTold } from '../../reports/app-limits.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { ConformanceError, ConformanceFailure } from '../errors.ts';
import { journalOf } from '../lab/journal-of.ts';
import type { Lab } from '../lab/lab.ts';
import type { LabDescription } from '../lab/lab-description.ts';
import type { Usage } from '../lab/usage.ts';
import { saidByTenant, tenantRefuses } from '../live/refused.ts';
import { onboardingOf, onboardingTold, passOnboarding } from '../visitor/onboarding.ts';
import { pendingPerson } from '../visitor/pending-person.ts';
import { createVisitor, type Visitor } from '../visitor/visitor.ts';
import { readApp } from './app-source.ts';
import { noRequest, requestSteps } from './authorization-request.ts';
import { csrfRefused, isCsrfRefusal } from './csrf-cookie.ts';
import { isNoGuest, meetGuests } from './guests.ts';
import type { Context } from './log-causes.ts';
import { failed, secureCookies, tokenRefused } from './no-session.ts';
import { observeUsage } from './observe-usage.ts';
import { findSessionCookie, rememberSessionCookie } from './session-cookie.ts';
import { right, type Step, wrong } from './step.ts';

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
  const guests = await meetGuests(lab, visitor.person, scope);
  if (guests) steps.push(guests);
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
  const request = requestSteps(url, lab, loaded);
  steps.push(...request);
  if (request.some(({ ok, name }) => !ok && name !== 'scopes')) return;

  const callback = await visitor.authorize(url);
  const { returned, page } = await visitor.arrive(callback);
  arrived.position = (await client.state()).journal;
  arrived.session = Boolean(await visitor.session()) || (await isNoGuest(lab, visitor));
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
