/** Opens pages by links with markup in every parameter. */
import { ConformanceFailure } from '../../errors.ts';
import type { LabDescription } from '../../lab/lab-description.ts';
import type { Answer } from '../../user-agents/http.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { filledWith, isDynamic, mayBeDoor } from '../doors/crawl.ts';
import { injectedIn, markOf, payloads } from './markup.ts';
import { addressOf, followWithin, isHtml, type ParameterNames, parametersOf } from './pages.ts';

/** One link: which parameters carry markup, and which a value that a page knows. */
interface Link {
  names: readonly string[];
  payload: keyof typeof payloads;
  known?: Record<string, string>;
}

/**
 * The links to one page. All parameters at once, then without those that say where to go, as a page may leave at once;
 * around the sign-in also one by one, as one may hide the other.
 */
export function linksWithMarkup({ whereTo, whatToSay }: ParameterNames, isAround: boolean): Link[] {
  const all = [...whatToSay, ...whereTo];
  return [
    { names: all, payload: 'mixed' },
    { names: whatToSay, payload: 'mixed' },
    { names: whatToSay, payload: 'unclosed' },
    { names: whatToSay, payload: 'twice' },
    { names: all, payload: 'address' },
    ...(isAround
      ? [
          ...['error', 'error_description', 'message', 'callbackUrl'].map(
            (name): Link => ({ names: [name], payload: 'mixed' }),
          ),
          {
            names: all.filter((name) => name !== 'error'),
            payload: 'mixed',
            known: { error: 'AccessDenied' },
          } satisfies Link,
        ]
      : []),
  ];
}

/** A page that breaks the connection shows nothing; that it does is judged elsewhere. */
const opened = (asked: Promise<Answer>): Promise<Answer | undefined> =>
  asked.catch((error: unknown) => {
    if (error instanceof ConformanceFailure) return undefined;
    throw error;
  });

/** A parameter's mark is its place among all names, whatever the link. */
function markup({ names, payload, known }: Link, all: readonly string[]) {
  const marks = new Map(names.map((name) => [markOf(all.indexOf(name)), name]));
  const sent = Object.fromEntries([...marks].map(([mark, name]) => [name, payloads[payload](mark)]));
  return { marks, sent: { ...sent, ...known } };
}

/**
 * Opens one page by all links.
 *
 * @returns what a parameter became, in words; undefined when it stayed text
 */
export async function markupAt(
  browser: Visitor,
  lab: LabDescription,
  path: string,
  isAround: boolean,
): Promise<string | undefined> {
  const names = parametersOf(lab);
  const all = [...names.whatToSay, ...names.whereTo];
  for (const link of linksWithMarkup(names, isAround)) {
    const { marks, sent } = markup(link, all);
    const answer = await opened(
      browser.get(addressOf(path, sent)).then((first) => followWithin(browser, first, lab.app.origin)),
    );
    if (!answer || answer.location || answer.url.origin !== lab.app.origin || !isHtml(answer)) continue;
    const injected = injectedIn(answer.text, marks);
    if (injected) return `${injected} at ${answer.url.pathname}`;
  }
  return undefined;
}

const ROUTES_MAX = 12;

/** Opens addresses with markup in the path: one that the app does not have, and those that have room for a name. */
export async function markupInPath(browser: Visitor, lab: LabDescription): Promise<string | undefined> {
  const mark = markOf(0);
  const text = encodeURIComponent(payloads.mixed(mark));
  const routes = (lab.routes?.paths ?? [])
    .map(({ path }) => path)
    .filter((path) => isDynamic(path) && mayBeDoor(path, lab));
  const paths = [`/${text}`, ...routes.slice(0, ROUTES_MAX).map((path) => filledWith(path, text))];
  for (const path of new Set(paths)) {
    const answer = await opened(
      browser.get(path).then((first) => followWithin(browser, first, lab.app.origin)),
    );
    if (!answer || answer.location || answer.url.origin !== lab.app.origin || !isHtml(answer)) continue;
    const injected = injectedIn(answer.text, new Map([[mark, 'of the path']]));
    if (injected) return `${injected} at ${path.split(text)[0]}… (${answer.status})`;
  }
  return undefined;
}
