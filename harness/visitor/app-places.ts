/** Where the app's own buttons are, as `pages` of the config says it: at a path, behind a selector, pressed by a module. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from '@playwright/test';
import { ConformanceError } from '../errors.ts';
import type { LabDescription } from '../lab/lab-description.ts';
import { exceed } from '../user-agents/pace.ts';
import { insteadOf } from './controls.ts';

/** A setting of `pages` is a path or an address; anything else is a selector of the control, on the home page. */
const isPlace = (setting: string) => /^(\/|https?:)/.test(setting);

/** `./sign-in.ts`: a module whose default export presses the buttons itself, given the home page. */
export async function byModule(
  page: Page,
  lab: LabDescription,
  setting: string | undefined,
): Promise<boolean> {
  if (!setting || !/^\.{1,2}\/.*\.[cm]?[jt]s$/.test(setting)) return false;
  const module = await import(pathToFileURL(path.resolve(lab.folder, setting)).href);
  const press: unknown = module.default?.default ?? module.default;
  if (typeof press !== 'function') {
    throw new ConformanceError({
      code: 'CONF_JOURNEY_MODULE',
      what: `${setting} has no function as its default export`,
      expected: '`export default async (page) => { … }` (pages.signIn, pages.signOut)',
      remedy: 'export the function, or name a path or a selector instead.',
    });
  }
  await press(page);
  return true;
}
/** Goes to an address; a script of the page that goes somewhere at the same moment is let come to its end first. */
export async function visit(page: Page, url: string): Promise<void> {
  try {
    await page.goto(url);
  } catch (error) {
    if (!/interrupted by another navigation|ERR_ABORTED/.test((error as Error).message)) throw error;
    await page.waitForLoadState();
    await page.goto(url);
  }
}

export const open = (page: Page, lab: LabDescription, setting: string | undefined) =>
  visit(page, new URL(setting && isPlace(setting) ? setting : lab.config.pages.home, lab.app.origin).href);
/** The control that the config names by a selector, as soon as it can be seen. */
export async function named(page: Page, setting: string | undefined, limitMs: number) {
  if (!setting || isPlace(setting)) return undefined;
  const found = page.locator(setting).first();
  const visible = await found.waitFor({ timeout: limitMs }).then(
    () => true,
    () => false,
  );
  if (!visible) exceed();
  return visible ? found : undefined;
}

/** The app has no such control where it must be: the message says what there is instead. */
export const lacks = async (page: Page, words: string, name: RegExp) =>
  `Has no button or link named like "${words}" at ${new URL(page.url()).pathname}.${await insteadOf(page, name)}`;
