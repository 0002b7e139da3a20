/** Every usage type sent once: what leaves the connector, to where, and what stands in it. */
import { type Tree, templatesOf } from './analysis.ts';
import {
  type Attempt,
  type Attempts,
  addressOf,
  attempt,
  holdsSecret,
  nameOf,
  type Sent,
} from './attempt.ts';
import { type JudgeOptions, judgeSend } from './judge-send.ts';
import type { DynamicResult, TemplateStatus } from './report.ts';
import { numberIn } from './request-says.ts';
import { USAGE_TYPES, type UsageType } from './usage-types.ts';

export interface Sends {
  results: DynamicResult[];
  /** What became of each type. */
  status: Partial<Record<UsageType, TemplateStatus>>;
  /** Everything that was sent, for checks that look at all of it. */
  requests: Sent[];
  /** The number that the connector sends to. */
  to: string;
}

export interface SendOptions extends Attempts, JudgeOptions {
  config: Tree;
  carrier: string;
  secrets: readonly string[];
}

/** Made-up numbers as Logto stores them; some connectors send to China only. */
const NUMBERS = [
  { to: '14155550100', country: 'the United States' },
  { to: '8613800138000', country: 'China' },
];
/** A number that no connector may take for one of the United States, or cut to ten digits. */
const ELSEWHERE = { to: '4915112345678', country: 'Germany' };
/** Codes that stand nowhere else in a request; one in ten of Logto's begins with 0. */
const codeFor = (position: number) => String(82_913 + position * 1_117).padStart(6, '0');

/** Sends every usage type, and judges each send. */
export async function sendAll(options: SendOptions): Promise<Sends> {
  const { config, carrier, secrets } = options;
  const results: DynamicResult[] = [];
  let number = NUMBERS[0] as (typeof NUMBERS)[number];
  const probes: Attempt[] = [];
  for (const candidate of NUMBERS) {
    const probe = await attempt(options, carrier, {
      to: candidate.to,
      type: 'Generic',
      payload: { code: '000000' },
    });
    probes.push(probe);
    if (probe.requests.length === 0) continue;
    number = candidate;
    break;
  }
  if (number !== NUMBERS[0]) {
    const [first] = probes as [Attempt];
    results.push({
      id: 'send/abroad',
      title: `sends to numbers outside ${number.country}`,
      verdict: 'warn',
      message:
        first.ended === 'sent'
          ? `It dropped a message to ${NUMBERS[0]?.country} and reported it as sent.`
          : `It refused a message to ${NUMBERS[0]?.country} with ${nameOf(first.error)}.`,
      expected: 'a message to every number that Logto lets people sign in with',
      fix: 'Turn sending abroad on in the config, or keep foreign numbers out of Logto.',
      durationMs: first.durationMs,
    });
  }
  const status: Sends['status'] = {};
  const requests: Sent[] = [];
  const templates = templatesOf(config);
  // Side by side, as people sign in, and so that a connector that hangs does so once.
  const sends = await Promise.all(
    USAGE_TYPES.map(async (type, position) => {
      const payload = { code: codeFor(position), locale: 'en' };
      return { type, payload, tried: await attempt(options, carrier, { to: number.to, type, payload }) };
    }),
  );
  for (const { type, payload, tried } of sends) {
    requests.push(...tried.requests);
    const own = templates.find(({ usageType }) => usageType === type);
    const generic = templates.find(({ usageType }) => usageType === 'Generic');
    const { result, became } = judgeSend({ tried, type, payload, to: number.to, options, own, generic });
    if (became) status[type] = became;
    results.push(result);
  }
  results.push(...(await judgePositional(options, number.to)));
  if (number === NUMBERS[0]) await judgeElsewhere(options, results);
  if (requests.some((request) => holdsSecret(new URL(request.url).search, secrets))) {
    results.push({
      id: 'send/secret-in-address',
      title: 'keeps secrets out of the address',
      verdict: 'warn',
      message: 'It puts a secret into the query of the address, which proxies and servers log.',
      expected: 'secrets in a header or in the body',
      fix: 'Send the secret in a header.',
      durationMs: 0,
    });
  }
  return { results, status, requests, to: number.to };
}

/** One more message, to another country: it must bear that number, or be refused. */
async function judgeElsewhere(options: SendOptions, results: DynamicResult[]): Promise<void> {
  const at = results.findIndex(({ id, verdict }) => id === 'send/SignIn' && verdict === 'pass');
  const signIn = results[at];
  if (!signIn) return;
  const payload = { code: codeFor(30), locale: 'en' };
  const tried = await attempt(options, options.carrier, { to: ELSEWHERE.to, type: 'SignIn', payload });
  const wrong = tried.requests.find((request) => !numberIn(request, ELSEWHERE.to));
  if (!wrong) return;
  results[at] = {
    ...signIn,
    verdict: 'fail',
    message: `${addressOf(wrong)} does not name the number of a person in ${ELSEWHERE.country}, +${ELSEWHERE.to}.`,
    expected: 'the number as Logto hands it over, with the code of its own country',
    fix: 'Send the number that Logto hands over: all of its digits, and none beside them.',
  };
}

/**
 * Logto's pages hand over `uiLocales`, too, when the app asked for languages. A connector that puts every value of
 * the payload into a list of positions sends one more than the carrier's template has.
 */
async function judgePositional(options: SendOptions, to: string): Promise<DynamicResult[]> {
  const payload = { code: codeFor(20), locale: 'en', uiLocales: 'fr-CA' };
  const tried = await attempt(options, options.carrier, { to, type: 'SignIn', payload });
  const fields = tried.requests[0]?.fields ?? [];
  const list = /^(.*)\[\d+\]$/.exec(fields.find(({ value }) => value === payload.code)?.path ?? '')?.[1];
  const beside = list && fields.some(({ path, value }) => path.startsWith(`${list}[`) && value === 'fr-CA');
  if (!beside) return [];
  return [
    {
      id: 'send/ui-locales',
      title: 'sends what the template of the carrier has room for',
      verdict: 'warn',
      message: `It put uiLocales behind the code into ${list}; a template with one parameter is then refused by the carrier.`,
      expected: 'the code alone, whatever else Logto hands over',
      fix: 'Send no ui_locales from the app, or take the code only in the connector.',
      durationMs: tried.durationMs,
    },
  ];
}
