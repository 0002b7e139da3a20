import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { goodTwilioConfig } from '../../mocks/index.ts';
import { certifyConnector } from './certify.ts';
import { SCHEMA_FILE, schemaText, twilioJsonSchema } from './twilio-schema.ts';

const folder = path.resolve(import.meta.dirname, '../../fixtures/connectors');
const written = readFileSync(path.join(import.meta.dirname, SCHEMA_FILE), 'utf8');
const validate = new Ajv({ allErrors: true }).compile(JSON.parse(written));

/** Parsable fixtures; an editor marks the others by itself. */
const read = (kind: string): [name: string, value: unknown][] =>
  readdirSync(path.join(folder, kind)).flatMap((file) => {
    try {
      return [[file, JSON.parse(readFileSync(path.join(folder, kind, file), 'utf8'))]];
    } catch {
      return [];
    }
  });

/** What no schema can see: JSON keys that stand twice, what else stands around the code, and where a link leads. */
const UNSEEN = [
  'json-duplicate-key.json',
  'placeholder-three-braces.json',
  'text-link-shortener.json',
  'variable-application.json',
  'variable-unknown.json',
];

describe('the JSON schema of the Twilio config', () => {
  it('lies in the repository as it is generated', () => expect(written).toBe(schemaText()));

  it('is exported by the package', () => {
    const { exports: entries } = JSON.parse(
      readFileSync(path.resolve(import.meta.dirname, '../../package.json'), 'utf8'),
    );
    expect(entries[`./${SCHEMA_FILE}`]).toBe(`./harness/connector/${SCHEMA_FILE}`);
  });

  it('explains each member, for editors', () => {
    const { properties } = twilioJsonSchema() as { properties: Record<string, { description?: string }> };
    for (const [name, { description }] of Object.entries(properties)) expect(description, name).toBeTruthy();
  });

  it.each(read('good'))('accepts the good config %s', (_name, value) => {
    validate(value);
    expect(validate.errors).toBeNull();
  });

  it('accepts the config of the lab', () => expect(validate(goodTwilioConfig)).toBe(true));

  it('refuses every bad config with an error in it, but for what no schema can see', async () => {
    const missed: string[] = [];
    const refused: string[] = [];
    for (const [name, value] of read('bad')) {
      const { findings } = await certifyConnector({
        config: path.join(folder, 'bad', name),
        dynamic: false,
      });
      if (!validate(value)) refused.push(name);
      else if (findings.some(({ level }) => level === 'error')) missed.push(name);
    }
    expect(missed).toEqual(UNSEEN);
    expect(refused.length).toBeGreaterThanOrEqual(50);
  });

  it('names the place of a mistake', () => {
    validate({ ...goodTwilioConfig, accountSID: 'MG0123456789abcdef0123456789abcdef' });
    expect(validate.errors?.map(({ instancePath }) => instancePath)).toEqual(['/accountSID']);
  });
});
