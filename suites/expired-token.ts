/** What checks of refreshes share. */
import { setTimeout } from 'node:timers/promises';
import type { CheckFixtures, LabFixtures } from '../harness/check/check.ts';
import { type Doors, demandShutTo } from '../harness/check/doors/closed-again.ts';
import { ConformanceFailure } from '../harness/errors.ts';
import type { Visitor } from '../harness/visitor/visitor.ts';

export type Body = Pick<
  CheckFixtures & LabFixtures,
  'visitor' | 'control' | 'scope' | 'arm' | 'notApplicable'
>;

/** Until a token is over that lives one second from now; apps count whole seconds. */
export const untilExpiry = (): Promise<void> =>
  setTimeout((Math.ceil(Date.now() / 1000) + 1) * 1000 - Date.now());

/** A person whose access token has expired: it lived one second, and the clock of the app cannot be moved. */
export async function withExpiredToken({ visitor, control, scope, arm, notApplicable }: Body) {
  await arm('token/expires-in-short');
  const browser = await visitor();
  const callback = await browser.authorize((await browser.startSignIn()).url);
  await browser.arrive(callback);
  const expired = untilExpiry();
  await arm();
  const refreshes = async () =>
    (await control.journal({ scope, endpoint: 'token' })).filter(
      ({ facts }) => facts.grantType === 'refresh_token',
    );
  const [exchange] = await control.journal({ scope, endpoint: 'token' });
  const given = JSON.stringify(exchange?.response.body ?? {}).includes('refresh_token');
  if (!given) notApplicable('Logto issued no refresh token (offline_access needs prompt=consent)');
  await expired;
  return { browser, refreshes };
}

/** How long apps keep the answer of a refresh for whoever comes with the same refresh token, so that requests that come together share it. */
const SHARED_SECONDS = 15;

/**
 * What an app answers once it has asked Logto for another token. One that refreshes ahead has done so at the sign-in already: where
 * it keeps the answer for a while, it is given that time.
 *
 * @param ask asks the app for its session
 * @param refreshes what the app has asked Logto for since the sign-in began
 */
export async function onceRefreshed<Shown>(
  ask: () => Promise<Shown>,
  refreshes: () => Promise<readonly unknown[]>,
): Promise<Shown> {
  const before = (await refreshes()).length;
  let shown = await ask();
  for (let second = 0; before > 0 && second < SHARED_SECONDS; second += 1) {
    if ((await refreshes()).length > before) break;
    await setTimeout(1000);
    shown = await ask();
  }
  return shown;
}

/**
 * A session whose refresh was refused has ended, or says so. One that has ended, or names nobody any more (`{"expires":…}`), opens
 * no page and no API of members by the cookies that the browser had before.
 *
 * @param browser asks while Logto refuses
 * @param doors what members are shown
 * @param refreshes what the app has asked Logto for, to be looked at before and after
 * @throws ConformanceFailure otherwise
 */
export async function demandEnded(
  browser: Visitor,
  doors: Doors,
  { visitor, lab }: Pick<CheckFixtures & LabFixtures, 'visitor' | 'lab'>,
  refreshes: () => Promise<readonly unknown[]>,
): Promise<void> {
  const held = await browser.agent.cookies(lab.app.origin);
  const before = (await refreshes()).length;
  const session = await onceRefreshed(() => browser.session(), refreshes);
  if (session && 'error' in session) return;
  if (session?.user) {
    const isRefused = (await refreshes()).length > before;
    throw new ConformanceFailure(
      isRefused
        ? 'Shows a healthy session though its refresh token was refused.'
        : 'Shows a healthy session after its access token has expired, and has not asked Logto for another, which refuses its refresh token by now.',
    );
  }
  await demandShutTo(held, { visitor, lab }, doors, 'its refresh token was refused');
}
