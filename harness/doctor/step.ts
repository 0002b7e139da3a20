import type { ConformanceErrorParts } from '../errors.ts';

/** One look at a healthy sign-in. */
export interface Step {
  /** What was looked at. */
  name:
    | 'authorization request'
    | 'client id'
    | 'redirect URI'
    | 'scopes'
    | 'sign-in'
    | 'guests'
    | 'onboarding'
    | 'session cookie';
  ok: boolean;
  /** What was seen, in one sentence. */
  text: string;
  finding?: ConformanceErrorParts;
}

export const right = (name: Step['name'], text: string): Step => ({ name, ok: true, text });
export const wrong = (name: Step['name'], finding: ConformanceErrorParts): Step => ({
  name,
  ok: false,
  text: finding.what,
  finding,
});
