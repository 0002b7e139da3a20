/**
 * What of the mocks a check uses beyond a sign-in, and which of it there is before a real issuer. A mock can do all of it;
 * a real Logto is not made to misbehave, and shows nobody what an app's server asks of it.
 */

/** Ability → why a check that needs it cannot be judged where it lacks; reads after "not applicable: ". */
export const ABILITIES = {
  faults: 'a real issuer is not made to misbehave',
  'server-requests':
    "what the app's server sends to Logto is seen by Logto alone: a browser shows nothing of it",
  'sign-in-experience': 'the sign-in experience of a real tenant is not ours to change',
  clock: 'the clock of a real Logto is not moved',
  people: 'nobody is there to sign in as (--people, or --allow-sign-up)',
  profiles:
    'people with a profile made for the check need accounts of their own (--allow-sign-up, CONFORMANCE_M2M_ID and CONFORMANCE_M2M_SECRET)',
  'made-accounts':
    'user ids and numbers of the own choice, suspensions and deletions need accounts that the run may make and remove (--allow-sign-up, CONFORMANCE_M2M_ID and CONFORMANCE_M2M_SECRET, --code-from capture)',
  'given-ids':
    'people whose id at Logto is given are made in the tenant of the mock: a real one gives ids out itself',
  'sign-up': 'it would create an account at the tenant (--allow-sign-up lets it)',
  'second-issuer': 'a second issuer, which plays another provider of the app, stands beside the mock alone',
  tenant:
    'roles, organizations, access tokens and a second app are made for the check, in the tenant of the mock',
  'numbers-abroad':
    'numbers of other countries that reach nobody need a capture endpoint (--code-from capture)',
  'usage-types': 'the source of codes does not say what Logto asked its connector for',
  'message-text': 'the source of codes does not have the text as it was sent',
  'connector-config': 'the SMS connector of the tenant is not known: name its config by connector.config',
  'connector-test': "Logto's connector test would send a message over a real carrier",
  'client-secret': 'the client secret of the app is not known (CONFORMANCE_TARGET_CLIENT_SECRET)',
  'client-id': 'the client id of the app is not known (--client-id)',
  'own-app': 'it would post forms and actions to an app that is deployed, where they may change something',
  'own-carrier': 'codes that an app sends by itself never pass Logto: they are judged with the Twilio mock',
} as const;
export type Ability = keyof typeof ABILITIES;

/** A check asked for something that this lab cannot do. */
export class NotAble extends Error {
  readonly statusCode = 501;
  readonly ability: Ability;
  constructor(ability: Ability, why?: string) {
    super(`${NOT_ABLE}${ability}: ${why ?? ABILITIES[ability]}`);
    this.name = 'NotAble';
    this.ability = ability;
  }
}

/** How the message of a {@link NotAble} begins, wherever it was thrown. */
export const NOT_ABLE = 'this lab is not able to: ';

/** The reason in the message of an error that a {@link NotAble} is behind; undefined for any other. */
export const notAbleReason = (message: string): string | undefined => {
  const at = message.indexOf(NOT_ABLE);
  return at < 0
    ? undefined
    : message
        .slice(at + NOT_ABLE.length)
        .replace(/^[\w-]+: /, '')
        .split('\n')[0];
};

/** Faults that a browser can make by itself, as it carries the authorization response. */
export const isBrowserFault = (name: string): boolean => name.startsWith('authorization/');

/** What is known of a check where its abilities are decided. */
export interface Uses {
  id: string;
  fault?: string;
  arms?: readonly string[];
  instead?: readonly string[];
  uses?: readonly string[];
  needs?: readonly string[];
}

/** The abilities that a check needs: those it declares, and faults where it arms any that a browser cannot make. */
export const abilitiesOf = ({ id, fault, arms = [], instead, uses = [], needs = [] }: Uses): Ability[] => [
  ...((instead ?? [fault, ...arms]).some((name) => name !== undefined && !isBrowserFault(name))
    ? ['faults' as const]
    : []),
  // Codes that the app sends by itself never pass Logto.
  ...(needs.includes('own-otp') ? ['own-carrier' as const] : []),
  ...(needs.includes('second-issuer') ? ['second-issuer' as const] : []),
  ...(needs.includes('second-app') ? ['tenant' as const] : []),
  ...(id.startsWith('connector/') || id.startsWith('phone-otp/template-')
    ? ['connector-config' as const]
    : []),
  ...(uses as Ability[]),
];

/** What a lab lacks, with the reasons. */
export const lackedBy = (has: readonly Ability[]): Record<string, string> =>
  Object.fromEntries(Object.entries(ABILITIES).filter(([ability]) => !has.includes(ability as Ability)));

/** Abilities of a run against a real issuer in which everything is allowed: what decides the share in docs/live.md. */
export const LIVE_AT_BEST: readonly Ability[] = (Object.keys(ABILITIES) as Ability[]).filter(
  (ability) =>
    ![
      'faults',
      'server-requests',
      'sign-in-experience',
      'clock',
      'message-text',
      'own-carrier',
      'tenant',
      'given-ids',
      'second-issuer',
    ].includes(ability),
);

/** The first ability that a check needs and a lab lacks. */
export const lacks = (check: Uses, has: readonly Ability[]): Ability | undefined =>
  abilitiesOf(check).find((ability) => !has.includes(ability));
