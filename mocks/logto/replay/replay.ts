/** Sends every recorded request to the mock, in order, and compares each answer with the recorded one. */
import { compare } from './compare.ts';
import { prepareExperience } from './experience-steps.ts';
import type { Answer } from './http.ts';
import { noteSteps } from './notes.ts';
import { ownerOf } from './owners.ts';
import { createPairs, type Pairs } from './pairs.ts';
import { createProvision } from './provision.ts';
import { basicOf, bodyOf, claimsOf, loadRecordings, type Recording } from './recordings.ts';
import { setOf } from './sets.ts';
import type { RecordingSet, Replay } from './state.ts';
import { startWorld } from './world.ts';

export interface Row {
  number: number;
  name: string;
  request: string;
  owner: string;
  differences: string[];
  /** Why the difference stays, when it is one that is listed. */
  reason?: string;
}

export interface ReplayResult {
  rows: Row[];
  /** Exchanges that count. */
  total: number;
  same: number;
  /** Different, and not listed. */
  unexplained: Row[];
  /** Listed as different, but the same. */
  stale: Row[];
}

/** What was answered to an exchange, and what its recording was compared with. */
export interface Replayed {
  recording: Recording;
  answer: Answer;
  /** Pairs as they were before the comparison. */
  pairs: Pairs;
}

const VERIFY = /\/(mfa-verification-code|verification-code|verification-codes)\/verify$/;
/** What a browser asks before it asks, by path; the recorder did not keep these headers. */
const PREFLIGHTS: [path: RegExp, method: string, headers: string][] = [
  [/^\/oidc\/token/, 'POST', 'authorization,content-type'],
  [/^\/oidc\//, 'GET', 'x-foo'],
  [/^/, 'PUT', 'content-type'],
];
const WRONG = new Set(['111111', '000000', '123456', '000001', '']);

/** How many seconds ago a request was recorded, by the token that it carries. */
function secondsSince({ request }: Recording): number {
  const { iat } = claimsOf(/eyJ[\w.-]+/.exec(request.headers.authorization ?? '')?.[0]) ?? {};
  return typeof iat === 'number' ? Math.floor(Date.now() / 1000) - iat : 0;
}

/** The body with recorded values exchanged; a recorded one-time code becomes the one that was really sent. */
function liveBody(replay: Replay, recording: Recording): string | null {
  const { body, path } = recording.request;
  if (body === null) return null;
  const text = replay.pairs
    .live(body)
    .replace(/eyJ[\w.-]+/g, (jwt) => replay.pairs.get(jwt) ?? jwt)
    .replace(/(?<="expiresAt":\s?)\d{13}/g, (moment) =>
      String(Number(moment) + secondsSince(recording) * 1000),
    );
  if (!VERIFY.test(path)) return text;
  const parsed = bodyOf(recording) as Record<string, never>;
  const field = 'code' in parsed ? 'code' : 'verificationCode';
  const recorded = String(parsed[field]);
  if (WRONG.has(recorded)) return text;
  const known = replay.codes.get(recorded);
  const id = replay.pairs.get(String(parsed.verificationId)) ?? '';
  const phone =
    (parsed.identifier as { value?: string } | undefined)?.value ?? (parsed.phone as string | undefined);
  const live = known ?? replay.sent.get(id) ?? replay.world.carrier.codeFor(phone ?? '') ?? recorded;
  replay.codes.set(recorded, live);
  return JSON.stringify({ ...JSON.parse(text), [field]: live });
}

const list = (value: string | string[] | undefined) =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

async function replayOne(
  replay: Replay,
  recording: Recording,
  set: RecordingSet,
): Promise<{ differences: string[]; replayed: Replayed }> {
  const { provision, pairs, world, sent } = replay;
  const { method, path, headers } = recording.request;
  await provision.prepare(recording);
  const cookie = headers.cookie
    ? [...provision.cookies(headers.cookie)].map(([name, value]) => `${name}=${value}`).join('; ')
    : undefined;
  const [, wantedMethod = '', wantedHeaders = ''] = PREFLIGHTS.find(([known]) => known.test(path)) ?? [];
  const preflight = {
    'access-control-request-method': wantedMethod,
    'access-control-request-headers': wantedHeaders,
  };
  const given = { ...headers, ...set.leftOut[recording.number] };
  const swapped = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, pairs.get(value) ?? pairs.live(value)]),
  );
  const basic = basicOf(recording);
  const known = basic && (pairs.has(basic.id) || pairs.has(basic.secret));
  const authorization = known
    ? `Basic ${Buffer.from(`${pairs.live(basic.id)}:${pairs.live(basic.secret)}`).toString('base64')}`
    : headers.authorization?.replace(/[\w.-]{40,}/g, (token) => pairs.get(token) ?? token);
  const target = path.replace(/eyJ[\w.-]+/g, (jwt) => pairs.get(jwt) ?? jwt);
  const sentBefore = world.carrier.count();
  const answer = await world.ask({
    method,
    path: pairs.live(target),
    userAgent: set.userAgent,
    headers: {
      ...swapped,
      ...(method === 'OPTIONS' && preflight),
      ...(cookie && { cookie }),
      ...(authorization && { authorization }),
    },
    body: liveBody(replay, recording),
  });
  const replayed = { recording, answer, pairs: pairs.copy() };
  const differences = compare(recording, answer, pairs);
  provision.learnCookies(list(recording.response.headers['set-cookie']), list(answer.headers['set-cookie']));
  const { verificationId, verificationRecordId: id = verificationId } = (answer.body ?? {}) as Record<
    string,
    string | undefined
  >;
  const code = world.carrier.codeAfter(sentBefore);
  if (id && code && !sent.has(id)) sent.set(id, code);
  return { differences, replayed };
}

/**
 * Replays the recordings against a fresh mock.
 *
 * @param recordings of one set
 * @param keep is given each answer with what it was compared with
 */
export async function replayRecordings(
  recordings: readonly Recording[] = loadRecordings(),
  keep?: (replayed: Replayed) => void,
): Promise<ReplayResult> {
  const set = setOf(recordings);
  const world = await startWorld(recordings, set);
  const pairs = createPairs();
  const provision = createProvision(world, recordings, pairs);
  const replay: Replay = {
    world,
    provision,
    recordings,
    pairs,
    codes: new Map(),
    sent: new Map(),
    secretsUsed: new Set(),
  };
  const rows: Row[] = [];
  try {
    await set.begin?.(replay);
    const counted = recordings.filter(({ number }) => set.counts(number));
    for (const recording of [...counted].sort((a, b) => set.when(a.number) - set.when(b.number))) {
      let differences: string[];
      try {
        const steps = set.stepsBefore(recording);
        for (const step of steps.length > 0 ? steps : noteSteps(recording)) await step(replay, recording);
        await prepareExperience(replay, recording);
        const one = await replayOne(replay, recording, set);
        differences = one.differences;
        keep?.(one.replayed);
      } catch (error) {
        differences = [`could not be replayed: ${(error as Error).message}`];
      }
      const { number, name, request } = recording;
      const reason = set.differences[number];
      rows.push({
        number,
        name,
        request: `${request.method} ${request.path.split('?')[0]}`,
        owner: ownerOf(request.path),
        differences,
        ...(reason && { reason }),
      });
    }
  } finally {
    await world.close();
  }
  const different = rows.filter(({ differences }) => differences.length > 0);
  return {
    rows,
    total: rows.length,
    same: rows.length - different.length,
    unexplained: different.filter(({ reason }) => !reason),
    stale: rows.filter(({ differences, reason }) => reason && differences.length === 0),
  };
}
