/** Bodies are evidence, not archives: how much of them is kept. */
import { redactText } from '../../mocks/redact.ts';

const BODY_MAX = 4096;
/** What somebody wrote stands beside their name. */
const AROUND = 400;
const TIMES_MAX = 3;

/** Without the word that was cut in two: half a secret is not recognised as one. */
const wholeWords = (text: string): string => text.replace(/[\w~.%+/=-]{1,500}$/, '');

export const clip = (body: unknown) =>
  typeof body === 'string' && body.length > BODY_MAX
    ? `${wholeWords(body.slice(0, BODY_MAX))}… (cut: it has ${body.length} characters)`
    : body;

/**
 * The words around a name that the kept body does not hold any more: laws read there who wrote what. Secrets are taken out, as far
 * as they are registered.
 */
export function cutAround(body: string, name: string): string | undefined {
  if (body.length <= BODY_MAX) return undefined;
  const found: string[] = [];
  let at = body.indexOf(name);
  while (at >= 0 && found.length < TIMES_MAX) {
    const [from, to] = [Math.max(0, at - AROUND), at + name.length + AROUND];
    if (to > BODY_MAX) found.push(wholeWords(body.slice(from, to).replace(/^[\w~.%+/=-]{1,500}/, '')));
    at = body.indexOf(name, at + name.length);
  }
  return found.length ? redactText(found.join('\n…\n')) : undefined;
}
