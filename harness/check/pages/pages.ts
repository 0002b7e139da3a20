/** The pages of an app that anybody can open by a link, and the parameters that a link may carry. */
import type { LabDescription } from '../../lab/lab-description.ts';
import type { Answer } from '../../user-agents/http.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { filledWith, isDynamic, linksIn, mayBeDoor } from '../doors/crawl.ts';

/** Parameters by which pages are told where to go next, as apps and frameworks name them. */
export const WHERE_TO = [
  'callbackUrl',
  'callback_url',
  'callback',
  'redirect',
  'redirectTo',
  'redirect_to',
  'redirectUrl',
  'redirect_url',
  'redirect_uri',
  'returnTo',
  'return_to',
  'returnUrl',
  'return_url',
  'return',
  'next',
  'from',
  'to',
  'url',
  'continue',
  'dest',
  'destination',
  'target',
  'goto',
  'back',
  'referer',
] as const;

/** Parameters by which pages are told what to say. */
const WHAT_TO_SAY = [
  'error',
  'error_description',
  'errorDescription',
  'error_code',
  'message',
  'msg',
  'reason',
  'code',
  'status',
  'title',
  'name',
  'email',
  'user',
  'provider',
  'type',
  'q',
  'query',
  'lang',
  'info',
  'notice',
  'success',
  'state',
] as const;

export interface ParameterNames {
  whereTo: string[];
  whatToSay: string[];
}

/** What parameters of an app's own are called that say where to go next, in English and some of the languages that apps are written in. */
const SAYS_WHERE_TO =
  /url|uri|redirect|return|next|callback|goto|dest|continue|weiter|zur(?:ue|ü)ck|ziel|suivant|retour|volver|siguiente|destino|voltar|ritorno|avanti|terug|powr[oó]t|dalej/i;

/** Routes that read a parameter and lead elsewhere, as their sources say. */
const leadingRoutes = ({ routes }: Pick<LabDescription, 'routes'>) =>
  (routes?.paths ?? []).filter(({ leads, parameters = [] }) => leads && parameters.length > 0);

/** Names of all parameters to try: the usual ones, and those that the sources of the app read. */
export function parametersOf({ routes }: Pick<LabDescription, 'routes'>): ParameterNames {
  const own = routes?.parameters ?? [];
  // Whatever a route reads that leads elsewhere may say where to.
  const ofLeading = new Set(leadingRoutes({ routes }).flatMap(({ parameters = [] }) => parameters));
  const isWhereTo = (name: string) => SAYS_WHERE_TO.test(name) || ofLeading.has(name);
  return {
    whereTo: [...new Set([...WHERE_TO, ...own.filter(isWhereTo), ...ofLeading])],
    whatToSay: [...new Set([...WHAT_TO_SAY, ...own.filter((name) => !SAYS_WHERE_TO.test(name))])].filter(
      (name) => !(WHERE_TO as readonly string[]).includes(name),
    ),
  };
}

export const isHtml = ({ headers }: Pick<Answer, 'headers'>): boolean =>
  /html|^$/.test(String(headers['content-type'] ?? ''));

/** Following these would take something away; a stranger may open everything else. */
const DOES_SOMETHING = /delete|remove|cancel|unsubscribe|revoke|reset|verify-|webhook|cron/i;
const PAGES_MAX = 36;
const REDIRECTS_MAX = 5;

/** Follows redirects within the app; the last answer may lead elsewhere. */
export async function followWithin(browser: Pick<Visitor, 'agent'>, first: Answer, origin: string) {
  let answer = first;
  for (let hops = 0; answer.location?.origin === origin && hops < REDIRECTS_MAX; hops += 1)
    answer = await browser.agent.hop(answer.location);
  return answer;
}

/** The pages of Auth.js that stand for themselves; an app may have its own in their place. */
export const builtIn = ({ app }: Pick<LabDescription, 'app'>): string[] =>
  ['/signin', '/error', '/signout', '/verify-request'].map((path) => `${app.basePath}${path}`);

/** Where the app sends people who open the pages of Auth.js: its own sign-in, error and sign-out pages. */
export async function ownPages(browser: Visitor, lab: LabDescription): Promise<string[]> {
  const { app, config } = lab;
  const found = new Set<string>();
  for (const path of [...builtIn(lab), `${app.basePath}/error?error=Configuration`]) {
    const answer = await followWithin(browser, await browser.get(path), app.origin);
    if (answer.url.origin === app.origin) found.add(answer.url.pathname);
  }
  for (const page of [config.pages.signIn, config.pages.signOut]) if (page?.startsWith('/')) found.add(page);
  return [...found].filter((path) => !builtIn(lab).includes(path));
}

/**
 * The pages that a link may open: those of Auth.js and the app's own in their place, the home page, what the sources name,
 * and what those pages link to. None is asked for here but to find out.
 *
 * @returns paths, each once, those around the sign-in first
 */
export async function pagesOf(stranger: Visitor, lab: LabDescription): Promise<string[]> {
  const { app, config, routes } = lab;
  const around = [...builtIn(lab), ...(await ownPages(stranger, lab))];
  const leading = leadingRoutes(lab).map(({ path }) => filledWith(path, '1'));
  const all = (routes?.paths ?? []).map(({ path }) => path).filter((path) => !isDynamic(path));
  const named = [...leading, ...all].filter((path) => mayBePage(path, lab));
  const linked = new Set<string>();
  for (const path of [config.pages.home, ...around]) {
    const answer = await followWithin(stranger, await stranger.get(path), app.origin);
    if (isHtml(answer) && answer.url.origin === app.origin)
      for (const link of linksIn(answer.text, answer.url)) {
        const [bare = ''] = link.split('?');
        if (mayBePage(bare, lab)) linked.add(bare);
      }
  }
  return [...new Set([...around, config.pages.home, ...named, ...linked])].slice(0, PAGES_MAX);
}

const mayBePage = (path: string, lab: LabDescription): boolean =>
  !DOES_SOMETHING.test(path) &&
  (mayBeDoor(path, lab) || /sign.?out|log.?out|good.?bye/i.test(path)) &&
  !path.startsWith(`${lab.app.basePath}/`) &&
  !/\.\w{2,5}$/.test(path);

/** An address with parameters. */
export const addressOf = (path: string, parameters: Record<string, string>): string =>
  `${path}${path.includes('?') ? '&' : '?'}${new URLSearchParams(parameters)}`;
