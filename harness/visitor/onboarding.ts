/**
 * What an app asks of new people before it lets them in: a name, the terms, a team. Its members are led to that page from
 * wherever they want to go, so that nothing behind it can be judged until somebody has said what to fill in there.
 */
import type { FormStep } from '../config/saas-pages.ts';
import type { LabDescription } from '../lab/lab-description.ts';
import type { Answer, HopOptions, HttpAgent } from '../user-agents/http.ts';
import { encodeForm, formsIn } from './forms.ts';

/** Somebody in front of a browser. */
interface Visitor {
  agent: Pick<HttpAgent, 'follow'>;
  get(path: string, options?: HopOptions): Promise<Answer>;
}

type Pages = Pick<LabDescription, 'app' | 'config'>;

/** How a step is sent: by the form of its page that has its fields, hidden ones included, or as the config says. */
function asSent(
  { path, fields, type }: FormStep,
  page: { url: URL; text: string },
  { app }: Pages,
): { path: string; options: HopOptions } {
  if (type === 'json') return { path, options: { method: 'POST', json: fields } };
  const form = formsIn(page.text, page.url, app.basePath).find((each) =>
    Object.keys(fields).every((name) => name in each.fields),
  );
  if (!form) return { path, options: { method: 'POST', form: fields } };
  const { type: contentType, body } = encodeForm({ ...form, fields: { ...form.fields, ...fields } });
  return { path: form.action, options: { method: 'POST', body, headers: { 'content-type': contentType } } };
}

/** Sends the forms of `pages.onboarding` for somebody who has just signed in; a step that leads elsewhere is done already. */
export async function passOnboarding(visitor: Visitor, lab: Pages): Promise<void> {
  for (const step of lab.config.pages.onboarding) {
    const page = await visitor.get(step.path);
    if (page.location || page.status >= 400) continue;
    const { path, options } = asSent(step, page, lab);
    await visitor.agent.follow(await visitor.get(path, options), ({ origin }) => origin !== lab.app.origin);
  }
}

/**
 * The page of the app that its members are led to from every page that needs a session, and that has something to fill in.
 *
 * @param visitor somebody who is signed in
 * @param stranger somebody who is not: where both are led, people sign in
 * @returns its path; undefined when there is none
 */
export async function onboardingOf(
  visitor: Visitor,
  stranger: Visitor,
  lab: Pages,
): Promise<string | undefined> {
  const { app, config } = lab;
  const { home, protected: doors } = config.pages;
  const asked = doors.length ? doors : [home];
  const led = new Set<string>();
  const endOf = async (who: Visitor, path: string) =>
    who.agent.follow(await who.get(path), ({ origin }) => origin !== app.origin);
  for (const path of asked) {
    const page = await endOf(visitor, path);
    const { pathname } = page.url;
    if (pathname === path) return undefined;
    const isForm = page.status === 200 && /<(form|input|select|textarea)\b/i.test(page.text);
    if (page.location || !isForm || pathname.startsWith(`${app.basePath}/`) || asked.includes(pathname))
      return undefined;
    if ((await endOf(stranger, path)).url.pathname === pathname) return undefined;
    led.add(pathname);
  }
  return led.size === 1 ? [...led][0] : undefined;
}

/** What to do about such a page, in one sentence. */
export const onboardingTold = (path: string, { config }: Pick<LabDescription, 'config'>): string =>
  config.pages.onboarding.length > 0
    ? `the app still leads its members to ${path} before they see anything else; to have what is behind it judged, correct the forms in pages.onboarding`
    : `the app leads its members to ${path} before they see anything else; to have what is behind it judged, say what a new person fills in there (pages.onboarding)`;
