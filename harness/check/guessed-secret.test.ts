import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configSchema } from '../config/config.ts';
import { mintSession } from '../visitor/mint-session.ts';
import { guessSecrets, wholeCookies } from './guessed-secret.ts';

const cookie = 'authjs.session-token';
const authSecret = randomBytes(33).toString('base64url');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'guessed-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lab = (env: Record<string, string> = {}) => ({
  folder,
  authSecret: env.AUTH_SECRET ?? authSecret,
  config: configSchema.parse({ target: { command: 'npm start', env } }),
});
const session = async (secret: string, family: 'v4' | 'v5' = 'v5') => ({
  key: cookie,
  value: await mintSession({ secret, cookie, family }),
});
const csrf = (secret: string) => {
  const token = 'c5'.repeat(32);
  const hash = createHash('sha256').update(`${token}${secret}`).digest('hex');
  return { key: 'authjs.csrf-token', value: `${token}%7C${hash}` };
};

describe('the secret of an app', () => {
  it.each(['secret', 'your-nextauth-secret', 'change_me', 'CHANGE_ME', 'some_secret', 'supersecret'])(
    'is guessed when it is the placeholder %s',
    async (secret) => {
      for (const family of ['v4', 'v5'] as const)
        expect(guessSecrets([await session(secret, family)], lab())).toMatchObject([
          { value: secret, by: 'seal', cookie },
        ]);
      expect(guessSecrets([csrf(secret)], lab())).toMatchObject([{ value: secret, by: 'csrf' }]);
    },
  );

  it('is read in its sources and examples', async () => {
    writeFileSync(path.join(folder, 'auth.js'), "const secret = process.env.KEY ?? 'kettles-and-pots-2024';");
    const [guess] = guessSecrets([await session('kettles-and-pots-2024')], lab());
    expect(guess?.told).toBe('which stands in auth.js');
  });

  it('is read in its sources, though it was hashed', async () => {
    writeFileSync(
      path.join(folder, 'auth.js'),
      "const secret = createHash('sha256').update('kettles').digest('hex');",
    );
    const hashed = createHash('sha256').update('kettles').digest('hex');
    const [guess] = guessSecrets([await session(hashed)], lab());
    expect(guess?.told).toBe('the SHA-256 of "kettles", which stands in auth.js');
  });

  it('is told when it is the second of two', () => {
    expect(guessSecrets([csrf(`${authSecret},test-key`)], lab())).toMatchObject([
      { value: 'test-key', by: 'csrf' },
    ]);
  });

  it('is left alone when it is the one that the run gave, or one that nobody knows', async () => {
    for (const secret of [authSecret, randomBytes(33).toString('base64')])
      expect(guessSecrets([await session(secret), csrf(secret)], lab())).toEqual([]);
  });

  it('is left alone when the config of the run made it up, though a source names it', async () => {
    const secret = 'only-for-the-runs-of-this-check';
    writeFileSync(path.join(folder, 'start.js'), `process.env.SHOP_KEY ??= '${secret}';`);
    expect(guessSecrets([await session(secret)], lab({ SHOP_KEY: secret }))).toEqual([]);
    writeFileSync(path.join(folder, '.env.example'), `SHOP_KEY=${secret}`);
    expect(guessSecrets([await session(secret)], lab({ SHOP_KEY: secret }))).toHaveLength(1);
  });

  it('is told when the config hands a placeholder to the app', async () => {
    const given = lab({ AUTH_SECRET: 'changeme' });
    expect(guessSecrets([await session('changeme')], given)).toMatchObject([{ value: 'changeme' }]);
  });
});

it('puts the chunks of a cookie together in their order', () => {
  const chunks = ['c', 'a', 'b'].map((value, index) => ({ key: `s.${[2, 0, 1][index]}`, value }));
  expect(wholeCookies([...chunks, { key: 'x', value: '1' }])).toEqual([
    { key: 's', value: 'abc' },
    { key: 'x', value: '1' },
  ]);
});
