/** What one check knows of the app's health, and hands on to the next. */
import type { TestInfo } from '@playwright/test';
import type { HealthAtClose } from '../../mocks/scope.ts';

/** A healthy sign-in of one check is the control of the next, when nothing has gone wrong since. */
export interface Health {
  /** The check with a healthy sign-in; no check has failed since, and no global fault was left behind. */
  readonly shownBy?: string;
  /** Whether a healthy sign-in was the last act of the check, or came before all that it tried. */
  isShown: false | 'at the beginning' | 'at the end';
}

/** What a check that has ended knows of the app. */
export const healthAtClose = ({ status }: TestInfo, { isShown }: Health): HealthAtClose => {
  // Where nothing was to be judged, nothing went wrong.
  if (status === 'skipped') return 'kept';
  if (status !== 'passed') return 'unknown';
  return isShown === 'at the end' ? 'shown' : isShown ? 'shown before' : 'kept';
};
