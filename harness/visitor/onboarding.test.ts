import { afterAll, describe, expect, it } from 'vitest';
import { copyTarget, type Variant } from '../../fixtures/copy-target.ts';
import { judge } from '../../fixtures/mutants/judge.ts';
import type { ConfigInput } from '../config/config.ts';

const variants: Variant[] = [];
afterAll(() => {
  for (const variant of variants) variant.remove();
});

/** The Express target with lines of its own in front of it. */
function app(lines: string): string {
  const variant = copyTarget('express', {
    'app.js': [['  before(app, config);', `${lines}\n  before(app, config);`]],
  });
  variants.push(variant);
  return variant.folder;
}

const page = (body: string) =>
  `'<!doctype html><html lang="en"><title>Shop</title><main>${body}</main></html>'`;

/** Wants a name and the terms of everybody who is new, on a page with a token of its own. */
const onboarding = `
  app.use(express.urlencoded({ extended: false }), express.json());
  const named = new Set();
  app.use(async (req, res, next) => {
    const session = req.path.startsWith('/auth') ? null : await getSession(req, config);
    if (!session?.user || named.has(session.user.email ?? session.user.image ?? session.user.name)) return next();
    if (req.path !== '/welcome') return req.path.startsWith('/api/') ? res.status(403).end() : res.redirect('/welcome');
    if (req.method !== 'POST') return res.send(${page('<h1>Welcome</h1><form method="post"><input type="hidden" name="token" value="t1"><label>Name <input name="name" required></label><label>Terms <input type="checkbox" name="terms" required></label><button>Go on</button></form>')});
    if (req.body.token !== 't1' || !req.body.name || !req.body.terms) return res.status(400).send('incomplete');
    named.add(session.user.email ?? session.user.image ?? session.user.name);
    res.redirect(303, '/');
  });`;

/** Greets whoever is new for a while, on a page with nothing to fill in. */
const greeting = `
  const came = new Map();
  app.use(async (req, res, next) => {
    const session = /^\\/(?:auth|api)\\b/.test(req.path) ? null : await getSession(req, config);
    if (!session?.user) return next();
    const key = session.user.email ?? session.user.image ?? session.user.name;
    if (!came.has(key)) came.set(key, Date.now());
    if (req.path === '/hello') return res.send(${page('<h1>Hello</h1><button>Get started</button>')});
    return Date.now() - came.get(key) < 3_600_000 ? res.redirect('/hello') : next();
  });`;

/** Its guard knows nobody: members are led to the sign-in page, like everybody else. */
const forgetful = `
  app.get('/login', (req, res) => res.send(${page('<h1>Sign in</h1><form method="post" action="/auth/signin/logto"><button>Sign in</button></form>')}));
  app.use(['/protected', '/api/protected'], (req, res) => res.redirect('/login'));`;

const IDS = ['session/protected-page', 'session/protected-api', 'phone-otp/browser-journey', 'doors/nobody'];

const judged = async (
  lines: string,
  more: Pick<NonNullable<ConfigInput['pages']>, 'onboarding' | 'protected'> = {},
) => {
  const { checks, result } = await judge(
    {
      target: { command: 'node server.js', cwd: app(lines) },
      scopes: ['offline_access', 'profile', 'email'],
      pages: { home: '/', protected: ['/protected'], api: ['/api/protected'], ...more },
    },
    IDS,
  );
  return { result, checks: checks.map(({ id, verdict, message }) => [id, verdict, message] as const) };
};

describe('an app that wants something of new people first', { timeout: 180_000 }, () => {
  it('is not judged for what is behind, until somebody says what to fill in', async () => {
    const { checks, result } = await judged(onboarding);
    for (const [, verdict, message] of checks) {
      expect(verdict).toBe('not judged');
      expect(message).toContain('the app leads its members to /welcome');
      expect(message).toContain('say what a new person fills in there (pages.onboarding)');
    }
    expect(result).toBe('not judged');
  });

  it('is not judged where new people are greeted for a while with nothing to fill in', async () => {
    const { checks } = await judged(greeting, { protected: ['/protected', '/hello', '/notes'] });
    expect(checks.find(([id]) => id === 'session/protected-page')).toEqual([
      'session/protected-page',
      'not judged',
      expect.stringContaining('the app leads its members to /hello'),
    ]);
  });

  it('is judged whole when the config says it, in the browser, too', async () => {
    const { checks } = await judged(onboarding, {
      onboarding: [{ path: '/welcome', fields: { name: 'Ada', terms: 'on' } }],
    });
    expect(checks.map(([id, verdict]) => [id, verdict])).toEqual(checks.map(([id]) => [id, 'pass']));
  });

  it('is told when the forms of the config do not get past it', async () => {
    const { checks } = await judged(onboarding, {
      onboarding: [{ path: '/welcome', fields: { name: 'Ada', terms: '' } }],
    });
    for (const [, verdict, message] of checks) {
      expect(verdict).toBe('not judged');
      expect(message).toContain('correct the forms in pages.onboarding');
    }
  });

  it('is held to an API that answers strangers, whatever its members see first', async () => {
    const open =
      "  app.get('/api/protected', (req, res, next) => req.headers.cookie?.includes('session-token') ? next() : res.json({ orders: ['tea'] }));\n";
    const { checks } = await judged(open + onboarding);
    expect(checks.find(([id]) => id === 'session/protected-api')).toEqual([
      'session/protected-api',
      'fail',
      expect.stringContaining('Answered /api/protected to somebody without a session'),
    ]);
  });

  it('is not taken for one whose guard forgets its members', async () => {
    const { checks } = await judged(forgetful);
    expect(checks.find(([id]) => id === 'session/protected-page')).toEqual([
      'session/protected-page',
      'fail',
      expect.stringContaining('Refused /protected to a person with a session'),
    ]);
  });
});
