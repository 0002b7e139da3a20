/** Sessions that Logto has ended: an app that knows it says so everywhere, not only where the session is asked for. */
import { afterAll, describe, expect, it } from 'vitest';
import { copyTarget, type Variant } from '../fixtures/copy-target.ts';
import { judge } from '../fixtures/mutants/judge.ts';
import { told } from '../fixtures/verdicts-on-express.ts';

const variants: Variant[] = [];
afterAll(() => {
  for (const variant of variants) variant.remove();
});

const IDS = ['sign-out/backchannel', 'sign-out/backchannel-sid-only', 'session/refresh-refused'];

/** The verdicts on the full Express target, which ends its session when a refresh is refused, and has an API of notes. */
async function judged(
  reader: string,
  notes = "{ notes: ['of ' + who] }",
  more: Record<string, [string, string][]> = {},
): Promise<Record<string, string>> {
  const variant = copyTarget('express-full', {
    'app.js': [
      [
        "import { createApp } from '../express/app.js';",
        "import { createApp } from '../express/app.js';\nimport { getToken } from '@auth/core/jwt';",
      ],
      [
        '      before(app);',
        `      before(app);
      app.get('/api/notes', async (req, res) => {
        const who = await (${reader})(req, res);
        return who ? res.json(${notes}) : res.status(401).json({ error: 'no session' });
      });`,
      ],
    ],
    'auth.js': [
      [
        '      return refreshed(token);',
        '      const now = await refreshed(token);\n      return now.error ? null : now;',
      ],
    ],
    ...more,
  });
  variants.push(variant);
  const { checks } = await judge(
    {
      target: { command: 'node server.js', cwd: variant.folder },
      features: ['refresh-token', 'backchannel-logout'],
      scopes: ['offline_access', 'profile', 'email', 'phone'],
      pages: {
        protected: ['/protected'],
        api: ['/api/protected', '/api/notes'],
        backChannelLogout: '/backchannel-logout',
      },
      browser: 'none',
    },
    IDS,
  );
  return told(IDS, Object.fromEntries(checks.map(({ id, verdict, message }) => [id, [verdict, message]])));
}

const ASKS_SESSION = "async (req, res) => (await readSession(req, config(), res))?.user?.name ?? ''";

describe('a session that Logto has ended', { timeout: 240_000 }, () => {
  it('is asked for wherever members are shown something', async () => {
    expect(await judged(ASKS_SESSION)).toEqual(Object.fromEntries(IDS.map((id) => [id, 'pass'])));
  });
  it('is not that of everybody', async () => {
    const [kept, all] = [
      'signedInAt <= (endedAt.get(key) ?? 0)',
      'signedInAt <= Math.max(0, ...endedAt.values())',
    ];
    const verdicts = await judged(ASKS_SESSION, undefined, { 'back-channel-logout.js': [[kept, all]] });
    expect(verdicts['sign-out/backchannel']).toContain('fail: Ended the session of another person');
  });
  it.each([
    ['data', "{ notes: ['of ' + who] }"],
    ['an empty list', '[]'],
  ])('is over for an API that only opens the cookie, too, and answers %s', async (_what, notes) => {
    const reader =
      'async (req) => (await getToken({ req: { headers: req.headers }, secret: process.env.AUTH_SECRET }))?.sub';
    const verdicts = await judged(reader, notes);
    const words =
      'Still answered /api/notes with 200 to the cookies of a session of which /session showed nobody';
    expect(verdicts).toEqual({
      'sign-out/backchannel': expect.stringContaining(`fail: ${words}, as Logto had ended the session.`),
      'sign-out/backchannel-sid-only': expect.stringContaining(`warn: ${words}`),
      'session/refresh-refused': expect.stringContaining(`fail: ${words}, as its refresh token was refused.`),
    });
  });
});
