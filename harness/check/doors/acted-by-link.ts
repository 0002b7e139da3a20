/** Links of a member's page that do something when they are opened: follow somebody, end a newsletter, accept an invitation. */
import { parse } from 'parse5';
import type { HopOptions } from '../../user-agents/http.ts';
import { attribute, elements, wordsOf } from '../../visitor/forms.ts';
import { SIGN_OUT } from '../../visitor/sign-words.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { asOthersKnow } from './knowable.ts';
import { textsIn } from './marks.ts';
import { send } from './send.ts';
import type { Survey } from './survey.ts';

/** What a link says that does something: a verb, and at most a few words after it. */
const ACTS =
  /^\s*(?:un)?(?:follow|subscribe|like|star|watch|block|mute|up-?vote|vote|archive|pin|favou?rite|bookmark|accept|approve|decline|reject|enable|disable|activate|deactivate)(?:\s+(?:\S+\s*){0,3})?$/i;
/** The same verbs where they name a page that tells of them. */
const TELLS = /\b(?:request|setting|list|preference|polic|term|plan|offer|more|about|how|us|history|all)/i;

/**
 * Links that say that they do something.
 *
 * @param html of a member's page
 * @param base its address
 */
export function actingLinks(html: string, base: URL): string[] {
  const found = [...elements(parse(html))].flatMap((element) => {
    const to = element.tagName === 'a' ? attribute(element, 'href') : undefined;
    if (!to || !URL.canParse(to, base)) return [];
    const { origin, pathname, search } = new URL(to, base);
    const said = (attribute(element, 'aria-label') ?? wordsOf(element)).replace(/\s+/g, ' ').trim();
    const acts = ACTS.test(said) && !TELLS.test(said) && !SIGN_OUT.test(said);
    return origin === base.origin && acts ? [pathname + search] : [];
  });
  return [...new Set(found)];
}

/** What stands on a page whenever it is asked for: texts, and where its links lead. */
async function steadyOf(member: Visitor, path: string, home: string): Promise<Set<string>> {
  const read = async () => {
    const { text, url } = await member.get(path);
    return [...textsIn(text), ...actingLinks(text, url)];
  };
  const first = await read();
  // A notice that is shown once is gone by then, and whatever is counted has another figure.
  await member.get(home);
  const again = new Set(await read());
  return new Set(first.filter((each) => again.has(each)));
}

const LINKS_MAX = 4;

/**
 * Opens such links as a member whom another site has open them; one did something when it answers with a redirect within the app
 * and its page says something else from then on.
 *
 * @param headers of a browser that follows a link of another site
 * @returns the first that did, in words
 */
export async function actedByLink(
  member: Visitor,
  { doors, grounds }: Pick<Survey, 'doors' | 'grounds'>,
  { home, headers }: { home: string } & Pick<HopOptions, 'headers'>,
): Promise<{ count: number; acted?: string }> {
  let count = 0;
  for (const { path, isPage } of doors) {
    if (!isPage || count >= LINKS_MAX) continue;
    const page = await member.get(path);
    const [link] = actingLinks(page.text, page.url);
    const named = link && asOthersKnow(link);
    // A token in the address is none that another site knows, and a page that asks is opened, not sent.
    if (!link || named !== link) continue;
    count += 1;
    const before = await steadyOf(member, path, home);
    if (!before.has(link)) continue;
    const answer = await send(member, grounds.origin, { path: link, ...(headers && { headers }) });
    if (answer?.location?.origin !== grounds.origin) continue;
    const now = await steadyOf(member, path, home);
    const gone = [...before].filter((each) => !now.has(each));
    const come = [...now].filter((each) => !before.has(each));
    if (gone.length > 0 && come.length > 0)
      return {
        count,
        acted: `Did for a member what a link says that another site had their browser open: after GET ${link}, ${path} says "${come[0]?.slice(0, 60)}" in the place of "${gone[0]?.slice(0, 60)}".`,
      };
  }
  return { count };
}
