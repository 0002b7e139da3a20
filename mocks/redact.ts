/**
 * The one function that takes secrets out of whatever is kept or written.
 *
 * A secret becomes `‹kind #fingerprint›`: two places that held the same value show the same fingerprint, so
 * a reader (and a check) can still see that a verifier was used twice. The fingerprint is keyed anew in each
 * run, so it says nothing about the value. Phone numbers keep their last two digits.
 */
import { createHmac, randomBytes } from 'node:crypto';

const key = randomBytes(32);
const known = new Map<string, string>();

/** Six hex digits that stand for a value during this run. */
export const fingerprint = (value: string): string =>
  createHmac('sha256', key).update(value).digest('hex').slice(0, 6);
const mark = (kind: string, value: string) => `‹${kind} #${fingerprint(value)}›`;

/** Registers a value that must never be written, whatever it stands in; values under 6 characters are refused. */
export function registerSecret(kind: string, value: string | undefined | null): void {
  if (value && value.length >= 6) known.set(value, kind);
}

/** Names of parameters, JSON members and headers whose value is a secret. */
const SECRET_NAMES: Record<string, string> = {
  access_token: 'access token',
  refresh_token: 'refresh token',
  id_token: 'ID token',
  id_token_hint: 'ID token',
  logout_token: 'logout token',
  client_secret: 'client secret',
  client_assertion: 'client assertion',
  code_verifier: 'code verifier',
  code: 'code',
  password: 'password',
  newPassword: 'password',
  confirmPassword: 'password',
  passcode_0: 'code',
  passcode_1: 'code',
  passcode_2: 'code',
  passcode_3: 'code',
  passcode_4: 'code',
  passcode_5: 'code',
  authToken: 'auth token',
  csrfToken: 'CSRF token',
  xsrf: 'CSRF token',
  token: 'token',
  AUTH_SECRET: 'secret',
  AUTH_LOGTO_SECRET: 'client secret',
  NEXTAUTH_SECRET: 'secret',
  secret: 'secret',
};
const names = Object.keys(SECRET_NAMES).join('|');

/** Registers every string that stands under a secret name anywhere in a tree, such as a config or a lab description. */
export function registerSecretsIn(tree: unknown, name?: string): void {
  if (typeof tree === 'string')
    registerSecret(secretKindOf(name) ?? '', secretKindOf(name) ? tree : undefined);
  else if (tree && typeof tree === 'object')
    for (const [key, value] of Object.entries(tree))
      registerSecretsIn(value, Array.isArray(tree) ? name : key);
}

/** What a member of this name holds, when that is a secret: `clientSecret` and `CLIENT_SECRET` are `client_secret`. */
function secretKindOf(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  return SECRET_NAMES[name] ?? (/(?:secret|password|auth_?token)$/i.test(name) ? 'secret' : undefined);
}

const PATTERNS: [RegExp, (match: string, ...groups: string[]) => string][] = [
  [
    /\b(Basic|Bearer)\s+([\w~+/.=-]{6,})/gi,
    (_, scheme, value) => `${scheme} ${mark('credentials', value as string)}`,
  ],
  [/\beyJ[\w-]{5,}\.[\w-]*(?:\.[\w-]*){1,3}/g, (jwt) => mark('token', jwt)],
  // name=value in URLs, form bodies and logs (encoded once more, too)
  [
    new RegExp(`(^|[?&#\\s"'{,(]|%3F|%26)(${names})(=|%3D)([^&\\s"'<>#]+)`, 'g'),
    (_, before, name, equals, value) =>
      value?.startsWith('‹')
        ? _
        : `${before}${name}${equals}${mark(SECRET_NAMES[name as string] as string, value as string)}`,
  ],
  // "name":"value" in JSON, escaped JSON and inspected objects
  [
    new RegExp(`(\\\\?["']?)\\b(${names})(\\\\?["']?\\s*:\\s*\\\\?["'])([^"'\\\\]+)`, 'g'),
    (_, open, name, colon, value) =>
      value?.startsWith('‹')
        ? _
        : `${open}${name}${colon}${mark(SECRET_NAMES[name as string] as string, value as string)}`,
  ],
  // Logto's way to set a password: {"type":"password","value":"…"}
  [
    /((\\?["'])type\2\s*:\s*\2password\2\s*,\s*\2value\2\s*:\s*\2)([^"'\\]+)/g,
    (_, before, _quote, value) => `${before}${mark('password', value as string)}`,
  ],
  // phone numbers in E.164, with the plus written, encoded or left out by Logto
  [/(\+|%2B)([1-9]\d{6,14})(?!\d)/gi, (_, plus, digits) => `${plus}${maskDigits(digits as string)}`],
  [/(?<![\w.:/#-])(1[2-9]\d{2}55501\d{2})(?![\w.])/g, (digits) => maskDigits(digits)],
];

const maskDigits = (digits: string) => `${'•'.repeat(Math.max(0, digits.length - 2))}${digits.slice(-2)}`;

/** A phone number with all but its last two digits hidden. */
export const maskPhone = (phone: string): string => phone.replace(/\d(?=(?:\D*\d){2})/g, '•');

/** Takes every known and every recognisable secret out of a text. */
export function redactText(text: string): string {
  let clean = text;
  for (const [value, kind] of known) {
    if (!clean.includes(value)) {
      const encoded = encodeURIComponent(value);
      if (encoded !== value && clean.includes(encoded)) clean = clean.replaceAll(encoded, mark(kind, value));
      continue;
    }
    clean = clean.replaceAll(value, mark(kind, value));
  }
  return PATTERNS.reduce((soFar, [pattern, put]) => soFar.replace(pattern, put as never), clean);
}

/** `name=value; attributes` of a cookie with the value hidden. */
const redactCookie = (cookie: string) =>
  cookie.replace(/^([^=;]+)=([^;]*)/, (_, name, value) => `${name}=${value ? mark('cookie', value) : ''}`);

const HEADERS: Record<string, (value: string) => string> = {
  cookie: (value) => value.split(/;\s*/).map(redactCookie).join('; '),
  'set-cookie': redactCookie,
  authorization: (value) => redactText(value),
};

/** Headers with cookies, credentials and everything `redactText` knows taken out. */
export function redactHeaders(headers: Record<string, string | string[]>): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      const clean = HEADERS[name.toLowerCase()] ?? redactText;
      return [name, Array.isArray(value) ? value.map(clean) : clean(value)];
    }),
  );
}

/** Any JSON value with every string in it redacted; strings under a secret name are hidden whole. */
export function redact<Value>(value: Value, name?: string): Value {
  if (typeof value === 'string') {
    const kind = name === undefined ? undefined : SECRET_NAMES[name];
    return (kind && value && !value.startsWith('‹') ? mark(kind, value) : redactText(value)) as Value;
  }
  if (Array.isArray(value)) return value.map((item) => redact(item)) as Value;
  if (value && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redact(item, key)])) as Value;
  }
  return value;
}
