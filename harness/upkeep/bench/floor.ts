/**
 * `node harness/upkeep/bench/floor.ts <report.json>`: the floor of a run. Plays what browsers sent in the checks of that
 * report once more, to the same app and the same mocks, two checks at a time, over undici and nothing else: no Playwright,
 * no evidence, no verdict. What a run costs beyond it is the harness.
 *
 * Nothing is armed and no time is moved, so that some answers differ from the recorded ones; how many is printed.
 */
import path from 'node:path';
import { Agent, request } from 'undici';
import type { ControlClient } from '../../../mocks/client.ts';
import type { Exchange } from '../../../mocks/journal.ts';
import { SCOPE_COOKIE } from '../../../mocks/scope.ts';
import { readReport } from '../../../reports/files.ts';
import type { CheckResult } from '../../../reports/model.ts';
import { DEFAULT_CONFIG } from '../../config/defaults.ts';
import { loadConfig } from '../../config/load-config.ts';
import { startLab } from '../../lab/lab.ts';
import type { LabDescription } from '../../lab/lab-description.ts';
import { createJar, learn, sameKind, type Words, withWordsOfNow } from './replay.ts';

/** What a floor played. */
export interface Played {
  exchanges: number;
  /** Answers with the status that was recorded. */
  alike: number;
  seconds: number;
}

const LIMIT_MS = 15_000;
const dispatcher = new Agent({ connections: 64, maxHeaderSize: 1_048_576 });
const textOf = (value: unknown) => (typeof value === 'string' ? value : value ? JSON.stringify(value) : '');
const lines = (value: string | string[] | undefined) => (value === undefined ? [] : [value].flat());

interface Ground {
  lab: LabDescription;
  control: ControlClient;
  /** Origins then → origins now. */
  origins: Map<string, string>;
}

/** Somebody with a browser, in a scope of their own, for each that was there then. */
async function visitor({ lab, control }: Ground) {
  const scope = (await control.openScope({})).id;
  await control.addPerson({ signedIn: true }, scope);
  const jar = createJar();
  for (const origin of new Set([lab.publicIssuerOrigin, lab.issuerOrigin]))
    jar.take(origin, [`${SCOPE_COOKIE}=${scope}`]);
  return { scope, jar, location: undefined as string | undefined };
}

/** The address of now: where the last answer led to, if it was that, or the recorded one with the words of now. */
function addressOf(recorded: string, led: string | undefined, known: Words, origins: Ground['origins']): URL {
  const then = new URL(recorded);
  const origin = origins.get(then.origin) ?? then.origin;
  if (led) {
    const next = new URL(led);
    if (next.origin === origin && sameKind(next.pathname, then.pathname)) return next;
  }
  return new URL(withWordsOfNow(`${origin}${then.pathname}${then.search}`, known));
}

/** @returns whether the answer had the status of then */
async function play(
  ground: Ground,
  exchange: Exchange,
  who: Awaited<ReturnType<typeof visitor>>,
  known: Words,
) {
  const url = addressOf(exchange.url, who.location, known, ground.origins);
  const { cookie: _cookie, authorization: _authorization, ...headers } = exchange.request.headers;
  const body = withWordsOfNow(textOf(exchange.request.body), known);
  const cookies = who.jar.header(url.origin);
  for (const name of ['host', 'content-length', 'connection', 'transfer-encoding']) delete headers[name];
  if (headers.origin) headers.origin = url.origin;
  try {
    const answer = await request(url, {
      method: exchange.method as 'GET',
      headers: { ...headers, ...(cookies && { cookie: cookies }) },
      ...(body && exchange.method !== 'GET' && { body }),
      dispatcher,
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    const text = await answer.body.text();
    who.jar.take(url.origin, lines(answer.headers['set-cookie']));
    const location = lines(answer.headers.location)[0];
    who.location = location && URL.canParse(location, url) ? new URL(location, url).href : undefined;
    learn(known, textOf(exchange.response.headers.location), location ?? '');
    learn(known, textOf(exchange.response.body), text);
    return answer.statusCode === exchange.status;
  } catch {
    return exchange.status === null;
  }
}

async function playCheck(ground: Ground, { exchanges }: CheckResult): Promise<Played> {
  const known: Words = new Map();
  const people = new Map<string, Awaited<ReturnType<typeof visitor>>>();
  let alike = 0;
  for (const exchange of exchanges) {
    const key = exchange.scope ?? '';
    const who = people.get(key) ?? (await visitor(ground));
    people.set(key, who);
    if (await play(ground, exchange, who, known)) alike += 1;
  }
  await Promise.all([...people.values()].map(({ scope }) => ground.control.closeScope(scope)));
  return { exchanges: exchanges.length, alike, seconds: 0 };
}

/** What browsers sent to the app and to the issuer, by check; an exchange that others hold, too, is played once. */
const recorded = (checks: readonly CheckResult[]): CheckResult[] =>
  checks
    .filter(({ suite }) => suite !== 'laws' && suite !== 'connector')
    .map((check) => ({
      ...check,
      exchanges: check.exchanges.filter(
        ({ from, to, url }) => from === 'browser' && (to === 'app' || to === 'issuer') && URL.canParse(url),
      ),
    }))
    .filter(({ exchanges }) => exchanges.length > 0);

async function main(file: string, config: string | undefined): Promise<Played> {
  const report = readReport(path.resolve(file));
  const lab = await startLab(await loadConfig({ file: config }));
  try {
    const { description, client: control } = lab;
    const origins = new Map<string, string>([[report.target.origin ?? '', description.app.origin]]);
    for (const origin of report.target.declared?.issuerOrigins ?? [])
      origins.set(origin, description.publicIssuerOrigin);
    const ground: Ground = { lab: description, control, origins };
    const begun = performance.now();
    const checks = recorded(report.checks);
    const results: Played[] = [];
    const worker = async () => {
      for (let check = checks.shift(); check; check = checks.shift())
        results.push(await playCheck(ground, check));
    };
    await Promise.all([worker(), worker()]);
    const sum = (pick: (each: Played) => number) => results.reduce((all, each) => all + pick(each), 0);
    return {
      exchanges: sum(({ exchanges }) => exchanges),
      alike: sum(({ alike }) => alike),
      seconds: (performance.now() - begun) / 1000,
    };
  } finally {
    await lab.stop();
  }
}

if (process.argv[1] === import.meta.filename) {
  const [, , file, config = DEFAULT_CONFIG] = process.argv;
  process.stdout.write(`${JSON.stringify(await main(file as string, config))}\n`);
  await dispatcher.close();
  process.exit(0);
}
