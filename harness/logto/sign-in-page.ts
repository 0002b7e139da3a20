/**
 * Drives Logto's own sign-in page in Chromium, the mock's and a real one: number, code, and what it asks in between.
 *
 * Fields are found by the names that both pages give them (`identifier`, `passcode_0` … `passcode_5`), controls by role and
 * whole name in any language: a real page holds `div role=button` around whole dialogues, whose name has every word in it.
 */
import type { Locator, Page } from '@playwright/test';
import { type ControlKind, nameOf } from './page-texts.ts';

export interface SignInPage {
  page: Page;
  /** E.164. */
  phone: string;
  /** The code, once the page has asked for it. */
  readCode(): Promise<string>;
  /** Told where it is, for pictures. */
  at?(name: string): Promise<void>;
}

/** Pages that may come between the code and the app. */
const TURNS_MAX = 4;

export const control = (page: Page, kind: ControlKind): Locator =>
  page
    .getByRole('button', { name: nameOf(kind) })
    .or(page.getByRole('link', { name: nameOf(kind) }))
    .filter({ visible: true })
    // Of controls inside one another the inner one is meant.
    .last();

/** What agrees in a dialogue; the page of the code has a button of that name as well, which would send the code twice. */
export const inDialogue = (page: Page): Locator =>
  page
    .getByRole('dialog')
    .getByRole('button', { name: nameOf('agree') })
    .filter({ visible: true })
    .last();

/** The button that sends a form: by its name, else by what it says. */
export const submitOf = (page: Page): Locator =>
  page
    .locator('button[name="submit"]:visible, button[type="submit"][data-main]:visible')
    .or(control(page, 'onward'))
    .first();

export const boxes = (page: Page): Locator => page.locator('input[name^="passcode_"]:visible');
export const oneField = (page: Page): Locator => page.locator('input[name="code"]:visible');

export async function enterCode(page: Page, code: string): Promise<void> {
  if ((await boxes(page).count()) > 1) {
    // The page sends the code by itself once the last box is filled.
    for (const [index, digit] of [...code].entries()) await boxes(page).nth(index).fill(digit);
    return;
  }
  await oneField(page).fill(code);
  await submitOf(page).click();
}

/**
 * Signs in on the page that the browser is at, until it leaves Logto.
 *
 * @throws Error of Playwright when the page does not go on
 */
export async function passSignInPage({
  page,
  phone,
  readCode,
  at = async () => {},
}: SignInPage): Promise<void> {
  // The browser may still be on its way from the app: where it is counts when the page is there.
  await page.locator('input[name="identifier"]').fill(phone);
  const issuer = new URL(page.url()).origin;
  await submitOf(page).click();
  const asked = boxes(page).first().or(oneField(page)).first();
  // A tenant with passwords asks for one first, and offers the code beside it.
  await asked.or(control(page, 'byCode')).first().waitFor();
  if (!(await asked.isVisible())) await control(page, 'byCode').click();
  await asked.waitFor();
  const code = await readCode();
  await at('asked for the code');
  await enterCode(page, code);
  const back = page.waitForURL((url) => url.origin !== issuer);
  // Whoever loses the race must not be an error that nobody handles.
  back.catch(() => undefined);
  for (let turns = 0; turns < TURNS_MAX; turns += 1) {
    // New number: "create a new one?"; known number: "continue to sign in"; terms: "agree".
    const agree = inDialogue(page);
    const next = await Promise.race([
      back.then(() => 'back' as const),
      agree.waitFor().then(
        () => 'asked' as const,
        () => 'back' as const,
      ),
    ]);
    if (next === 'back') break;
    const before = page.url();
    await agree.click({ timeout: 3_000 }).catch(() => undefined);
    await Promise.race([
      back,
      agree.waitFor({ state: 'hidden' }),
      page.waitForURL((url) => url.href !== before),
    ]).catch(() => undefined);
  }
  await back;
}
