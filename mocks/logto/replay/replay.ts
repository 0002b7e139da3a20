/** Sends every recorded request to the mock, in order, and compares each answer with the recorded one. */
import { compare } from './compare.ts';
import { knownDifferences } from './differences.ts';
import { prepareExperience } from './experience-steps.ts';
import { leftOut, offRecord } from './off-record.ts';
import { ownerOf } from './owners.ts';
import { createPairs } from './pairs.ts';
import { createProvision } from './provision.ts';
import { bodyOf, loadRecordings, type Recording } from './recordings.ts';
import type { Replay } from './state.ts';
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
  /** Exchanges of the numbers 101–677. */
  total: number;
  same: number;
  /** Different, and not listed. */
  unexplained: Row[];
  /** Listed as different, but the same. */
  stale: Row[];
}

/** The first and last number that count. */
const [FIRST, LAST] = [101, 677];

/** What happened before the recorder's first numbered flow is set up from its own requests, not replayed. */
const isSetUp = ({ number }: Recording) => number < FIRST;

const VERIFY = /\/(verification-code|verification-codes)\/verify$/;
const WRONG = new Set(['111111', '000000', '123456', '000001', '']);

/** The body with recorded values exchanged; a recorded one-time code becomes the one that was really sent. */
function liveBody(replay: Replay, recording: Recording): string | null {
  const { body, path } = recording.request;
  if (body === null) return null;
  const text = replay.pairs.live(body).replace(/eyJ[\w.-]+/g, (jwt) => replay.pairs.get(jwt) ?? jwt);
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

async function replayOne(replay: Replay, recording: Recording): Promise<string[]> {
  const { provision, pairs, world, sent } = replay;
  const { method, path, headers } = recording.request;
  await provision.prepare(recording);
  const cookie = headers.cookie
    ? [...provision.cookies(headers.cookie)].map(([name, value]) => `${name}=${value}`).join('; ')
    : undefined;
  // The recorder left these two out of the request, but the answer repeats them.
  const preflight = {
    'access-control-request-method': String(
      recording.response.headers['access-control-allow-methods'] ?? 'PUT',
    ),
    'access-control-request-headers': String(
      recording.response.headers['access-control-allow-headers'] ?? '',
    ),
  };
  const unkept = Object.fromEntries(
    Object.entries(leftOut[recording.number] ?? {}).map(([name, value]) => [name, pairs.live(value)]),
  );
  const authorization = headers.authorization?.replace(/[\w.-]{40,}/g, (token) => pairs.get(token) ?? token);
  const target = path.replace(/eyJ[\w.-]+/g, (jwt) => pairs.get(jwt) ?? jwt);
  const answer = await world.ask({
    method,
    path: pairs.live(target),
    headers: {
      ...headers,
      ...unkept,
      ...(method === 'OPTIONS' && preflight),
      ...(cookie && { cookie }),
      ...(authorization && { authorization }),
    },
    body: liveBody(replay, recording),
  });
  const differences = compare(recording, answer, pairs);
  provision.learnCookies(list(recording.response.headers['set-cookie']), list(answer.headers['set-cookie']));
  const id = (answer.body as { verificationId?: string } | null)?.verificationId;
  const phone = (bodyOf(recording) as { identifier?: { value?: string } }).identifier?.value;
  const code = phone ? world.carrier.codeFor(phone) : undefined;
  if (id && code && !sent.has(id)) sent.set(id, code);
  return differences;
}

/** Replays the recordings against a fresh mock. */
export async function replayRecordings(
  recordings: readonly Recording[] = loadRecordings(),
): Promise<ReplayResult> {
  const world = await startWorld(recordings);
  const pairs = createPairs();
  const provision = createProvision(world, recordings, pairs);
  const replay: Replay = { world, provision, recordings, pairs, codes: new Map(), sent: new Map() };
  const rows: Row[] = [];
  try {
    for (const recording of recordings) {
      if (isSetUp(recording) || recording.number > LAST) continue;
      let differences: string[];
      try {
        await offRecord[recording.number]?.(replay, recording);
        await prepareExperience(replay, recording);
        differences = await replayOne(replay, recording);
      } catch (error) {
        differences = [`could not be replayed: ${(error as Error).message}`];
      }
      const { number, name, request } = recording;
      const reason = knownDifferences[number];
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
