/** What is no fault of the app: a slow machine, and checks that an app which ended has taken with it. */
import type { TestInfo } from '@playwright/test';
import type { ControlClient } from '../../mocks/client.ts';
import type { Exchange } from '../../mocks/journal.ts';
import {
  isClosedForWork,
  isLimited,
  isLimitOfForm,
  isOwnLimit,
  isTurnedAway,
  limitedReason,
} from '../../reports/app-limits.ts';
import { Blocked } from '../errors.ts';
import { KEEP_WORKERS, LAB_FILE, type LabDescription } from '../lab/lab-description.ts';
import { readCrashes, readTargetEnd, type TargetEnd } from '../lab/target-end.ts';
import { setPace, wasExceeded } from '../user-agents/pace.ts';
import type { CheckDeclaration } from './check-declaration.ts';
import type { Evidence } from './evidence.ts';

/** Milliseconds that the end of the app may be told later than its broken connections: it writes its last lines first. */
const END_MS = 6_000;

/** Milliseconds that it may take to see that an app answers nobody any more (harness/lab/target-end.ts); more is granted. */
const ANSWER_MS = 60_000;

/** What a connection to an app that has just ended looks like, over HTTP and in Chromium. */
const BROKEN = /CONF_TARGET_GONE|broke the connection|ERR_(CONNECTION|EMPTY|SOCKET)|ECONN|socket hang up/;

/** Time limits of this check follow the slowness of the machine, and its own time grows with them. */
export function paceOf(
  info: TestInfo,
  { lab, control }: { lab: LabDescription; control: Pick<ControlClient, 'echo'> },
): void {
  const grant = (ms: number) => {
    if (info.timeout > 0) info.setTimeout(info.timeout + ms);
  };
  setPace({ echo: () => control.echo(), factor: lab.slowness, grant, alone: info.retry > 0 });
  grant(info.timeout * (lab.slowness - 1));
}

/**
 * A verdict that rests on a time limit, or on networks between the app and a real issuer, is no verdict yet: Playwright judges the check once more, when all others have
 * ended, and what it finds then is told.
 */
export const isToBeConfirmed = (info: TestInfo, overNetworks = false): boolean =>
  Boolean(process.env[KEEP_WORKERS]) && isFirstTry(info) && restsOnTime(info, overNetworks);

const isFirstTry = (info: TestInfo): boolean => info.retry < info.project.retries;

/** Whether a time limit, or a network, decided how a check went. */
function restsOnTime(info: TestInfo, overNetworks = false): boolean {
  const late = info.errors.some(({ message }) => /Timeout \d+ms exceeded/.test(message ?? ''));
  return info.status === 'timedOut' || (info.status === 'failed' && (late || overNetworks || wasExceeded()));
}

const block = (info: TestInfo, reason: string): void => {
  info.annotations.push({ type: 'verdict', description: 'blocked' }, { type: 'reason', description: reason });
};

const told = ({ finding }: TargetEnd): string =>
  finding.what.split('\n')[0]?.replace(/; its last lines:$/, '') ?? '';

/** Ends a check that begins after the app has ended; one that is being started again is waited for. */
export async function blockAfterEnd(
  info: TestInfo,
  { control, lab }: { control: Pick<ControlClient, 'call'>; lab: LabDescription },
): Promise<void> {
  const last = readCrashes(process.env[LAB_FILE]).at(-1);
  if (last && last.upAt === undefined) {
    if (info.timeout > 0) info.setTimeout(info.timeout + lab.config.target.readyTimeout * 1000);
    await control.call('GET', `/target/end?limitMs=${END_MS}`);
  }
  const end = readTargetEnd(process.env[LAB_FILE]);
  if (!end) return;
  const reason = `It could not begin: ${told(end)}.`;
  block(info, reason);
  info.skip(true, reason);
}

/** Blocks a check that was under way when the app ended, whatever it had found. */
export async function blockedByEnd(
  info: TestInfo,
  { control, begun }: { control: Pick<ControlClient, 'call'>; begun: number },
): Promise<boolean> {
  const broken = info.errors.some(({ message, stack }) => BROKEN.test(`${message}\n${stack}`));
  const late = restsOnTime(info);
  if (late && info.timeout > 0) info.setTimeout(info.timeout + ANSWER_MS);
  const end =
    broken || late
      ? (await control.call<{ end: TargetEnd | null }>('GET', `/target/end?limitMs=${END_MS}`)).end
      : readTargetEnd(process.env[LAB_FILE]);
  const crash = readCrashes(process.env[LAB_FILE]).find(({ at }) => at >= begun);
  // Once more, alone, when the app answers again: it may be another check that it died of.
  if (crash && !end && process.env[KEEP_WORKERS] && isFirstTry(info)) {
    if (info.status === 'failed') return true;
    // What it had found, it found of an app that was about to end.
    if (info.status === 'passed') throw new Blocked(`It was under way when ${crash.how}.`);
  }
  if (crash) block(info, `It was under way when ${crash.how}, and was started again.`);
  else if (end && end.at >= begun) block(info, `It was under way when ${told(end)}.`);
  else return false;
  if (info.status === 'failed') info.expectedStatus = 'failed';
  return true;
}

/** Blocks a check that the app did not answer because it was asked too often, whatever the check had found. */
export function blockedByLimit(
  info: TestInfo,
  { meta, evidence }: { meta: CheckDeclaration; evidence: Pick<Evidence, 'visitors' | 'exchanges'> },
): boolean {
  const away = evidence.exchanges.find(isTurnedAway);
  if (away) return blockedAs(info, limitedReason(away));
  const isAnswer = meta.mayLimit || meta.needs?.includes('own-otp');
  if (isAnswer) return false;
  const sent: Exchange[] = [
    ...evidence.visitors.flatMap(({ agent }) => agent.exchanges),
    ...evidence.exchanges,
  ];
  const armed = [meta.fault, ...(meta.arms ?? [])].filter((fault) => fault !== undefined);
  /** What the issuer or the carrier was made to answer, an app may pass on; one that has nothing of them asks to come later. */
  const mayPassOn = ({ status }: Exchange) =>
    status === 429 ? armed.some((fault) => fault.includes('429')) : armed.length > 0;
  const [first] = sent.filter(({ to }) => to === 'app');
  const met = sent.find(
    (exchange) =>
      // The app had not asked anybody yet when it was asked first.
      (mayPassOn(exchange) && exchange !== first ? isOwnLimit(exchange) : isLimited(exchange)) &&
      !isClosedForWork(exchange, sent) &&
      !isLimitOfForm(exchange, sent),
  );
  return met !== undefined && blockedAs(info, limitedReason(met));
}

function blockedAs(info: TestInfo, reason: string): true {
  block(info, reason);
  if (info.status === 'failed') info.expectedStatus = 'failed';
  return true;
}
