import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { badConfigs } from '../../fixtures/connectors/bad.ts';
import { certifyConnector } from './certify.ts';

const folder = path.resolve(import.meta.dirname, '../../fixtures/connectors');
const filesIn = (name: string) =>
  readdirSync(path.join(folder, name))
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length));
const findingsOf = async (file: string) =>
  (await certifyConnector({ config: path.join(folder, `${file}.json`), dynamic: false })).findings;

describe('a bad config is told exactly what is wrong with it', () => {
  it('has a row in the table for each file, and no other', () => {
    expect(filesIn('bad').sort()).toEqual(Object.keys(badConfigs).sort());
    expect(Object.keys(badConfigs).length).toBeGreaterThanOrEqual(40);
  });

  it.each(Object.entries(badConfigs))('%s: %j', async (name, expected) => {
    const findings = await findingsOf(`bad/${name}`);
    expect(findings.map(({ code, keyPath }) => `${code} ${keyPath}`.trim()).sort()).toEqual(
      [...expected].sort(),
    );
  });
});

describe('a good config is told nothing', () => {
  it('has at least ten of them', () => expect(filesIn('good').length).toBeGreaterThanOrEqual(10));
  it.each(filesIn('good'))('%s', async (name) => expect(await findingsOf(`good/${name}`)).toEqual([]));
});
