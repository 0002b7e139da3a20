/**
 * Goes through the mock's sign-in pages in Chromium, whatever the sign-in experience asks for: identifier, code, password, a
 * new password, a second factor. A real tenant is prepared for phone and code, and passed by `passSignInPage`.
 */
import type { Locator, Page } from '@playwright/test';
import type { WayIn } from '../../mocks/logto/sign-in/way-in.ts';
import type { Person } from '../../mocks/people.ts';
import { newPassword } from './experience.ts';
import { demandTaken, errorOn, refusedAt } from './refused-request.ts';
import { boxes, control, enterCode, inDialogue, oneField, passSignInPage, submitOf } from './sign-in-page.ts';

export interface PageWalk {
  page: Page;
  /** Whoever chooses a password has it here afterwards. */
  person: Person;
  way: WayIn;
  /** The next code to a number or an address. */
  readCode(to: string): Promise<string>;
  /** Told where it is, for pictures. */
  at?(name: string): Promise<void>;
  /** The person has forgotten their password, and chooses another one. */
  forgotten?: boolean;
}

/** Pages that may come one after another; more would be a circle. */
const PAGES_MAX = 16;

const field = (page: Page, name: string): Locator => page.locator(`input[name="${name}"]:visible`);

/** What somebody types, by what the page asks for. */
function identifierFor(path: string, { person, way, forgotten }: PageWalk): string {
  const recovery = forgotten && path.startsWith('/forgot-password') ? way.recovery : undefined;
  const type = /^\/(?:continue\/phone|mfa-binding)/.test(path)
    ? 'phone'
    : (/^\/continue\/(email|username)/.exec(path)?.[1] ?? recovery ?? way.identifier);
  return (type === 'phone' ? person.phone : type === 'email' ? person.email : person.username) ?? '';
}

/**
 * Signs in on the pages that the browser is at, until it leaves Logto.
 *
 * @throws Error of Playwright when a page does not go on
 */
export async function walkPages(walk: PageWalk): Promise<void> {
  const { page, person, way, readCode, at = async () => {} } = walk;
  // The browser may still be on its way from the app: where it is counts when the page is there.
  await field(page, 'identifier').or(field(page, 'password')).or(inDialogue(page)).first().waitFor();
  const issuer = new URL(page.url()).origin;
  const isNew = person.userId === null && way.signsUp;
  const isThere = () => new URL(page.url()).origin === issuer;
  let recovering = walk.forgotten ?? false;
  let recipient = '';
  const followed = async (act: () => Promise<void>) => {
    const moved = page.waitForEvent('framenavigated');
    // What is done may fail first, and nobody waits for this then.
    moved.catch(() => undefined);
    await act();
    await moved;
    await page.waitForLoadState();
  };
  const press = (button: Locator) => followed(() => button.click());
  for (let turn = 0; turn < PAGES_MAX && isThere(); turn += 1) {
    const path = new URL(page.url()).pathname;
    const code = boxes(page).first().or(oneField(page)).first();
    const asked = code
      .or(field(page, 'newPassword'))
      .or(field(page, 'password'))
      .or(field(page, 'identifier'));
    await asked.or(inDialogue(page)).first().waitFor();
    if (await inDialogue(page).isVisible()) await press(inDialogue(page));
    else if (await code.isVisible()) {
      const usesPassword = recovering ? !path.startsWith('/forgot-password') : !way.byCode && !isNew;
      if (usesPassword && (await control(page, 'byPassword').isVisible()))
        await press(control(page, 'byPassword'));
      else {
        const value = await readCode(recipient || person.phone);
        await at('asked for the code');
        await followed(() => enterCode(page, value));
      }
    } else if (await field(page, 'newPassword').isVisible()) {
      person.password = recovering ? newPassword() : (person.password ?? newPassword());
      recovering = false;
      for (const name of ['newPassword', 'confirmPassword'])
        if (await field(page, name).isVisible()) await field(page, name).fill(person.password);
      await press(submitOf(page));
    } else if (await field(page, 'password').isVisible()) {
      if (recovering) await press(control(page, 'forgot'));
      else if (isNew && !way.byCode && (await control(page, 'newcomer').isVisible()))
        await press(control(page, 'newcomer'));
      else if (way.byCode && (await control(page, 'byCode').isVisible()))
        await press(control(page, 'byCode'));
      else {
        const typed = field(page, 'identifier');
        if (await typed.isVisible()) await typed.fill(identifierFor(path, walk));
        await field(page, 'password').fill(person.password ?? '');
        await press(submitOf(page));
      }
    } else {
      const typed = identifierFor(path, walk);
      if (typed !== person.username) recipient = typed;
      await field(page, 'identifier').fill(typed);
      await press(submitOf(page));
    }
  }
}

/**
 * Signs in on the pages that the browser is at: by phone and code as at a real tenant, else as the mock's pages ask.
 *
 * @throws ConformanceFailure when Logto refuses what the app asked for
 */
export async function enterAtLogto(walk: PageWalk): Promise<void> {
  const { page, person, way, readCode, at, forgotten } = walk;
  const refusal = errorOn(page);
  await field(page, 'identifier')
    .or(field(page, 'password'))
    .or(inDialogue(page))
    .or(refusal)
    .first()
    .waitFor();
  if (await refusal.isVisible()) demandTaken(await refusedAt(page));
  const isPlain = way.identifier === 'phone' && way.byCode && !way.needs.has('password') && !forgotten;
  if (!isPlain) return walkPages(walk);
  return passSignInPage({ page, phone: person.phone, readCode: () => readCode(person.phone), at });
}
