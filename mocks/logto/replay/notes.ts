/**
 * State that a recording's own note tells of, for exchanges that no step is written for: an interaction or a token of
 * some age, messages sent before, a connector made anew, a rotated key.
 */
import { putEvent, sendCode } from './experience-steps.ts';
import { bodyOf, type Recording } from './recordings.ts';
import type { Step } from './state.ts';

const UNITS: Record<string, number> = {
  s: 1,
  second: 1,
  min: 60,
  minute: 60,
  h: 3600,
  hour: 3600,
  day: 86_400,
};
const NUMBERS: Record<string, number> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  five: 5,
  ten: 10,
  eleven: 11,
};
const AMOUNT = '(\\d+|an?|one|two|three|five|ten|eleven)';
const amount = (text: string) => NUMBERS[text.toLowerCase()] ?? Number(text);

/** Seconds in "11 minutes", "an hour", "1 h", "100 s", "11 of 14 days". */
function secondsIn(note: string): number | undefined {
  const found = new RegExp(`${AMOUNT}(?: of \\d+)? (s|seconds?|min|minutes?|h|hours?|days?)\\b`, 'i').exec(
    note,
  );
  if (!found) return undefined;
  const unit = (found[2] ?? '').toLowerCase();
  return amount(found[1] ?? '') * (UNITS[unit] ?? UNITS[unit.replace(/s$/, '')] ?? 1);
}

const INTERACTION = /_interaction=(\{[^;]*\})/;

/** The interaction of the request is made in a scope that then grows older alone. */
const agedInteraction =
  (seconds: number): Step =>
  async ({ world, provision }, { request }) => {
    const value = INTERACTION.exec(request.headers.cookie ?? '')?.[1];
    if (!value || provision.knows(value)) return;
    const mockScope = await world.openScope();
    await provision.interaction(value, mockScope);
    world.mock.context.clock.advance(seconds, mockScope);
  };

/** The code or the tokens of the request are made in a scope that then grows older alone. */
const agedGrant =
  (seconds: number): Step =>
  async ({ world, provision, pairs }, recording) => {
    const { code, refresh_token: refresh } = bodyOf(recording);
    const access = /^Bearer ([\w-]{43})$/.exec(recording.request.headers.authorization ?? '')?.[1];
    const mockScope = await world.openScope();
    if (code) pairs.set(code, await provision.code({ ...provision.wantedFor(code), mockScope }));
    if (access || refresh) {
      const tokens = await provision.tokens({ mockScope });
      if (access) pairs.set(access, tokens.access_token as string);
      if (refresh) pairs.set(refresh, tokens.refresh_token as string);
    }
    world.mock.context.clock.advance(seconds, mockScope);
  };

const everythingLater =
  (seconds: number): Step =>
  async ({ world }) =>
    world.mock.context.clock.advance(seconds);

const sentBefore =
  (times: number): Step =>
  async (replay, recording) => {
    const { identifier, interactionEvent } = bodyOf(recording) as never as {
      identifier?: { type: string; value: string };
      interactionEvent?: string;
    };
    if (!identifier) return;
    await replay.provision.prepare(recording);
    await putEvent(replay, recording, interactionEvent ?? 'SignIn');
    for (let sent = 0; sent < times; sent += 1)
      await sendCode(replay, recording, identifier.value, interactionEvent ?? 'SignIn');
  };

const connectorAnew: Step = async ({ world }) => {
  const { connectors } = world.mock.context.tenant;
  const row = connectors.findFirst();
  if (!row) return;
  connectors.delete(row);
  await connectors.create({ ...row, id: `${row.id.slice(0, 11)}0`, createdAt: Date.now() });
};

const rotated =
  (type: 'EC' | 'RSA'): Step =>
  async ({ world }) =>
    world.mock.context.rotateSigningKey(type);

/** What a note asks for, in the order in which it is looked for; the first that fits counts. */
export function noteSteps({ note = '', request }: Recording): Step[] {
  const seconds = secondsIn(note);
  const aged = /\bold\b|moved back|aged|in the past|expired|later/i.test(note) && seconds !== undefined;
  if (aged && /interaction|authorization request/i.test(note)) return [agedInteraction(seconds)];
  if (aged && /passcode|verification code|lock/i.test(note)) return [everythingLater(seconds)];
  if (aged && /\b(RT|AT|token|code|exp)\b/i.test(note))
    return [agedGrant(/in the past/.test(note) ? seconds + 3600 : seconds)];
  const sends = new RegExp(`${AMOUNT}(?:th)? (?:sends?|messages?|codes?)\\b`, 'i').exec(note)?.[1];
  if (sends && request.path.endsWith('/verification-code')) return [sentBefore(amount(sends))];
  if (/connector (was )?(made anew|re-?created|replaced)|re-?created connector/i.test(note))
    return [connectorAnew];
  const key = /rotat\w+ (?:the )?(?:signing )?(?:key )?(?:to )?(EC|RSA)/i.exec(note)?.[1]?.toUpperCase();
  if (key && request.method === 'GET') return [rotated(key as 'EC' | 'RSA')];
  return [];
}
