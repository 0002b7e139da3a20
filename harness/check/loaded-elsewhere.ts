/** What a page makes a browser ask other sites for, before anybody presses anything. */
import { parse } from 'parse5';
import type { RawExchange } from '../user-agents/raw-exchange.ts';
import { attribute, elements } from '../visitor/forms.ts';

/** Elements that load what their attribute names (WHATWG HTML §4); links and forms wait for somebody. */
const LOADS: Record<string, readonly string[]> = {
  img: ['src', 'srcset'],
  script: ['src'],
  iframe: ['src'],
  embed: ['src'],
  object: ['data'],
  source: ['src', 'srcset'],
  video: ['src', 'poster'],
  audio: ['src'],
  link: ['href'],
};

/** Addresses at other origins that an answer has a browser load. */
export function loadedElsewhere({ url, response }: Pick<RawExchange, 'url' | 'response'>): string[] {
  if (!/\bhtml\b/i.test(String(response.headers['content-type'] ?? ''))) return [];
  // Most pages load nothing from elsewhere, and need no parser.
  if (!/(?:src|srcset|data|poster|href)\s*=\s*["']?(?:https?:)?\/\//i.test(response.body)) return [];
  const { origin } = new URL(url);
  return [...elements(parse(response.body))].flatMap((element) =>
    (LOADS[element.tagName] ?? []).flatMap((name) =>
      (attribute(element, name) ?? '').split(/,\s+|\s+/).filter((to) => {
        if (!/^(?:https?:)?\/\//i.test(to) || !URL.canParse(to, url)) return false;
        return new URL(to, url).origin !== origin;
      }),
    ),
  );
}
