/**
 * How slow this machine is just now, and time limits that follow it.
 *
 * A limit is what a machine with nothing else to do never needs. Beside every wait that takes longer than a moment an echo
 * is measured: one turn of our own event loop, and one request to our own control server. Both have nothing to do with the
 * app, so that what they need beyond the usual is the slowness of the machine, and the limit grows with it.
 */
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds of an echo that make a limit as long again; on an idle machine an echo takes 2 to 5 ms. */
const ECHO_UNIT_MS = 25;
/** No limit grows beyond so many times itself: a run must end. */
const FACTOR_MAX = 6;
/** Milliseconds after which the measuring beside a wait begins; most waits are over by then. */
const BESIDE_MS = 250;

export interface PaceSettings {
  /** Asks something of our own that answers at once. */
  echo?(): Promise<unknown>;
  /** How slow the machine was when the run began (1: not at all). */
  factor?: number;
  /** Told how many milliseconds a wait needs beyond what was to be expected. */
  grant?(ms: number): void;
  /** The check is judged for the second time, with nothing else running. */
  alone?: boolean;
}

/** A worker judges one check at a time: its settings, and whether the app has exceeded a limit in it. */
let settings: PaceSettings = {};
let exceeded = false;
/** Counts the checks: a wait that one of them has left behind ends in the time of another, of which it says nothing. */
let judged = 0;
let spent = 0;
let granted = 0;

/** Begins to judge a check. */
export function setPace(given: PaceSettings): void {
  settings = given;
  exceeded = false;
  judged += 1;
  spent = 0;
  granted = 0;
}

/** Notes that a time limit is over; what is said of the app from then on rests on it. */
export function exceed(): void {
  exceeded = true;
}

/** Whether a time limit was exceeded since the check began. */
export const wasExceeded = (): boolean => exceeded;

/** How often a limit is granted when an echo takes so many milliseconds. */
export const factorOf = (echoMs: number): number => Math.min(FACTOR_MAX, Math.max(1, echoMs / ECHO_UNIT_MS));

/** Milliseconds of one echo; one that fails says nothing about the machine. */
async function measure(echo: PaceSettings['echo']): Promise<number> {
  const begun = performance.now();
  await sleep(0);
  await echo?.().catch(() => undefined);
  return performance.now() - begun;
}

/** Measures how slow the machine is: the middle one of five echoes. */
export async function measureFactor(echo: PaceSettings['echo'] = settings.echo): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count < 5; count += 1) times.push(await measure(echo));
  return factorOf(times.sort((a, b) => a - b)[2] as number);
}

/** The factor for waits that take their limit beforehand, as those of a browser; the check is given as much more time. */
export async function currentFactor(): Promise<number> {
  return Math.max(settings.factor ?? 1, await measureFactor());
}

/** Gives the check more time. */
export const grant = (ms: number): void => settings.grant?.(ms);

/** Milliseconds of answers after which the check is given as many more. */
const SPENT_MS = 1_000;
/** Milliseconds that a check is given so in all: an app that takes seconds for each of hundreds of answers must not hold up the run. */
const SPENT_MAX = 120_000;

/** What a check has waited for answers is none of its own time: one that asks for hundreds of pages of a slow app has as long as they take. */
export function spend(ms: number): void {
  spent += ms;
  if (spent < SPENT_MS || granted >= SPENT_MAX) return;
  const more = Math.min(spent, SPENT_MAX - granted);
  grant(more);
  granted += more;
  spent = 0;
}

/** How a limit reads in a message. */
export const inWords = (ms: number): string =>
  `${Number((ms / 1000).toFixed(1))} s${settings.alone ? ', also when nothing else ran' : ''}`;

export interface Wait {
  /** Aborted when the limit is over. */
  signal: AbortSignal;
  /** Milliseconds that are granted in all, by what has been measured so far. */
  limitMs(): number;
  /** Notes that its limit is over, unless the check that began it has ended. */
  exceed(): void;
  /** Ends the measuring; to be called however the wait ends. */
  end(): void;
}

/** Begins a wait that takes at most `baseMs` on a machine with nothing else to do. */
export function beginWait(baseMs: number): Wait {
  const { echo, factor = 1, grant: more } = settings;
  const controller = new AbortController();
  const begun = performance.now();
  const check = judged;
  let ended = false;
  let granted = 0;
  let total = 0;
  let count = 0;
  let asked: number | undefined;
  const limitMs = () => {
    // An echo that is not back yet takes at least as long as it has taken.
    const waiting = asked === undefined ? 0 : performance.now() - asked;
    const slow = waiting > total / Math.max(1, count);
    return (
      baseMs *
      Math.max(factor, factorOf((total + (slow ? waiting : 0)) / Math.max(1, count + (slow ? 1 : 0))))
    );
  };
  const look = () => {
    if (ended) return;
    const spent = performance.now() - begun;
    if (spent >= limitMs()) {
      more?.(Math.max(0, spent - granted));
      controller.abort(new DOMException('the time is over', 'TimeoutError'));
      return;
    }
    if (spent + 2 * BESIDE_MS > baseMs + granted) {
      const extra = spent + 4 * BESIDE_MS - baseMs - granted;
      granted += extra;
      more?.(extra);
    }
    if (asked === undefined) {
      asked = performance.now();
      void measure(echo).then((ms) => {
        total += ms;
        count += 1;
        asked = undefined;
      });
    }
    timer = setTimeout(look, Math.max(1, Math.min(BESIDE_MS, limitMs() - spent)));
  };
  let timer = setTimeout(look, Math.min(BESIDE_MS, baseMs));
  return {
    signal: controller.signal,
    limitMs,
    exceed() {
      if (check === judged) exceed();
    },
    end() {
      ended = true;
      clearTimeout(timer);
    },
  };
}

/**
 * Waits for something that has a limit of its own, once more when that was over and the machine was slow.
 *
 * @param attempt waits at most so many milliseconds and rejects then; what happened meanwhile is not missed when it is called again
 */
export async function patiently<Result>(
  baseMs: number,
  attempt: (limitMs: number) => Promise<Result>,
): Promise<Result> {
  const wait = beginWait(baseMs);
  const begun = performance.now();
  try {
    for (;;) {
      const limit = Math.max(1, wait.limitMs() - (performance.now() - begun));
      const asked = performance.now();
      try {
        return await attempt(Math.round(limit));
      } catch (error) {
        const inTime = performance.now() - asked < limit * 0.9;
        if (inTime) throw error;
        if (wait.limitMs() - (performance.now() - begun) > 1) continue;
        wait.exceed();
        throw error;
      }
    }
  } finally {
    wait.end();
  }
}
