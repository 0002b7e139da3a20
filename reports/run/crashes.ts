/** Crashes of the app in mid-run: the request that each came after is marked, so that a law can show it. */
import type { Exchange } from '../../mocks/journal.ts';
import type { CheckResult, Finding } from '../model.ts';

/** What the harness writes of an app that ended by itself and was started again (harness/lab/target-end.ts). */
export interface Crash {
  /** When it was noticed, in milliseconds of the epoch. */
  at: number;
  /** "the app ended with exit code 1". */
  how: string;
  finding: Finding;
}

/** Name of the fact of an exchange after which the app ended: how it did. */
export const ENDED_APP = 'endedApp';

/** Milliseconds that the end of a process may be noticed later than it is felt. */
const FELT_MS = 10_000;
/** Milliseconds that a request may be answered later than one that was sent after it. */
const CROSSED_MS = 100;

/** Everything that the checks sent, those tries included that were no verdict. */
export type Attempts = readonly { id: string; exchanges: readonly Exchange[] }[];

/**
 * The request that the app ended at: the first that got no answer, and after which nobody got one until the end was noticed. Where
 * all were answered, it ended after the last.
 */
function causeOf(
  { at }: Pick<Crash, 'at'>,
  attempts: Attempts,
): { id: string; exchange: Exchange } | undefined {
  const timeOf = ({ exchange }: { exchange: Exchange }) => Date.parse(exchange.at);
  const before = attempts
    .flatMap(({ id, exchanges }) => exchanges.map((exchange) => ({ id, exchange })))
    .filter((each) => each.exchange.to === 'app' && timeOf(each) <= at)
    .sort((one, next) => timeOf(one) - timeOf(next));
  const lastAnswered = before.findLast(({ exchange: { status } }) => status !== null);
  const answeredAt = lastAnswered ? timeOf(lastAnswered) : 0;
  const unanswered = before.find(
    (each) =>
      each.exchange.status === null && at - timeOf(each) <= FELT_MS && timeOf(each) > answeredAt - CROSSED_MS,
  );
  return unanswered ?? lastAnswered ?? before.at(-1);
}

/** The checks, with the exchanges marked after which the app ended; one of an earlier try is put in front of the others. */
export function withCrashes(
  checks: readonly CheckResult[],
  attempts: Attempts,
  crashes: readonly Pick<Crash, 'at' | 'how'>[],
): CheckResult[] {
  const causes = crashes.flatMap((crash) => {
    const cause = causeOf(crash, attempts);
    return cause ? [{ ...cause, how: crash.how }] : [];
  });
  return checks.map((check) => {
    const own = causes.filter(({ id }) => id === check.id);
    if (own.length === 0) return check;
    const marked = own.map(({ exchange, how }) => ({
      ...exchange,
      facts: { ...exchange.facts, [ENDED_APP]: how },
    }));
    const isSame = (one: Exchange, other: Exchange) =>
      one.at === other.at && one.method === other.method && one.url === other.url;
    const rest = check.exchanges.filter((each) => !marked.some((one) => isSame(one, each)));
    const exchanges = [...marked, ...rest].sort((one, next) => one.at.localeCompare(next.at));
    return { ...check, exchanges: exchanges.map((exchange, index) => ({ ...exchange, seq: index + 1 })) };
  });
}
