/** A person's journey in Chromium: the app's own sign-in button, Logto's page, the code, the app's own sign-out button. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Locator, Page, TestInfo } from '@playwright/test';
import type { Person } from '../../mocks/people.ts';
import { redactText } from '../../mocks/redact.ts';
import { Blocked, ConformanceError, ConformanceFailure, demand } from '../errors.ts';
import type { LabDescription } from '../lab/lab-description.ts';
import { enterAtLogto } from '../logto/walk-pages.ts';
import { exceed, patiently } from '../user-agents/pace.ts';
import type { BrowserEvidence } from './browser-exchanges.ts';
import { appears, behindMenus, control, inOpenDialogue, insteadOf, press } from './controls.ts';
import { passOnboardingInBrowser } from './onboarding-in-browser.ts';
import { DRAW_MS, lastAsked, MOVE_MS, openBrowser, type Picture, pictures } from './open-browser.ts';
import { SIGN_IN, SIGN_OUT } from './sign-words.ts';
import type { Surroundings } from './surroundings.ts';
import { type Session, sessionIn, wayOf } from './visitor.ts';

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
const open = (page: Page, lab: LabDescription, setting: string | undefined) =>
  page.goto(new URL(setting && isPlace(setting) ? setting : lab.config.pages.home, lab.app.origin).href);
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

/** Clicks through the app's own pages until the browser is at the issuer. */
export async function signInByButton(
  page: Page,
  lab: LabDescription,
  picture: Picture,
  within: (ms: number) => number,
): Promise<void> {
  const { signIn } = lab.config.pages;
  await open(page, lab, signIn);
  await picture('signed out, at first');
  if (await byModule(page, lab, signIn)) {
    await page.waitForURL((url) => url.origin === lab.publicIssuerOrigin, { timeout: within(MOVE_MS) });
    return;
  }
  for (let clicks = 0; clicks < 3; clicks += 1) {
    const own = clicks === 0 ? await named(page, signIn, within(DRAW_MS)) : undefined;
    if (!own) await appears(page, new RegExp(`logto|${SIGN_IN.source}`, 'i'), within(DRAW_MS));
    const find = () => signInControl(page, lab);
    const button = own ?? (await find()) ?? (await behindMenus(page, find, within));
    if (!button) throw new ConformanceFailure(await lacks(page, 'Sign in', SIGN_IN));
    const before = page.url();
    await press(page, button, within);
    const moved = await page
      .waitForURL((url) => url.href !== before, { timeout: within(MOVE_MS), waitUntil: 'domcontentloaded' })
      .then(
        () => true,
        () => false,
      );
    if (new URL(page.url()).origin === lab.publicIssuerOrigin) return;
    if (!moved) exceed();
    if (!moved)
      throw new ConformanceFailure(
        `Went nowhere when its sign-in button was pressed at ${new URL(before).pathname}.`,
      );
  }
  throw new ConformanceFailure(`Did not lead to Logto by its own buttons; the browser is at ${page.url()}.`);
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
    await page.goto(place);
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
    if (!(await session())) return;
  }
}

/** Directives that can keep a sign-in from going on; a missing font does not, nor does a policy that only reports. */
const couldBlock = (message: string): boolean =>
  /content security policy/i.test(message) &&
  /form-action|script-src|connect-src|default-src|sandbox/i.test(message) &&
  !/the (stylesheet|image|font|media)|inline style/i.test(message) &&
  !/report.only/i.test(message);

/** The last that the browser asked for is a page of our own, and it is not the app's that it does not work. */
const ownPageStuck = (url: string, reason: string | undefined) =>
  new ConformanceError({
    code: 'CONF_MOCK_PAGE_STUCK',
    what: `the browser did not get on from ${redactText(url)}, a page of the Logto mock: ${reason}`,
    expected: 'a page of our own that takes number and code, and leads back',
    remedy: 'run it again with less beside it; if that does not help, report it as a defect.',
  });

/** A page of a real tenant may ask for what the driver does not know: that says nothing of the app. */
const realPageStuck = (url: string, reason: string | undefined) =>
  new Blocked(`The browser did not get on from ${redactText(url)}, a page of the tenant: ${reason}`);

/** What a journey has at hand. */
export interface Journey {
  page: Page;
  picture: Picture;
  /** Milliseconds of a limit on this machine. */
  within(ms: number): number;
  /** The session that the browser holds. */
  session(): Promise<Session | null>;
}

/**
 * Opens a browser for a person, and says of what stops in it whose fault it is.
 *
 * @param run goes through the pages
 */
export async function inBrowser(
  {
    lab,
    scope,
    person,
    evidence,
  }: Pick<Surroundings, 'lab' | 'scope'> & { person: Person; evidence: BrowserEvidence },
  info: TestInfo,
  run: (journey: Journey) => Promise<void>,
): Promise<void> {
  const { context, within, noteAnswer, close } = await openBrowser(lab, scope, { evidence, person });
  const page = await context.newPage();
  const asked = lastAsked(page);
  const violations: string[] = [];
  page.on('console', (message) => {
    if (couldBlock(message.text())) violations.push(redactText(message.text()));
  });
  const picture = pictures(page, info);
  const session = async () => {
    const startedAt = Date.now();
    const answer = await page.request.get(`${lab.app.origin}${lab.app.basePath}/session`);
    await noteAnswer(answer, startedAt);
    return sessionIn(await answer.json().catch(() => null));
  };
  try {
    await run({ page, picture, within, session });
  } catch (error) {
    await picture('where it stopped');
    const late = (error as Error).name === 'TimeoutError';
    if (late) exceed();
    if (!late && !(error instanceof ConformanceFailure)) throw error;
    const violation = violations.find((each) => each.includes('form-action')) ?? violations[0];
    if (violation)
      throw new ConformanceFailure(
        `${(error as Error).message} Its Content-Security-Policy blocked the flow: ${violation}`,
      );
    if (!late) throw error;
    const [reason] = (error as Error).message.split('\n');
    if (new URL(asked()).origin === lab.publicIssuerOrigin)
      throw lab.live ? realPageStuck(page.url(), reason) : ownPageStuck(page.url(), reason);
    throw new ConformanceFailure(`The browser did not get on from ${page.url()}: ${reason}`);
  } finally {
    await close();
  }
}

/** Reads the next code to a number or an address, each once. */
export function codeReader(
  client: Surroundings['control'],
  lab: LabDescription,
): (to: string) => Promise<string> {
  // A number of a real tenant may have got messages before.
  let since = lab.live && new Date().toISOString();
  return async (to) => {
    const message = await patiently(lab.live?.real.messageMs ?? MOVE_MS, (waitMs) =>
      client.waitForMessage(to, { waitMs, ...(since && { since }) }),
    );
    since = new Date(Date.parse(message.at) + 1).toISOString();
    return message.code ?? '';
  };
}

/** The whole journey, as a check body. */
export const journey = async (
  {
    lab,
    control: client,
    scope,
    somebody,
    step,
    evidence,
  }: Pick<Surroundings, 'lab' | 'control' | 'scope' | 'somebody' | 'step'> & {
    /** Where the exchanges of the browser go. */
    evidence: BrowserEvidence;
  },
  info: TestInfo,
): Promise<void> => {
  const person = await somebody(lab.live && !lab.live.real.signUp ? { registered: true } : {});
  const readCode = codeReader(client, lab);
  await inBrowser({ lab, scope, person, evidence }, info, async ({ page, picture, within, session }) => {
    await step('sign in by the button of the app', async () => {
      await signInByButton(page, lab, picture, within);
      await picture('at Logto');
      await enterAtLogto({ page, person, way: wayOf(lab), readCode, at: picture });
      await page.waitForURL((url) => url.origin === lab.app.origin, { timeout: within(MOVE_MS) });
      await picture('signed in');
      demand(await session(), 'Shows no session in the browser after the sign-in.');
    });
    await step('sign out by the button of the app', async () => {
      await pressSignOut({ page, lab, session, picture, within });
      await picture('signed out');
      demand(!(await session()), 'Still shows a session in the browser after the sign-out.');
    });
  });
};
