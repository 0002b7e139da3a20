/** Apps with sessions in a database that remember whom they have looked up; only their own clock lets such a session end. */
import { afterAll, describe, expect, it } from 'vitest';
import { copyTarget, type Variant } from '../fixtures/copy-target.ts';
import { judge } from '../fixtures/mutants/judge.ts';
import { told } from '../fixtures/verdicts-on-express.ts';

const variants: Variant[] = [];
afterAll(() => {
  for (const variant of variants) variant.remove();
});

const IDS = ['session/ends', 'doors/after-the-end'];
const APP = 'createApp({ config: (config) => ({ ...config, adapter }) })';

/** @param remember what the app does with the session of a request; `look` finds it, `known` is a Map, `token` the cookie */
async function verdicts(remember: string) {
  const variant = copyTarget('express-database', {
    'server.js': [
      [
        "import { createApp } from '../express/app.js';",
        "import { getSession } from '@auth/express';\nimport { createApp } from '../express/app.js';",
      ],
      [
        APP,
        `const known = new Map();
const readSession = async (req, config, res) => {
  const token = /session-token=([^;]+)/.exec(req.headers.cookie ?? '')?.[1];
  const look = () => getSession(req, config, res);
  if (!token) return look();
  ${remember}
};
createApp({ config: (config) => ({ ...config, adapter }), readSession })`,
      ],
    ],
  });
  variants.push(variant);
  const { checks } = await judge(
    {
      target: { command: 'node server.js', cwd: variant.folder },
      features: ['database-session'],
      pages: { protected: ['/protected'], api: ['/api/protected'] },
    },
    IDS,
  );
  return told(IDS, Object.fromEntries(checks.map(({ id, verdict, message }) => [id, [verdict, message]])));
}

describe('a session that was looked up before', { timeout: 120_000 }, () => {
  it('is remembered for a minute, by performance.now(), as lru-cache does it', async () => {
    const own = await verdicts(`
  const held = known.get(token);
  if (held && performance.now() - held.at < 60_000) return held.found;
  const found = await look();
  if (found) known.set(token, { found, at: performance.now() });
  return found;`);
    expect(own).toEqual({ 'session/ends': 'pass', 'doors/after-the-end': 'pass' });
  });

  it('is remembered until a timer goes off: nobody can see when', async () => {
    const own = await verdicts(`
  if (known.has(token)) return known.get(token);
  const found = await look();
  if (found) known.set(token, found);
  setTimeout(() => known.delete(token), 60_000).unref();
  return found;`);
    expect(own).toEqual({
      'session/ends': 'pass',
      'doors/after-the-end': expect.stringMatching(/^not judged: .*remembers/),
    });
  });

  it('is taken from the table by the app itself, which looks at no end', async () => {
    const own = await verdicts(`
  const row = await adapter.getSessionAndUser(token);
  return row ? { user: row.user, expires: row.session.expires } : null;`);
    expect(own).toEqual({
      'session/ends': 'pass',
      'doors/after-the-end': expect.stringMatching(/^fail: /),
    });
  });
});
