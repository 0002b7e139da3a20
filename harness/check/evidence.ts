/** What a check leaves behind for the reports: its exchanges, its steps, and what the app wrote meanwhile. */
import type { TestInfo } from '@playwright/test';
import type { ControlClient } from '../../mocks/client.ts';
import { digitsOf, type Issued } from '../../mocks/issued.ts';
import type { Exchange } from '../../mocks/journal.ts';
import type { Step } from '../../reports/model.ts';
import type { RawExchange } from '../user-agents/raw-exchange.ts';
import { noteMissing } from '../visitor/missing-evidence.ts';
import type { Visitor } from '../visitor/visitor.ts';
import { addToIndex } from './issued-in.ts';
import { issuedInBrowser } from './issued-in-browser.ts';
import { issuedSoFar } from './issued-so-far.ts';
import { noteSightings } from './sightings.ts';

export interface Evidence {
  visitors: Visitor[];
  /** What browsers that no visitor holds have sent. */
  exchanges: Exchange[];
  /** The same as they really were, and who was in front of the browser. */
  raw: { raw: RawExchange; person: string | null }[];
  steps: { name: string; outcome: string; ok: boolean; startedAt: number; endedAt: number }[];
}

/**
 * Attaches the evidence of a check to its result.
 *
 * @param options.logFrom when the check began (milliseconds of the epoch), if the app's output can be read
 */
export async function attachEvidence(
  info: TestInfo,
  options: {
    control: ControlClient;
    evidence: Evidence;
    logFrom?: number;
    /** Origin of a real issuer, which tells nobody what it gave out. */
    realIssuer?: string;
  },
): Promise<void> {
  const { control, evidence, logFrom } = options;
  // `attach()` would make a step of each, with a stack.
  const attach = (name: string, value: unknown) =>
    info.attachments.push({
      name,
      body: Buffer.from(JSON.stringify(value)),
      contentType: 'application/json',
    });
  const raws = rawsOf(evidence);
  const sent = [...evidence.visitors.flatMap(({ agent }) => agent.exchanges), ...evidence.exchanges];
  const scopes = [...new Set(sent.map(({ scope }) => scope ?? ''))].filter(Boolean);
  const wanted = [
    ...(raws.length ? [`/issued?since=${heard}`] : []),
    ...(logFrom === undefined ? [] : [`/target/log?from=${logFrom}&last=60`]),
    ...scopes.map((scope) => `/journal?${new URLSearchParams({ scope, view: 'servers' })}`),
  ];
  const answers = wanted.length ? await control.several(wanted) : [];
  if (raws.length) watch(raws, answers.shift() as Heard | Error, options.realIssuer);
  // Evidence never decides: what cannot be had is left out, and said.
  const notes: string[] = [];
  const orElse = <Value>(answer: unknown, otherwise: Value): Value => {
    if (!(answer instanceof Error)) return answer as Value;
    notes.push(answer.message);
    return otherwise;
  };
  const lines = logFrom === undefined ? [] : orElse(answers.shift(), { lines: [] as string[] }).lines;
  const seen = answers.flatMap((answer) => orElse<Exchange[]>(answer, []));
  // The user agents saw what browsers send; the mocks saw what servers send.
  const exchanges = [...sent, ...seen.filter(({ from }) => from !== 'browser')]
    .sort((a, b) => a.at.localeCompare(b.at))
    .map(
      (exchange, index): Exchange => ({
        ...exchange,
        seq: index + 1,
        faults: exchange.faults.length ? exchange.faults : faultsOf(exchange, seen),
      }),
    );
  const positions = (from: number, to: number) => {
    const inside = exchanges.filter(({ at }) => Date.parse(at) >= from && Date.parse(at) <= to);
    return { from: inside[0]?.seq ?? 0, to: inside.at(-1)?.seq ?? 0 };
  };
  if (exchanges.length) attach('exchanges', exchanges);
  const steps: Step[] = evidence.steps.map(({ startedAt, endedAt, ...step }) => ({
    ...step,
    ...positions(startedAt, endedAt),
  }));
  if (steps.length) attach('steps', steps);
  if (lines.length) attach('target-log', lines);
  for (const note of notes) noteMissing(info, 'evidence', note);
}

let heard = 0;

interface Heard {
  issued: Issued[];
  next: number;
}

/** What browsers sent and got as it really was, oldest first. */
const rawsOf = (evidence: Evidence) =>
  [
    ...evidence.visitors.flatMap(({ agent, person }) =>
      agent.raw.map((raw) => ({ raw, person: digitsOf(person.phone) })),
    ),
    ...evidence.raw,
  ].sort((a, b) => a.raw.exchange.at.localeCompare(b.raw.exchange.at));

/**
 * Looks through what browsers sent and got, while it is there as it was.
 * @throws what could not be heard: laws must not pass over a history that nobody looked through
 */
function watch(raws: ReturnType<typeof rawsOf>, told: Heard | Error, realIssuer?: string): void {
  if (told instanceof Error) throw told;
  heard = told.next;
  addToIndex(issuedSoFar, told.issued);
  if (realIssuer) addToIndex(issuedSoFar, issuedInBrowser(raws, realIssuer));
  noteSightings(raws, issuedSoFar);
}

/** The issuer's own entry for a browser's exchange knows which faults changed it. */
const faultsOf = (exchange: Exchange, seen: Exchange[]) =>
  seen.find(
    ({ from, url, method, faults }) =>
      from === 'browser' && faults.length > 0 && method === exchange.method && url === exchange.url,
  )?.faults ?? [];
