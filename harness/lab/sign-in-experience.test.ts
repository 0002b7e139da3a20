/** What a run refuses as a sign-in experience, and how it says so. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { startMocks } from '../../mocks/index.ts';
import { type ConfigInput, configSchema } from '../config/config.ts';
import { discoverySummary } from './discovery-summary.ts';
import type { LabDescription } from './lab-description.ts';
import {
  applyExperience,
  demandNoMailServer,
  emailConnectorOf,
  readExperience,
} from './sign-in-experience.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'authjs-experience-'));
const config = (input: Partial<ConfigInput>) => configSchema.parse({ target: {}, ...input });
const read = (signInExperience: ConfigInput['signInExperience']) =>
  readExperience(config({ signInExperience }), folder);

describe('signInExperience', () => {
  it('is phone-code unless it is named', () =>
    expect(readExperience(config({}), folder)).toMatchObject({
      name: 'phone-code',
      change: { signUp: { identifiers: ['phone'] } },
    }));

  it('may be what the console writes, in the config or in a file', () => {
    const json = { signInMode: 'SignIn' };
    writeFileSync(path.join(folder, 'exp.json'), JSON.stringify(json));
    expect(read(json)).toEqual({ name: 'own', change: json });
    expect(read('exp.json')).toEqual({ name: 'exp.json', change: json });
  });

  it.each([
    ['phone-cod', 'did you mean phone-code?'],
    ['nothing-like-it', 'there is no sign-in experience "nothing-like-it"'],
    ['missing.json', 'could not be read'],
    [{ singIn: {} }, '"singIn" (looks like "signIn")'],
    [{ signUp: { identifiers: [], password: true, verify: true, verfy: 1 } }, '"signUp.verfy"'],
  ])('%j is refused by name', (given, text) => {
    expect(() => read(given)).toThrow(text);
    expect(() => read(given)).toThrow('CONF_SIGN_IN_EXPERIENCE');
  });
});

describe('the e-mail connector', () => {
  const connectorFor = (input: Partial<ConfigInput>) => {
    const given = config(input);
    return emailConnectorOf(given, readExperience(given, folder), process.cwd());
  };

  it('is made up where e-mail is sent, and only there', async () => {
    expect(await connectorFor({})).toBeUndefined();
    expect(await connectorFor({ signInExperience: 'email-code' })).toMatchObject({
      name: '@logto/connector-http-email',
    });
    expect(await connectorFor({ experiences: ['all'] })).toBeDefined();
    expect(await connectorFor({ signInExperience: 'email-code', emailConnector: 'none' })).toBeUndefined();
  });

  it('is refused by its own guard, and when it sends no e-mail', async () => {
    await expect(connectorFor({ emailConnector: { config: {} } })).rejects.toThrow(/✖ endpoint: /);
    await expect(
      connectorFor({ emailConnector: { package: '@logto/connector-twilio-sms' } }),
    ).rejects.toThrow('sends no e-mail');
    await expect(connectorFor({ emailConnector: { config: 'missing.json' } })).rejects.toThrow(
      'CONF_CONNECTOR_UNREADABLE',
    );
  });
});

it('no mail server beyond this machine is spoken to', () => {
  const smtp = { metadata: { id: 'simple-mail-transfer-protocol', target: 'smtp', name: {} } };
  expect(() => demandNoMailServer(smtp, { host: 'smtp.example.com' }, 'smtp')).toThrow(
    'CONF_CONNECTOR_CARRIER',
  );
  expect(() => demandNoMailServer(smtp, { host: '127.0.0.1' }, 'smtp')).not.toThrow();
});

describe('a tenant', () => {
  it('says itself why it takes a sign-in experience not', async () => {
    const mocks = await startMocks();
    try {
      await expect(applyExperience(mocks, read('email-code'))).rejects.toThrow(
        'sign_in_experiences.enabled_connector_not_found: Enabled Email connector not found.',
      );
      await expect(
        applyExperience(mocks, read({ signUp: { identifiers: ['phone'], password: false, verify: false } })),
      ).rejects.toThrow('sign_in_experiences.passwordless_requires_verify');
      await expect(applyExperience(mocks, read({ signInMode: 'Never' as never }))).rejects.toThrow(
        'Error in key path "signInMode"',
      );
      await expect(applyExperience(mocks, read({ signIn: { methods: [] } }))).rejects.toThrow(
        'nobody can sign in',
      );
    } finally {
      await mocks.close();
    }
  });

  it('is told by doctor in a sentence', async () => {
    const mocks = await startMocks();
    try {
      const signInExperience = await applyExperience(mocks, read({ signInMode: 'SignIn' }));
      const lab = {
        app: { providers: [] },
        connector: {},
        browser: { args: [] },
        reroutes: {},
        signInExperience,
      };
      expect(discoverySummary(lab as unknown as LabDescription)).toContain(
        'the sign-in experience is own: nobody signs up; sign-in by phone with code or password',
      );
    } finally {
      await mocks.close();
    }
  });
});
