/** The app's own sign-in and sign-out buttons, pressed in Chromium. */
import type { Locator, Page } from '@playwright/test';
import { ConformanceFailure } from '../errors.ts';
import type { LabDescription } from '../lab/lab-description.ts';
import { demandTaken, watchRefusals } from '../logto/refused-request.ts';
import { exceed } from '../user-agents/pace.ts';
import { byModule, lacks, named, open, visit } from './app-places.ts';
import { appears, behindMenus, control, inOpenDialogue, offersSignIn, press } from './controls.ts';
import { passOnboardingInBrowser } from './onboarding-in-browser.ts';
import { DRAW_MS, MOVE_MS, type Picture } from './open-browser.ts';
import { SIGN_IN, SIGN_OUT } from './sign-words.ts';
import { watchUnderWay } from './under-way.ts';

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
    const look = async () => (await find()) ?? (await behindMenus(page, find, within));
    const here = own ?? (await look());
    const button =
      here ??
      (clicks === 0 && !signIn && !(await offersSignIn(page, lab.app))
        ? await onMembersPages(page, lab, { left, look, within })
        : undefined);
    if (left()) return true;
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
 * The sign-in button of an app whose home page offers none, such as one that describes a product: people open a page for members,
 * and are led to the sign-in page. The browser stays where it was found, or goes back to where it was.
 *
 * @returns undefined where there is none, or where the app has left for the issuer by itself
 */
async function onMembersPages(
  page: Page,
  lab: LabDescription,
  {
    left,
    look,
    within,
  }: { left(): boolean; look(): Promise<Locator | undefined>; within(ms: number): number },
): Promise<Locator | undefined> {
  const before = page.url();
  for (const path of lab.config.pages.protected.slice(0, FURTHER_MAX)) {
    await visit(page, new URL(path, lab.app.origin).href);
    if (left()) return undefined;
    if (new URL(page.url()).origin !== lab.app.origin) continue;
    await appears(page, new RegExp(`logto|${SIGN_IN.source}`, 'i'), within(DRAW_MS));
    const found = await look();
    if (found) return found;
  }
  await visit(page, before);
  return undefined;
}

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
