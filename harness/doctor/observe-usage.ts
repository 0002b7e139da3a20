/** What a smoke sign-in shows of an app, beyond that it works: asked of the journal, for `harness/lab/usage.ts`. */
import { setTimeout } from 'node:timers/promises';
import { ConformanceError, ConformanceFailure } from '../errors.ts';
import type { Lab } from '../lab/lab.ts';
import { type Observed, type Stage, type Usage, usageOf } from '../lab/usage.ts';
import { ownSignOut } from '../visitor/own-sign-out.ts';
import { createVisitor, type Visitor } from '../visitor/visitor.ts';

/** What an app cannot be held to in a smoke sign-in is left unseen; what is wrong with the harness is thrown. */
async function unlessRefused<Result>(act: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof ConformanceFailure || error instanceof ConformanceError) return undefined;
    throw error;
  }
}

/**
 * Reads what the app used in a sign-in that is over, and watches what it does afterwards: whether it refreshes an access
 * token that has expired, and where its own sign-out leads.
 *
 * @param walk.visitor signed in when `walk.session` says so
 * @param walk.scope scope of the sign-in
 * @param walk.request the authorization request, when the app sent one
 * @param walk.until last position in the journal that belongs to the sign-in; missing when it ended before the callback
 */
export async function observeUsage(
  lab: Lab,
  walk: {
    visitor: Visitor;
    scope: string;
    session: boolean;
    request?: URL;
    until?: number;
    reason?: string;
  },
): Promise<Usage> {
  const { client: control } = lab;
  if (lab.description.live) return observeInBrowser(lab, walk);
  const all = await control.journal({ scope: walk.scope });
  const signIn = walk.until === undefined ? all : all.filter(({ seq }) => seq <= Number(walk.until));
  const endpoints = new Set(signIn.map(({ facts }) => facts.endpoint));
  const reached: Stage = walk.session
    ? 'session'
    : endpoints.has('token')
      ? 'exchange'
      : walk.request
        ? 'request'
        : 'nothing';
  const { request } = walk;
  if (reached !== 'session') return usageOf({ request, signIn }, reached, walk.reason);
  const first = usageOf({ request, signIn }, reached);
  const observed: Observed = {
    request,
    signIn,
    ...(first.seen['refresh-token'] && { afterExpiry: await unlessRefused(() => afterExpiry(lab)) }),
    signOut: await unlessRefused(() => signOut(lab, walk.visitor, walk.scope)),
  };
  return usageOf(observed, reached);
}

/** Before a real issuer a browser shows the authorization request, the session, and where the sign-out leads. */
async function observeInBrowser(
  lab: Lab,
  { visitor, session, request, reason }: Parameters<typeof observeUsage>[1],
): Promise<Usage> {
  if (!session)
    return usageOf({ request, signIn: [], inBrowser: true }, request ? 'request' : 'nothing', reason);
  const before = visitor.agent.exchanges.length;
  await unlessRefused(() => leave(lab, visitor));
  const left = visitor.agent.exchanges.slice(before).map((exchange) => ({
    ...exchange,
    facts: /\/session\/end$/.test(new URL(exchange.url).pathname)
      ? { endpoint: 'end-session' }
      : exchange.facts,
  }));
  return usageOf({ request, signIn: [], signOut: left, inBrowser: true }, 'session');
}

/** The exchanges of one look at a session whose access token has expired. */
async function afterExpiry({ client: control, description: lab }: Lab) {
  const scope = await control.openScope({
    label: 'smoke: refresh',
    willArm: ['token/expires-in-short'],
  });
  try {
    const person = await control.addPerson({ signedIn: true });
    const visitor = createVisitor({ lab, control, scope: scope.id, person });
    await control.arm(scope.id, ['token/expires-in-short']);
    const { url } = await visitor.startSignIn();
    const callback = await visitor.authorize(url);
    await visitor.arrive(callback);
    // The token lives one second, and the clock of the app cannot be moved.
    const expiry = Math.ceil(Date.now() / 1000) + 1;
    await control.arm(scope.id, []);
    const { journal: since } = await control.state();
    await setTimeout(expiry * 1000 - Date.now());
    await visitor.session();
    return await control.journal({ scope: scope.id, since });
  } finally {
    await control.closeScope(scope.id);
  }
}

/** The exchanges of the app's own sign-out, up to Logto when it leads there. */
async function signOut({ client: control, description: lab }: Lab, visitor: Visitor, scope: string) {
  const { journal: since } = await control.state();
  await leave({ description: lab }, visitor);
  return control.journal({ scope, since });
}

/** Signs out as the app does, and goes where that leads, Logto included. */
async function leave({ description: lab }: Pick<Lab, 'description'>, visitor: Visitor): Promise<void> {
  const answer =
    (await ownSignOut(visitor, lab)) ??
    (await visitor.signOut({ callbackUrl: new URL(lab.config.pages.home, lab.app.origin).href }));
  await visitor.agent.follow(
    answer,
    (next) => ![lab.app.origin, lab.publicIssuerOrigin].includes(next.origin),
  );
}
