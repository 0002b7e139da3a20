/**
 * The one function that takes secrets out of whatever is kept or written.
 *
 * A secret becomes `‹kind #fingerprint›`: two places that held the same value show the same fingerprint, so
 * a reader (and a check) can still see that a verifier was used twice. The fingerprint is keyed anew in each
 * run, so it says nothing about the value. Phone numbers keep their last two digits.
 *
 * Two ways lead to a secret: it was registered, or its place gives it away (a name before it, a header, a shape).
 */
import { generationOfSecrets, hideKnown, mark, registerSecret } from './known-secrets.ts';

export {
  beforeForgetting,
  fingerprint,
  type Keeper,
  longFingerprint,
  registerSecret,
} from './known-secrets.ts';

const isMarked = (value: string) => value.startsWith('‹') || value.startsWith('%E2%80%B9');

/** Traffic repeats itself: headers, addresses and pages are looked through once. Characters of a text that is remembered. */
const REMEMBERED_MAX = 2_000;
const TEXTS_MAX = 4_000;

/** A pure function of a text, which remembers what it made of the texts of late. */
function remembering<Made>(make: (text: string) => Made): { of(text: string): Made; forget(): void } {
  const made = new Map<string, Made>();
  return {
    of(text) {
      const before = made.get(text);
      if (before !== undefined || made.has(text)) return before as Made;
      const now = make(text);
      if (text.length > REMEMBERED_MAX) return now;
      if (made.size >= TEXTS_MAX) made.clear();
      made.set(text, now);
      return now;
    },
    forget: () => made.clear(),
  };
}

/** Names of parameters, JSON members and environment variables whose value is a secret, without separators and case. */
const SECRET_NAMES: Record<string, string> = {
  accesstoken: 'access token',
  refreshtoken: 'refresh token',
  idtoken: 'ID token',
  idtokenhint: 'ID token',
  logouttoken: 'logout token',
  sessiontoken: 'session token',
  onetimetoken: 'one-time token',
  clientsecret: 'client secret',
  clientassertion: 'client assertion',
  codeverifier: 'code verifier',
  code: 'code',
  password: 'password',
  newpassword: 'password',
  confirmpassword: 'password',
  passcode: 'code',
  verificationcode: 'one-time code',
  otp: 'one-time code',
  authtoken: 'auth token',
  csrftoken: 'CSRF token',
  xsrf: 'CSRF token',
  token: 'token',
  secret: 'secret',
  authsecret: 'secret',
  authlogtosecret: 'client secret',
  nextauthsecret: 'secret',
  privatekey: 'private key',
  apikey: 'API key',
};

/** What a member of this name holds, when that is a secret: `clientSecret` and `CLIENT_SECRET` are the same name. */
const secretKindOf = (name: string | undefined): string | undefined =>
  name === undefined ? undefined : kindOfName.of(name);

const kindOfName = remembering((name) => {
  const bare = name
    .replace(/[_-](?=\d)\d+$/, '')
    .replace(/[_-]/g, '')
    .toLowerCase();
  if (Object.hasOwn(SECRET_NAMES, bare)) return SECRET_NAMES[bare];
  return /(?:secret|password|authtoken|privatekey)$/.test(bare) && !/^(?:use|has|is|no)/.test(bare)
    ? 'secret'
    : undefined;
});

/** A word under the name `code` that is the name of an error (`session.not_found`, `CONF_NO_LAB`, Twilio's 21211). */
const isErrorCode = (value: string) =>
  /^(?:[a-z]+(?:[._][a-z0-9]+)*|[A-Z]+(?:_[A-Z0-9]+)*|[1-9]\d{4})$/.test(value);

/** The value under a name, hidden when the name says that it is a secret. */
function hideNamed(name: string, value: string): string {
  const kind = secretKindOf(name);
  if (!kind || !value || isMarked(value)) return value;
  return kind === 'code' && isErrorCode(value) ? value : mark(kind, value);
}

/** Registers every string that stands under a secret name anywhere in a tree, such as a config or a lab description. */
export function registerSecretsIn(tree: unknown, name?: string): void {
  if (typeof tree === 'string') {
    const kind = secretKindOf(name);
    if (kind && !(kind === 'code' && isErrorCode(tree))) registerSecret(kind, tree);
  } else if (tree && typeof tree === 'object') {
    for (const [key, value] of Object.entries(tree))
      registerSecretsIn(value, Array.isArray(tree) ? name : key);
  }
}

const maskDigits = (digits: string) => `${'•'.repeat(Math.max(0, digits.length - 2))}${digits.slice(-2)}`;

/** A phone number with all but its last two digits hidden. */
export const maskPhone = (phone: string): string => phone.replace(/\d(?=(?:\D*\d){2})/g, '•');

/** `name=value; attributes` of a cookie with the value hidden. */
const redactCookie = (cookie: string) =>
  cookie.replace(/^([^=;]+)=([^;]*)/, (_, name, value) =>
    isMarked(value) ? `${name}=${value}` : `${name}=${value ? mark('cookie', value) : ''}`,
  );
const redactCookies = (cookies: string) => cookies.split(/;\s*/).map(redactCookie).join('; ');

/** Stem of a secret name, for patterns that then ask {@link secretKindOf}. */
const NAME = String.raw`(?:[A-Za-z][\w-]{0,40}?)?(?:token|secret|password|code|verifier|assertion|xsrf|otp|hint|key)(?:[_-]\d+)?`;

type Replace = (match: string, ...groups: string[]) => string;
const PATTERNS: [RegExp, Replace][] = [
  [
    /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]+?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
    (pem) => mark('private key', pem),
  ],
  [
    /(?<![\w-])(Basic|Bearer)(\s+|%20|\+)([\w~+/.-]{8,}=*)(?!["\w]*=")/gi,
    (whole, scheme, space, value) =>
      /^[a-z_]+=?$/.test(value as string)
        ? whole
        : `${scheme}${space}${mark('credentials', value as string)}`,
  ],
  [/\beyJ[\w-]{5,}\.[\w-]*(?:\.[\w-]*){1,3}/g, (jwt) => mark('token', jwt)],
  // Cookies that tell by their name, in logs: Auth.js, Logto and oidc-provider.
  [
    /((?:(?:__Secure-|__Host-)?(?:next-auth|authjs)\.[\w.-]+?|\b_(?:session|interaction)(?:_resume)?(?:\.legacy)?(?:\.sig)?)=)([^;\s"',&\\]+)/g,
    (whole, before, value) =>
      isMarked(value as string) ? whole : `${before}${mark('cookie', value as string)}`,
  ],
  [
    /(\b(?:set-)?cookie:\s*)([^\r\n"']+)/gi,
    (_, before, cookies) =>
      `${before}${/set-/i.test(before as string) ? redactCookie(cookies as string) : redactCookies(cookies as string)}`,
  ],
  [
    /((?:session-token|csrf-token|code_verifier|state|nonce)(?:\.\d+)?(\\?["']),?\s*(?:\\?["'])?value(?:\\?["'])?\s*:\s*\2)([^"'\\]+)/g,
    (_, before, _quote, value) => `${before}${mark('cookie', value as string)}`,
  ],
  // name=value in URLs, form bodies, environments and logs (encoded once more, too)
  [
    new RegExp(`(^|[^\\w-]|%3F|%26|%3f)(${NAME})(=|%3D)([^&\\s"'<>#,;]+)`, 'gi'),
    (_, before, name, equals, value) => {
      // An encoded ampersand ends the value of a query that is itself a value.
      const [own = '', ...rest] = (value as string).split(/(?=%26)/i);
      return `${before}${name}${equals}${hideNamed(name as string, equals === '=' ? (value as string) : own)}${equals === '=' ? '' : rest.join('')}`;
    },
  ],
  // "name":"value" in JSON, escaped JSON and inspected objects
  [
    new RegExp(`(\\\\?["']?)(?<![\\w-])(${NAME})(\\\\?["']?\\s*:\\s*\\\\?["'\`])([^"'\`\\\\]+)`, 'gi'),
    (_, open, name, colon, value) => `${open}${name}${colon}${hideNamed(name as string, value as string)}`,
  ],
  // hidden fields of forms
  [
    new RegExp(`(name=\\\\?["'](${NAME})\\\\?["'][^<>]*?value=\\\\?["'])([^"'\\\\]+)`, 'gi'),
    (_, before, name, value) => `${before}${hideNamed(name as string, value as string)}`,
  ],
  [
    new RegExp(`(value=\\\\?["'])([^"'\\\\]+)(\\\\?["'][^<>]*?name=\\\\?["'](${NAME})\\\\?["'])`, 'gi'),
    (_, before, value, after, name) => `${before}${hideNamed(name as string, value as string)}${after}`,
  ],
  // Logto's way to set a password: {"type":"password","value":"…"}
  [
    /((\\?["'])type\2\s*:\s*\2password\2\s*,\s*\2value\2\s*:\s*\2)([^"'\\]+)/g,
    (whole, before, _quote, value) =>
      isMarked(value as string) ? whole : `${before}${mark('password', value as string)}`,
  ],
  // The text of a message: six digits near the word, as Logto and Auth.js apps write them.
  [
    /(\b(?:code|passcode|otp|pin|token)\b[^\d\n{}"&]{0,24}?)(?<![\w#.-])(\d{6})(?![\w.-]*\w)/gi,
    (_, before, value) => `${before}${mark('one-time code', value as string)}`,
  ],
  [
    /(?<![\w#.+-])(\d{6})(?=(?:[\s+]|%20)(?:is|as)(?:[\s+]|%20)[^\d\n]{0,40}\b(?:code|passcode|otp|pin)\b)/gi,
    (value) => mark('one-time code', value),
  ],
  // phone numbers in E.164, with the plus written, encoded or left out by Logto
  [/(\+|%2B)([1-9]\d{6,14})(?!\d)/gi, (_, plus, digits) => `${plus}${maskDigits(digits as string)}`],
  [/(?<![\w.:/#-])(1[2-9]\d{2}55501\d{2})(?![\w.])/g, (digits) => maskDigits(digits)],
  [
    /((\\?["'])(?:phone(?:_?number)?|primaryPhone|recipient|value|target|To|From)\2\s*:\s*\2)([1-9]\d{9,14})(?=\\?["'])/gi,
    (_, before, _quote, digits) => `${before}${maskDigits(digits as string)}`,
  ],
  [
    /\b((?:phone(?:_?number)?|To|From)=)([1-9]\d{9,14})(?![\w])/g,
    (_, before, digits) => `${before}${maskDigits(digits as string)}`,
  ],
];

/** What a text gives away by itself is the same whenever it is looked at. */
const recognised = remembering((text) =>
  PATTERNS.reduce((soFar, [pattern, put]) => soFar.replace(pattern, put as never), text),
);
/** What is known is the same until something new is registered. */
const clean = remembering((text) => recognised.of(hideKnown(text)));
let cleanAt = generationOfSecrets();

/** Takes every known and every recognisable secret out of a text. */
export function redactText(text: string): string {
  if (text.length < 6) return text;
  if (cleanAt !== generationOfSecrets()) {
    cleanAt = generationOfSecrets();
    clean.forget();
  }
  return clean.of(text);
}

const HEADERS: Record<string, (value: string) => string> = {
  // Names come from outside: `constructor` must find nothing.
  __proto__: null as never,
  cookie: redactCookies,
  'set-cookie': redactCookie,
};

/** Headers with cookies, credentials and everything `redactText` knows taken out. */
export function redactHeaders(headers: Record<string, string | string[]>): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      const hide = HEADERS[name.toLowerCase()] ?? redactText;
      return [name, Array.isArray(value) ? value.map(hide) : hide(value)];
    }),
  );
}

/** Any JSON value with every string in it redacted; strings under a secret name are hidden whole. */
export function redact<Value>(value: Value, name?: string): Value {
  if (typeof value === 'string') {
    const hidden = name === undefined ? value : hideNamed(name, value);
    return (hidden === value ? (HEADERS[name?.toLowerCase() ?? ''] ?? redactText)(value) : hidden) as Value;
  }
  if (Array.isArray(value)) return value.map((item) => redact(item, name)) as Value;
  if (!value || typeof value !== 'object') return value;
  const clean = { ...value } as Record<string, unknown>;
  for (const key of Object.keys(clean)) clean[key] = redact(clean[key], key);
  return clean as Value;
}
