/**
 * Codes from Twilio's own list of messages, read only, with the operator's key.
 *
 * Source: Twilio, "Messages resource: read multiple Message resources" (To, DateSent filters, basic authentication).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Blocked, ConformanceError } from '../../errors.ts';
import { credential, demandCredential, VARIABLES } from '../credentials.ts';
import { waitOf } from '../management.ts';
import { createWire, type Wire } from '../wire.ts';
import { type CodeSource, codeIn, type Deliver } from './source.ts';

interface Message {
  sid: string;
  to: string;
  body: string;
  direction: string;
  date_created: string;
}

/** Milliseconds between two looks: Twilio asks for no more than a handful of requests a second. */
const EVERY_MS = 2_000;
/** Seconds that a limit may make us wait at once. */
const PATIENCE_S = 60;
/** Milliseconds that a text message may take until Twilio lists it. */
const MESSAGE_MS = 60_000;

/**
 * @param options.origin origin of Twilio's API, or of its region
 * @throws ConformanceError CONF_CREDENTIAL_MISSING, CONF_TWILIO_REFUSED, CONF_LIVE_LIMITED; when a code is looked for, Blocked by a limit
 */
export async function twilioList(
  { origin, environment = process.env }: { origin: string; environment?: NodeJS.ProcessEnv },
  deliver: Deliver,
  wire: Wire = createWire({ to: 'carrier' }),
): Promise<CodeSource> {
  const account = await demandCredential('twilioAccount', 'the account SID of Twilio', environment);
  const key = credential('twilioKey', environment);
  const user = key ?? account;
  const secret = key
    ? await demandCredential('twilioKeySecret', 'the secret of the Twilio API key', environment)
    : await demandCredential('twilioToken', 'the auth token of Twilio', environment);
  const authorization = `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;
  /** Messages that were there before a code was asked for, or are delivered already. */
  const seen = new Set<string>();

  const list = async (query: Record<string, string>): Promise<Message[]> => {
    const url = `${origin}/2010-04-01/Accounts/${account}/Messages.json?${new URLSearchParams(query)}`;
    for (let tries = 0; ; tries += 1) {
      const answer = await wire.ask(url, { headers: { authorization }, facts: { endpoint: 'messages' } });
      if (answer.status === 200) return (answer.json() as { messages?: Message[] }).messages ?? [];
      if (answer.status !== 429) throw refused(answer.status, answer.text);
      const seconds = waitOf(answer, 2 ** tries);
      // A limit says nothing of the app, nor of the settings.
      if (tries > 4 || seconds > PATIENCE_S)
        throw new Blocked(
          `Twilio limits how often its messages are asked for (429, wait ${Math.ceil(seconds)} s): wait, or run less at once (--pace, a selection).`,
        );
      await sleep(seconds * 1000);
    }
  };
  await list({ PageSize: '1' }).catch((error: Error) => {
    throw error instanceof Blocked ? limited(error.message) : error;
  });

  return {
    name: `the messages of the Twilio account ${account.slice(0, 6)}…`,
    tellsType: false,
    tellsText: true,
    messageMs: MESSAGE_MS,
    async fetch({ to, since, limitMs }) {
      // Twilio tells times to the second.
      const least = Math.floor(Date.parse(since) / 1000) * 1000;
      const day = new Date(least).toISOString().slice(0, 10);
      for (const until = Date.now() + limitMs; ; ) {
        const fresh = (await list({ To: to, 'DateSent>': day, PageSize: '20' }))
          .filter(
            ({ sid, to: number, direction }) => !seen.has(sid) && number === to && direction !== 'inbound',
          )
          .filter(({ date_created: created }) => Date.parse(created) >= least)
          .sort((a, b) => Date.parse(a.date_created) - Date.parse(b.date_created));
        for (const { sid, body } of fresh) {
          seen.add(sid);
          const at = new Date(Math.max(Date.now(), Date.parse(since))).toISOString();
          deliver({ id: sid, to, body, code: codeIn(body), usageType: null, at });
        }
        if (fresh.length || Date.now() + EVERY_MS > until) return;
        await sleep(EVERY_MS);
      }
    },
    close: async () => {},
  };
}

const limited = (what: string) =>
  new ConformanceError({
    code: 'CONF_LIVE_LIMITED',
    what,
    expected: 'a Twilio account whose messages can be read',
    remedy: 'wait some minutes, and run again.',
  });

const refused = (status: number, text: string) =>
  new ConformanceError({
    code: 'CONF_TWILIO_REFUSED',
    what: `Twilio's message list answered ${status}: ${text.slice(0, 160)}`,
    expected: `an account and a key that may read its messages (${VARIABLES.twilioAccount}, ${VARIABLES.twilioToken}; or ${VARIABLES.twilioKey}, ${VARIABLES.twilioKeySecret})`,
    remedy: 'correct them, or take the codes from somewhere else (--code-from).',
  });
