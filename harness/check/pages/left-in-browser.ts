/** What a browser still knows of somebody who signed out in it: storages that scripts write, and pages that a service worker kept. */
import type { Page } from '@playwright/test';
import type { LabDescription } from '../../lab/lab-description.ts';
import { pressSignOut } from '../../visitor/app-buttons.ts';
import { openBrowser, type Watched } from '../../visitor/open-browser.ts';
import { isSessionCookie, type Visitor } from '../../visitor/visitor.ts';
import { personalOf } from '../doors/marks.ts';
import { issuedIn } from '../issued-in.ts';
import { notJudged } from '../not-judged.ts';
import { comeToRest } from './come-to-rest.ts';

/** Pages that are opened as the member. */
const PAGES_MAX = 3;

/** What pages of the app keep in the browser, by the name of the place. */
async function keptBy(page: Page): Promise<{ place: string; text: string }[]> {
  // Evaluated in the page, which has what Node's types do not know.
  return page.evaluate(`(async () => {
    const kept = [['localStorage', localStorage], ['sessionStorage', sessionStorage]].flatMap(([name, storage]) =>
      Object.entries(storage).map(([key, text]) => ({ place: name + '.' + key, text: String(text) })));
    for (const name of 'caches' in window ? await caches.keys() : []) {
      const cache = await caches.open(name);
      for (const request of (await cache.keys()).slice(0, 50)) {
        const answer = await cache.match(request);
        if (/text|json/.test(answer?.headers.get('content-type') ?? ''))
          kept.push({ place: 'the cache of its service worker (' + new URL(request.url).pathname + ')', text: await answer.text() });
      }
    }
    const done = (request) => new Promise((resolve) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = request.onblocked = () => resolve(undefined);
    });
    const plain = (_name, value) =>
      value instanceof Map ? [...value] : value instanceof Set ? [...value] : typeof value === 'bigint' ? String(value) : value;
    for (const { name } of (await indexedDB.databases?.()) ?? []) {
      const database = await done(indexedDB.open(name));
      for (const store of [...(database?.objectStoreNames ?? [])].slice(0, 20)) {
        const rows = database.transaction(store).objectStore(store);
        for (const row of [...((await done(rows.getAllKeys(null, 50))) ?? []), ...((await done(rows.getAll(null, 50))) ?? [])]) {
          let text = String(row);
          try { text = row instanceof Blob ? await row.text() : JSON.stringify(row, plain) ?? text; } catch {}
          kept.push({ place: 'IndexedDB (' + name + ', ' + store + ')', text });
        }
      }
      database?.close();
    }
    return kept;
  })()`);
}

/**
 * What fills in the next sign-in, and is called so. Many ask for it ("remember me on this device"), and whether this person did is
 * told by nothing that stands there.
 */
const NEXT_SIGN_IN =
  /remember|(?:last|previous|recent|known)[ _.-]?(?:user|login|account|phone|number|e?mail|sign)|(?:login|sign[ _.-]?in|user)[ _.-]?(?:hint|phone|number|e?mail|name)|prefill/i;
const IDENTIFIERS = new Set<string | undefined>(['phone number', 'email address', 'username']);

/** Whether a place holds nothing but what somebody signs in with. */
export const fillsInSignIn = ({ place, text }: { place: string; text: string }, kind: string): boolean =>
  NEXT_SIGN_IN.test(place) && IDENTIFIERS.has(kind) && text.length <= 64 && !/[{[<]/.test(text);

/** Whether a service worker of the app stands between its pages and its server. */
const hasWorker = (page: Page): Promise<boolean> =>
  page.evaluate(
    `'serviceWorker' in navigator ? navigator.serviceWorker.getRegistrations().then((all) => all.length > 0, () => true) : false`,
  );

/** Cookies that the app has left, the session aside, which is the matter of sign-out/cookie-cleared. */
async function cookiesAt(
  page: Page,
  { app, config }: LabDescription,
): Promise<{ place: string; text: string }[]> {
  const cookies = await page.context().cookies(`${app.origin}/`);
  return cookies
    .filter(({ name }) => !isSessionCookie(name, config.session.cookie))
    .map(({ name, value }) => ({ place: `the cookie ${name}`, text: value }));
}

/**
 * Shows pages to a member in Chromium, and signs them out there by the app's own button.
 *
 * @param pages of members, the first of which are opened
 */
export async function signedOutInBrowser(
  member: Visitor,
  pages: readonly string[],
  { lab, scope, evidence }: { lab: LabDescription; scope: string } & Pick<Watched, 'evidence'>,
) {
  const { origin } = lab.app;
  const { home } = lab.config.pages;
  const paths = pages.slice(0, PAGES_MAX);
  const { context, within, session, close } = await openBrowser(lab, scope, {
    evidence,
    person: member.person,
  });
  try {
    for (const at of new Set([origin, lab.publicIssuerOrigin])) {
      const cookies = await member.agent.cookies(at);
      await context.addCookies(cookies.map(({ key, value }) => ({ name: key, value, url: `${at}/` })));
    }
    const page = await context.newPage();
    const open = async (path: string) => {
      await page.goto(new URL(path, origin).href, { waitUntil: 'domcontentloaded' });
      await comeToRest(page, within);
    };
    // A service worker takes the pages that are opened after it has come.
    for (const path of [home, ...paths]) await open(path);
    if (await hasWorker(page)) for (const path of paths) await open(path);
    await pressSignOut({ page, lab, session: () => session(page), within });
    await page.waitForLoadState('networkidle').catch(() => undefined);
    return { page, open, paths, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Looks for what is left of a member.
 *
 * @returns in words what is still known and where; undefined when nothing is
 */
export async function leftIn(
  { page, open, paths }: Pick<Awaited<ReturnType<typeof signedOutInBrowser>>, 'page' | 'open' | 'paths'>,
  { person }: Pick<Visitor, 'person'>,
  lab: LabDescription,
): Promise<string | undefined> {
  const personal = personalOf(person);
  // Who counts visits keeps an id for good, which says nothing to the next person at the computer.
  const kindIn = (text: string) => issuedIn(text, personal).find(({ kind }) => kind !== 'user id')?.kind;
  await open(lab.config.pages.home);
  let remembered: string | undefined;
  for (const kept of [...(await keptBy(page)), ...(await cookiesAt(page, lab))]) {
    const kind = kindIn(`${kept.place}\n${kept.text}`);
    if (kind && fillsInSignIn(kept, kind)) remembered ??= `the ${kind} of the person in ${kept.place}`;
    else if (kind) return `the ${kind} of the person in ${kept.place}`;
  }
  const shown = (await hasWorker(page)) ? await shownByWorker({ page, open, paths }, kindIn) : undefined;
  if (!shown && remembered)
    notJudged(
      `the app left ${remembered}, which fills in the next sign-in; nobody can tell from outside whether the person asked for that`,
      'look whether it is kept only where somebody has asked to be remembered, or clear it at the sign-out',
    );
  return shown;
}

/** What pages show of a member that a service worker sends, and the server does not. */
async function shownByWorker(
  { page, open, paths }: Pick<Awaited<ReturnType<typeof signedOutInBrowser>>, 'page' | 'open' | 'paths'>,
  kindIn: (text: string) => string | undefined,
): Promise<string | undefined> {
  for (const path of paths) {
    // A page that the server sends, by its worker or not, is the matter of sign-out/protected-closed.
    const fromWorker = page.waitForResponse((answer) => answer.request().isNavigationRequest());
    await open(path);
    const answer = await fromWorker;
    const kind = answer.fromServiceWorker() ? kindIn(await page.content()) : undefined;
    if (kind && !kindIn(await (await page.request.get(answer.url())).text()))
      return `the ${kind} of the person on ${path}, which a service worker kept`;
  }
  return undefined;
}
