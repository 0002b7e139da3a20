/** The app's own sign-in and sign-out buttons, pressed in Chromium. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Locator, Page } from '@playwright/test';
import { ConformanceError, ConformanceFailure } from '../errors.ts';
import type { LabDescription } from '../lab/lab-description.ts';
import { demandTaken, watchRefusals } from '../logto/refused-request.ts';
import { exceed } from '../user-agents/pace.ts';
import { appears, behindMenus, control, inOpenDialogue, insteadOf, press } from './controls.ts';
import { passOnboardingInBrowser } from './onboarding-in-browser.ts';
import { DRAW_MS, MOVE_MS, type Picture } from './open-browser.ts';
import { SIGN_IN, SIGN_OUT } from './sign-words.ts';
import { watchUnderWay } from './under-way.ts';

/** A setting of `pages` is a path or an address; anything else is a selector of the control, on the home page. */
const isPlace = (setting: string) => /^(\/|https?:)/.test(setting);

/** `./sign-in.ts`: a module whose default export presses the buttons itself, given the home page. */
async function byModule(page: Page, lab: LabDescription, setting: string | undefined): Promise<boolean> {
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
async function visit(page: Page, url: string): Promise<void> {
  try {
    await page.goto(url);
  } catch (error) {
    if (!/interrupted by another navigation|ERR_ABORTED/.test((error as Error).message)) throw error;
    await page.waitForLoadState();
    await page.goto(url);
  }
}

const open = (page: Page, lab: LabDescription, setting: string | undefined) =>
  visit(page, new URL(setting && isPlace(setting) ? setting : lab.config.pages.home, lab.app.origin).href);
/** The control that the config names by a selector, as soon as it can be seen. */
async function named(page: Page, setting: string | undefined, limitMs: number) {
  if (!setting || isPlace(setting)) return undefined;
  const found = page.locator(setting).first();
  const visible = await found.waitFor({ timeout: limitMs }).then(
    () => true,
    () => false,
  );
  if (!visible) exceed();
  return visible ? found : undefined;
}

const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The button of the provider, by what the app calls it; else one that names no other provider. */
async function signInControl(page: Page, { app }: LabDescription) {
  const others = app.otherNames.filter((name) => name && name !== app.providerName).map(literal);
  const noOther = others.length ? `^(?!.*(?:${others.join('|')})).*` : '';
  return (
    (await control(page, new RegExp(literal(app.providerName), 'i'))) ??
    (await control(page, /logto/i)) ??
    (await control(page, new RegExp(`${noOther}(?:${SIGN_IN.source})`, 'i')))
  );
}

/** The app has no such control where it must be: the message says what there is instead. */
const lacks = async (page: Page, words: string, name: RegExp) =>
  `Has no button or link named like "${words}" at ${new URL(page.url()).pathname}.${await insteadOf(page, name)}`;

const isThere = (page: Page, { publicIssuerOrigin }: LabDescription) =>
  new URL(page.url()).origin === publicIssuerOrigin;

/** Whether the browser has asked the issuer for a page since this was called. */
function watchIssuer(page: Page, { publicIssuerOrigin }: LabDescription): () => boolean {
  let asked = false;
  page.on('request', (request) => {
    if (request.isNavigationRequest() && request.frame() === page.mainFrame())
      asked ||= new URL(request.url()).origin === publicIssuerOrigin;
  });
  return () => asked;
}

/** Clicks through the app's own pages until the browser is at the issuer. */
export async function signInByButton(
  page: Page,
  lab: LabDescription,
  picture: Picture,
  within: (ms: number) => number,
): Promise<void> {
  const left = await leadToLogto({ page, lab, picture, within }, () => isThere(page, lab));
  if (!left)
    throw new ConformanceFailure(
      `Did not lead to Logto by its own buttons; the browser is at ${page.url()}.`,
    );
}

/**
 * Presses the sign-in button of an app whose issuer may know the person already.
 *
 * @returns whether the issuer showed a page of its own, and asks for something
 */
export async function asksAtSignIn(options: {
  page: Page;
  lab: LabDescription;
  picture: Picture;
  within(ms: number): number;
}): Promise<boolean> {
  const { page, lab } = options;
  const asked = watchIssuer(page, lab);
  const left = await leadToLogto(options, asked);
  if (!left)
    throw new ConformanceFailure(
      `Did not lead to Logto by its own buttons; the browser is at ${page.url()}.`,
    );
  await page.waitForLoadState();
  return isThere(page, lab);
}

/**
 * Presses the sign-in button.
 *
 * @throws ConformanceFailure where Logto refuses what the app asks for then, which says more than the page it ends at
 */
async function leadToLogto(
  options: Parameters<typeof pressSignIn>[0],
  left: () => boolean,
): Promise<boolean> {
  const { page, lab } = options;
  const refusal = watchRefusals(page, (origin) => origin === lab.publicIssuerOrigin);
  try {
    return await pressSignIn(options, left);
  } finally {
    demandTaken(await refusal(), {
      callbackUrl: lab.app.callbackUrl,
      clientId: lab.config.target.clientId,
    });
  }
}

const CLICKS_MAX = 3;

/** Opens the page with the button, and presses until `left` is true; false when that never is. */
async function pressSignIn(
  {
    page,
    lab,
    picture,
    within,
  }: { page: Page; lab: LabDescription; picture: Picture; within(ms: number): number },
  left: () => boolean,
): Promise<boolean> {
  const { signIn } = lab.config.pages;
  await open(page, lab, signIn);
  await picture('signed out, at first');
  // Some apps lead there by themselves.
  if (left()) return true;
  /** The browser is somewhere else, or went through the issuer and came back to where it was. */
  const moving = (before: string) =>
    Promise.race([
      page.waitForURL((url) => url.href !== before, {
        timeout: within(MOVE_MS),
        waitUntil: 'domcontentloaded',
      }),
      page.waitForEvent('framenavigated', { predicate: left, timeout: within(MOVE_MS) }),
    ]).then(
      () => true,
      () => false,
    );
  const start = page.url();
  const passed = moving(start);
  if (await byModule(page, lab, signIn)) {
    await passed;
    await page.waitForURL(left, { timeout: within(MOVE_MS) });
    return true;
  }
  for (let clicks = 0; clicks < CLICKS_MAX; clicks += 1) {
    const own = clicks === 0 ? await named(page, signIn, within(DRAW_MS)) : undefined;
    if (!own) await appears(page, new RegExp(`logto|${SIGN_IN.source}`, 'i'), within(DRAW_MS));
    const find = () => signInControl(page, lab);
    const button = own ?? (await find()) ?? (await behindMenus(page, find, within));
    if (!button) throw new ConformanceFailure(await lacks(page, 'Sign in', SIGN_IN));
    const before = page.url();
    const moved = moving(before);
    await press(page, button, within);
    const went = await moved;
    if (left()) return true;
    if (!went) exceed();
    if (!went)
      throw new ConformanceFailure(
        `Went nowhere when its sign-in button was pressed at ${new URL(before).pathname}.`,
      );
  }
  return false;
}

const FURTHER_MAX = 3;

/**
 * The sign-out button of an app whose home page is the same for everybody: where the sign-in ended, and on members' pages.
 *
 * @throws ConformanceFailure when there is none, or when the config names the place where it must be
 */
async function lookFurther(
  page: Page,
  lab: LabDescription,
  { landed, look }: { landed: string; look(): Promise<Locator | undefined> },
): Promise<Locator> {
  const failure = new ConformanceFailure(await lacks(page, 'Sign out', SIGN_OUT));
  const { signOut, protected: members } = lab.config.pages;
  if (signOut) throw failure;
  const here = page.url();
  const places = [landed, ...members.map((path) => new URL(path, lab.app.origin).href)].filter(
    (place) => place !== here && place.startsWith(`${lab.app.origin}/`),
  );
  for (const place of [...new Set(places)].slice(0, FURTHER_MAX)) {
    await visit(page, place);
    const found = await look();
    if (found) return found;
  }
  throw failure;
}

/**
 * Presses the app's own sign-out button, and the one of Auth.js' confirmation page when there is one.
 *
 * @throws ConformanceFailure when the app has no such button
 */
export async function pressSignOut({
  page,
  lab,
  session,
  within,
  picture = async () => undefined,
}: {
  page: Page;
  lab: LabDescription;
  session(): Promise<unknown>;
  /** Milliseconds of a limit on this machine, as of openBrowser. */
  within(ms: number): number;
  picture?: Picture;
}): Promise<void> {
  const { signOut } = lab.config.pages;
  const landed = page.url();
  await open(page, lab, signOut);
  if (await passOnboardingInBrowser(page, lab, within(MOVE_MS))) await open(page, lab, signOut);
  await picture('before the sign-out');
  if (await byModule(page, lab, signOut)) return;
  const find = () => control(page, SIGN_OUT);
  const look = async () => {
    await appears(page, SIGN_OUT, within(DRAW_MS));
    return (await find()) ?? (await behindMenus(page, find, within));
  };
  const own = (await named(page, signOut, within(DRAW_MS))) ?? (await look());
  const first = own ?? (await lookFurther(page, lab, { landed, look }));
  const settled = watchUnderWay(page);
  for (let clicks = 0; clicks < 2; clicks += 1) {
    const button = clicks === 0 ? first : ((await inOpenDialogue(page, SIGN_OUT)) ?? (await find()));
    const moved = page.waitForEvent('framenavigated').then(() => undefined, exceed);
    if (button) await press(page, button, within);
    // A dialogue that asks whether somebody is sure leads nowhere by itself.
    const asked = page
      .getByRole('dialog')
      .or(page.getByRole('alertdialog'))
      .filter({ visible: true })
      .first();
    await (clicks === 0 ? Promise.race([moved, asked.waitFor().catch(() => moved)]) : moved);
    await page.waitForLoadState();
    // Whoever asks for a session that rolls while it is being ended is given a new cookie.
    await settled(within(MOVE_MS));
    if (!(await session())) return;
  }
}
