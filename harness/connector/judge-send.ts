/** One message that the connector was asked to send: what left it, and what that says. */
import { isTree, type Tree, templatesOf } from './analysis.ts';
import {
  type Attempt,
  addressOf,
  connectorErrorCode,
  nameOf,
  type Sent,
  secondsOf,
  twilioReasonIn,
} from './attempt.ts';
import { fillIn } from './placeholder.ts';
import type { ConnectorFinding, DynamicResult, TemplateStatus } from './report.ts';
import { carriesNoCode, fieldOfCode, numberIn, typeWhoseTextIsIn } from './request-says.ts';
import type { UsageType } from './usage-types.ts';

export interface JudgeOptions {
  config: Tree;
  /** What was found without sending, which a refusal may follow from. */
  findings: readonly ConnectorFinding[];
  /** Whether the carrier's answer is known to be one that it really gives. */
  knownAnswer: boolean;
}

type Template = ReturnType<typeof templatesOf>[number];

export function judgeSend(given: {
  tried: Attempt;
  type: UsageType;
  payload: Record<string, string>;
  to: string;
  options: JudgeOptions;
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
    const asked = [...new Set(tried.requests.map(addressOf))];
    return asked.length > 1
      ? fail(
          `It sent ${tried.requests.length} requests for one message: ${asked.join(', ')}.`,
          'one request for each message, to the carrier',
          'Send the message to the carrier, once, and to nobody else.',
          'covered',
        )
      : fail(
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
  const code = fieldOfCode(request, payload.code as string);
  if (!code && !carriesNoCode(type, own)) {
    const short = String(Number(payload.code));
    return fieldOfCode(request, short)
      ? fail(
          `${addressOf(request)} carries ${short}, not the code ${payload.code}: it took the code for a number.`,
          'the code as it is, a text of six digits of which the first may be 0',
          'Treat the code as a text.',
          own ? 'covered' : undefined,
        )
      : fail(
          `${addressOf(request)} carries no code.`,
          'the code that Logto hands over, in the text or as a parameter of the carrier’s template',
          'Correct the placeholder of the template.',
          own ? 'covered' : undefined,
        );
  }
  const other = typeWhoseTextIsIn(request, payload, own, templatesOf(options.config));
  if (other) {
    return fail(
      `It sent the text of ${other} in the place of the one of ${type}.`,
      `the text that the config has for ${type}`,
      'Choose the template by the type that Logto hands over (connector-kit: getConfigTemplateByType).',
    );
  }
  const became = statusOf({ request, payload, own, generic, config: options.config });
  return {
    result: {
      ...base,
      verdict: 'pass',
      message: `${addressOf(request)}: number in ${number.path} (${number.format}), ${code ? `code in ${code.path}` : 'no code, as its text has none'}.`,
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
