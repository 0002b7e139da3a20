/** Why a check is not asked of an app: it does not do it, its people never meet it, or the lab lacks what it takes to see. */
import { wayIn } from '../../mocks/logto/sign-in/way-in.ts';
import type { LabDescription } from '../lab/lab-description.ts';
import { decide, whyNot } from '../lab/usage.ts';
import { ABILITIES, lacks } from '../live/abilities.ts';
import type { CheckDeclaration } from './check-declaration.ts';
import { whyNotMet } from './experience/judged.ts';
import { lacking } from './not-judged.ts';

const NO_SECOND_APP =
  'the config names no second app at the same tenant (also, --also), so no single sign-on can be seen';

const NO_SECOND =
  'the config names no second provider that can be played (providers.second), so no two issuers can be mixed up';

/** Why nobody gets in that way, where the sign-in experience of the run has it not. */
function lacksWay(need: 'phone-code' | 'sign-up', { signInExperience }: LabDescription): string | undefined {
  if (!signInExperience) return undefined;
  const { name, settings } = signInExperience;
  const way = wayIn(settings);
  if (need === 'sign-up' ? way.signsUp : way.identifier === 'phone' && way.byCode) return undefined;
  return `${need === 'sign-up' ? 'nobody signs up' : 'nobody signs in by phone and code'} in the sign-in experience of this run (signInExperience: ${name})`;
}

export type Unmet = { verdict: 'not applicable' | 'not judged'; reason: string };

/** Why the check is not asked of this app: it does not do it, or the lab lacks what it takes to see. */
export function unmet(meta: CheckDeclaration, lab: LabDescription): Unmet | undefined {
  const missing = lab.live && lacks(meta, lab.live.abilities);
  if (missing) return { verdict: 'not applicable', reason: ABILITIES[missing] };
  const other = meta.preset && whyNotMet(meta.preset, lab);
  if (other) return { verdict: 'not applicable', reason: other };
  for (const need of meta.needs ?? []) {
    if (need === 'browser') {
      if (lab.browser.missing)
        return {
          verdict: 'not judged',
          reason: lacking(
            `no browser: ${lab.browser.missing}`,
            'install a Chromium, or name one (--browser PATH)',
          ),
        };
    } else if (need === 'second-issuer') {
      if (!lab.second) return { verdict: 'not applicable', reason: NO_SECOND };
    } else if (need === 'second-app') {
      if (!lab.also) return { verdict: 'not applicable', reason: NO_SECOND_APP };
    } else if (need === 'phone-code' || need === 'sign-up') {
      const reason = lacksWay(need, lab);
      if (reason) return { verdict: 'not applicable', reason };
    } else if (need === 'log') {
      if (!lab.hasLog)
        return {
          verdict: 'not judged',
          reason: lacking(
            'the app was not started by the harness, so its output cannot be read',
            'let it be started (target.command or target.image)',
          ),
        };
    } else {
      const { features: claims } = lab.config;
      const claimed = meta.judgesClaim && claims.includes(need);
      if (!claimed && !decide(need, claims, lab.usage).applies)
        return { verdict: 'not applicable', reason: whyNot(need, claims, lab.usage) };
    }
  }
  return undefined;
}
