import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG, fallbackFor, ROOT } from './defaults.ts';
import { loadConfig } from './load-config.ts';

const here = mkdtempSync(path.join(os.tmpdir(), 'load-config-'));
mkdirSync(path.join(here, 'shop'));
writeFileSync(path.join(here, 'people.txt'), '+14155550101\n');
writeFileSync(
  path.join(here, 'shop/conformance.config.json'),
  JSON.stringify({ target: { url: 'http://localhost:3000' }, connector: { config: 'twilio.json' } }),
);

it.each([
  ['a flag', { flags: { 'live.people': 'people.txt' }, environment: {} }],
  ['a variable', { flags: {}, environment: { CONFORMANCE_LIVE_PEOPLE: 'people.txt' } }],
])('a file that %s names is meant from where the command was typed', async (_what, given) => {
  const { config, folder } = await loadConfig({
    file: 'shop/conformance.config.json',
    folder: here,
    ...given,
  });
  expect(config.live.people).toBe(path.join(here, 'people.txt'));
  // What the config names stays beside it.
  expect(path.resolve(folder, String(config.connector.config))).toBe(path.join(here, 'shop/twilio.json'));
});

it('a file that is not there is looked up beside the config, as ever', async () => {
  const { config, folder } = await loadConfig({
    file: 'shop/conformance.config.json',
    folder: here,
    flags: { 'live.people': 'others.txt', signInExperience: 'email-code' },
    environment: {},
  });
  expect(path.resolve(folder, String(config.live.people))).toBe(path.join(here, 'shop/others.txt'));
  expect(config.signInExperience).toBe('email-code');
});

describe('without a config', () => {
  it('our own app is taken in a checkout of ours, and nothing in the folder of another app', () => {
    expect(fallbackFor(ROOT)).toBe(DEFAULT_CONFIG);
    expect(fallbackFor(path.join(ROOT, 'fixtures'))).toBe(DEFAULT_CONFIG);
    expect(fallbackFor(path.dirname(ROOT))).toBeUndefined();
    expect(fallbackFor(path.join(ROOT, '..', 'shop'))).toBeUndefined();
  });
});
