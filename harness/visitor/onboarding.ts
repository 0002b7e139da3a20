/**
 * What an app asks of new people before it lets them in: a name, the terms, a team. Its members are led to that page from
 * wherever they want to go, so that nothing behind it can be judged until somebody has said what to fill in there.
 */
import type { FormStep } from '../config/saas-pages.ts';
import type { LabDescription } from '../lab/lab-description.ts';
import type { Answer, HopOptions, HttpAgent } from '../user-agents/http.ts';
import { encodeForm } from './encode-form.ts';
import { formsIn, LEFT_ALONE } from './forms.ts';

/** Somebody in front of a browser. */
interface Visitor {
  agent: Pick<HttpAgent, 'follow'>;
  get(path: string, options?: HopOptions): Promise<Answer>;
}

type Pages = Pick<LabDescription, 'app' | 'config' | 'routes'>;

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

/** A page may have moved to another one; where so many end at the same, newcomers are led there: of those that are named, and of those that were found. */
const LED_MIN = { named: 2, found: 3 };
/** What is for a few leads all others away. */
const FOR_A_FEW = /(?:^|\/)(?:admin|staff|backoffice|moderat)/i;

/** So many pages stand for all. */
const ASKED_MAX = 8;

/** Pages that the sources or the build of the app name, and that lead strangers away; for configs that name none. */
async function closedTo(stranger: Visitor, { app, routes }: Pages): Promise<string[]> {
  const plain = (routes?.paths ?? []).flatMap(({ path }) =>
    /^\/[\w/-]+$/.test(path) && !/(?:^|\/)api\//.test(path) && !path.startsWith(`${app.basePath}/`)
      ? [path]
      : [],
  );
  const closed: string[] = [];
  for (const path of plain.slice(0, 3 * ASKED_MAX)) {
    if (LEFT_ALONE.test(path) || FOR_A_FEW.test(path) || closed.length === ASKED_MAX) continue;
    const { location } = await stranger.get(path);
    if (location?.origin === app.origin && location.pathname !== path) closed.push(path);
  }
  return closed;
}

/**
 * The page of the app that its members are led to from every page that needs a session: there is something to fill in, or several
 * pages lead there (some apps greet whoever is new for a while, and have nothing to fill in).
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
  const closed = doors.length ? doors : await closedTo(stranger, lab);
  const asked = closed.length ? closed : [home];
  const endOf = async (who: Visitor, path: string) =>
    who.agent.follow(await who.get(path), ({ origin }) => origin !== app.origin);
  const ends = new Map<string, Answer>();
  for (const path of asked) {
    const page = await endOf(visitor, path);
    ends.set(path, page);
    // Who is led out of the app, or to an error, is shown nothing to begin with.
    if (page.url.pathname !== path && (page.location || page.status !== 200)) return undefined;
  }
  const led = asked.filter((path) => ends.get(path)?.url.pathname !== path);
  const place = ends.get(led[0] ?? '')?.url.pathname;
  if (!place || place.startsWith(`${app.basePath}/`)) return undefined;
  if (asked.some((path) => ends.get(path)?.url.pathname !== place)) return undefined;
  const isForm = led.every((path) => /<(form|input|select|textarea)\b/i.test(ends.get(path)?.text ?? ''));
  const isFound = asked === closed && doors.length === 0;
  const least = LED_MIN[isFound ? 'found' : 'named'];
  if (led.length < (isForm && !asked.includes(place) ? least - 1 : least)) return undefined;
  for (const path of led) if ((await endOf(stranger, path)).url.pathname === place) return undefined;
  return place;
}

/** What to do about such a page, in one sentence. */
export const onboardingTold = (path: string, { config }: Pick<LabDescription, 'config'>): string =>
  config.pages.onboarding.length > 0
    ? `the app still leads its members to ${path} before they see anything else; to have what is behind it judged, correct the forms in pages.onboarding`
    : `the app leads its members to ${path} before they see anything else; to have what is behind it judged, say what a new person fills in there (pages.onboarding), or, where there is nothing to fill in, let people of the run pass (target.env)`;
