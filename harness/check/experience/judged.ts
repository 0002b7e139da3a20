/** Which sign-in experiences a run judges beside its own. */
import type { PresetName } from '../../../mocks/logto/sign-in/presets.ts';
import { judgedPresets } from '../../config/config.ts';
import type { LabDescription } from '../../lab/lab-description.ts';

/** Ends a check of a preset that the run does not judge. */
export function demandJudged(
  lab: Pick<LabDescription, 'config' | 'signInExperience'>,
  preset: PresetName,
  notApplicable: (reason: string) => never,
): void {
  if (judgedPresets(lab.config).includes(preset)) return;
  const own = lab.signInExperience?.name;
  notApplicable(
    own === preset
      ? 'it is the sign-in experience of this run: see experience/configured'
      : `people of this run meet the sign-in experience ${own}; --experiences ${preset}, or all, judges this one, too`,
  );
}

/** Phone and code are gone through in a browser by `phone-otp/browser-journey`, and a browser is what takes longest in a run. */
export function demandNoOtherJourney(
  { signInExperience }: Pick<LabDescription, 'signInExperience'>,
  notApplicable: (reason: string) => never,
): void {
  if (signInExperience?.name === 'phone-code')
    notApplicable(
      'phone-otp/browser-journey goes through phone and code in a browser; --experiences phone-code judges the way back and the recovery there, too',
    );
}
