/**
 * Which part of a certification each check of the suite `connector` stands for. The rules are those of the
 * certification; here is only who tells of them in a run.
 */
import { TWILIO_ID } from './analysis.ts';
import type { ConnectorReport, FindingLevel, Misreport } from './report.ts';
import { LATER_TYPES, REQUIRED_TYPES } from './usage-types.ts';

export interface Duty {
  /** Codes of findings, or ids of results; a `*` stands for anything. */
  names: readonly string[];
  /** What of these other checks tell. */
  but?: readonly string[];
  /** Only what was reported wrongly in this way. */
  because?: Misreport;
  /** `twilio`: Twilio's connector only. `texts`: configs that hold the texts only. */
  about?: 'twilio' | 'texts';
  /** What it tells of, when its clause asks for less than the certification does (by default by its own level). */
  tells?: FindingLevel;
  /** The result that shows that this was looked at; by default those that it names. */
  seenBy?: string;
  /** Nothing but other code of the connector changes it: a connector as Logto publishes it gets a note. */
  code?: true;
}

const errors = (...codes: (number | string)[]) => codes.map((code) => `error/${code}`);
const CODE = { code: true } as const;

/** Findings about a config that Logto refuses, or that nobody can read: no run starts with one (exit code 2). */
export const REFUSED_BEFORE = [
  'json-comment',
  'json-trailing-comma',
  'json-invalid',
  'json-byte-order-mark',
  'json-too-deep',
  'config-not-object',
  'config-wrapped',
  'key-missing',
  'wrong-type',
  'guard-refused',
  'usage-type-missing',
];

/** Errors that people act on in the same way; every other one is told by `connector/error-other`. */
const errorClasses: Record<string, Duty> = {
  'connector/error-credentials': { names: errors(20003, 20005, 20006, 20008, 20010, 20403, 401, 403) },
  'connector/error-number': { names: errors(21211, 21408, 21604, 21612, 21614, 21635), about: 'twilio' },
  'connector/error-recipient': { names: errors(21608, 21610), about: 'twilio' },
  'connector/error-sender': {
    names: errors(21212, 21601, 21603, 21606, 21607, 21616, 21621, 21657, 21659, 21660, 21661),
    about: 'twilio',
  },
  'connector/error-service': {
    names: errors(21701, 21702, 21703, 21704, 21705, 21708, 21709, 21711),
    about: 'twilio',
  },
  'connector/error-content': {
    names: errors(21602, 21605, 21617, 21618, 21619, 21620, 21623, 21654, 21655, 21656),
    about: 'twilio',
  },
  'connector/error-throttled': { names: errors(20429, 21611, 429) },
  'connector/error-server': { names: [...errors(20500, 20503, 500, 503), 'wire/page-502'] },
  'connector/error-own-words': { names: errors('own', 'own-200') },
};
const TOLD_BY_CLASS = Object.values(errorClasses).flatMap(({ names }) => names);

/** Check id → what it tells of. A must tells of errors and failures, a should of warnings, a may of notes. */
export const duties: Record<string, Duty> = {
  'connector/account-sid': { names: ['account-sid-*'], about: 'twilio' },
  'connector/auth-token': { names: ['auth-token-*'], about: 'twilio' },
  'connector/auth-token-shape': { names: ['auth-token-*'], about: 'twilio' },
  'connector/messaging-service': { names: ['service-sid-*'], about: 'twilio' },
  'connector/fields-in-place': { names: ['fields-swapped'], about: 'twilio' },
  'connector/values-filled-in': {
    names: ['value-empty', 'value-not-filled-in', 'endpoint-malformed', 'surrounding-space'],
  },
  'connector/keys-once': { names: ['json-duplicate-key'], tells: 'error' },
  'connector/keys-spelt': { names: ['unknown-key'] },
  'connector/keys-known': { names: ['unknown-key', 'from-number-unsupported'] },
  'connector/usage-types': { names: ['usage-type-unknown'], about: 'texts' },
  'connector/usage-types-used': {
    names: ['usage-type-unknown', 'usage-type-duplicate', 'locale-template'],
    about: 'texts',
  },
  'connector/locale': { names: ['locale-template'], about: 'texts' },
  'connector/placeholder': { names: ['placeholder-*'], about: 'texts' },
  'connector/placeholder-once': { names: ['placeholder-repeated'], about: 'texts' },
  'connector/code-stands-alone': { names: ['digit-beside-code'], about: 'texts' },
  'connector/variables': { names: ['variable-*'], about: 'texts' },
  'connector/variables-always-set': { names: ['variable-*'], about: 'texts' },
  'connector/length': { names: ['message-too-long', 'template-empty'], about: 'texts' },
  'connector/segments': { names: ['segments-many'], about: 'texts' },
  'connector/encoding': { names: ['encoding-ucs2'], about: 'texts' },
  'connector/link-free': { names: ['link'], about: 'texts' },
  'connector/link-shortener': { names: ['link-shortener'], about: 'texts', tells: 'error' },
  'connector/carrier-words': { names: ['carrier-word'], about: 'texts' },
  'connector/plain-text': { names: ['html-in-message'], about: 'texts' },
  'connector/expiry': { names: ['expiry-differs'], about: 'texts' },
  'connector/texts-tidy': {
    names: ['surrounding-space', 'placeholder-spaced', 'encoding-ucs2', 'usage-type-deprecated'],
    about: 'texts',
  },
  'connector/risk-check': { names: ['risk-check-disabled'], about: 'twilio' },

  'connector/sends-register': { names: ['send/Register'] },
  'connector/sends-sign-in': { names: ['send/SignIn'] },
  'connector/sends-forgot-password': { names: ['send/ForgotPassword'] },
  'connector/sends-generic': { names: ['send/Generic'] },
  'connector/sends-later-types': { names: LATER_TYPES.map((type) => `send/${type}`) },
  'connector/covers-later-types': {
    names: [...REQUIRED_TYPES, ...LATER_TYPES].map((type) => `send/${type}`),
  },
  'connector/arrives': { names: ['send/arrived'], about: 'twilio' },
  'connector/sends-abroad': { names: ['send/abroad', 'sender-*'], seenBy: 'send/Generic' },
  'connector/code-only': { names: ['send/ui-locales'], seenBy: 'send/SignIn' },
  'connector/secret-in-address': { names: ['send/secret-in-address'], seenBy: 'send/SignIn' },
  'connector/tls': { names: ['request/tls'] },
  'connector/request': { names: ['request/method', 'request/path', 'request/form'], about: 'twilio' },
  'connector/credentials': { names: ['request/credentials', 'request/authentication'] },
  'connector/number': { names: ['request/number'], about: 'twilio' },
  'connector/service-named': { names: ['request/service'], about: 'twilio' },
  'connector/risk-check-asked': { names: ['request/risk-check'], about: 'twilio' },

  ...errorClasses,
  'connector/error-other': { names: ['error/*'], but: TOLD_BY_CLASS },
  'connector/error-told': { names: ['error/*', 'wire/page-502'], ...CODE },
  'connector/error-no-secret': { names: ['error/*', 'wire/*'], because: 'holds a secret' },
  'connector/wire-honest': { names: ['wire/reset', 'wire/hang', 'wire/redirect-loop'] },
  'connector/wire-reset': { names: ['wire/reset'], ...CODE },
  'connector/wire-hang': { names: ['wire/hang'], ...CODE },
  'connector/wire-slow': { names: ['wire/slow'], ...CODE },
  'connector/wire-redirect': { names: ['wire/redirect'], ...CODE },
  'connector/wire-redirect-loop': { names: ['wire/redirect-loop'], ...CODE },
  'connector/console-no-secret': { names: ['secrets/console'], ...CODE },
  'connector/error-object-no-secret': { names: ['secrets/error-object'], ...CODE },
};

/** Something that the certification holds against config or connector. */
export interface Complaint {
  name: string;
  level: FindingLevel;
  because?: Misreport;
  /** Where, what, and what to do. */
  sentence: string;
}

/** Everything that a report holds against config and connector. */
export const complaintsIn = ({ findings, dynamic }: ConnectorReport): Complaint[] => [
  ...findings.map(({ code, level, keyPath, line, column, what, fix }) => ({
    name: code,
    level,
    sentence: `${keyPath ? `${keyPath} (line ${line}, column ${column})` : `Line ${line}, column ${column}`}: ${what} ${fix}`,
  })),
  ...dynamic.flatMap(({ id, verdict, because, message, fix = '' }) =>
    verdict === 'fail' || verdict === 'warn'
      ? [
          {
            name: id,
            level: verdict === 'fail' ? ('error' as const) : ('warning' as const),
            ...(because && { because }),
            sentence: `${id}: ${message} ${fix}`.trim(),
          },
        ]
      : [],
  ),
];

const LEVELS = { must: 'error', should: 'warning', may: 'note' } as const;

const fits = ({ names, but }: Duty, name: string) =>
  !but?.includes(name) &&
  names.some((each) => (each.endsWith('*') ? name.startsWith(each.slice(0, -1)) : name === each));

/** Whether a check tells of a complaint. */
export function tellsOf(check: { id: string; level: keyof typeof LEVELS }, complaint: Complaint): boolean {
  const duty = duties[check.id];
  if (!duty || !fits(duty, complaint.name)) return false;
  if (complaint.level !== (duty.tells ?? LEVELS[check.level])) return false;
  // A secret in an error is told by the one check about it.
  return duty.because
    ? complaint.because === duty.because
    : !(complaint.because === 'holds a secret' && complaint.level === 'error');
}

export interface DutyVerdict {
  /** `limit`: a connector as Logto publishes it does so by itself. */
  verdict: 'pass' | 'broken' | 'limit' | 'not applicable';
  message: string;
}

/**
 * Judges one check of the suite by a certification.
 *
 * @param check id and level, as declared
 */
export function judgeDuty(
  report: ConnectorReport,
  check: { id: string; level: keyof typeof LEVELS },
): DutyVerdict {
  const duty = duties[check.id];
  if (!duty)
    throw new Error(`${check.id} stands for no part of the certification (harness/connector/duties.ts)`);
  const { connector, dynamic, templates } = report;
  const not = (message: string): DutyVerdict => ({ verdict: 'not applicable', message });
  if (duty.about === 'twilio' && connector.id !== TWILIO_ID)
    return not(`a rule of Twilio's connector, not of ${connector.name}`);
  const told = complaintsIn(report).filter((complaint) => tellsOf(check, complaint));
  const [first] = told;
  if (first) {
    const published = duty.code && /^@logto\/connector-/.test(connector.name);
    const message = told.length > 1 ? `${first.sentence} (and ${told.length - 1} more)` : first.sentence;
    return published
      ? {
          verdict: 'limit',
          message: `${connector.name} ${connector.version} does so as Logto publishes it. ${message}`,
        }
      : { verdict: 'broken', message };
  }
  if (duty.about === 'texts' && templates.every(({ characters }) => characters === undefined))
    return not('the config holds no texts: they are kept elsewhere');
  if (duty.names.some((name) => name.includes('/'))) {
    const asked = dynamic.filter(({ id }) => (duty.seenBy ? id === duty.seenBy : fits(duty, id)));
    if (asked.length === 0) return not(`${connector.name} is not asked for this`);
    if (asked.every(({ verdict }) => verdict === 'not judged')) return not(asked[0]?.message ?? '');
  }
  return { verdict: 'pass', message: 'As it must be.' };
}
