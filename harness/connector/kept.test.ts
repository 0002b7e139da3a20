import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { goodTwilioConfig } from '../../mocks/index.ts';
import { ROOT } from '../config/defaults.ts';
import { keepVerdict, keptVerdict, keyOf } from './kept.ts';
import type { ConnectorReport } from './report.ts';

const conformant: ConnectorReport = {
  schema: 'urn:authjs-conformance:connector-report:1',
  connector: { name: 'a', version: '1', id: 'a' },
  findings: [],
  templates: [],
  dynamic: [],
  verdict: 'conformant',
  summary: 'It is.',
};
const base = { connector: '@logto/connector-twilio-sms', config: goodTwilioConfig, from: ROOT, patience: 2 };

let place: string;
beforeEach(() => {
  place = mkdtempSync(path.join(os.tmpdir(), 'kept-'));
  vi.stubEnv('XDG_CACHE_HOME', place);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(place, { recursive: true, force: true });
});
const folder = () => path.join(place, 'authjs-conformance', 'connectors');

describe('a verdict on a connector', () => {
  it('is kept when it is conformant, and found again by what it was made of', () => {
    expect(keptVerdict(keyOf(base))).toBeUndefined();
    keepVerdict(keyOf(base), conformant);
    expect(keptVerdict(keyOf({ ...base }))?.report).toEqual(conformant);
  });
  it.each(['not conformant', 'not judged'] as const)('is judged again when it is %s', (verdict) => {
    keepVerdict(keyOf(base), { ...conformant, verdict });
    expect(keptVerdict(keyOf(base))).toBeUndefined();
  });
  it('is another one for another config, patience or Node', () => {
    const keys = [
      keyOf(base),
      keyOf({ ...base, config: { ...goodTwilioConfig, authToken: 'f'.repeat(32) } }),
      keyOf({ ...base, patience: 3 }),
    ];
    vi.stubEnv('NODE_OPTIONS', '--no-warnings');
    expect(new Set([...keys, keyOf(base)]).size).toBe(4);
  });
  it('is another one as soon as a file of the connector, its config or what is installed changes', () => {
    const connector = path.join(place, 'own');
    cpSync(path.join(ROOT, 'fixtures/connectors/packages/acme-sms'), connector, { recursive: true });
    const config = path.join(place, 'config.json');
    writeFileSync(config, '{}');
    const ask = () => keyOf({ connector: './own', config: 'config.json', from: place, patience: 2 });
    const keys = [ask()];
    const change = (file: string, text: string) => {
      writeFileSync(file, text);
      keys.push(ask());
    };
    change(path.join(connector, 'src/kinds.ts'), `${readFileSync(path.join(connector, 'src/kinds.ts'))}// `);
    change(config, '{ }');
    change(path.join(place, 'package-lock.json'), '{}');
    expect(keys).not.toContain(undefined);
    expect(new Set(keys).size).toBe(4);
  });
  it('is judged each time where its package cannot be told from what is around it', () => {
    const connector = path.join(ROOT, 'fixtures/connectors/packages/mutants/sends-twice.ts');
    expect(keyOf({ ...base, connector })).toBeUndefined();
    keepVerdict(undefined, conformant);
    expect(keptVerdict(undefined)).toBeUndefined();
  });
  it('that is damaged or somebody else’s is none', () => {
    const key = keyOf(base) as string;
    keepVerdict(key, conformant);
    writeFileSync(path.join(folder(), `${key}.json`), '{"report":');
    expect(keptVerdict(key)).toBeUndefined();
  });
  it('of long ago leaves when there are many', () => {
    mkdirSync(folder(), { recursive: true, mode: 0o700 });
    for (let count = 0; count < 40; count += 1) keepVerdict(`k${count}`, conformant);
    expect(readdirSync(folder()).length).toBe(20);
    expect(keptVerdict('k39')?.report).toEqual(conformant);
  });
  it('holds no secret of the config', () => {
    const key = keyOf(base);
    expect(key).not.toContain(String(goodTwilioConfig.authToken));
  });
});
