/** Sign-in experiences by name, those of scopes, and what Logto refuses. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Mocks } from '../../index.ts';
import { startMocks } from '../../index.ts';
import { type PresetName, presetNames, presets } from './presets.ts';
import { unknownKeys } from './rules.ts';
import { identifiersOf, neededFor, wayIn } from './way-in.ts';

describe('a preset', () => {
  let mocks: Mocks;
  beforeAll(async () => {
    mocks = await startMocks({ emailConnector: { config: { endpoint: 'https://mail.example/send' } } });
  });
  afterAll(() => mocks.close());

  it.each(presetNames)('%s is what Logto takes', async (name) => {
    const { id } = await mocks.client.openScope();
    expect(await mocks.client.setSignInExperience(id, name)).toMatchObject(presets[name]);
    expect(unknownKeys(presets[name])).toEqual([]);
  });

  it('is met in its scope alone', async () => {
    const [one, other] = [await mocks.client.openScope(), await mocks.client.openScope()];
    await mocks.client.setSignInExperience(one.id, 'username-password');
    const shown = async (scope: string) => {
      const answer = await fetch(`${mocks.issuer.origin}/api/.well-known/sign-in-exp`, {
        headers: { cookie: `conformance_scope=${scope}` },
      });
      return ((await answer.json()) as { signUp: { identifiers: string[] } }).signUp.identifiers;
    };
    expect(await shown(one.id)).toEqual(['username']);
    expect(await shown(other.id)).toEqual(['phone']);
    expect(mocks.issuer.context.tenant.signInExperience.signUp.identifiers).toEqual(['phone']);
  });

  it('leaves what it does not name as it was', async () => {
    const { id } = await mocks.client.openScope();
    await mocks.client.setSignInExperience(id, {
      languageInfo: { autoDetect: false, fallbackLanguage: 'de' },
    });
    const changed = await mocks.client.setSignInExperience(id, 'email-code');
    expect(changed.languageInfo).toEqual({ autoDetect: false, fallbackLanguage: 'de' });
  });

  it('is refused with the reason of Logto, and changes nothing', async () => {
    const { id } = await mocks.client.openScope();
    const refused = mocks.client.setSignInExperience(id, {
      mfa: { factors: ['PhoneVerificationCode'], policy: 'Mandatory' },
    });
    await expect(refused).rejects.toThrow(/cannot be used/i);
    expect((await mocks.client.setSignInExperience(id, {})).mfa.factors).toEqual([]);
  });

  it('has its codes by e-mail in the inbox of the text messages, counted by connector', async () => {
    const { id } = await mocks.client.openScope({ label: 'mail' });
    await mocks.issuer.context.email.send({
      to: 'ada@people.example',
      type: 'SignIn',
      payload: { code: '246813' },
      scope: id,
    });
    const answer = await fetch(`${mocks.carrier.origin}/inbox/api/code?to=ada%40people.example`);
    expect(await answer.json()).toMatchObject({ code: '246813' });
    expect((await mocks.client.waitForMessage('ada@people.example')).usageType).toBe('SignIn');
    expect(await mocks.client.call('GET', '/usage-types')).toContainEqual({
      connector: 'http-email',
      kind: 'Email',
      type: 'SignIn',
      count: 1,
      by: ['mail'],
    });
  });

  it('gives people what it asks for', async () => {
    const { id } = await mocks.client.openScope();
    await mocks.client.setSignInExperience(id, 'username-password');
    const somebody = await mocks.client.addPerson({}, id);
    expect(somebody).toMatchObject({
      userId: null,
      username: expect.any(String),
      password: expect.any(String),
    });
    await mocks.client.setSignInExperience(id, 'sign-in-only');
    expect((await mocks.client.addPerson({}, id)).userId).toEqual(expect.any(String));
    // Somebody of whom a check wants Logto to know no more than a number.
    expect(await mocks.client.addPerson({ signedIn: true, name: null })).not.toHaveProperty('email');
  });
});

it('without an e-mail connector e-mail is refused with the reason of Logto', async () => {
  const mocks = await startMocks();
  try {
    await expect(mocks.issuer.context.changeExperience(presets['email-code'])).rejects.toMatchObject({
      code: 'sign_in_experiences.enabled_connector_not_found',
      message: 'Enabled Email connector not found.',
    });
  } finally {
    await mocks.close();
  }
});

describe('unknown keys', () => {
  it.each([
    [{ singIn: {} }, ['singIn']],
    [
      { signIn: { methods: [{ ...presets['phone-code'].signIn.methods[0], pasword: true }] } },
      ['signIn.methods.0.pasword'],
    ],
    [{ tenantId: 'default', id: 'default', signInMode: 'SignIn' }, []],
    [{ branding: { anything: 'goes' } }, []],
    // The guard refuses it for what is missing then; what was written in its place is named all the same.
    [
      { singUp: {}, signIn: { methods: [{ identifier: 'phone', pasword: true }] } },
      ['singUp', 'signIn.methods.0.pasword'],
    ],
    ['no object', []],
  ])('of %j are %j', (given, unknown) => expect(unknownKeys(given)).toEqual(unknown));
});

describe('the ways in', () => {
  const ways = (name: PresetName) => identifiersOf(presets[name]);
  it('are the identifiers that people sign up with, phone first', () => {
    expect(ways('phone-or-email-code')).toEqual(['phone', 'email']);
    expect(ways('username-password')).toEqual(['username']);
    expect(ways('sign-in-only')).toEqual(['phone']);
  });
  it('are by code where codes are taken, and by password where that is wanted or all there is', () => {
    expect(wayIn(presets['phone-code-and-password'])).toMatchObject({ byCode: true, signsUp: true });
    expect(wayIn(presets['phone-code-and-password'], { byPassword: true })).toMatchObject({ byCode: false });
    expect(wayIn(presets['username-password'])).toMatchObject({ byCode: false, recovery: undefined });
    expect(wayIn(presets['sign-in-only'])).toMatchObject({ signsUp: false, recovery: 'phone' });
  });
  it('say what an account must have', () => {
    expect([...neededFor(presets['phone-or-email-code'])].sort()).toEqual(['email', 'phone']);
    expect([...neededFor(presets['phone-code-and-password'])].sort()).toEqual(['password', 'phone']);
  });
});
