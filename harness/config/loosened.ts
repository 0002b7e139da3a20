/** What a config makes easier to pass, or leaves out: told by `init`, `doctor` and the report, never in silence. */
import type { Loosened } from '../../reports/model.ts';
import type { Config, ConfigInput } from './config.ts';

const TOKEN_KINDS = ['access', 'refresh', 'id', 'session', 'bearer', 'auth', 'api', undefined];

/** Whether a member of a session is a token by its name: accessToken, id_token, logtoAccessToken, jwt, token … */
export function isTokenName(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[_-]+/);
  const last = words.at(-1) ?? '';
  if (/^(?:access|refresh|id)tokens?$/.test(last)) return true;
  return /^(?:tokens?|jwts?)$/.test(last) && TOKEN_KINDS.includes(words.at(-2));
}

/** Lifetime, tries and sends of codes that are usual; more is declared (config.ts, pages.ownOtp). */
const USUAL = { lifetime: 600, tries: 10, sends: 10 } as const;

/**
 * Lists what a config loosens, in the order of its keys.
 *
 * @param known entries of the known-failures file
 */
export function loosenedBy(config: Config | ConfigInput, known = 0): Loosened[] {
  const { features = [], session, pages, browser, target } = config;
  const handsOut = features.includes('token-in-session');
  const fields = session?.fields ?? [];
  const tokens = fields.filter(isTokenName);
  const { ownOtp } = pages ?? {};
  const host = target?.url && URL.canParse(target.url) ? new URL(target.url).hostname : undefined;
  return [
    ...(handsOut
      ? [
          {
            key: 'features: token-in-session',
            what: `session/no-token accepts ${['accessToken', 'access_token', ...tokens.filter((name) => !/^access_?token$/i.test(name))].join(', ')} in the session JSON, which any script on a page can read`,
          },
        ]
      : []),
    ...(features.includes('single-session')
      ? [
          {
            key: 'features: single-session',
            what: 'phone-otp/two-devices is not asked: a sign-in may end the sessions of the same person elsewhere',
          },
        ]
      : []),
    ...(pages?.directories?.length
      ? [
          {
            key: 'pages.directories',
            what: `members may be shown the data of each other at ${pages.directories.join(', ')}`,
          },
        ]
      : []),
    ...(pages?.profiles?.length
      ? [
          {
            key: 'pages.profiles',
            what: `everybody may be shown the name of whoever has a page below ${pages.profiles.join(', ')}`,
          },
        ]
      : []),
    ...(pages?.paths?.length === 0
      ? [
          {
            key: 'pages.paths',
            what: 'the app is taken to answer no other paths than its sources tell, also where some could not be read',
          },
        ]
      : []),
    ...(target?.ca && host && host !== 'localhost'
      ? [{ key: 'target.ca', what: `a certificate that ${target.ca} signed is taken for ${host}` }]
      : []),
    ...Object.entries(USUAL).flatMap(([name, usual]) => {
      const declared = ownOtp?.[name as keyof typeof USUAL];
      return declared !== undefined && declared > usual
        ? [
            {
              key: `pages.ownOtp.${name}`,
              what: `own one-time codes are judged by ${declared} instead of ${usual}`,
            },
          ]
        : [];
    }),
    ...(browser === 'none'
      ? [{ key: 'browser', what: 'checks that only a browser can make are left out' }]
      : []),
    ...(known > 0
      ? [
          {
            key: 'knownFailures',
            what: `${known} ${known === 1 ? 'entry accepts' : 'entries accept'} failures that are known`,
          },
        ]
      : []),
  ];
}
