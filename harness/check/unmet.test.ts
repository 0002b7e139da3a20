/** Why checks of sign-in experiences are not asked. */
import { describe, expect, it } from 'vitest';
import { type PresetName, presets } from '../../mocks/logto/sign-in/presets.ts';
import { type ConfigInput, configSchema } from '../config/config.ts';
import type { LabDescription } from '../lab/lab-description.ts';
import type { CheckDeclaration } from './check-declaration.ts';
import { unmet } from './unmet.ts';

const lab = (name: PresetName, experiences: ConfigInput['experiences'] = []) =>
  ({
    config: configSchema.parse({ target: {}, experiences }),
    signInExperience: { name, title: '', settings: presets[name] },
    browser: { missing: 'none is there', args: [] },
  }) as unknown as LabDescription;
const meta = (more: Partial<CheckDeclaration>) => ({ id: 'x/y', ...more }) as CheckDeclaration;

describe('a check of a preset', () => {
  it('is asked where the config names it', () => {
    expect(unmet(meta({ preset: 'email-code' }), lab('phone-code', ['email-code']))).toBeUndefined();
    expect(unmet(meta({ preset: 'email-code' }), lab('phone-code', ['all']))).toBeUndefined();
  });

  it('is not applicable elsewhere, also where a browser is missing', () => {
    const inBrowser = meta({ preset: 'email-code', needs: ['browser'] });
    expect(unmet(inBrowser, lab('phone-code'))).toMatchObject({
      verdict: 'not applicable',
      reason: expect.stringContaining('--experiences email-code'),
    });
    expect(unmet(inBrowser, lab('phone-code', ['all']))).toMatchObject({ verdict: 'not judged' });
  });

  it('leaves phone and code in a browser to the check of the one-time code', () => {
    expect(unmet(meta({ preset: 'configured' }), lab('phone-code'))).toMatchObject({
      verdict: 'not applicable',
    });
    expect(unmet(meta({ preset: 'configured' }), lab('email-code'))).toBeUndefined();
  });
});

it('codes by phone, and sign-ups, are judged where people come so', () => {
  const byCode = meta({ needs: ['phone-code'] });
  expect(unmet(byCode, lab('phone-code-and-password'))).toBeUndefined();
  expect(unmet(byCode, lab('username-password'))?.reason).toContain('signInExperience: username-password');
  expect(unmet(meta({ needs: ['sign-up'] }), lab('sign-in-only'))?.verdict).toBe('not applicable');
});
