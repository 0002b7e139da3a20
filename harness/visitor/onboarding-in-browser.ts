/** The forms of `pages.onboarding` in Chromium, as a person fills them in. */
import type { Locator, Page } from '@playwright/test';
import type { LabDescription } from '../lab/lab-description.ts';
import { exceed } from '../user-agents/pace.ts';

/** Fills in one field by what it is. */
async function fill(field: Locator, text: string): Promise<void> {
  const kind = await field.evaluate((element) =>
    String(Reflect.get(element, 'tagName') === 'SELECT' ? 'select' : Reflect.get(element, 'type')),
  );
  if (kind === 'select') await field.selectOption(text);
  else if (kind === 'checkbox' || kind === 'radio') await field.check();
  else if (kind !== 'hidden') await field.fill(text);
}

/**
 * Goes through the pages that a new person is led to.
 *
 * @param moveMs milliseconds within which the next page must follow
 * @returns whether there was one
 */
export async function passOnboardingInBrowser(
  page: Page,
  { config, app }: Pick<LabDescription, 'config' | 'app'>,
  moveMs: number,
): Promise<boolean> {
  let passed = false;
  for (const { path, fields, type } of config.pages.onboarding) {
    if (new URL(page.url()).pathname !== path) continue;
    const moved = page.waitForURL((url) => url.pathname !== path, { timeout: moveMs }).catch(exceed);
    if (type === 'json') {
      await page.request.post(`${app.origin}${path}`, { data: fields });
      await page.goto(`${app.origin}${config.pages.home}`);
    } else {
      const named = (name: string) => page.locator(`[name=${JSON.stringify(name)}]`).first();
      const names = Object.keys(fields);
      for (const name of names) await fill(named(name), fields[name] as string);
      const form = names[0] ? page.locator('form').filter({ has: named(names[0]) }) : page.locator('form');
      // As a press of its first button, whatever that is called.
      await form.first().evaluate((element) => {
        const submit = Reflect.get(element, 'requestSubmit') as () => void;
        submit.call(element);
      });
    }
    await moved;
    passed = true;
  }
  return passed;
}
