/**
 * What Twilio demands of the three credentials; the connector's guard asks for texts only.
 *
 * Sources: twilio-oai `twilio_api_v2010.json` (patterns of SIDs), connector 1.4.4 (accountSID is user and path, the
 * sender is always a Messaging Service).
 */
import { type Analysis, type Tree, textEdit } from './analysis.ts';
import type { TextEdit } from './report.ts';
import { isAlphanumeric, isTollFree } from './sender.ts';
import type { Source } from './source.ts';

export const ACCOUNT_SID = /^AC[0-9a-fA-F]{32}$/;
export const SERVICE_SID = /^MG[0-9a-fA-F]{32}$/;

const KINDS: Record<string, string> = {
  AC: 'an Account SID',
  MG: 'a Messaging Service SID',
  SK: 'an API key SID',
  SM: 'the SID of a text message',
  MM: 'the SID of a picture message',
  PN: 'the SID of a phone number',
  VA: 'a Verify Service SID',
  AP: 'an application SID',
  HX: 'the SID of a content template',
  IS: 'a Conversations Service SID',
  ZS: 'a Functions Service SID',
  US: 'a user SID',
  CA: 'the SID of a call',
  OR: 'an organization SID',
};
const SID = /^([A-Z]{2})[0-9a-f]{32}$/i;
const TOKEN = /^[0-9a-f]{32}$/i;

const kindOf = (value: string) => {
  const prefix = SID.exec(value)?.[1]?.toUpperCase();
  return prefix && KINDS[prefix] ? { prefix, name: KINDS[prefix] } : undefined;
};

/** Says what a value looks like, and never the value. */
export function looks(value: string): string {
  const kind = kindOf(value);
  if (kind) return `${kind.name} (${kind.prefix}…)`;
  if (TOKEN.test(value)) return 'an Auth Token (32 hex digits)';
  if (/^\+?[\d\s().-]{7,20}$/.test(value)) return 'a phone number';
  if (/^[A-Za-z]{2}/.test(value) && /^[A-Za-z]{2}[0-9a-fA-F]*$/.test(value))
    return `a text that begins with ${value.slice(0, 2)} and has ${value.length} characters instead of 34`;
  const odd = /^[A-Z]{2}[0-9a-zA-Z]{32}$/.test(value) ? value.slice(2).search(/[^0-9a-fA-F]/) : -1;
  if (odd >= 0)
    return `a text that begins with ${value.slice(0, 2)}, and in which ${value[odd + 2]} (character ${odd + 3}) is no hex digit`;
  return `a text of ${value.length} characters`;
}

/** Edits that give each of two values the key of the other, so that no value is ever part of an edit. */
function swapKeys(source: Source, first: string, second: string): TextEdit[] {
  return [
    { ...source.keyAt([first]), content: JSON.stringify(second) },
    { ...source.keyAt([second]), content: JSON.stringify(first) },
  ];
}

const text = (config: Tree, key: string) =>
  typeof config[key] === 'string' ? (config[key] as string).trim() : undefined;

/** @param settled keys that have been judged already */
export function judgeTwilioFields(analysis: Analysis, settled: ReadonlySet<string>): void {
  const { source, config, tell } = analysis;
  const of = (key: string) => (settled.has(key) ? undefined : text(config, key));
  const [account, token, service] = [of('accountSID'), of('authToken'), of('fromMessagingServiceSID')];

  const swapped = (first: string, second: string, what: string) =>
    tell({
      code: 'fields-swapped',
      level: 'error',
      path: [first],
      what,
      expected: 'accountSID AC…, authToken 32 hex digits, fromMessagingServiceSID MG…',
      fix: `Swap "${first}" and "${second}".`,
      safeFix: {
        description: `"${first}" and "${second}" swapped`,
        edits: swapKeys(source, first, second),
      },
    });
  if (account && service && SERVICE_SID.test(account) && ACCOUNT_SID.test(service)) {
    swapped(
      'accountSID',
      'fromMessagingServiceSID',
      '"accountSID" holds a Messaging Service SID (MG…), and "fromMessagingServiceSID" an Account SID (AC…).',
    );
    judgeToken(analysis, token);
    return;
  }
  if (account && token && TOKEN.test(account) && ACCOUNT_SID.test(token)) {
    swapped(
      'accountSID',
      'authToken',
      '"accountSID" holds what looks like the Auth Token, and "authToken" an Account SID (AC…).',
    );
    judgeService(analysis, service);
    return;
  }
  if (service && token && TOKEN.test(service) && SERVICE_SID.test(token)) {
    swapped(
      'fromMessagingServiceSID',
      'authToken',
      '"fromMessagingServiceSID" holds what looks like the Auth Token, and "authToken" a Messaging Service SID (MG…).',
    );
    judgeAccount(analysis, account);
    return;
  }
  judgeAccount(analysis, account);
  judgeToken(analysis, token);
  judgeService(analysis, service);
  judgeCopied(analysis, { accountSID: account, fromMessagingServiceSID: service }, token);
}

/** A token with the digits of a SID is no secret of anybody: made up, or copied from the wrong place. */
function judgeCopied(
  { tell }: Analysis,
  sids: Record<string, string | undefined>,
  token: string | undefined,
): void {
  if (!token || !TOKEN.test(token)) return;
  const holder = Object.entries(sids).find(([, sid]) => sid?.slice(2).toLowerCase() === token.toLowerCase());
  if (!holder) return;
  tell({
    code: 'auth-token-equals-sid',
    level: 'note',
    path: ['authToken'],
    what: `"authToken" has the digits of "${holder[0]}": it is made up, or was copied from the wrong place.`,
    expected: 'the Auth Token of the account, which nothing else shows',
    fix: 'Copy the Auth Token from the start page of the Twilio console, unless this config is only tried out.',
  });
}

function judgeSid(
  { source, config, tell }: Analysis,
  options: { key: string; value: string; prefix: 'AC' | 'MG'; code: string; fix: string },
): void {
  const { key, value, prefix, code, fix } = options;
  const expected = `${prefix} and 32 hex digits`;
  const kind = kindOf(value);
  if (kind && kind.prefix !== prefix) {
    tell({
      code: `${code}-wrong-kind`,
      level: 'error',
      path: [key],
      what: `"${key}" holds ${looks(value)}.`,
      expected,
      fix:
        kind.prefix === 'SK'
          ? 'Take the Account SID and its Auth Token: the connector puts this value into the path of the API, where an API key does not work.'
          : fix,
    });
  } else if (kind && value.slice(0, 2) !== prefix) {
    const at = (config[key] as string).indexOf(value);
    tell({
      code: `${code}-malformed`,
      level: 'error',
      path: [key],
      what: `"${key}" begins with ${value.slice(0, 2)}; SIDs begin with capital letters.`,
      expected,
      fix: `Write ${prefix}.`,
      safeFix: {
        description: `"${key}" written with ${prefix}`,
        edits: [textEdit(source, [key], at, at + 2, prefix)],
      },
    });
  } else if (!kind) {
    tell({
      code: `${code}-malformed`,
      level: 'error',
      path: [key],
      what: `"${key}" holds ${looks(value)}.`,
      expected,
      fix,
    });
  }
}

function judgeAccount(analysis: Analysis, value: string | undefined): void {
  if (!value) return;
  judgeSid(analysis, {
    key: 'accountSID',
    value,
    prefix: 'AC',
    code: 'account-sid',
    fix: 'Copy the Account SID from the start page of the Twilio console; Twilio answers 20404 to any other.',
  });
}

function judgeService(analysis: Analysis, value: string | undefined): void {
  if (!value) return;
  const short = /^\d{5,6}$/.test(value);
  if (!kindOf(value) && (short || /^\+?[\d\s().-]{7,20}$/.test(value))) {
    const number = short ? 'short code' : isTollFree(value) ? 'toll-free phone number' : 'phone number';
    analysis.tell({
      code: 'service-sid-phone-number',
      level: 'error',
      path: ['fromMessagingServiceSID'],
      what: `"fromMessagingServiceSID" holds a ${number}.`,
      expected: 'MG and 32 hex digits; the connector sends through a Messaging Service only',
      fix: `Create a Messaging Service in Twilio, add the ${short ? 'short code' : 'number'} to its sender pool, and take its SID.${
        isTollFree(value)
          ? ' Until the number is verified, nobody in the United States and Canada gets a message from it (30032).'
          : ''
      }`,
    });
    return;
  }
  if (!kindOf(value) && value.length <= 11 && isAlphanumeric(value) && !/^MG/i.test(value)) {
    analysis.tell({
      code: 'service-sid-alphanumeric',
      level: 'error',
      path: ['fromMessagingServiceSID'],
      what: '"fromMessagingServiceSID" holds a name, as an alphanumeric sender has it.',
      expected: 'MG and 32 hex digits; the connector sends through a Messaging Service only',
      fix: 'Create a Messaging Service in Twilio, add the name to its senders beside a number for countries that take no names (the United States and Canada), and take its SID.',
    });
    return;
  }
  judgeSid(analysis, {
    key: 'fromMessagingServiceSID',
    value,
    prefix: 'MG',
    code: 'service-sid',
    fix: 'Copy the SID of the service from Messaging → Services in the Twilio console; Twilio answers 21705 to any other.',
  });
}

function judgeToken({ tell }: Analysis, value: string | undefined): void {
  if (!value || TOKEN.test(value)) return;
  const kind = kindOf(value);
  if (kind) {
    tell({
      code: 'auth-token-is-sid',
      level: 'error',
      path: ['authToken'],
      what: `"authToken" holds ${kind.name} (${kind.prefix}…).`,
      expected: 'the Auth Token of the account, 32 hex digits',
      fix: 'Copy the Auth Token from the start page of the Twilio console.',
    });
    return;
  }
  tell({
    code: 'auth-token-malformed',
    // A token of the right length may be one of a kind that we do not know; a shorter one was cut.
    level: value.length === 32 ? 'warning' : 'error',
    path: ['authToken'],
    what:
      value.length === 32
        ? '"authToken" has 32 characters, but not all are hex digits; the secret of an API key looks like that.'
        : `"authToken" has ${value.length} characters.`,
    expected: '32 hex digits',
    fix: 'Copy the Auth Token of the account from the start page of the Twilio console.',
  });
}

/** Twilio's protection against SMS pumping, which the connector asks for unless it is told not to. */
export function judgeRiskCheck({ config, tell }: Analysis): void {
  if (config.disableRiskCheck !== true) return;
  tell({
    code: 'risk-check-disabled',
    level: 'note',
    path: ['disableRiskCheck'],
    what: 'Twilio is told not to check messages for SMS pumping (RiskCheck=disable).',
    expected: 'the check, which is on unless it is turned off',
    fix: 'Remove "disableRiskCheck", unless Twilio blocks people whom you know.',
  });
}
