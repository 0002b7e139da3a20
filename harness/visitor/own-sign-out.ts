/** The app's own sign-out, as its config or its page tells it, without a browser. */
import type { LabDescription } from '../lab/lab-description.ts';
import { type Answer, createHttpAgent } from '../user-agents/http.ts';
import { encodeForm } from './encode-form.ts';
import { signOutFormIn } from './forms.ts';
import type { Visitor } from './visitor.ts';

type Lab = Pick<LabDescription, 'config' | 'app' | 'reroutes' | 'ca'>;

const posted = new Map<string, Promise<boolean>>();

/** Whether a path is posted to alone: it answers no GET (405, 404) of somebody without cookies, who has nothing there to lose. */
function isPostedAlone(path: string, { app, reroutes, ca }: Lab): Promise<boolean> {
  const url = new URL(path, app.origin).href;
  const known =
    posted.get(url) ??
    createHttpAgent({ laneOf: () => 'app', reroutes, ...(ca && { ca }) })
      .hop(url)
      .then(({ status }) => status === 405 || status === 404)
      .catch(() => false);
  posted.set(url, known);
  return known;
}

/** A form of the app as a browser posts it from a page of the app. */
const post = (
  visitor: Visitor,
  { app }: Lab,
  action: string,
  { type, body } = encodeForm({ fields: {}, multipart: false }),
) =>
  visitor.agent.hop(new URL(action, app.origin), {
    method: 'POST',
    headers: { 'content-type': type, origin: app.origin },
    body,
  });

/** Begins the sign-out by the path of the config that ends Logto's session, too; undefined where it names none. */
export async function signOutByPath(visitor: Visitor, lab: Lab): Promise<Answer | undefined> {
  const { endSession } = lab.config.pages;
  if (!endSession) return undefined;
  if (await isPostedAlone(endSession, lab)) return post(visitor, lab, endSession);
  return visitor.signOut({ callbackUrl: new URL(endSession, lab.app.origin).href });
}

/**
 * Signs out by what the app has in the place of Auth.js' sign-out: a form of its own, or a path that is posted to alone.
 *
 * @returns its answer; `authjs` where its page leads to the sign-out of Auth.js, `script` where only a script can know
 */
export async function signOutByOwnForm(visitor: Visitor, lab: Lab): Promise<Answer | 'authjs' | 'script'> {
  const { config, app } = lab;
  const { signOut, home, endSession } = config.pages;
  const first = await visitor.get(signOut?.startsWith('/') ? signOut : home);
  const page = await visitor.agent.follow(first, ({ origin }) => origin !== app.origin);
  const form = signOutFormIn(page.text, page.url, app.basePath);
  if (form) return post(visitor, lab, form.action, encodeForm(form));
  if (page.text.includes(`${app.basePath}/signout`)) return 'authjs';
  if (endSession && (await isPostedAlone(endSession, lab))) return post(visitor, lab, endSession);
  return 'script';
}

/** The form by which people sign out at the app itself, on its page for it (`pages.signOut`, or the home page); undefined where there is none. */
export async function ownSignOutForm(
  visitor: Visitor,
  { config, app }: Lab,
): Promise<ReturnType<typeof signOutFormIn>> {
  const { signOut, home } = config.pages;
  const page = await visitor.get(signOut?.startsWith('/') ? signOut : home);
  return signOutFormIn(page.text, page.url, app.basePath);
}

/**
 * Begins the sign-out of somebody who is signed in: by the path of `pages.endSession`, else by the form of the app that stands
 * on its page for it (`pages.signOut`, or the home page).
 *
 * @returns the first answer; undefined where the app names no path and sends no form of its own, as one that signs out by a script
 */
export async function ownSignOut(visitor: Visitor, lab: Lab): Promise<Answer | undefined> {
  const byPath = await signOutByPath(visitor, lab);
  if (byPath) return byPath;
  const form = await ownSignOutForm(visitor, lab);
  if (!form) return undefined;
  return post(visitor, lab, form.action, encodeForm(form));
}

const PLACES = [
  'callbackUrl',
  'redirectTo',
  'returnTo',
  'redirect',
  'next',
  'to',
  'url',
  'returnUrl',
  'post_logout_redirect_uri',
];
const NAMES_PLACE = /redirect|return|callback|next|url|uri|^to$|goto|dest|continue/i;

/**
 * The requests by which the app's own sign-out, where it has one, is asked to lead elsewhere: in its query, and in the fields of its
 * form.
 *
 * @param to where it is asked to lead
 */
export async function ownSignOutsTo(
  visitor: Visitor,
  lab: Lab & Pick<LabDescription, 'routes'>,
  to: string,
): Promise<(() => Promise<Answer>)[]> {
  const { config, app } = lab;
  const { signOut, home, endSession } = config.pages;
  const place = signOut?.startsWith('/') ? signOut : home;
  const page = await visitor.get(place);
  const form = signOutFormIn(page.text, page.url, app.basePath);
  const action = form?.action ?? endSession;
  if (!action) return [];
  /** A page that was told where to go writes it into the form that it sends (values that a server action is bound to). */
  const byPageSoAsked = async () => {
    const told = await visitor.get(`${place}${place.includes('?') ? '&' : '?'}${asked.searchParams}`);
    const own = signOutFormIn(told.text, told.url, app.basePath);
    return own ? post(visitor, lab, own.action, encodeForm(own)) : told;
  };
  const [path = ''] = action.split('?');
  const read = lab.routes?.paths.find((route) => route.path === path)?.parameters ?? [];
  const names = [...new Set([...read.filter((name) => NAMES_PLACE.test(name)), ...PLACES])];
  const elsewhere = Object.fromEntries(names.map((name) => [name, to]));
  const asked = new URL(action, app.origin);
  for (const name of names) asked.searchParams.set(name, to);
  const isPosted = form !== undefined || (await isPostedAlone(path, lab));
  if (!isPosted) return [() => visitor.agent.hop(asked)];
  const own = form ?? { fields: {}, multipart: false };
  return [
    () => post(visitor, lab, asked.pathname + asked.search, encodeForm(own)),
    () => post(visitor, lab, action, encodeForm({ ...own, fields: { ...own.fields, ...elsewhere } })),
    ...(form ? [byPageSoAsked] : []),
  ];
}
