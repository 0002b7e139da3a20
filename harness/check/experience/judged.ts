/** Which sign-in experiences a run judges beside its own. */
import type { PresetName } from '../../../mocks/logto/sign-in/presets.ts';
import { judgedPresets } from '../../config/config.ts';
import type { LabDescription } from '../../lab/lab-description.ts';

/**
 * Why a run does not judge a sign-in experience.
 *
 * @param preset its name; `configured` is the one of the run in a browser, where phone and code are gone through by
 *   `phone-otp/browser-journey`: a browser is what takes longest in a run
 * @returns undefined where it is judged
 */
export function whyNotMet(
  preset: PresetName | 'configured',
  { config, signInExperience }: Pick<LabDescription, 'config' | 'signInExperience'>,
): string | undefined {
  const own = signInExperience?.name;
  if (preset === 'configured')
    return own === 'phone-code'
      ? 'phone-otp/browser-journey goes through phone and code in a browser; --experiences phone-code judges the way back and the recovery there, too'
      : undefined;
  if (judgedPresets(config).includes(preset)) return undefined;
  return own === preset
    ? 'it is the sign-in experience of this run: see experience/configured'
    : `people of this run meet the sign-in experience ${own}; --experiences ${preset}, or all, judges this one, too`;
}
