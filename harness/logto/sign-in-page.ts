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

/** Pages and dialogues that may come before the code, and between it and the app. */
const TURNS_MAX = 4;
/** Milliseconds within which a dialogue must take a click. */
const PRESS_MS = 3_000;

/** A link of the real page that runs a script has no address, and so no role (packages/experience TextLink, Logto 1.42). */
const withoutAddress = (page: Page, name: RegExp): Locator =>
  page.locator('a:not([href])').filter({ hasText: name });

export const control = (page: Page, kind: ControlKind): Locator =>
  page
    .getByRole('button', { name: nameOf(kind) })
    .or(page.getByRole('link', { name: nameOf(kind) }))
    .or(withoutAddress(page, nameOf(kind)))
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

/** Presses what agrees, and waits until that dialogue is gone; another one with the same button may follow at once. */
async function agreeIn(page: Page): Promise<void> {
  const pressed = await inDialogue(page)
    .elementHandle({ timeout: PRESS_MS })
    .catch(() => null);
  await pressed?.click({ timeout: PRESS_MS }).catch(() => undefined);
  await pressed?.waitForElementState('hidden').catch(() => undefined);
}

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
  // A tenant may ask to agree to its terms first (agreeToTermsPolicy: Manual), or for a password, and offers the code beside it.
  for (let turns = 0; turns < TURNS_MAX; turns += 1) {
    await asked.or(inDialogue(page)).or(control(page, 'byCode')).first().waitFor();
    if (await inDialogue(page).isVisible()) await agreeIn(page);
    else if (await asked.isVisible()) break;
    else await Promise.all([control(page, 'byCode').click(), asked.or(inDialogue(page)).first().waitFor()]);
  }
  await asked.waitFor();
  const code = await readCode();
  await at('asked for the code');
  await enterCode(page, code);
  const back = page.waitForURL((url) => url.origin !== issuer);
  // Whoever loses the race must not be an error that nobody handles.
  back.catch(() => undefined);
  for (let turns = 0; turns < TURNS_MAX; turns += 1) {
    // New number: "create a new one?", then the terms; known number: "continue to sign in"; application of others: consent.
    const next = inDialogue(page).or(control(page, 'authorize')).first();
    const left = await Promise.race([
      back.then(() => true),
      next.waitFor().then(
        () => false,
        () => true,
      ),
    ]);
    if (left) break;
    if (await inDialogue(page).isVisible()) await Promise.race([back, agreeIn(page)]).catch(() => undefined);
    else
      await control(page, 'authorize')
        .click({ timeout: PRESS_MS })
        .catch(() => undefined);
  }
  await back;
}
