/**
 * What only Twilio's connector is asked: the exact request, and each error of Twilio's catalogue, on the Twilio mock.
 *
 * Source of the request: the bytes that connector 1.4.4 was seen to send (facts: Logto's Twilio connector).
 */
import { createClock } from '../../mocks/clock.ts';
import { createJournal } from '../../mocks/journal.ts';
import { createScopes } from '../../mocks/scope.ts';
import { errorAnswer, errorCatalogue } from '../../mocks/twilio/errors.ts';
import { REST_HOSTS } from '../../mocks/twilio/hosts.ts';
import { startTwilio, type TwilioMock } from '../../mocks/twilio/server.ts';
import { type Tree, templatesOf } from './analysis.ts';
import type { Attempts, Sent } from './attempt.ts';
import { attempt } from './attempt.ts';
import { judgeRefusal } from './refusals.ts';
import type { DynamicResult } from './report.ts';
import { ACCOUNT_SID, SERVICE_SID } from './twilio-fields.ts';

const textIn = (config: Tree, key: string) => String(config[key] ?? '').trim();

/**
 * A config with the SIDs of somebody else where its own are none: with those, Twilio answers what it says of them,
 * whatever a connector asks, and its words name the value, though it be a secret in the wrong place.
 */
export function withGoodSids(config: Tree): Tree {
  const madeUp = (key: string, prefix: string, pattern: RegExp) =>
    pattern.test(String(config[key])) ? {} : { [key]: `${prefix}${'5eed'.repeat(8)}` };
  return {
    ...config,
    ...madeUp('accountSID', 'AC', ACCOUNT_SID),
    ...madeUp('fromMessagingServiceSID', 'MG', SERVICE_SID),
  };
}

/** Starts Twilio with the account that a config belongs to, and with the one that stands in for it. */
export async function startTwilioFor(config: Tree): Promise<TwilioMock> {
  const scopes = createScopes();
  const services = new Map<string, string[]>();
  for (const each of [config, withGoodSids(config)]) {
    const sid = textIn(each, 'accountSID');
    const service = textIn(each, 'fromMessagingServiceSID');
    services.set(sid, [...new Set([...(services.get(sid) ?? []), service])]);
  }
  return startTwilio({
    scopes,
    clock: createClock(scopes),
    journal: createJournal(200),
    paceMs: 0,
    accounts: [...services].map(([sid, messagingServices]) => ({
      sid,
      authToken: textIn(config, 'authToken'),
      messagingServices,
    })),
    templates: () =>
      templatesOf(config).flatMap(({ usageType, content }) =>
        usageType !== undefined && content !== undefined ? [{ usageType, content }] : [],
      ),
  });
}

/**
 * Judges method, path, credentials and parameters of everything that was sent.
 *
 * @param knowsHost the guard of the connector knows the key `host` (logto-io/logto issue 9611)
 */
export function judgeTwilioRequests(
  requests: readonly Sent[],
  config: Tree,
  knowsHost: boolean,
): DynamicResult[] {
  const [first] = requests;
  if (!first) return [];
  const account = String(config.accountSID);
  // A connector whose guard knows `host` may send through another region; one that does not never sees the key.
  const host = typeof config.host === 'string' && knowsHost ? config.host : REST_HOSTS[0];
  const regional = host !== REST_HOSTS[0];
  const rules: {
    id: string;
    title: string;
    wanted: string;
    fits(request: Sent): boolean;
    had(request: Sent): string;
    fix?: string;
  }[] = [
    {
      id: 'request/method',
      title: 'asks with POST',
      wanted: 'POST',
      fits: ({ method }) => method === 'POST',
      had: ({ method }) => method,
    },
    {
      id: 'request/path',
      title: "asks for the account's messages",
      wanted: `/2010-04-01/Accounts/{accountSID}/Messages.json on ${host}${regional ? ', the host of the config' : ''}`,
      fits: ({ url }) =>
        REST_HOSTS.includes(host as string) &&
        // As the URL standard writes it: blanks in the SID are told by the key that holds it.
        url === new URL(`https://${host}/2010-04-01/Accounts/${account}/Messages.json`).href,
      had: ({ url }) => {
        const asked = new URL(url);
        const kind = REST_HOSTS.includes(asked.host) ? '' : ', which is no host of Twilio';
        return `${asked.pathname.replace(account, '{accountSID}')} to ${asked.host}${kind}`;
      },
      fix: regional
        ? `Name a host of Twilio in "host" (${REST_HOSTS[0]}, api.dublin.ie1.twilio.com, api.sydney.au1.twilio.com), and let the connector ask it.`
        : undefined,
    },
    {
      id: 'request/credentials',
      title: 'shows the credentials of the account',
      wanted: 'Basic credentials of accountSID and authToken',
      fits: ({ headers }) =>
        headers.authorization ===
        `Basic ${Buffer.from(`${account}:${String(config.authToken)}`).toString('base64')}`,
      had: ({ headers }) => (headers.authorization ? 'other credentials' : 'no credentials'),
    },
    {
      id: 'request/form',
      title: 'sends a form with the parameters that Twilio knows',
      wanted: 'To, MessagingServiceSid, Body and RiskCheck, as application/x-www-form-urlencoded',
      fits: ({ headers, body }) =>
        /^application\/x-www-form-urlencoded\b/.test(headers['content-type'] ?? '') &&
        [...new URLSearchParams(body).keys()].join() === 'To,MessagingServiceSid,Body,RiskCheck',
      had: ({ headers, body }) =>
        `${[...new URLSearchParams(body).keys()].join(', ')} as ${headers['content-type'] ?? 'no type'}`,
    },
    {
      id: 'request/number',
      title: 'writes the number in E.164',
      wanted: '+ and digits; Twilio refuses foreign digits without + with 21211',
      fits: ({ body }) => /^\+\d+$/.test(new URLSearchParams(body).get('To') ?? ''),
      had: ({ body }) => (new URLSearchParams(body).get('To') ?? 'nothing').replace(/\d(?=\d{2})/g, '•'),
    },
    {
      id: 'request/service',
      title: 'names the Messaging Service of the config',
      wanted: 'fromMessagingServiceSID',
      fits: ({ body }) =>
        new URLSearchParams(body).get('MessagingServiceSid') === config.fromMessagingServiceSID,
      had: () => 'another one',
    },
    {
      id: 'request/risk-check',
      title: 'asks for the check against SMS pumping as the config says',
      wanted: `RiskCheck=${config.disableRiskCheck ? 'disable' : 'enable'}`,
      fits: ({ body }) =>
        new URLSearchParams(body).get('RiskCheck') === (config.disableRiskCheck ? 'disable' : 'enable'),
      had: ({ body }) => `RiskCheck=${new URLSearchParams(body).get('RiskCheck')}`,
    },
  ];
  return rules.map(({ id, title, wanted, fits, had, fix }) => {
    const wrong = requests.find((request) => !fits(request));
    return {
      id,
      title,
      verdict: wrong ? ('fail' as const) : ('pass' as const),
      message: wrong ? `It sent ${had(wrong)}.` : `${wanted}, in all ${requests.length} requests.`,
      ...(wrong && {
        expected: wanted,
        fix: fix ?? 'Use a version of the connector that does so; 1.4.4 does.',
      }),
      durationMs: 0,
    };
  });
}

/** Milliseconds within which a message reaches the phone on a mock that takes no time between statuses. */
const ARRIVAL_MAX = 3000;

/** Whether the messages reached the phone as they were sent. */
export async function judgeInbox(twilio: TwilioMock, requests: readonly Sent[]): Promise<DynamicResult[]> {
  if (requests.length === 0) return [];
  const sent = requests.map(({ body }) => new URLSearchParams(body).get('Body') ?? '');
  const lost = () => {
    const arrived = new Set(twilio.inbox.list().map(({ body }) => body));
    return sent.filter((body) => !arrived.has(body));
  };
  await new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer);
      stop();
      resolve();
    };
    const stop = twilio.inbox.subscribe(() => {
      if (lost().length === 0) end();
    });
    const timer = setTimeout(end, ARRIVAL_MAX);
    if (lost().length === 0) end();
  });
  const missing = lost().length;
  return [
    {
      id: 'send/arrived',
      title: 'hands over texts that reach the phone',
      verdict: missing ? 'fail' : 'pass',
      message: missing
        ? `${missing} of ${sent.length} messages did not arrive.`
        : `All ${sent.length} messages arrived as they were sent.`,
      ...(missing && { expected: 'every message', fix: 'Correct what Twilio refused.' }),
      durationMs: 0,
    },
  ];
}

/** Errors asked for side by side, so that a connector that hangs keeps nobody waiting for each. */
const AT_ONCE = 8;

/** Each error of Twilio's catalogue, caused by a number of the mock (`+1500` code `00`). */
export async function judgeTwilioErrors(
  twilio: TwilioMock,
  options: Attempts & { config: Tree; secrets: readonly string[] },
): Promise<DynamicResult[]> {
  const known = { ...options, config: withGoodSids(options.config) };
  const codes = Object.keys(errorCatalogue).map(Number) as (keyof typeof errorCatalogue)[];
  const judge = async (code: keyof typeof errorCatalogue): Promise<DynamicResult> => {
    const { status } = errorAnswer(code);
    const tried = await attempt(known, twilio.origin, {
      to: `1500${code}00`,
      type: 'SignIn',
      payload: { code: '591204', locale: 'en' },
    });
    return judgeRefusal(tried, {
      id: `error/${code}`,
      title: `reports Twilio's error ${code} (${status}, ${errorCatalogue[code].message.replace(/[.:]?\s*\{.*$/, '')})`,
      secrets: options.secrets,
      reason: `/${code}`,
    });
  };
  const results: DynamicResult[] = [];
  for (let from = 0; from < codes.length; from += AT_ONCE)
    results.push(...(await Promise.all(codes.slice(from, from + AT_ONCE).map(judge))));
  return results;
}
