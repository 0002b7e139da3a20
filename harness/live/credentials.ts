/** Credentials of a real tenant: from the environment or a prompt, never from the command line, a config or a report. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { registerSecret } from '../../mocks/redact.ts';
import { ConformanceError } from '../errors.ts';

/** Environment variables, by what they hold. */
export const VARIABLES = {
  /** Id and secret of a machine-to-machine application with the role "Logto Management API access". */
  m2mId: 'CONFORMANCE_M2M_ID',
  m2mSecret: 'CONFORMANCE_M2M_SECRET',
  /** What Logto's http-sms connector sends as `authorization`. */
  captureToken: 'CONFORMANCE_CAPTURE_TOKEN',
  clientSecret: 'CONFORMANCE_TARGET_CLIENT_SECRET',
  twilioAccount: 'TWILIO_ACCOUNT_SID',
  twilioToken: 'TWILIO_AUTH_TOKEN',
  twilioKey: 'TWILIO_API_KEY',
  twilioKeySecret: 'TWILIO_API_KEY_SECRET',
} as const;
export type CredentialName = keyof typeof VARIABLES;

/** The value of a variable, registered as a secret where it is one; undefined when it is not set. */
export function credential(
  name: CredentialName,
  environment: NodeJS.ProcessEnv = process.env,
): string | undefined {
  const value = environment[VARIABLES[name]]?.trim() || undefined;
  if (name !== 'm2mId' && name !== 'twilioAccount') registerSecret(VARIABLES[name], value);
  return value;
}

/** Asks at the terminal without showing what is typed. */
async function askHidden(question: string): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  process.stderr.write(question);
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  const answer = await new Promise<string>((resolve) => lines.question('', resolve));
  lines.close();
  process.stderr.write('\n');
  return answer.trim();
}

/**
 * A credential that must be there.
 *
 * @param what what it is, for the prompt
 * @throws ConformanceError CONF_CREDENTIAL_MISSING when it is not set and there is no terminal to ask at
 */
export async function demandCredential(
  name: CredentialName,
  what: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const found = credential(name, environment);
  if (found) return found;
  if (process.stdin.isTTY && process.stderr.isTTY) {
    const typed = await askHidden(`${what} (not shown): `);
    if (typed) {
      registerSecret(VARIABLES[name], typed);
      return typed;
    }
  }
  throw new ConformanceError({
    code: 'CONF_CREDENTIAL_MISSING',
    what: `${what} is not known`,
    expected: `${VARIABLES[name]} in the environment, or a terminal to type it at; flags would stand in the list of processes`,
    remedy: `export ${VARIABLES[name]}=…, and run again.`,
    key: VARIABLES[name],
  });
}

/** Id and secret of the M2M application, when both are set. */
export function m2mCredentials(
  environment: NodeJS.ProcessEnv = process.env,
): { id: string; secret: string } | undefined {
  const id = credential('m2mId', environment);
  const secret = credential('m2mSecret', environment);
  return id && secret ? { id, secret } : undefined;
}
