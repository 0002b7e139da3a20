/** Addresses that may sign out whoever opens them: by their names, by links, and what the sources name. */
import { parse } from 'parse5';
import type { LabDescription } from '../../lab/lab-description.ts';
import type { Answer } from '../../user-agents/http.ts';
import { attribute, elements, wordsOf } from '../../visitor/forms.ts';
import { SIGN_OUT } from '../../visitor/sign-words.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { isDynamic } from '../doors/crawl.ts';
import { addressOf } from './pages.ts';

const USUAL = ['logout', 'signout', 'sign-out', 'log-out', 'logoff', 'goodbye', 'federated-logout'];

/** What a page shows that signs out: its links, and everything else that is pressed. */
export function signOutControls(html: string): { links: string[]; pressed: boolean } {
  const links: string[] = [];
  let pressed = false;
  for (const element of elements(parse(html))) {
    const { tagName } = element;
    const names = ['aria-label', 'title', 'value', 'alt'].map((name) => attribute(element, name) ?? '');
    const isSaid = [wordsOf(element), ...names].some((text) => text.length < 200 && SIGN_OUT.test(text));
    if (tagName === 'a') {
      const to = attribute(element, 'href');
      if (to && (isSaid || SIGN_OUT.test(to))) links.push(to);
    } else if (tagName === 'form') pressed ||= SIGN_OUT.test(attribute(element, 'action') ?? '');
    else if (tagName === 'button' || tagName === 'input' || attribute(element, 'role')) pressed ||= isSaid;
  }
  return { links, pressed };
}

/**
 * Addresses to open.
 *
 * @param pages that members are shown
 */
export function signOutLinks(lab: LabDescription, pages: readonly Answer[]): string[] {
  const { app, config, routes } = lab;
  const named = (routes?.paths ?? [])
    .filter(({ path, endsSession }) => (endsSession || SIGN_OUT.test(path)) && !isDynamic(path))
    .map(({ path }) => path);
  const linked = pages.flatMap(({ text, url }) =>
    signOutControls(text).links.flatMap((to) => {
      if (!URL.canParse(to, url)) return [];
      const { origin, pathname, search } = new URL(to, url);
      return origin === app.origin ? [pathname + search] : [];
    }),
  );
  const usual = ['/', '/api/', '/auth/', '/account/', `${app.basePath}/`].flatMap((folder) =>
    USUAL.map((name) => folder + name),
  );
  const asked = [config.pages.home, ...config.pages.protected.slice(0, 3)].map((path) =>
    addressOf(path, { logout: '1', signout: '1', signOut: '1', action: 'logout' }),
  );
  // The page of Auth.js has a check of its own, and the way to Logto is declared.
  const others = [`${app.basePath}/signout`, config.pages.endSession, config.pages.backChannelLogout];
  return [...new Set([...named, ...linked, ...usual, ...asked])].filter((path) => !others.includes(path));
}

/** Headers of a browser that follows a link of another site (Fetch Metadata). */
const FROM_ANOTHER_SITE = {
  referer: 'https://evil.example/',
  'sec-fetch-site': 'cross-site',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
};

/**
 * Opens addresses as a member who follows a link of another site, until one ends the session.
 *
 * @returns that one, and whether it leads to the sign-out of Logto
 */
export async function signedOutBy(
  member: Visitor,
  lab: LabDescription,
  paths: readonly string[],
): Promise<{ path: string; toLogto: boolean } | undefined> {
  for (const path of paths) {
    let answer = await member.get(path, { headers: FROM_ANOTHER_SITE });
    for (let hops = 0; answer.location?.origin === lab.app.origin && hops < 5; hops += 1)
      answer = await member.agent.hop(answer.location, { headers: FROM_ANOTHER_SITE });
    const toLogto = answer.location?.origin === lab.publicIssuerOrigin;
    if (!(await member.session())) return { path, toLogto };
  }
  return undefined;
}
