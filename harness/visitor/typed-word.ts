/** What a form asks people to type so that they are sure: `type DELETE`, `geben Sie „weg“ ein`, their own name. */
import type { DefaultTreeAdapterTypes } from 'parse5';

type HtmlNode = DefaultTreeAdapterTypes.Node;

/** Elements that part no sentence. */
const INLINE = new Set(
  'a abbr b bdi cite code data em i kbd mark q s samp small span strong sub sup tt u var'.split(' '),
);
const SAYS = ['placeholder', 'aria-label'];

/** The lines of an element as they read: what stands in one sentence is joined, however many nodes it is made of. */
export function readingOf(node: HtmlNode): string {
  const read = (each: HtmlNode): string => {
    if ('value' in each) return each.value.replace(/\s+/g, ' ');
    if (!('childNodes' in each)) return '';
    const inner = each.childNodes.map(read).join('');
    if ('tagName' in each && INLINE.has(each.tagName)) return inner;
    const said =
      'attrs' in each ? each.attrs.flatMap(({ name, value }) => (SAYS.includes(name) ? [value] : [])) : [];
    return `\n${[inner, ...said].join('\n')}\n`;
  };
  return read(node)
    .split('\n')
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter(Boolean)
    .join('\n');
}

const VERB =
  /(?<!\p{L})(?:(?:type|enter|write)(?: in)?|(?:tippen?|schreiben?)(?: Sie)?|tapez|saisissez|entrez|écrivez|escrib[ae]|introduzca|ingrese|digit[aei]|scrivi|typ)\s+(.+)/giu;
/** What comes after what is to be typed. */
const GOES_ON =
  /\s(?:to|below|above|in|into|here|and|if|so|or|again|ein|zum?|zur|um|unten|hier|pour|ci-dessous|para|abajo|per|om)(?!\p{L}).*|[.,;:!?](?:\s.*)?$/iu;
const LEAD_IN =
  /^(?:(?:the|your|my|das|den|deinen?|ihren?|le|la|votre|ton|el|su|tu|il|tuo|het|uw)\s+)?(?:exact\s+)?(?:word|phrase|text|handle|nick ?name|user ?name|account name|full name|name|e-?mail(?:[ -]address)?|wort|namen?|mot|nom|palabra|nombre|parola|nome|woord)(?!\p{L})\s*[:(]?\s*/iu;
const NO_WORD =
  /^(?:the|an?|your|my|it|this|that|what|why|one|some|any|der|die|das|dein\w*|ihr\w*|ein\w*|le|la|votre|un|une|el|su|tu|una)(?!\p{L})/iu;
const BEFORE_PARTICLE = /(\S+)\s+(?:ein|eingeben|einzugeben|eintippen|einzutippen)(?!\p{L})/giu;
const QUOTES = '["“”„«»‘’\']';
const QUOTED = new RegExp(`^${QUOTES}\\s*(.+?)\\s*${QUOTES}`, 'u');

/** A word that says nothing by itself: a handle, a code, something in capitals. */
const isTelling = (text: string) => /[\d_@-]|\p{Lu}{3}/u.test(text);

/** What stands after a verb that asks for typing, on one line: the words themselves, or whose they are. */
function askedFor(rest: string): { words: string; isQuoted?: boolean; ofMember?: string } {
  const [lead = ''] = LEAD_IN.exec(rest) ?? [];
  const said = rest.slice(lead.length);
  const quoted = QUOTED.exec(said)?.[1];
  if (quoted) return { words: quoted, isQuoted: true };
  const words = ` ${said}`.replace(GOES_ON, '').replace(/[()]/g, '').trim();
  if (!words) return { words: '', ofMember: lead.toLowerCase() };
  return { words: NO_WORD.test(words) || words.split(' ').length > 4 ? '' : words };
}

/** What is known of a member, and may be asked of them. */
export interface OwnWords {
  name?: string | null | undefined;
  email?: string | null | undefined;
}

/** The name, address or handle of a member, as it stands on a page. */
function ownWord(what: string, html: string, { name, email }: OwnWords): string | undefined {
  const handle = /(?<![\w.@])@([\w.-]{2,40})(?!\.\w)/.exec(
    html.replace(/<(script|style)[\s\S]*?<\/\1>/gi, ''),
  )?.[1];
  const fitting = /mail/.test(what)
    ? [email]
    : /handle|nick|user/.test(what)
      ? [handle, name]
      : [name, handle];
  return fitting.find((value) => value && html.includes(value)) ?? undefined;
}

/**
 * What a form wants to be typed.
 *
 * @param reading of the form, as `readingOf` has it
 * @param page the markup around it, and what is known of its member
 */
export function typedWord(
  reading: string,
  { html, own = {} }: { html: string; own?: OwnWords },
): string | undefined {
  const lines = reading.split('\n');
  // A sentence may ask for a reason first, and for the word then.
  const rests = lines.flatMap((line) => {
    const found: string[] = [];
    for (let left = line; ; ) {
      const [rest] = [...left.matchAll(VERB)].map(([, after = '']) => after);
      if (!rest) return found;
      found.push(rest);
      left = rest;
    }
  });
  const asked = rests.map(askedFor);
  const parted = lines.flatMap((line) => [...line.matchAll(BEFORE_PARTICLE)].map(([, word = '']) => word));
  const words = [...asked.map((each) => each.words), ...parted].filter(Boolean);
  const surely = asked.find(({ isQuoted }) => isQuoted)?.words ?? words.find(isTelling);
  if (surely) return surely;
  // An apostrophe within a word is no quotation mark.
  const [, quoted] = /(?<!\p{L})["“”„«‘']\s*([^"“”„«»‘’'\n]{2,40}?)\s*["“”»’'](?!\p{L})/u.exec(reading) ?? [];
  const whose = asked.find(({ ofMember }) => ofMember)?.ofMember;
  return (
    quoted ??
    /(?<!\p{L})\p{Lu}{3,}(?!\p{L})/u.exec(reading)?.[0] ??
    (whose ? ownWord(whose, html, own) : undefined) ??
    words[0]
  );
}
