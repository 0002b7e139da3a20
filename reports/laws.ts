/** Laws: what must hold in every exchange of a run. Pure functions over the history, judged once at its end. */
import type { Exchange } from '../mocks/journal.ts';
import type { CheckMeta, CheckResult, Declared, Report } from './model.ts';
import { inProfile, type Profile } from './profiles.ts';
import { verdictOfBrokenDuty } from './verdict.ts';

/** One exchange of the history, with the check it was part of. */
export interface HistoryExchange extends Exchange {
  check: string;
  /** Whether the check did something to the app or the mocks that no healthy sign-in has. */
  provoked: boolean;
}

/** All exchanges of a run, in order, and what the app declared. */
export interface History {
  exchanges: readonly HistoryExchange[];
  app: { origin: string; basePath: string };
  declared: Declared;
}

export interface Breach {
  exchange: HistoryExchange;
  /** What the app did, in one sentence. */
  what: string;
}

/** A law: a pure function that gives every exchange that broke it, or the reason why it cannot be asked. */
export interface Law {
  meta: CheckMeta;
  judge(history: History): Breach[] | string;
}

/** Breaches whose exchanges are shown; the others are counted. */
const SHOWN = 12;

/** The history of the checks of a report. */
export function historyOf(
  checks: readonly CheckResult[],
  target: Pick<Report['target'], 'origin' | 'basePath' | 'declared'>,
): History {
  return {
    exchanges: checks.flatMap((check) =>
      check.exchanges.map((exchange) => ({
        ...exchange,
        check: check.id,
        provoked: Boolean(check.fault || check.provokes),
      })),
    ),
    app: { origin: target.origin ?? '', basePath: target.basePath ?? '' },
    declared: target.declared ?? { issuerOrigins: [], features: [], userMembers: [], sessionMembers: [] },
  };
}

export interface JudgeOptions {
  strict?: boolean;
  /** What the run is scored by; without one, every law is. */
  profile?: Pick<Profile, 'levels'>;
  /** `authjs-conformance run --config …`, put before the ids. */
  rerunPrefix: string;
  /** Check id → the reason given in the known-failures file. */
  known?(id: string): string | undefined;
  /** Why nobody can sign in to the app: what no session was seen to break is then blocked, not kept. */
  nobodySignsIn?: string | undefined;
}

/** Why a law that found nothing says nothing: what it looks for was not seen by anybody. */
const unseenBy = ({ uses = [] }: CheckMeta, { declared: { lacks = {} } }: History): string | undefined =>
  uses.map((use) => lacks[use]).find(Boolean);

/** Each exchange once: a page that lists all accounts breaks a law by every one of them. */
function oneEach(breaches: readonly Breach[]): Breach[] {
  const first = new Map<HistoryExchange, Breach>();
  for (const breach of breaches) if (!first.has(breach.exchange)) first.set(breach.exchange, breach);
  return [...first.values()];
}

/** Judges laws over a history; each becomes a result like that of a check. */
export function judgeLaws(
  laws: readonly Law[],
  history: History,
  { strict, profile, rerunPrefix, known = () => undefined, nobodySignsIn }: JudgeOptions,
): CheckResult[] {
  return laws.map(({ meta: declared, judge }) => {
    const meta = profile ? inProfile(declared, profile) : declared;
    const startedAt = Date.now();
    const base: CheckResult = {
      ...meta,
      suite: 'laws',
      verdict: 'pass',
      durationMs: 0,
      startedAt: new Date(startedAt).toISOString(),
      file: 'suites/laws',
      line: 0,
      retries: 0,
      steps: [],
      exchanges: [],
      log: [],
      attachments: [],
      rerun: `${rerunPrefix} ${meta.id}`,
    };
    if (history.exchanges.length === 0)
      return { ...base, verdict: 'not applicable', message: 'no exchange was recorded that could be judged' };
    let outcome: Breach[] | string;
    try {
      outcome = judge(history);
    } catch (error) {
      return {
        ...base,
        verdict: 'error',
        message: `The law could not be judged: ${(error as Error).message}`,
        detail: (error as Error).stack,
      };
    }
    const unseen = unseenBy(meta, history);
    if (outcome.length === 0 && unseen) return { ...base, verdict: 'not applicable', message: unseen };
    if (typeof outcome === 'string') return { ...base, verdict: 'not applicable', message: outcome };
    const [first] = outcome;
    if (!first && nobodySignsIn)
      return {
        ...base,
        verdict: 'blocked',
        message: `Nobody can sign in to the app (callback/session), so this says nothing: ${nobodySignsIn}`,
      };
    if (!first) return base;
    const broken = oneEach(outcome);
    const checks = [...new Set(broken.map(({ exchange }) => exchange.check))];
    const reason = known(meta.id);
    return {
      ...base,
      verdict: verdictOfBrokenDuty(meta, strict),
      message: `${first.what}${broken.length > 1 ? ` So in ${broken.length} exchanges of ${checks.length === 1 ? 'the check' : `${checks.length} checks, first of`} ${checks[0]}.` : ` Seen in ${checks[0]}.`}`,
      durationMs: Date.now() - startedAt,
      detail: broken
        .slice(0, SHOWN * 4)
        .map(({ exchange, what }) => `${exchange.method} ${exchange.url} (${exchange.check}): ${what}`)
        .join('\n'),
      exchanges: broken
        .slice(0, SHOWN)
        .map(({ exchange: { check: _check, provoked: _provoked, ...exchange } }, index) => ({
          ...exchange,
          seq: index + 1,
        })),
      steps: broken.slice(0, SHOWN).map(({ what, exchange }, index) => ({
        name: exchange.check,
        outcome: what,
        ok: false,
        from: index + 1,
        to: index + 1,
      })),
      rerun: `${rerunPrefix} ${meta.id} ${checks.slice(0, 3).join(' ')}`,
      ...(reason !== undefined && { known: reason }),
    };
  });
}
