/** Errors of Verify v2: status and title as Twilio's error dictionary has them (https://www.twilio.com/docs/api/errors). */
import type { HttpAnswer } from '../../fault.ts';
import {
  codeInNumber,
  type ErrorCode,
  type ErrorEntry,
  errorCatalogue,
  errorDocument,
  magicTo,
} from '../errors.ts';

export const verifyErrors = {
  60200: { status: 400, message: 'Invalid parameter: {parameter}' },
  60202: { status: 429, message: 'Max check attempts reached' },
  60203: { status: 429, message: 'Max send attempts reached' },
  60204: { status: 403, message: 'Service does not support this feature' },
  60205: { status: 403, message: 'SMS is not supported by landline phone number' },
  60206: { status: 400, message: "'Amount' & 'Payee' params are required" },
  60207: { status: 400, message: 'Max rate limits per service reached' },
  60208: { status: 400, message: 'Rate limit with that UniqueName already exists' },
  60209: { status: 400, message: 'UniqueName format is invalid' },
  60211: { status: 400, message: 'Bucket with the given Interval already exists' },
  60212: { status: 429, message: 'Too many concurrent requests for phone number' },
  60217: { status: 400, message: 'Invalid Service configuration' },
  60220: { status: 400, message: 'Messages to China require use case vetting' },
  60221: { status: 400, message: 'No target verification specified' },
  60223: { status: 400, message: 'Delivery channel disabled' },
  60410: { status: 403, message: 'Verification delivery attempt blocked' },
  60605: { status: 403, message: 'Verification delivery attempt blocked' },
} as const satisfies Record<number, ErrorEntry>;

export type VerifyErrorCode = keyof typeof verifyErrors;

const catalogue: Record<number, ErrorEntry> = { ...errorCatalogue, ...verifyErrors };

/** @param values values of the placeholders, such as `parameter` */
export const verifyError = (
  code: VerifyErrorCode | ErrorCode,
  values: Record<string, string> = {},
): HttpAnswer => errorDocument(code, catalogue[code] as ErrorEntry, values);

export const invalid = (parameter: string): HttpAnswer => verifyError(60200, { parameter });

/** Errors of the Messages API that Verify has codes of its own for. */
const OWN: Partial<Record<number, VerifyErrorCode>> = {
  21211: 60200,
  21408: 60605,
  21604: 60200,
  21614: 60205,
  21635: 60205,
  30450: 60410,
};

/** The answer of Verify to what the Messages API would refuse with this answer. */
export function asVerify(answer: HttpAnswer): HttpAnswer {
  const own = OWN[(answer.body as { code?: number } | null)?.code ?? 0];
  return own
    ? { ...verifyError(own, { parameter: 'To' }), wire: answer.wire, slowMs: answer.slowMs }
    : answer;
}

/** The error that a number asks for: Twilio's magic ones, and those of the mock's own scheme. */
export function errorOfNumber(to: string): HttpAnswer | undefined {
  const code = magicTo[to] ?? codeInNumber(to);
  if (code === undefined || !Object.hasOwn(catalogue, code)) return undefined;
  const values = { parameter: 'To', to, from: '', uri: '', channel: 'SMS' };
  return asVerify(verifyError(code as ErrorCode, values));
}
