/** Everything that a browser is given with a page: the page and the scripts of the app's own origin that it loads. */
import { ConformanceFailure } from '../errors.ts';
import type { Answer, HttpAgent } from '../user-agents/http.ts';

/** More scripts than these are split from pages that nobody opened. */
const SCRIPTS_MAX = 150;

/** Paths of scripts: of `<script src>` and preloads in a page, and of imports in a script. */
const IN_PAGE =
  /<(?:script\b[^>]*?\bsrc|link\b[^>]*?\bhref)\s*=\s*["']([^"']+?\.m?js(?:\?[^"']*)?)["']|\bimport\s*\(?\s*["']([^"']+)["']/gi;
const IN_SCRIPT = /(?:\bimport\s*\(?|\bfrom)\s*["']((?:\.{0,2}\/)[^"'\s]+)["']/g;

const scriptsOf = ({ url, text }: Answer, isPage: boolean): URL[] =>
  [...text.matchAll(isPage ? IN_PAGE : IN_SCRIPT)].flatMap(([, path, other]) => {
    const target = (path ?? other ?? '').replaceAll('&amp;', '&');
    return URL.canParse(target, url) ? new URL(target, url) : [];
  });

/**
 * Opens pages, follows their redirects inside the app, and loads their scripts.
 *
 * @param origin of the app; nothing else is asked
 * @param paths of the pages
 * @returns all answers, each address once
 */
export async function pagesWithScripts(
  agent: HttpAgent,
  origin: string,
  paths: readonly string[],
): Promise<Answer[]> {
  const answers: Answer[] = [];
  // One after another: each may set cookies that the next is sent with.
  for (const path of new Set(paths)) {
    const first = await agent.hop(new URL(path, origin));
    answers.push(first);
    const last = await agent.follow(first, (next) => next.origin !== origin);
    if (last !== first) answers.push(last);
  }
  const seen = new Set<string>();
  let next = answers.flatMap((answer) => scriptsOf(answer, true));
  while (next.length > 0 && seen.size < SCRIPTS_MAX) {
    const fresh = next.filter(
      ({ href, origin: from }) => from === origin && !seen.has(href) && Boolean(seen.add(href)),
    );
    const loaded = await Promise.all(fresh.slice(0, SCRIPTS_MAX).map((url) => load(agent, url)));
    const scripts = loaded.filter((answer) => answer !== undefined);
    answers.push(...scripts);
    next = scripts.flatMap((answer) => scriptsOf(answer, false));
  }
  return answers;
}

/** A script that the app does not send holds no secret. */
const load = (agent: HttpAgent, url: URL): Promise<Answer | undefined> =>
  agent.hop(url).catch((error: unknown) => {
    if (error instanceof ConformanceFailure) return undefined;
    throw error;
  });
