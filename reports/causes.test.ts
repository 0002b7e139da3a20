/** Causes are measured on the mutants: each has one defect, so its failures must come down to one cause. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildReport } from './build.ts';
import { causesOf, explain } from './causes.ts';
import type { CheckResult } from './model.ts';
import { fixOf, otherwiseOf, remedies, remediesFor } from './remedies/index.ts';
import { harmOf, rerunOf } from './terminal-causes.ts';

const root = path.join(import.meta.dirname, '..');
const catalogue: { checks: CheckResult[] } = JSON.parse(
  readFileSync(path.join(root, 'reports', 'catalogue.json'), 'utf8'),
);
const ids = new Set(catalogue.checks.map(({ id }) => id));
const failed = (id: string): CheckResult => ({
  ...(catalogue.checks.find((check) => check.id === id) as CheckResult),
  verdict: 'fail',
});

/** What the checks of a connector that drops messages say, whatever they are about. */
const saidOf = (mutant: string, id: string) =>
  /^express-connector\/(?:drops-|one-message)/.test(mutant) && /^(?:logs|phone-otp)\//.test(id)
    ? 'Has a connector that sent no message, though Logto had asked for one: nothing at all arrived since then'
    : undefined;

const mutants = readdirSync(path.join(root, 'fixtures', 'mutants'))
  .map((base) => ({ base, file: path.join(root, 'fixtures', 'mutants', base, 'turns-red.json') }))
  .flatMap(({ base, file }) => {
    try {
      return Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string[]>).map(
        ([name, red]) => ({ name: `${base}/${name}`, red: red.filter((id) => ids.has(id)) }),
      );
    } catch {
      return [];
    }
  })
  .filter(({ red }) => red.length > 0);

describe('causes', () => {
  it('bring the failures of one defect down to one cause, in 19 of 20 mutants', () => {
    const many = mutants.flatMap(({ name, red }) => {
      const found = explain(red.map((id) => ({ ...failed(id), message: saidOf(name, id) })));
      return found.length > 1 ? [`${name}: ${found.map(({ remedy }) => remedy.key).join(', ')}`] : [];
    });
    expect(many.length / mutants.length, many.join('\n')).toBeLessThan(0.05);
  });

  it('are run again whole, without the laws, which judge what others send', () => {
    const check = { id: 'a/b', rerun: 'npx authjs-conformance run --config x a/b' } as CheckResult;
    const again = (checks: string[]) => rerunOf({ checks } as Parameters<typeof rerunOf>[0], check);
    expect(again(['a/b', 'laws/tokens-kept', 'c/d'])).toBe('npx authjs-conformance run --config x a/b c/d');
    expect(again(['a/b', ...Array.from({ length: 12 }, (_, index) => `c/${index}`)])).toBe(check.rerun);
    expect(again(['laws/tokens-kept'])).toBe(check.rerun);
  });

  it('call a mix-up of people an open door only where a door is open', () => {
    const causes = (...broken: string[]) => explain(broken.map(failed)).map(({ remedy }) => remedy.key);
    expect(causes('people/in-turn')).toEqual(['shared-state']);
    expect(causes('people/in-turn', 'laws/people-apart')).toEqual(['shared-state']);
    expect(causes('people/in-turn', 'laws/people-apart', 'session/protected-page')).toEqual(['guard']);
    // A page that members do not get either is no open door.
    const refused = {
      ...failed('session/protected-page'),
      message: 'Refused /orders to a person with a session: 500 at /orders.',
    };
    const found = explain([refused, failed('laws/people-apart')]).map(({ remedy }) => remedy.key);
    expect(found.toSorted()).toEqual(['members-refused', 'shared-state']);
  });

  it('where nobody can sign in, are what the run found in the log, not what else was broken', () => {
    const what = 'the database of the app keeps nobody without email';
    const finding = {
      code: 'CONF_ADAPTER_REFUSES',
      what,
      expected: 'a person',
      remedy: 'make email optional.',
    };
    const target = { name: 'app', versions: {}, features: [], nobodySignsIn: what };
    const checks = ['callback/session', 'redirect/scope-for-profile'].map(failed);
    expect(causesOf(checks, target).map(({ key }) => key)).toEqual(['scope']);
    expect(causesOf(checks, target, [finding])).toMatchObject([
      {
        key: 'CONF_ADAPTER_REFUSES',
        title: `nobody can sign in: ${what}`,
        fix: 'make email optional.',
        checks: ['callback/session'],
      },
      { key: 'scope', checks: ['redirect/scope-for-profile'] },
    ]);
    const { checks: told, causes } = buildReport({
      facts: { target, findings: [finding] },
      checks: checks.map((check) => ({
        ...check,
        fix: 'List the scopes.',
        steps: [],
        exchanges: [],
        log: [],
        attachments: [],
      })),
    });
    expect(told.map(({ fix }) => fix)).toEqual(['make email optional.', 'List the scopes.']);
    expect(causes).toHaveLength(2);
  });

  it('tell two defects apart', () => {
    const found = causesOf(
      ['redirect/callback-url-absolute', 'redirect/callback-url-tab', 'session/cookie-http-only'].map(failed),
      { name: 'app', versions: {}, features: [] },
    );
    expect(found.map(({ key, checks }) => [key, checks.length])).toEqual([
      ['callbacks.redirect', 2],
      ['cookies.sessionToken.options.httpOnly', 1],
    ]);
  });

  it('tell several defects of one app apart, also those whose checks are neighbours', () => {
    const said: Record<string, string> = {
      'session/no-token': 'Shows accessToken in the session JSON.',
      'laws/tokens-kept': 'Sent an access token to the browser, in the body of GET /auth/session (200).',
      'logs/token': 'Wrote a token of Logto into its log, as it was.',
      'phone-otp/browser-journey': 'Shows no session in the browser after the sign-in.',
      'session/cookie-http-only': 'Set authjs.session-token without HttpOnly.',
      'session/cookie-same-site': 'Set authjs.session-token with SameSite=None.',
      'id-token/claims-html': 'Made <img> of a claim at / (200).',
      'session/markup-escaped': 'Made <img> of the name of a person at /protected: "Ada <img src=x>".',
    };
    const checks = Object.entries(said).map(([id, message]) => ({ ...failed(id), message }));
    const found = causesOf(checks, { name: 'app', versions: {}, features: [] });
    expect(Object.fromEntries(found.map(({ key, checks: of }) => [key, of.toSorted()]))).toEqual({
      'callbacks.session': ['laws/tokens-kept', 'session/no-token'],
      logger: ['logs/token'],
      'cookies.sessionToken': [
        'phone-otp/browser-journey',
        'session/cookie-http-only',
        'session/cookie-same-site',
      ],
      escaping: ['id-token/claims-html', 'session/markup-escaped'],
    });
  });

  it.each(['logs/token', 'phone-otp/two-devices', 'mfa/second-factor'])(
    'name the connector where %s saw that it sent nothing',
    (id) => {
      const message = 'Has a connector that sent no message, though Logto had asked for one: nothing arrived';
      const [cause] = causesOf([{ ...failed(id), message }], { name: 'app', versions: {}, features: [] });
      expect(cause).toMatchObject({ key: 'connector/sending', fix: expect.stringContaining('connector') });
    },
  );

  it('bring all that ends on no page down to one, and tell the harm that most of its checks name', () => {
    const message = 'Answered with text/plain instead of a page: 500 at /auth/callback/logto.';
    const checks = [
      'callback/code-wrong',
      'callback/raced',
      'callback/expires-in-negative',
      'callback/token-500',
      'callback/token-503',
    ].map((id) => ({ ...failed(id), message }));
    const [cause, ...others] = causesOf(checks, { name: 'app', versions: {}, features: [] });
    expect([cause?.key, others]).toEqual(['pages.error', []]);
    expect(harmOf(cause as NonNullable<typeof cause>, { checks })).toBe(
      failed('callback/token-500').otherwise,
    );
  });

  it('name the line of the option, or of what it belongs to', () => {
    const [cause] = causesOf([failed('session/cookie-http-only')], {
      name: 'app',
      versions: {},
      features: [],
      options: { cookies: { file: 'auth.ts', line: 12 } },
    });
    expect(cause).toMatchObject({ file: 'auth.ts', line: 12 });
  });

  it('leave known failures out', () => {
    const known = { ...failed('session/cookie-http-only'), known: 'next week' };
    expect(causesOf([known], { name: 'app', versions: {}, features: [] })).toEqual([]);
  });
});

describe('remedies', () => {
  it('are there for every must and should', () => {
    const without = catalogue.checks
      .filter(({ level, id, fix }) => level !== 'may' && !fix && remediesFor(id).length === 0)
      .map(({ id }) => id);
    expect(without).toEqual([]);
  });

  it.each([
    ['id-token/signature-corrupt', 'Signed the person in: /session shows a session.', /rest on TLS/],
    ['id-token/signature-corrupt', 'Answered with text/plain instead of a page: 500.', /error page/],
    ['id-token/iat-old', 'Signed the person in: /session shows a session.', /No option/],
    ['id-token/aud-other-client', 'Signed the person in: /session shows a session.', /token validation/],
    [
      'session/refresh-refused',
      'Still answered /api/notes with 200 to the cookies of a session of which /session showed nobody, as its refresh token was refused.',
      /getToken\(\) opens the cookie alone/,
    ],
    ['logs/phone', 'Has a connector that sent no message, though Logto had asked for one.', /connector/],
  ])('say of %s what to do about what it saw: %s', (id, message, words) => {
    const declared = remediesFor(id)[0]?.fix;
    expect(fixOf(id, declared, message)).toMatch(words);
  });

  it('leave the words of a check alone that has its own', () => {
    expect(fixOf('session/no-token', 'Own words.', 'Shows accessToken in the session JSON.')).toBe(
      'Own words.',
    );
  });

  it.each(['session/protected-page', 'session/protected-api'])(
    'of %s tell a member who is refused from a stranger who is not',
    (id) => {
      const [declared] = catalogue.checks.filter((each) => each.id === id);
      const { otherwise = '', fix } = declared ?? {};
      const refused = 'Refused /orders to a person with a session: 500 (text/html).';
      const open = 'Showed /orders to somebody without a session.';
      expect(otherwiseOf(id, otherwise, refused)).toMatch(/cannot use what they came for/);
      expect(fixOf(id, fix, refused)).toMatch(/Let everybody with a session through/);
      expect(otherwiseOf(id, otherwise, open)).toBe(otherwise);
      expect(fixOf(id, fix, open)).toBe(fix);
    },
  );

  it('name only checks that exist', () => {
    const unknown = remedies.flatMap(({ key, checks }) =>
      checks
        .filter((pattern) =>
          pattern.endsWith('*')
            ? ![...ids].some((id) => id.startsWith(pattern.slice(0, -1)))
            : !ids.has(pattern),
        )
        .map((pattern) => `${key}: ${pattern}`),
    );
    expect(unknown).toEqual([]);
  });
});
