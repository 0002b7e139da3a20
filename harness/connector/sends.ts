/** Every usage type sent once: what leaves the connector, to where, and what stands in it. */

import { isTree, type Tree, templatesOf } from './analysis.ts';
import {
  type Attempt,
  type Attempts,
  attempt,
  connectorErrorCode,
  holdsSecret,
  nameOf,
  type Sent,
  secondsOf,
  twilioReasonIn,
} from './attempt.ts';
import { fillIn } from './placeholder.ts';
import type { ConnectorFinding, DynamicResult, TemplateStatus } from './report.ts';
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

export interface SendOptions extends Attempts {
  config: Tree;
  carrier: string;
  secrets: readonly string[];
  /** What was found without sending, which a refusal may follow from. */
  findings: readonly ConnectorFinding[];
  /** Whether the carrier's answer is known to be one that it really gives. */
  knownAnswer: boolean;
}

/** Made-up numbers as Logto stores them; some connectors send to China only. */
const NUMBERS = [
  { to: '14155550100', country: 'the United States' },
  { to: '8613800138000', country: 'China' },
];
/** Codes that stand nowhere else in a request. */
const codeFor = (position: number) => String(482_913 + position * 1_117);

/** `POST https://api.twilio.com/2010-04-01/Accounts/AC…/Messages.json` */
export const addressOf = ({ method, url }: Sent): string => {
  const { origin, pathname } = new URL(url);
  return `${method} ${origin}${pathname}`.replace(/\b([A-Z]{2})[0-9a-fA-F]{32}\b/g, '$1…');
};

/** How a number is written in a request. */
export function numberIn(request: Sent, to: string): { path: string; format: string } | undefined {
  const formats: [string, string][] = [
    [`+${to}`, 'E.164 with +'],
    [to, 'digits without +'],
    [`00${to}`, 'digits after 00'],
    [to.replace(/^(?:1|86)/, ''), 'national'],
  ];
  for (const [written, format] of formats) {
    const field = request.fields.find(({ value }) => value.replace(/[\s()-]/g, '') === written);
    if (field) return { path: field.path, format };
  }
  return undefined;
}

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

type Template = ReturnType<typeof templatesOf>[number];

function judgeSend(given: {
  tried: Attempt;
  type: UsageType;
  payload: Record<string, string>;
  to: string;
  options: SendOptions;
  own: Template | undefined;
  generic: Template | undefined;
}): { result: DynamicResult; became?: TemplateStatus } {
  const { tried, type, payload, to, options, own, generic } = given;
  const base = {
    id: `send/${type}`,
    title: `sends a message of the type ${type}`,
    durationMs: tried.durationMs,
  };
  const fail = (message: string, expected: string, fix: string, became?: TemplateStatus) => ({
    result: { ...base, verdict: 'fail' as const, message, expected, fix },
    became,
  });
  const [request] = tried.requests;
  if (!own && connectorErrorCode(tried.error) === 'template_not_found') {
    return {
      result: {
        ...base,
        verdict: 'warn',
        message:
          'It refused with ConnectorError template_not_found: the config has no template of that type.',
        expected: 'a template, or the Generic one in its place',
        fix: `Add a template with the usage type ${type}; Logto cannot send such messages otherwise.`,
      },
      became: 'not sent',
    };
  }
  if (tried.ended === 'hung') {
    return fail(
      `It had not ended after ${secondsOf(tried)} seconds, though the carrier had answered.`,
      'an end within a second of the answer',
      'Resolve when the carrier has answered.',
      'not sent',
    );
  }
  if (tried.ended === 'refused') {
    if (request && !options.knownAnswer) {
      return {
        result: {
          ...base,
          verdict: 'not judged',
          message: `It sent the message, then refused the made-up answer {} with ${nameOf(tried.error)}.`,
          expected: 'an answer that this carrier really gives',
          fix: 'Give one with --carrier-answer FILE: {"status": 200, "body": {…}}.',
        },
        became: 'not judged',
      };
    }
    const said = twilioReasonIn(tried.error);
    const root = rootOf(options.findings, said?.code);
    const why = said ? `: Twilio answered ${said.code}, ${said.message.replace(/\.$/, '')}` : '';
    return fail(
      `It refused with ${nameOf(tried.error)}${request ? why : ' before it had asked the carrier'}.`,
      'a message handed to the carrier',
      root
        ? `Mend ${root.keyPath} first (${root.code}, line ${root.line}): ${root.fix}`
        : own || request
          ? 'Correct what the error names.'
          : `Add a template with the usage type ${type}.`,
      'not sent',
    );
  }
  if (!request) {
    return fail(
      'It reported the message as sent, and had sent nothing.',
      'a request to the carrier, or an error',
      'Raise a ConnectorError when nothing is sent.',
      'not sent',
    );
  }
  if (tried.requests.length > 1) {
    return fail(
      `It sent the message ${tried.requests.length} times.`,
      'one request for each message',
      'Send once.',
      'covered',
    );
  }
  const number = numberIn(request, to);
  if (!number) {
    return fail(
      `${addressOf(request)} does not name the number of the person.`,
      `+${to}, or the digits, in a field of the request`,
      'Send the number that Logto hands over.',
      'not sent',
    );
  }
  const code = request.fields.find(({ value }) => value.includes(payload.code as string));
  if (!code) {
    return fail(
      `${addressOf(request)} carries no code.`,
      'the code that Logto hands over, in the text or as a parameter of the carrier’s template',
      'Correct the placeholder of the template.',
      own ? 'covered' : undefined,
    );
  }
  const became = statusOf({ request, payload, own, generic, config: options.config });
  return {
    result: {
      ...base,
      verdict: 'pass',
      message: `${addressOf(request)}: number in ${number.path} (${number.format}), code in ${code.path}.`,
    },
    became,
  };
}

/** Keys whose value Twilio's error is about; a sender that is none is answered with 21701 to 21705. */
const KEYS_OF: [codes: RegExp, keys: string[]][] = [
  [/^217/, ['fromMessagingServiceSID']],
  [/^(?:20003|20404)$/, ['accountSID', 'authToken']],
];

/** The error of the config that a refusal follows from. */
function rootOf(findings: readonly ConnectorFinding[], code: number | undefined) {
  const keys = KEYS_OF.find(([codes]) => codes.test(String(code)))?.[1] ?? [];
  return findings.find(({ level, keyPath }) => level === 'error' && keys.includes(keyPath));
}

/** Which template the request was made from. */
function statusOf(given: {
  request: Sent;
  payload: Record<string, string>;
  own: Template | undefined;
  generic: Template | undefined;
  config: Tree;
}): TemplateStatus {
  const { request, payload, own, generic, config } = given;
  if (own || !Array.isArray(config.templates)) return 'covered';
  const item = generic && (config.templates as Tree[])[generic.index];
  const marks = [
    generic?.content && fillIn(generic.content, payload),
    ...(item ? textsOf(item.templateCode) : []),
  ].filter(Boolean);
  return request.fields.some(({ value }) => marks.includes(value)) ? 'falls back to Generic' : 'covered';
}

const textsOf = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : isTree(value) ? Object.values(value).flatMap(textsOf) : [];

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
