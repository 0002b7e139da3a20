/** The controls of a page as a person finds them: in sight, or behind something that opens; and what is there instead. */
import type { Locator, Page } from '@playwright/test';
import { exceed } from '../user-agents/pace.ts';
import { SIGN_IN } from './sign-words.ts';

/** Roles that people press; items of an opened menu are named as such (WAI-ARIA menu pattern). */
const PRESSED = ['button', 'link', 'menuitem'] as const;

/**
 * The first visible control with such a name: a button first, then a link, then an item of a menu. One that is switched off,
 * as those of providers that are to come, is nobody's until there is no other.
 */
export async function control(page: Page, name: RegExp): Promise<Locator | undefined> {
  for (const options of [{ disabled: false }, {}])
    for (const role of PRESSED) {
      const found = page
        .getByRole(role, { name, ...options })
        .filter({ visible: true })
        .first();
      if (await found.isVisible().catch(() => false)) return found;
    }
  return undefined;
}

/** What says of itself that it opens something, and buttons that stand for a person or a menu. */
const triggers = (page: Page): Locator =>
  page
    .locator(
      '[aria-haspopup]:not([aria-haspopup="false"]), [aria-expanded="false"], summary, button[popovertarget]',
    )
    .or(page.getByRole('button', { name: /account|profile|avatar|user|menu|more/i }))
    .or(page.locator('button:has(img), button:has(svg), [role="button"]:has(img)'))
    .filter({ visible: true });

/** Waits for a control with such a name, or for something that may hide it: many apps draw their buttons late. */
export const appears = (page: Page, name: RegExp, limitMs: number): Promise<void> =>
  page
    .getByRole('button', { name })
    .or(page.getByRole('link', { name }))
    .or(triggers(page))
    .filter({ visible: true })
    .first()
    .waitFor({ timeout: limitMs })
    .catch(exceed);

/** What closes a banner or a dialogue that lies over the page: it is agreed to, as most people do. */
const AGREE =
  /accept|agree|allow|got.?it|understand|^ok(?:ay)?$|dismiss|close|reject|decline|akzeptieren|zustimmen|accepter|aceptar|accetta|aceitar|同意|принять/i;
/** What a dialogue is answered with that asks whether somebody is sure. */
const SURE = /^(?:yes|ok(?:ay)?|confirm|continue|ja|oui|sí|si|sim|はい|确定|확인|да)\b/i;
/** Milliseconds within which a control that nothing covers takes a press. */
const FREE_MS = 2_000;

/** A control inside a dialogue that is open: it lies over everything else. */
export async function inOpenDialogue(page: Page, name: RegExp): Promise<Locator | undefined> {
  const dialogue = page
    .getByRole('dialog')
    .or(page.getByRole('alertdialog'))
    .filter({ visible: true })
    .last();
  for (const wanted of [name, SURE]) {
    const found = dialogue
      .getByRole('button', { name: wanted })
      .or(dialogue.getByRole('link', { name: wanted }))
      .filter({ visible: true })
      .first();
    if (await found.isVisible().catch(() => false)) return found;
  }
  return undefined;
}

/**
 * Presses a control as a person does: what lies over it, such as a banner that asks about cookies, is closed first.
 *
 * @param within makes a limit follow the slowness of the machine
 */
export async function press(page: Page, control: Locator, within: (ms: number) => number): Promise<void> {
  const covered = await control.click({ trial: true, timeout: within(FREE_MS) }).then(
    () => false,
    (error: Error) => /intercepts pointer events/.test(error.message),
  );
  if (covered) {
    const agree = page.getByRole('button', { name: AGREE }).filter({ visible: true });
    for (let turn = 0, count = await agree.count(); turn < Math.min(count, OPENED_MAX); turn += 1) {
      const isFree = await agree
        .nth(turn)
        .click({ timeout: within(PRESS_MS) })
        .then(
          () =>
            control.click({ trial: true, timeout: within(PRESS_MS) }).then(
              () => true,
              () => false,
            ),
          () => false,
        );
      if (isFree) break;
    }
  }
  await control.click();
}

/** Milliseconds within which something that opens must have taken a click. */
const PRESS_MS = 2_000;
/** Milliseconds within which a menu of a script must have been drawn. */
const MENU_MS = 500;
/** More than these are not menus of a person, but rows of a table. */
const OPENED_MAX = 8;

/**
 * Opens menus, disclosures and avatar buttons one after another, until the control is in sight.
 *
 * @param find looks for the control
 * @param within makes a limit follow the slowness of the machine
 * @returns the control; its menu stays open. Undefined when nothing that opens hides it.
 */
export async function behindMenus(
  page: Page,
  find: () => Promise<Locator | undefined>,
  within: (ms: number) => number,
): Promise<Locator | undefined> {
  const before = page.url();
  const count = Math.min(await triggers(page).count(), OPENED_MAX);
  for (let turn = 0; turn < count; turn += 1) {
    const trigger = triggers(page).nth(turn);
    // A button that sends a form does something; it opens nothing.
    if (await trigger.evaluate(sendsForm).catch(() => true)) continue;
    await trigger.click({ timeout: within(PRESS_MS) }).catch(exceed);
    const found = (await find()) ?? (await drawnLate(page, find, within(MENU_MS)));
    if (found) return found;
    if (page.url() !== before) await page.goto(before);
    else await close(page, trigger, within(PRESS_MS));
  }
  return undefined;
}

/** Menus of scripts are drawn a moment after the press: when the page has something to say, it is looked at again. */
async function drawnLate(page: Page, find: () => Promise<Locator | undefined>, limitMs: number) {
  await page
    .getByRole('menu')
    .or(page.getByRole('menuitem'))
    .or(page.getByRole('dialog'))
    .filter({ visible: true })
    .first()
    .waitFor({ timeout: limitMs })
    .catch(exceed);
  return find();
}

const sendsForm = (element: unknown): boolean =>
  Reflect.get(element as object, 'type') === 'submit' && Boolean(Reflect.get(element as object, 'form'));

/** What was opened is closed again, so that it covers nothing. */
async function close(page: Page, trigger: Locator, limitMs: number): Promise<void> {
  await page.keyboard.press('Escape');
  const open = await trigger
    .evaluate((element) => {
      const parent = Reflect.get(element, 'parentElement') as { open?: boolean } | null;
      return parent?.open === true || Reflect.get(element, 'ariaExpanded') === 'true';
    })
    .catch(() => false);
  if (open) await trigger.click({ timeout: limitMs }).catch(() => undefined);
}

/**
 * Whether a page offers the sign-in in some way that has no fitting name: a form or a link that leads there, a text beside it, or a
 * control that says nothing of itself. Such a page is at fault; one without any offers nothing, and people begin elsewhere.
 */
export async function offersSignIn(page: Page, { basePath }: { basePath: string }): Promise<boolean> {
  const spoken = page.getByText(SIGN_IN).or(page.getByLabel(SIGN_IN)).or(page.getByTitle(SIGN_IN));
  if (
    await spoken
      .filter({ visible: true })
      .evaluateAll(somePressed)
      .catch(() => false)
  )
    return true;
  const pressed = page.getByRole('button').or(page.getByRole('link')).filter({ visible: true });
  const controls = await pressed.evaluateAll(describeControls).catch(() => []);
  if (controls.some((each) => / without a name$/.test(each))) return true;
  const places = await page
    .locator('form, a[href]')
    .evaluateAll((elements) =>
      elements.map((found) => {
        const { action, href } = found as unknown as { action?: unknown; href?: unknown };
        return [action, href].find((each) => typeof each === 'string') as string | undefined;
      }),
    )
    .catch(() => []);
  return places.some((place) => {
    if (!place || !URL.canParse(place)) return false;
    const { pathname } = new URL(place);
    return pathname.startsWith(`${basePath}/signin`) || SIGN_IN_PATH.test(pathname);
  });
}

/** Runs in the page: whether one of the elements takes presses, or says so by the pointer over it. */
function somePressed(elements: unknown[]): boolean {
  const { getComputedStyle } = globalThis as unknown as {
    getComputedStyle(element: unknown): { cursor: string };
  };
  return elements.some((found) => {
    const element = found as { closest(selector: string): unknown };
    return (
      element.closest('a, button, input, [role], [onclick], [tabindex]') !== null ||
      getComputedStyle(found).cursor === 'pointer'
    );
  });
}

/** `/login`, `/de/sign-in` */
const SIGN_IN_PATH = /\/(?:log-?in|sign-?in|auth)\/?$/i;

/**
 * Says why a page has no such control: what bears the name and is none, and the controls that it has.
 *
 * @returns sentences that begin with a blank, or an empty text
 */
export async function insteadOf(page: Page, name: RegExp): Promise<string> {
  const named = page
    .getByText(name)
    .or(page.getByLabel(name))
    .or(page.getByTitle(name))
    .filter({ visible: true });
  const alike = await named.evaluateAll(describeAlike).catch(() => []);
  const has = await page
    .getByRole('button')
    .or(page.getByRole('link'))
    .or(page.getByRole('menuitem'))
    .filter({ visible: true })
    .evaluateAll(describeControls)
    .catch(() => []);
  const texts = [
    ...[...new Set(alike)].slice(0, 3).map((each) => ` There is ${each}.`),
    ...(has.length
      ? [` It has: ${has.slice(0, 8).join(', ')}${has.length > 8 ? ` and ${has.length - 8} more` : ''}.`]
      : []),
  ];
  return texts.join('');
}

/** Runs in the page: elements that bear the name, and why they are no button and no link. */
function describeAlike(elements: unknown[]): string[] {
  return elements.flatMap((found) => {
    const element = found as {
      tagName: string;
      textContent: string | null;
      title: string;
      hasAttribute(name: string): boolean;
      getAttribute(name: string): string | null;
      closest(selector: string): typeof element | null;
    };
    const pressable = element.closest('a, [role], [onclick], [tabindex]') ?? element;
    const tag = pressable.tagName.toLowerCase();
    if (/^(html|body|main|title|script|style|h\d)$/.test(tag)) return [];
    const text = element.textContent?.trim() || element.getAttribute('aria-label') || element.title;
    const role = pressable.getAttribute('role');
    const why =
      tag === 'a' && !pressable.hasAttribute('href')
        ? 'without href, which is no link: no keyboard reaches it'
        : role
          ? `with role="${role}"`
          : 'without a role, which is no control to a keyboard or a screen reader';
    return [`<${tag}> "${text.replace(/\s+/g, ' ').slice(0, 60)}" ${why}`];
  });
}

/** Runs in the page: `button "Cart"`. */
function describeControls(elements: unknown[]): string[] {
  return elements.map((found) => {
    const element = found as {
      tagName: string;
      textContent: string | null;
      value?: string;
      getAttribute(name: string): string | null;
      querySelector(selector: string): { getAttribute(name: string): string | null } | null;
    };
    const kind = element.getAttribute('role') ?? (element.tagName === 'A' ? 'link' : 'button');
    const text =
      element.getAttribute('aria-label') ||
      element.textContent?.trim() ||
      element.value ||
      element.querySelector('img')?.getAttribute('alt') ||
      element.getAttribute('title');
    return text ? `${kind} "${text.replace(/\s+/g, ' ').slice(0, 40)}"` : `a ${kind} without a name`;
  });
}
