/** Sessions in a database that are named by digests: they look like chance, and anybody makes them. */
import { afterAll, describe, expect, it } from 'vitest';
import { copyTarget, type Variant } from '../fixtures/copy-target.ts';
import { judge } from '../fixtures/mutants/judge.ts';

const variants: Variant[] = [];
afterAll(() => {
  for (const variant of variants) variant.remove();
});

const APP = 'createApp({ config: (config) => ({ ...config, adapter }) })';

/** The verdict on an app that makes its session tokens so. */
async function judged(token: string): Promise<string> {
  const variant = copyTarget('express-database', {
    'server.js': [
      [
        "import { createApp } from '../express/app.js';",
        "import { createHash } from 'node:crypto';\nimport { createApp } from '../express/app.js';",
      ],
      [
        APP,
        `let told = 0;
createApp({ config: (config) => ({ ...config, adapter, session: { ...config.session, generateSessionToken: () => ${token} } }) })`,
      ],
    ],
  });
  variants.push(variant);
  const { checks } = await judge(
    { target: { command: 'node server.js', cwd: variant.folder }, features: ['database-session'] },
    ['session/token-guessable'],
  );
  return checks.map(({ verdict, message }) => `${verdict}: ${message}`).join();
}

describe('a session in a database', { timeout: 120_000 }, () => {
  it.each([
    ["createHash('md5').update(String(told++)).digest('hex')", 'the md5 of a number that counts on'],
    [
      "createHash('sha256').update(String(Date.now())).digest('base64url')",
      'the sha256 of the millisecond of the sign-in',
    ],
  ])('is guessed that is named by %s', async (token, what) => {
    expect(await judged(token)).toContain(`fail: Named a session by ${what}`);
  });
});
