/** The round of a person through a sign-in experience, in Chromium: by the buttons of the app and on Logto's pages. */
import type { TestInfo } from '@playwright/test';
import type { PresetName } from '../../../mocks/logto/sign-in/presets.ts';
import { wayIn } from '../../../mocks/logto/sign-in/way-in.ts';
import { demand } from '../../errors.ts';
import { enterAtLogto } from '../../logto/walk-pages.ts';
import { pressSignOut, signInByButton } from '../../visitor/app-buttons.ts';
import type { BrowserEvidence } from '../../visitor/browser-exchanges.ts';
import { codeReader, inBrowser, type Journey, stillSignedIn } from '../../visitor/journey.ts';
import { MOVE_MS } from '../../visitor/open-browser.ts';
import { demandNoOnboarding } from '../not-judged.ts';
import { type RoundFixtures, settingsOf } from './round.ts';

type Fixtures = Omit<RoundFixtures, 'visitor'> & { scope: string; evidence: BrowserEvidence };

/** @param preset the one to meet (default: the one of the run) */
export async function roundInBrowser(
  { lab, meet, step, somebody, control, scope, evidence }: Fixtures,
  info: TestInfo,
  preset?: PresetName,
): Promise<void> {
  const way = wayIn(await settingsOf({ lab, meet }, preset));
  const person = await somebody(way.signsUp ? {} : { registered: true });
  const readCode = codeReader(control, lab);
  const passed = async ({ page, picture, within, session }: Journey, by: typeof way, forgotten = false) => {
    await signInByButton(page, lab, picture, within);
    await enterAtLogto({ page, person, way: by, readCode, at: picture, forgotten });
    await page.waitForURL((url) => url.origin === lab.app.origin, { timeout: within(MOVE_MS) });
    person.userId ??= 'registered';
    demand(await session(), 'Shows no session in the browser after the sign-in.');
  };
  /** Logto would know the person again by its cookies, and ask for nothing. */
  const forgetLogto = async ({ page }: Journey) =>
    page.context().clearCookies({ name: /^(?:_session|_interaction)/ });
  demandNoOnboarding(lab);
  await inBrowser({ lab, scope, person, evidence }, info, async (journey) => {
    const { page, picture, within, session } = journey;
    await step(way.signsUp ? 'register' : 'sign in', async () => {
      await passed(journey, way);
      await picture('signed in');
    });
    await step('sign out by the button of the app', async () => {
      const before = evidence.exchanges.length;
      await pressSignOut({ page, lab, session, picture, within });
      demand(!(await session()), () => stillSignedIn(evidence.exchanges.slice(before)));
      await forgetLogto(journey);
    });
    await step('sign in again', () => passed(journey, way));
    if (way.recovery !== way.identifier) return;
    await step('recover', async () => {
      await pressSignOut({ page, lab, session, picture, within });
      await forgetLogto(journey);
      await passed(journey, { ...way, byCode: !way.takesPassword && way.byCode }, true);
    });
  });
}
