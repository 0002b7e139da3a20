/** Steps of the Experience API that the recorder took without writing them down: event, code sent, code verified. */
import { bodyOf, type Recording } from './recordings.ts';
import type { Replay } from './state.ts';

const API = '/api/experience';
const CODE = `${API}/verification/verification-code`;

/** Asks with the live cookies of a recorded request. */
export async function askAs(
  replay: Replay,
  recording: Recording,
  method: string,
  path: string,
  body?: unknown,
) {
  const cookie = [...replay.provision.cookies(recording.request.headers.cookie ?? '')]
    .map(([name, value]) => `${name}=${value}`)
    .join('; ');
  return replay.world.ask({
    method,
    path,
    headers: { cookie, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

export const putEvent = (replay: Replay, recording: Recording, interactionEvent: string) =>
  askAs(replay, recording, 'PUT', API, { interactionEvent });

/** Sends a code; the recorded verification id is paired with the live one. */
export async function sendCode(
  replay: Replay,
  recording: Recording,
  phone: string,
  interactionEvent: string,
  recordedId?: string,
  type: 'phone' | 'email' = phone.includes('@') ? 'email' : 'phone',
): Promise<string> {
  const identifier = { type, value: phone };
  const answer = await askAs(replay, recording, 'POST', CODE, { identifier, interactionEvent });
  const id = (answer.body as { verificationId?: string }).verificationId;
  if (!id) throw new Error(`no code was sent: ${JSON.stringify(answer.body)}`);
  if (recordedId) replay.pairs.set(recordedId, id);
  replay.sent.set(id, replay.world.carrier.codeFor(phone) ?? '');
  return id;
}

export const verifyCode = (replay: Replay, recording: Recording, phone: string, id: string, code?: string) =>
  askAs(replay, recording, 'POST', `${CODE}/verify`, {
    identifier: { type: phone.includes('@') ? 'email' : 'phone', value: phone },
    verificationId: id,
    code: code ?? replay.sent.get(id) ?? '',
  });

/** Where the recorded answer says that no interaction was begun, none is. */
const wantsNone = ({ response }: Recording) =>
  ['session.interaction_not_found', 'session.not_found'].includes(
    (response.body as { code?: string } | null)?.code ?? '',
  );

/** Begins the interaction and sends the code that a recorded request builds on, as far as earlier ones did not. */
export async function prepareExperience(replay: Replay, recording: Recording): Promise<void> {
  const { path, method, headers } = recording.request;
  if (!path.startsWith(`${API}/`) || !headers.cookie || wantsNone(recording)) return;
  await replay.provision.prepare(recording);
  const body = bodyOf(recording) as Record<string, never>;
  const state = await askAs(replay, recording, 'GET', `${API}/interaction`);
  const begun = state.status === 200;
  const event = String(body.interactionEvent ?? 'SignIn');
  if (!begun && method !== 'PUT') await putEvent(replay, recording, event);
  if (!begun && path.endsWith('/interaction-event')) await putEvent(replay, recording, 'SignIn');
  const recordedId = body.verificationId as string | undefined;
  const phone = (body.identifier as { value?: string } | undefined)?.value;
  if (
    path.endsWith('/verify') &&
    phone &&
    recordedId &&
    recordedId !== 'nope' &&
    !replay.pairs.has(recordedId)
  ) {
    await sendCode(replay, recording, phone, 'SignIn', recordedId);
  }
}
