/** The sign-in experience of a run: read, looked through for keys that Logto does not know, and judged by Logto's own rules. */
import path from 'node:path';
import type { Mocks, MocksOptions } from '../../mocks/index.ts';
import { loadConnector, type MessageConnector } from '../../mocks/logto/connector.ts';
import { isPreset, presetNames, presets, presetTitles } from '../../mocks/logto/sign-in/presets.ts';
import { knownKeys, unknownKeys } from '../../mocks/logto/sign-in/rules.ts';
import { identifiersOf } from '../../mocks/logto/sign-in/way-in.ts';
import type { SignInExperience } from '../../mocks/logto/tenant.ts';
import { readGivenJson } from '../../reports/given-file.ts';
import { closest } from '../config/closest.ts';
import { type Config, judgedPresets } from '../config/config.ts';
import { ConformanceError } from '../errors.ts';
import { invalidConnector, unreadableConnector } from './connector-config.ts';
import type { RunExperience } from './lab-description.ts';

/** What is sent to the tenant, and how it is called. */
export interface WantedExperience {
  name: string;
  change: Record<string, unknown>;
}

const refuse = (what: string, expected: string, remedy: string) =>
  new ConformanceError({ code: 'CONF_SIGN_IN_EXPERIENCE', key: 'signInExperience', what, expected, remedy });

/**
 * Reads `signInExperience`: a preset, a JSON file, or the JSON itself.
 *
 * @throws ConformanceError CONF_SIGN_IN_EXPERIENCE
 */
export function readExperience(
  { signInExperience: given }: Pick<Config, 'signInExperience'>,
  folder: string,
): WantedExperience {
  if (isPreset(given)) return { name: given, change: { ...presets[given] } };
  const change = typeof given === 'string' ? fileOf(given, folder) : given;
  const unknown = unknownKeys(change);
  if (unknown.length > 0)
    throw refuse(
      `signInExperience has ${unknown.length === 1 ? 'a key' : 'keys'} that Logto does not know: ${unknown.map(suggested).join(', ')}`,
      "members of Logto's PATCH /api/sign-in-exp, with the console's names; Logto itself would leave these out without a word",
      'correct the names, or take them out.',
    );
  return { name: typeof given === 'string' ? given : 'own', change };
}

const suggested = (key: string) => {
  const near = key.includes('.') ? undefined : closest(key, knownKeys());
  return near ? `"${key}" (looks like "${near}")` : `"${key}"`;
};

function fileOf(name: string, folder: string): Record<string, unknown> {
  const near = closest(name, presetNames);
  const expected = `one of ${presetNames.join(', ')}, the path of a JSON file, or an object`;
  if (!/\.json$/i.test(name))
    throw refuse(
      `there is no sign-in experience "${name}"`,
      expected,
      near ? `did you mean ${near}?` : 'correct the name.',
    );
  try {
    const read = readGivenJson(path.resolve(folder, name));
    if (typeof read === 'object' && read !== null && !Array.isArray(read))
      return read as Record<string, unknown>;
    throw new Error('it holds no object');
  } catch (error) {
    throw refuse(
      `the sign-in experience ${name} could not be read: ${(error as Error).message}`,
      expected,
      'correct the path or the file.',
    );
  }
}

/**
 * Gives the tenant of a run its sign-in experience.
 *
 * @throws ConformanceError CONF_SIGN_IN_EXPERIENCE with Logto's own reason
 */
export async function applyExperience(
  { issuer }: Pick<Mocks, 'issuer'>,
  { name, change }: WantedExperience,
): Promise<RunExperience> {
  const settings = await issuer.context.changeExperience(change).catch((error: Error & { code?: string }) => {
    const { details } = (error as { options?: { details?: string } }).options ?? {};
    throw refuse(
      `Logto refuses the sign-in experience "${name}" with ${error.code}: ${error.message}${details ? `\n${details.replace(/^/gm, '    ')}` : ''}`,
      "what Logto's rules allow, and a connector for each kind of code (connector, emailConnector)",
      /email/i.test(error.message) && /connector/i.test(error.message)
        ? "give the tenant an e-mail connector: take emailConnector: 'none' out of the config, or name one."
        : 'correct what the reason names.',
    );
  });
  if (identifiersOf(settings).length === 0)
    throw refuse(
      `nobody can sign in through the sign-in experience "${name}": it has no method with a password or a code`,
      'signIn.methods with phone, email or username, and password or verificationCode',
      'add a method; social and enterprise sign-in are not played by the mock.',
    );
  return { name, title: isPreset(name) ? presetTitles[name] : titleOf(settings), settings };
}

/** In one line what people meet. */
function titleOf({ signIn, signUp, signInMode, mfa }: SignInExperience): string {
  const methods = signIn.methods.map(
    ({ identifier, password, verificationCode }) =>
      `${identifier} with ${[verificationCode && 'code', password && 'password'].filter(Boolean).join(' or ')}`,
  );
  const up =
    signInMode === 'SignIn'
      ? 'nobody signs up'
      : `sign-up by ${signUp.identifiers.join(' or ') || 'nothing'}${signUp.password ? ' and password' : ''}`;
  const second = mfa.factors.length ? `; second factor ${mfa.factors.join(', ')} (${mfa.policy})` : '';
  return `${up}; sign-in by ${methods.join(', ')}${second}`;
}

/** An e-mail connector whose service is nowhere: the mock answers for it (RFC 2606 keeps the name). */
const MADE_UP = { endpoint: 'https://mail.example/send' };

/**
 * The e-mail connector of a run, judged by its own guard as Logto does before it stores a config.
 *
 * @param wanted one is made up where it, or another judged experience, sends e-mail
 * @throws ConformanceError CONF_CONNECTOR_MISSING, CONF_CONNECTOR_UNREADABLE or CONF_CONNECTOR_INVALID
 */
export async function emailConnectorOf(
  config: Pick<Config, 'emailConnector' | 'experiences'> & { pages?: Pick<Config['pages'], 'linkPhone'> },
  wanted: WantedExperience,
  folder: string,
): Promise<MocksOptions['emailConnector']> {
  const given = config.emailConnector;
  if (given === 'none') return undefined;
  // Who links a first number may have an address alone (suite account).
  const links = config.pages?.linkPhone.length ? [presets['email-code']] : [];
  const sends = [wanted.change, ...judgedPresets(config).map((name) => presets[name]), ...links];
  if (!given && !sends.some((each) => /"email"|EmailVerificationCode/.test(JSON.stringify(each))))
    return undefined;
  const name = given?.package ?? '@logto/connector-http-email';
  const own = given?.config === undefined ? MADE_UP : settingsOf(given.config, folder);
  const connector = await loadConnector(name, () => own, folder).catch((error: Error) => {
    throw new ConformanceError({
      code: 'CONF_CONNECTOR_MISSING',
      key: 'emailConnector.package',
      what: `the e-mail connector could not be loaded: ${error.message}`,
      expected: 'the name of an installed connector package, or its path (emailConnector.package)',
      remedy: `install it beside your app: npm install ${name}`,
    });
  });
  if (connector.type !== 'Email')
    throw new ConformanceError({
      code: 'CONF_CONNECTOR_TYPE',
      key: 'emailConnector.package',
      what: `${name} is a connector of type ${connector.type}, and sends no e-mail`,
      expected: 'a connector of type Email, such as @logto/connector-http-email (emailConnector.package)',
      remedy: 'name an e-mail connector, or leave emailConnector out.',
    });
  const verdict = connector.configGuard.safeParse(own);
  if (!verdict.success) throw invalidConnector(name, verdict.error, 'emailConnector.config');
  demandNoMailServer(connector, own, name);
  return { name, config: own, from: folder };
}

/**
 * Requests over HTTP are answered by the mock; a mail server would be spoken to, and people may really get what is sent.
 *
 * @throws ConformanceError CONF_CONNECTOR_CARRIER for SMTP to another machine
 */
export function demandNoMailServer(
  { metadata: { id } }: Pick<MessageConnector, 'metadata'>,
  { host }: Record<string, unknown>,
  name: string,
): void {
  if (!/smtp|simple-mail/i.test(id) || /^(localhost|127(\.\d+){3}|::1)$/.test(String(host))) return;
  throw new ConformanceError({
    code: 'CONF_CONNECTOR_CARRIER',
    key: 'emailConnector.config',
    what: `${name} sends by SMTP through ${String(host)}, which the mocks do not play: mail would leave this machine`,
    expected:
      'a connector that sends over HTTP, such as @logto/connector-http-email, or a mail server on this machine',
    remedy: "leave emailConnector out: the app sees no difference; or set host: '127.0.0.1'.",
  });
}

function settingsOf(given: string | Record<string, unknown>, folder: string): Record<string, unknown> {
  if (typeof given !== 'string') return given;
  try {
    return readGivenJson(path.resolve(folder, given)) as Record<string, unknown>;
  } catch (error) {
    throw unreadableConnector(given, error as Error, 'emailConnector.config');
  }
}
