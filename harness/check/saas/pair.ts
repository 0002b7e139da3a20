/** Two apps at one tenant, and one browser that visits both. */
import type { ControlClient } from '../../../mocks/client.ts';
import { demand } from '../../errors.ts';
import { type LabDescription, labOfAlso } from '../../lab/lab-description.ts';
import { patiently } from '../../user-agents/pace.ts';
import { confirmEndSession, endIssuerSession } from '../../visitor/issuer-sign-out.ts';
import { signOutByPath } from '../../visitor/own-sign-out.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { CheckFixtures, LabFixtures } from '../check.ts';
import { told } from '../outcomes.ts';

/** One of the two apps, and the browser in front of it. */
export interface Side {
  name: string;
  lab: LabDescription;
  visitor: Visitor;
}

type Body = Pick<CheckFixtures & LabFixtures, 'visitor' | 'atSecondApp' | 'lab'>;

export const nameOf = ({ config, app }: LabDescription, fallback: string): string =>
  config.target.name ?? `${fallback} (${app.origin})`;

/** Both sides of a browser: the app under test, and the second one. */
export function sidesOf(
  visitor: Visitor,
  { atSecondApp, lab }: Omit<Body, 'visitor'>,
): readonly [Side, Side] {
  const second = atSecondApp(visitor);
  const there = lab.also ? labOfAlso(lab, lab.also) : lab;
  return [
    { name: nameOf(lab, 'the app'), lab, visitor },
    { name: nameOf(there, 'the second app'), lab: there, visitor: second },
  ];
}

/** Judges both directions, each with a new person in a new browser. */
export async function inBothOrders(
  body: Body,
  judge: (here: Side, there: Side) => Promise<void>,
): Promise<void> {
  for (const turned of [false, true]) {
    const [first, second] = sidesOf(await body.visitor(), body);
    await (turned ? judge(second, first) : judge(first, second));
  }
}

/** How many messages the person got so far. */
export const codesTo = async (control: ControlClient, { person }: Visitor): Promise<number> =>
  (await control.messages(person.phone)).length;

/**
 * Begins a sign-in with a prompt of the person's choice, as `signIn('logto', {}, { prompt })` of Auth.js does.
 *
 * @returns the authorization request; an app that passes no prompt on is not judged by it
 */
export async function startWith(
  { visitor, name }: Side,
  prompt: 'none' | 'login',
  notApplicable: CheckFixtures['notApplicable'],
): Promise<URL> {
  const { url, params } = await visitor.startSignIn({ query: { prompt } });
  if (params.get('prompt') !== prompt)
    return notApplicable(
      `${name} asks with prompt=${params.get('prompt') ?? 'nothing'}, whatever the caller wants`,
    );
  return url;
}

/** Signs out at an app by its own path, and through Logto where that leads; tells where it ended. */
export async function signOutAt({ visitor, lab }: Side): Promise<string> {
  const { home } = lab.config.pages;
  const answer =
    (await signOutByPath(visitor, lab)) ??
    (await visitor.signOut({ callbackUrl: new URL(home, lab.app.origin).href }));
  const page = await visitor.agent.follow(answer, (next) => next.origin === lab.publicIssuerOrigin);
  if (page.location?.origin !== lab.publicIssuerOrigin) return told(page);
  const atLogto = { ...visitor, agent: visitor.atIssuer };
  const asked = await visitor.atIssuer.hop(page.location);
  return told(await confirmEndSession(atLogto, asked));
}

/** The person signs out at Logto, in the name of one of the apps. */
export const endAtLogto = ({ visitor, lab }: Side): Promise<void> =>
  endIssuerSession({ ...visitor, agent: visitor.atIssuer }, lab.issuer, lab.config.target.clientId);

/** Puts the session of one app into the browser in front of the other, under every name that either app has. */
export async function putSessionOf(from: Side, to: Side): Promise<void> {
  for (const { key, value } of await from.visitor.sessionCookies())
    await to.visitor.agent.jar.setCookie(`${key}=${value}; Path=/`, to.lab.app.origin);
}

/**
 * Demands that an app was sent a logout token by Logto, and took it.
 *
 * @param since mark of the journal, before the sign-out
 */
export async function demandTold(
  { name, lab: { config } }: Pick<Side, 'name' | 'lab'>,
  {
    control,
    scope,
    since,
    step,
  }: Pick<CheckFixtures & LabFixtures, 'control' | 'scope' | 'step'> & { since: number },
): Promise<void> {
  const wanted = { scope, endpoint: 'backchannel-logout', since };
  const [first] = await patiently(5_000, (waitMs) => control.journal({ ...wanted, waitMs }));
  const all = await control.journal(wanted);
  const entry = all.find(({ facts }) => facts.clientId === config.target.clientId);
  await step('control', async () =>
    demand(first && entry, `Logto sent no logout token to ${name} (pages.backChannelLogout).`),
  );
  demand(
    entry?.status === 200 || entry?.status === 204,
    `Answered a valid logout token at ${name} with ${entry?.status}.`,
  );
}
