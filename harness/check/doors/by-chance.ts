/** What a page for everybody shows by chance, or by choice: another headline each time, another language for whoever asks for it. */
import type { Answer } from '../../user-agents/http.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { linksIn } from './crawl.ts';
import type { Ask, Door } from './door.ts';
import { saidIn, shownIn } from './judge.ts';
import { textsIn } from './marks.ts';
import { send } from './send.ts';
import type { Survey } from './survey.ts';

/** How often the plain request is made again, each time by somebody whom the app has never seen. */
const AGAIN = 8;
/** Links of a page for everybody that are followed: a language, a theme, a currency is chosen so, and kept in a cookie. */
const CHOICES = 24;

type Stranger = Pick<Visitor, 'agent'>;

const isGood = ({ status }: Answer) => status >= 200 && status < 300;

/** Texts of a page for everybody once something was chosen on it, as anybody may who is shown it. */
async function textsByChoice(
  page: Answer,
  path: string,
  stranger: Stranger,
  origin: string,
): Promise<string[]> {
  const found: string[] = [];
  for (const link of linksIn(page.text, page.url).slice(0, CHOICES)) {
    const chosen = await send(stranger, origin, { path: link });
    const shown = chosen?.headers['set-cookie'] ? await send(stranger, origin, { path }) : undefined;
    if (shown && isGood(shown)) found.push(...textsIn(shown.text));
    await stranger.agent.jar.removeAllCookies();
  }
  return found;
}

const partsOf = (text: string): string[] => text.split(/(?:[:·|–—-]|\.\.\.)\s+/).map((part) => part.trim());

/** Whether a text is put together of what strangers are shown: a label in their language before the tip of the day. */
export function isMadeOf(text: string, shown: readonly string[]): boolean {
  const known = new Set(shown.flatMap(partsOf));
  const parts = partsOf(text);
  return parts.length > 1 && parts.every((part) => known.has(part));
}

/**
 * What an answer shows that strangers are not shown by the plain request, however often they ask: a page for everybody
 * that is not the same each time (a test of two headlines, a quote of the day) was not opened by what was sent.
 *
 * @param options.stranger holds no cookies, and loses those that it is given
 */
export async function withoutChance(
  answer: Answer,
  {
    ask,
    door,
    stranger,
    grounds,
    personal,
  }: { ask: Ask; door: Door; stranger: Stranger } & Pick<Survey, 'personal'> & {
      grounds: Pick<Survey['grounds'], 'origin' | 'cookie'>;
    },
): Promise<string[]> {
  const bodies: string[] = [];
  let page: Answer | undefined;
  for (let time = 0; time < AGAIN; time += 1) {
    const plain = await send(stranger, grounds.origin, { path: door.path });
    await stranger.agent.jar.removeAllCookies();
    if (!plain || !isGood(plain)) continue;
    page = plain;
    bodies.push(...textsIn(plain.text));
  }
  if (page && door.texts.some((text) => answer.text.includes(text) && !bodies.includes(text)))
    bodies.push(...(await textsByChoice(page, door.path, stranger, grounds.origin)));
  const texts = door.texts.filter((text) => !bodies.includes(text) && !isMadeOf(text, bodies));
  return shownIn(answer, { ...door, texts }, { personal, said: saidIn(ask, grounds.cookie) });
}
