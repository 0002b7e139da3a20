/**
 * What an app uses, read from the exchanges of its smoke sign-in: the wire decides which checks apply, never a claim of
 * the config. Pure.
 */
import type { Exchange } from '../../mocks/journal.ts';
import type { UsageRow } from '../../reports/model.ts';
import { type Feature, features } from '../config/config.ts';

/** How far a healthy sign-in came: nothing, an authorization request, a token request, a session. */
export const STAGES = ['nothing', 'request', 'exchange', 'session'] as const;
export type Stage = (typeof STAGES)[number];

/** What can be seen on the wire; those that are no feature of the config are told, and decide nothing. */
export type Visible =
  | 'state'
  | 'nonce'
  | 'pkce'
  | 'userinfo'
  | 'offline-access'
  | 'refresh-token'
  | 'refresh'
  | 'rp-logout'
  | 'resource'
  | 'organizations';

export interface Usage {
  /** How far the best of the smoke sign-ins came. */
  reached: Stage;
  /** Why it ended without a session, in one sentence. */
  reason?: string;
  /** Only people with a name and an e-mail address get in, so that those who are made up have both. */
  profile?: true;
  /** A page of the app that its members are led to before they see anything else, and that nobody has said how to pass. */
  onboarding?: string;
  /** A path of the app that strangers were answered at with 200: what shows whether the app still answers this address. */
  canary?: string;
  /** What was looked for: whether it was seen. Missing: the sign-in ended before it could be seen. */
  seen: Partial<Record<Visible, boolean>>;
}

/** The exchanges of a smoke sign-in, in the parts that say different things. */
export interface Observed {
  /** The authorization request that the app sent the browser to; missing when it sent none. */
  request?: URL;
  /** Up to the page that the browser ends on. */
  signIn: readonly Exchange[];
  /** The use of the session after the access token expired; missing when that was not tried. */
  afterExpiry?: readonly Exchange[];
  /** The sign-out of the app; missing when that was not tried. */
  signOut?: readonly Exchange[];
  /** Nothing but what browsers carry was seen: what the app's server asks of Logto stays unknown. */
  inBrowser?: boolean;
}

const ORGANIZATIONS = /(?:^|\s)urn:logto:scope:organi[sz]ation/;

const of = (exchanges: readonly Exchange[], endpoint: string) =>
  exchanges.filter(({ facts }) => facts.endpoint === endpoint);

/** Whether a token response held a member; values are redacted, names are not. */
const answered = (exchanges: readonly Exchange[], member: string) =>
  of(exchanges, 'token').some(
    ({ status, response: { body } }) =>
      status === 200 &&
      (typeof body === 'string' ? body : JSON.stringify(body ?? {})).includes(`"${member}"`),
  );

/**
 * Reads what an app uses.
 *
 * @param reached how far the sign-in came, as the user agent knows
 */
export function usageOf(observed: Observed, reached: Stage, reason?: string): Usage {
  const { request, signIn, afterExpiry, signOut } = observed;
  const seen: Usage['seen'] = {};
  if (request) {
    const params = request.searchParams;
    const scope = params.get('scope') ?? '';
    seen.state = Boolean(params.get('state'));
    seen.nonce = Boolean(params.get('nonce'));
    seen.pkce = Boolean(params.get('code_challenge'));
    seen['offline-access'] = scope.split(/\s+/).includes('offline_access');
    seen.resource = params.has('resource');
    seen.organizations = ORGANIZATIONS.test(scope);
  }
  if (reached === 'session' && !observed.inBrowser) {
    seen.userinfo = of(signIn, 'userinfo').length > 0;
    seen['refresh-token'] = answered(signIn, 'refresh_token');
  }
  if (afterExpiry)
    seen.refresh = of(afterExpiry, 'token').some(({ facts }) => facts.grantType === 'refresh_token');
  if (signOut) seen['rp-logout'] = of(signOut, 'end-session').length > 0;
  return { reached, ...(reason && { reason }), seen };
}

/** Whether a stage was reached. */
export const reaches = (usage: Usage, stage: Stage): boolean =>
  STAGES.indexOf(usage.reached) >= STAGES.indexOf(stage);

/** Why the sign-in came no further, in words. */
export const reasonOf = ({ reason }: Usage): string => reason ?? 'the smoke sign-in ended without a session';

interface Decision {
  applies: boolean;
  /** What was seen; undefined when it cannot be seen, or was not. */
  seen?: boolean;
  /** Why it is judged, or not, where claim and wire do not simply agree. */
  note?: string;
}

const UNSEEN = 'the smoke sign-in ended before this could be seen: the claim decides';

/**
 * Decides whether the checks of a feature apply.
 *
 * State, nonce, userinfo, organizations and API resources are decided by the wire alone. A refresh token must have been received; that it is used is a
 * duty of apps that were seen to refresh, or claim to. A sign-out at Logto is judged when it was seen or claimed. What no
 * exchange shows (a database, a path for logout tokens, codes of its own) is decided by the claim.
 */
export function decide(feature: Feature, claims: readonly Feature[], usage: Usage | undefined): Decision {
  const claimed = claims.includes(feature);
  const seen = usage?.seen ?? {};
  switch (feature) {
    case 'state':
    case 'nonce':
    case 'userinfo': {
      const used = seen[feature];
      return used === undefined ? { applies: claimed, note: UNSEEN } : { applies: used, seen: used };
    }
    case 'organizations':
    case 'api-resource': {
      const used = seen[feature === 'api-resource' ? 'resource' : feature];
      return used === undefined ? { applies: claimed, note: UNSEEN } : { applies: used, seen: used };
    }
    case 'refresh-token': {
      const received = seen['refresh-token'];
      if (received === undefined) return { applies: claimed, note: UNSEEN };
      const note = !received
        ? seen['offline-access']
          ? 'it asks for offline_access and gets no refresh token'
          : undefined
        : seen.refresh
          ? 'it was seen to refresh'
          : 'it gets a refresh token, and was not seen to use it';
      return { applies: received && (claimed || seen.refresh === true), seen: received, note };
    }
    case 'rp-logout': {
      const ended = seen['rp-logout'];
      return ended === undefined
        ? { applies: claimed, note: UNSEEN }
        : { applies: claimed || ended, seen: ended };
    }
    default:
      return { applies: claimed };
  }
}

/** Why the checks of a feature are not applicable. */
export function whyNot(feature: Feature, claims: readonly Feature[], usage: Usage | undefined): string {
  const { seen } = decide(feature, claims, usage);
  if (feature === 'refresh-token' && seen)
    return `the app gets a refresh token, was not seen to use it, and does not claim that it ${features[feature]} (feature "${feature}")`;
  if (seen === false)
    return `the app was not seen to do it in its smoke sign-in: it ${features[feature]}${claims.includes(feature) ? `, as the config claims (feature "${feature}")` : ''}`;
  return `the app does not claim that it ${features[feature]} (feature "${feature}")`;
}

/** Further rows of the table: what is told because the report should say it, and decides nothing by a claim. */
const TOLD: readonly [Visible, string][] = [
  ['pkce', 'judged by the checks of the authorization request and of the exchange'],
];

const word = (seen: boolean | undefined): UsageRow['seen'] =>
  seen === undefined ? 'unknown' : seen ? 'yes' : 'no';

/** The table *seen / claimed / judged*, with a finding where claim and wire differ and it matters. */
export function usageRows(claims: readonly Feature[], usage: Usage | undefined): UsageRow[] {
  const rows = (Object.keys(features) as Feature[]).map((feature): UsageRow => {
    const { applies, seen, note } = decide(feature, claims, usage);
    const claimed = claims.includes(feature);
    const finding = findingOf(feature, { claimed, seen, usage });
    return {
      feature,
      seen: word(seen),
      claimed: claimed ? 'yes' : 'no',
      judged: applies,
      ...(note && { note }),
      ...(finding && { finding }),
    };
  });
  const told = TOLD.map(
    ([feature, note]): UsageRow => ({
      feature,
      seen: word(usage?.seen[feature]),
      claimed: 'never',
      judged: feature === 'pkce' && usage?.seen.pkce === true,
      ...(note && { note }),
    }),
  );
  return [...rows, ...told];
}

function findingOf(
  feature: Feature,
  { claimed, seen, usage }: { claimed: boolean; seen?: boolean; usage?: Usage },
): UsageRow['finding'] {
  if (claimed && seen === false) {
    const offline = feature === 'refresh-token' && usage?.seen['offline-access'];
    return {
      code: 'CONF_CLAIM_UNSEEN',
      what: `the config claims that the app ${features[feature]} (feature "${feature}"), and its smoke sign-in shows nothing of it${offline ? ': it asks for offline_access, and Logto issued no refresh token' : ''}`,
      expected: 'claims that the wire bears out (features)',
      remedy: offline
        ? "add prompt: 'consent' to authorization.params of the provider, or take the feature out of the config."
        : 'take the feature out of the config, or mend the app.',
      key: 'features',
    };
  }
  const duty =
    feature === 'refresh-token' && usage?.seen.refresh !== true
      ? 'the app gets a refresh token and was not seen to use it'
      : undefined;
  if (!claimed && seen && duty)
    return {
      code: 'CONF_USE_UNCLAIMED',
      what: `${duty}; the config does not claim that it ${features[feature]} (feature "${feature}"), so it is not judged for that`,
      expected: 'a claim for what the app means to do (features), and no scope that it does not need',
      remedy: `add '${feature}' to features to have it judged, or take offline_access out of the scope.`,
      key: 'features',
    };
  return undefined;
}
