/** Which values of a config are secrets, and how they are kept out of everything that is said about it. */

/** Names of settings that hold secrets in Logto's SMS connectors, without separators and case. */
const SECRET_NAME =
  /^(?:authtoken|token|apitoken|apikey|apisecret|secret|accesskeysecret|secretkey|secretaccesskey|password|authorization|clientsecret|privatekey)$|(?:secret|password|token|apikey|privatekey)$/;
const bare = (name: string) => name.replace(/[^a-z0-9]/gi, '').toLowerCase();

export const isSecretName = (name: string): boolean => SECRET_NAME.test(bare(name));

/** Shorter values stand in too many words to be looked for. */
const SHORTEST = 6;

/**
 * Every text under a secret name, and every text that looks like a token wherever it stands (swapped fields).
 *
 * @returns longest first
 */
export function secretsIn(config: unknown): string[] {
  const found = new Set<string>();
  const tokensIn = (text: string) => {
    for (const token of text.match(/(?<![A-Za-z0-9])[0-9a-fA-F]{32}(?![A-Za-z0-9])/g) ?? []) found.add(token);
  };
  const walk = (value: unknown, name: string) => {
    tokensIn(name);
    if (typeof value === 'string') {
      if (isSecretName(name) && value.length >= SHORTEST) found.add(value).add(value.trim());
      tokensIn(value);
    } else if (typeof value === 'number' && isSecretName(name)) found.add(String(value));
    else if (Array.isArray(value)) for (const item of value) walk(item, name);
    else if (value && typeof value === 'object') {
      for (const [key, item] of Object.entries(value)) walk(item, key);
    }
  };
  walk(config, '');
  return [...found].filter((text) => text.length >= SHORTEST).sort((a, b) => b.length - a.length);
}

/** How a secret may be written by whoever leaks it. */
export const spellings = (secret: string): string[] => [
  ...new Set([
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    encodeURIComponent(secret).replaceAll('%20', '+'),
  ]),
];

export const HIDDEN = '‹secret›';

/** A value with every secret in every string of it replaced. */
export function withoutSecrets<Value>(value: Value, secrets: readonly string[]): Value {
  if (typeof value === 'string') {
    return secrets
      .flatMap(spellings)
      .reduce<string>((text, secret) => text.replaceAll(secret, HIDDEN), value) as Value;
  }
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, secrets)) as Value;
  if (value && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        withoutSecrets(key, secrets),
        withoutSecrets(item, secrets),
      ]),
    ) as Value;
  }
  return value;
}
